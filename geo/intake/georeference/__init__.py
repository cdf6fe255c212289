"""Where rows stand: coordinates as written, their layout, their datum."""
