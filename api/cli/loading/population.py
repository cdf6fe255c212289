"""Population figures: clean rows into the store, the others into quarantine."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from api.cli.loading.outcome import Options, Outcome, nothing_loaded, nothing_taken
from api.district_store import Say, load_record
from geo.core.files import write_atomically
from geo.core.sentences import Sentences
from geo.core.vocabulary import Quality
from geo.intake.headings.synonyms import load_synonyms
from geo.intake.population import POPULATION_SUFFIXES, PopulationSetting, examine_population
from geo.intake.process import read_file
from geo.intake.report import report_workbook
from geo.intake.sources import source_of_file
from geo.store import Store
from geo.store.history import compare_figures

TEXT: Final = Sentences("api.cli")


def load_population(store: Store, file: Path, say: Say, options: Options | None = None) -> Outcome:
    """Put population figures in the place of those of the same division, kind and year.

    Rows that are not clean are kept in quarantine.

    Raises
    ------
    InputError
        No row of the file can be read; the store is as it was.
    """
    chosen = options or Options()
    before = store.read_district()
    sources = source_of_file(file, title=file.stem, quality=Quality.REPORTED)
    setting = PopulationSetting.of(
        before,
        source_id=str(sources.index[0]),
        synonyms=None if chosen.synonyms is None else load_synonyms(chosen.synonyms),
    )
    book = read_file(file, takes=POPULATION_SUFFIXES)
    examined = examine_population(book, setting)
    account, population = examined.account, examined.population
    if not (account.taken or account.quarantined):
        raise nothing_taken(account)
    if chosen.report is not None:
        write_atomically(chosen.report, report_workbook(file, book, account))
    if chosen.check:
        return Outcome(account, compare_figures(before.population, population))
    changes = store.load_population(
        population,
        sources,
        load_record(file, "population", len(population), chosen.who),
        quarantine=[row.as_kept() for row in account.quarantined],
    )
    if not account.taken:
        say(*nothing_loaded(store, account))
    elif changes.nothing:
        say(*TEXT.words("population_unchanged"))
    else:
        count, number = len(population), store.imports().index[-1]
        say(*TEXT.words("loaded_rows_of_population", count=count, number=number))
    return Outcome(account, changes)
