"""``kepu load``: a user's file, checked as a whole, then one transaction."""

from api.cli.loading.boundaries import BoundaryOptions, load_boundaries
from api.cli.loading.facilities import load_facilities
from api.cli.loading.outcome import Options, Outcome, nothing_taken
from api.cli.loading.population import load_population
from api.cli.loading.roads import load_roads
from api.cli.loading.taking_back import build, undo
from api.cli.loading.villages import load_villages
from api.cli.loading.weights import load_weights

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
