"""Plain results drawn as a Folium map and pages; nothing spatial is computed here."""
