"""What a ledger is read against."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import geopandas as gpd
import pandas as pd

from geo.core.datum import Datum
from geo.core.village_positions import VillageMiddle, village_middles, without_village_positions
from geo.intake.headings.synonyms import Synonyms
from geo.intake.positions.locating import Surroundings


@dataclass(frozen=True)
class Setting:
    """What a ledger is read against.

    Attributes
    ----------
    townships : geopandas.GeoDataFrame, optional
        Of the district, to hold declared codes and positions against.
    facilities : geopandas.GeoDataFrame, optional
        Those in the store, whose positions tell a file's datum.
    synonyms : Synonyms, optional
        The office's own words for headings.
    datum : Datum, optional
        As the sender stated it.
    villages : pandas.DataFrame, optional
        Indexed by ``village_code``, with ``name_zh``, ``township_code`` and, where known,
        their points or areas.
    district_name : str, optional
        To tell a neighbour's places that are called like ours.
    update : bool
        Whether the file is added to the store, so that its plaques may hang on places
        of the store that it does not hold.
    village_positions : bool
        Whether a place without a position takes the middle of its village.
    """

    townships: gpd.GeoDataFrame | None = None
    facilities: gpd.GeoDataFrame | None = None
    synonyms: Synonyms | None = None
    datum: Datum | None = None
    villages: pd.DataFrame | None = None
    district_name: str | None = None
    update: bool = False
    village_positions: bool = False

    @cached_property
    def divisions(self) -> pd.DataFrame | None:
        """Townships and villages by code, with their names; None without townships."""
        if self.townships is None:
            return None
        own = pd.DataFrame(
            {"name_zh": self.townships["name_zh"], "township_code": self.townships.index}
        )
        if self.villages is None or self.villages.empty:
            return own
        return pd.concat([own, self.villages[["name_zh", "township_code"]]])

    @cached_property
    def village_middles(self) -> dict[str, VillageMiddle]:
        """The middles of villages by code; empty without townships."""
        return {} if self.townships is None else village_middles(self.villages)

    @cached_property
    def surroundings(self) -> Surroundings | None:
        """What positions are held against; None without townships."""
        if self.townships is None:
            return None
        return Surroundings(self.townships, known_places(self.facilities))


def known_places(facilities: gpd.GeoDataFrame | None) -> dict[str, tuple[float, float]]:
    """Return the positions of real places by name, of names that stand only once.

    The middle of a village is none: it tells nothing of how another file is shifted.
    """
    if facilities is None:
        return {}
    facilities = without_village_positions(facilities)
    real = facilities[~facilities["demonstration"].fillna(False).astype(bool)]
    placed = real[real.geometry.notna() & ~real["name"].duplicated(keep=False)]
    pairs = zip(placed.geometry.x, placed.geometry.y, strict=True)
    return dict(zip(placed["name"], pairs, strict=True))
