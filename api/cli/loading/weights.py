"""Where people live within their township: all of a file in the place of what was before."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.cli.loading.outcome import Options, Outcome
from api.district_store import Say, load_record
from geo.core.schema import WEIGHTS
from geo.core.sentences import Sentences
from geo.core.vocabulary import Quality
from geo.intake.sources import source_of_file
from geo.intake.weights import WeightSetting, examine_weights
from geo.store import Store
from geo.store.history import Changes

TEXT: Final = Sentences("api.cli")


def load_weights(store: Store, file: Path, say: Say, options: Options | None = None) -> Outcome:
    """Put the weights of a file that touch the district in the place of the present ones.

    Raises
    ------
    InputError
        The file cannot be taken; the store is as it was.
    """
    chosen = options or Options()
    before = store.read_district()
    sources = source_of_file(file, title=file.stem, quality=Quality.ESTIMATE)
    setting = WeightSetting(before, str(sources.index[0]), chosen.datum)
    examined = examine_weights(file, setting)
    count = len(examined.weights)
    if chosen.check:
        say(*TEXT.words("weights_can_be_taken", count=count))
        return Outcome(examined.account, Changes())
    record = load_record(file, "weights", count, chosen.who)
    changes = store.replace_ground(WEIGHTS, examined.weights, sources, record)
    if changes.nothing:
        say(*TEXT.words("weights_unchanged"))
    else:
        number = store.imports().index[-1]
        say(*TEXT.words("loaded_weights", count=count, number=number))
    return Outcome(examined.account, changes)
