"""Roads near the district: all of a file in the place of those before."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.cli.loading.outcome import Options, Outcome
from api.district_store import Say, load_record
from geo.core.schema import ROADS
from geo.core.sentences import Sentences
from geo.core.vocabulary import Quality
from geo.intake.roads import RoadSetting, examine_roads, read_roads
from geo.intake.sources import source_of_file
from geo.store import Store
from geo.store.history import Changes

TEXT: Final = Sentences("api.cli")


def load_roads(store: Store, file: Path, say: Say, options: Options | None = None) -> Outcome:
    """Put the lines of a file that come near the district in the place of the present ones.

    Raises
    ------
    InputError
        The file cannot be taken; the store is as it was.
    """
    chosen = options or Options()
    before = store.read_district()
    sources = source_of_file(file, title=file.stem, quality=Quality.REPORTED)
    setting = RoadSetting(before, str(sources.index[0]), chosen.datum)
    examined = examine_roads(read_roads(file, setting), setting)
    count = len(examined.roads)
    if chosen.check:
        say(*TEXT.words("roads_can_be_taken", count=count))
        return Outcome(examined.account, Changes())
    record = load_record(file, "roads", count, chosen.who)
    changes = store.replace_ground(ROADS, examined.roads, sources, record)
    if changes.nothing:
        say(*TEXT.words("roads_unchanged"))
    else:
        number = store.imports().index[-1]
        say(*TEXT.words("loaded_lines_of_roads", count=count, number=number))
    return Outcome(examined.account, changes)
