"""Roads: a network from a line layer, travel costs along it, and service areas."""

from geo.travel.network.network import RoadNetwork, make_network
from geo.travel.network.parts import ModeNetwork, mode_network
from geo.travel.network.reports import REASONS, LayerReport, Loss, LossReason, PartReport
from geo.travel.network.service_areas import service_area, service_areas
from geo.travel.network.snap import Snapped, snap
from geo.travel.network.speeds import CLASS_SPEEDS_KM_PER_H
from geo.travel.network.travel import NetworkCosts, costs_on, network_costs

__all__ = [
    "CLASS_SPEEDS_KM_PER_H",
    "REASONS",
    "LayerReport",
    "Loss",
    "LossReason",
    "ModeNetwork",
    "NetworkCosts",
    "PartReport",
    "RoadNetwork",
    "Snapped",
    "costs_on",
    "make_network",
    "mode_network",
    "network_costs",
    "service_area",
    "service_areas",
    "snap",
]
