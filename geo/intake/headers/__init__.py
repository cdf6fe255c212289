"""Which column each heading means, in the words that offices use."""
