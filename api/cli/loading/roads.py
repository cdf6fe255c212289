"""Roads near the district: all of a file in the place of those before."""

from __future__ import annotations

from pathlib import Path

from api.cli.loading.outcome import Options, Outcome
from api.district_store import Say, load_record
from geo.core.schema import ROADS
from geo.core.vocabulary import Quality
from geo.intake.roads import RoadSetting, examine_roads, read_roads
from geo.intake.sources import source_of_file
from geo.store import Store
from geo.store.history import Changes


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
        say(f"可导入 {count:,} 条道路。", f"{count:,} lines of roads can be taken.")
        return Outcome(examined.account, Changes())
    record = load_record(file, "roads", count, chosen.who)
    changes = store.replace_ground(ROADS, examined.roads, sources, record)
    if changes.nothing:
        say("与现有道路相同，没有改动。", "The roads are as they were; nothing changed.")
    else:
        number = store.imports().index[-1]
        say(
            f"已导入道路 {count:,} 条。要撤销这次导入：kepu undo {number}",
            f"Loaded {count:,} lines of roads. To take it back: kepu undo {number}",
        )
    return Outcome(examined.account, changes)
