"""Where people live: demand points whose people sum to each township's published population."""

from geo.measures.demand_points.beyond import residents_beyond
from geo.measures.demand_points.people import People, people_of
from geo.measures.demand_points.surface import Surface, SurfaceKind, make_surface

__all__ = [
    "People",
    "Surface",
    "SurfaceKind",
    "make_surface",
    "people_of",
    "residents_beyond",
]
