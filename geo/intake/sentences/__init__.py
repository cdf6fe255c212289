"""What intake says of a sender's file: the texts by area, in both languages beside each other."""

from typing import Final

from geo.core.messages import Catalogue

message: Final = Catalogue("geo.intake.sentences")
"""Returns the sentence of a key, ``area.code``."""
