"""``kepu load``: a user's file, checked as a whole, then one transaction."""

from api.loading.boundaries import BoundaryOptions, load_boundaries
from api.loading.facilities import load_facilities
from api.loading.outcome import Options, Outcome, nothing_taken
from api.loading.population import load_population
from api.loading.roads import load_roads
from api.loading.taking_back import build, undo
from api.loading.villages import load_villages
from api.loading.weights import load_weights

__all__ = [
    "BoundaryOptions",
    "Options",
    "Outcome",
    "build",
    "load_boundaries",
    "load_facilities",
    "load_population",
    "load_roads",
    "load_villages",
    "load_weights",
    "nothing_taken",
    "undo",
]
