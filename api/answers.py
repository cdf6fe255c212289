"""One store, and the answers that have been worked out from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import orjson
from cachetools import LRUCache

from geo.core.disclosure import PUBLIC_DECIMALS, release
from geo.core.district import DistrictData, LedgerState
from geo.core.errors import ExpiredError
from geo.core.fields import queryable_fields
from geo.core.geojson import FeatureSet
from geo.core.json_values import Record
from geo.core.output_systems import CRS84, WEB_MERCATOR, OutputSystem, epsg_uri, output_systems
from geo.core.scenario import Scenario, load_scenario
from geo.core.sentences import Sentences
from geo.core.vocabulary import Profile
from geo.measures.study import Study, study
from geo.measures.trend import PLAN_DATES, studies_on
from geo.publish.changes import ChangeToken
from geo.publish.features import Frame, collection_named, feature_set
from geo.publish.study_json import marks, study_document, trend_record
from geo.store import Store

if TYPE_CHECKING:
    from geo.publish.selection import Rows, Selection
    from geo.publish.tiles import TileSource

TEXT: Final = Sentences("api")

_ANSWERS_KEPT = 16
_PASTS_KEPT = 3
_SELECTIONS_KEPT = 64
_SCENARIOS_KEPT = 256
_ENDS_KEPT = 256
_VERSION = version("kepu-atlas")
_CHINA = timezone(timedelta(hours=8))


def today() -> date:
    """Return the date in China, where the office is."""
    return datetime.now(UTC).astimezone(_CHINA).date()


def end_of(day: date) -> datetime:
    """Return the moment at which a day ends in China.

    Examples
    --------
    >>> end_of(date(2025, 12, 31)).isoformat()
    '2026-01-01T00:00:00+08:00'
    """
    return datetime.combine(day + timedelta(days=1), time(), _CHINA)


class Answer:
    """A study and what has been made of it; each part is made once, when first asked for.

    Attributes
    ----------
    study : Study
        The whole answer.
    known : int
        After which import its data stood so.
    token : str
        By which :meth:`Atlas.answer_of` finds the same answer again, and no other.
    """

    def __init__(self, result: Study, token: ChangeToken) -> None:
        self.study = result
        self.known = token.number
        self.token = str(token)
        self._frames: dict[str, Frame] = {}
        self._features: dict[tuple[str, str], FeatureSet] = {}
        self._rows: LRUCache[tuple[str, Selection], Rows] = LRUCache(_SELECTIONS_KEPT)
        # Apart from the other, which is held for as long as features are made.
        self._rows_lock = Lock()
        self._lock = Lock()
        self._tiles: dict[str, TileSource] = {}
        self._tiles_lock = Lock()

    @cached_property
    def document(self) -> bytes:
        """The study as JSON."""
        return orjson.dumps(study_document(self.study))

    @cached_property
    def marks(self) -> dict[str, Any]:
        """What every answer carries: date, choices, marks and sources."""
        return marks(self.study)

    def features(self, name: str, system: OutputSystem | None = None) -> FeatureSet:
        """Return one collection, encoded, in degrees unless a system is given."""
        key = (name, system.uri if system else CRS84)
        with self._lock:
            if key not in self._features:
                written = None if key[1] == CRS84 else system
                frame = self._frame(name)
                self._features[key] = feature_set(self.study, name, written, frame=frame)
            return self._features[key]

    def frame(self, name: str) -> Frame:
        """Return one collection as a frame in the order of its features, made once."""
        with self._lock:
            return self._frame(name)

    def _frame(self, name: str) -> Frame:
        if name not in self._frames:
            self._frames[name] = collection_named(name).make(self.study).sort_index()
        return self._frames[name]

    def known_features(self, name: str, system: OutputSystem | None = None) -> FeatureSet | None:
        """Return one collection if it is encoded already."""
        return self._features.get((name, system.uri if system else CRS84))

    def known_rows(self, name: str, asked: Selection) -> Rows | None:
        """Return which features of a collection are asked for, if that was worked out lately."""
        with self._rows_lock:
            return self._rows.get((name, asked))

    def rows(self, name: str, asked: Selection, features: FeatureSet) -> Rows:
        """Return which features of a collection are asked for, and keep that for a while."""
        # Here and for tiles: only the web service filters and cuts, commands start without.
        from geo.publish.selection import select  # noqa: PLC0415

        found = select(features, asked)
        with self._rows_lock:
            self._rows[(name, asked)] = found
        return found

    def tiles(self, name: str) -> TileSource:
        """Return one collection made ready to be cut into tiles."""
        from geo.publish.tiles import TileSource  # noqa: PLC0415

        features = self.features(name)
        with self._tiles_lock:
            if name not in self._tiles:
                columns = queryable_fields(name, self.study.data.profile)
                mercator = self.systems[epsg_uri(WEB_MERCATOR)]
                self._tiles[name] = TileSource(name, features, columns, mercator)
            return self._tiles[name]

    @cached_property
    def systems(self) -> dict[str, OutputSystem]:
        """The coordinate systems that are offered."""
        return output_systems(self.study.data)

    @cached_property
    def marks_json(self) -> bytes:
        """The marks, encoded once."""
        return orjson.dumps(self.marks)


class Atlas:
    """Answers from a store; a new version of the store gives new answers.

    Parameters
    ----------
    store : Store
        Where the district is kept.
    scenario_file : pathlib.Path, optional
        Laid over the default scenario for every question.
    as_known : int or datetime.datetime, optional
        Answer from the district as it was after that import, or as it was known at
        that moment, not as it is now.
    profile : Profile
        For whom the answers are: what it leaves out is left out before anything is measured.
    decimals : int
        Of a degree, to which the public's positions are rounded.
    """

    def __init__(
        self,
        store: Store,
        scenario_file: Path | None = None,
        *,
        as_known: int | datetime | None = None,
        profile: Profile = Profile.PUBLIC,
        decimals: int = PUBLIC_DECIMALS,
    ) -> None:
        self.store = store
        self._as_known = as_known
        self._profile = profile
        self._decimals = decimals
        self._scenario_file = scenario_file
        self._lock = Lock()
        # Apart from the other, which is held for as long as a study takes.
        self._answers_lock = Lock()
        self._data: DistrictData | None = None
        self._past: LRUCache[int, DistrictData] = LRUCache(_PASTS_KEPT)
        self._ends: LRUCache[date, int] = LRUCache(_ENDS_KEPT)
        self._answers: LRUCache[tuple[int, int | None, Scenario], Answer] = LRUCache(_ANSWERS_KEPT)
        self._over_time: dict[date, Study] = {}
        self._trends: LRUCache[tuple[int, Scenario, date | None], Record] = LRUCache(_ANSWERS_KEPT)
        self._scenario = lru_cache(maxsize=_SCENARIOS_KEPT)(self._make_scenario)

    def scenario(self, *, on: date | None = None, **choices: str | None) -> Scenario:
        """Return the scenario for a question; today's date unless one is given.

        Raises
        ------
        ScenarioError
            The scenario file or a choice cannot be used.
        """
        given = sorted((key, value) for key, value in choices.items() if value is not None)
        return self._scenario(today(), on, tuple(given))

    def _make_scenario(
        self, day: date, on: date | None, choices: tuple[tuple[str, str], ...]
    ) -> Scenario:
        base = load_scenario(self._scenario_file, on=day)
        given = dict(choices) | ({"on": on} if on else {})
        return base.changed(**given) if given else base

    def data(self) -> DistrictData:
        """Return the district as the store has it now."""
        with self._lock:
            return self._current_data()

    def known(self, scenario: Scenario, at: int | None = None) -> Answer | None:
        """Return the answer if it is already worked out for the store as it is now."""
        key = (self.store.version(), at, scenario)
        with self._answers_lock:
            return self._answers.get(key)

    def answer(self, scenario: Scenario, at: int | None = None) -> Answer:
        """Return the answer for a scenario, worked out once for each version of the store.

        One thread works at a time: a study is the machine's whole attention, and
        two that ask the same question wait for the same answer.

        Parameters
        ----------
        scenario : Scenario
            The question.
        at : int, optional
            Answer from what was known after that import, so that pages of one
            answer belong together; else from what is known now.

        Raises
        ------
        NotFoundError
            The store's history has no such import.
        """
        with self._lock:
            return self._answer(scenario, at)

    def answer_of(self, token: ChangeToken, **choices: str | None) -> Answer:
        """Return the answer that once gave a token, just as it was.

        Parameters
        ----------
        token : ChangeToken
            Of an :class:`Answer`.
        **choices
            As for :meth:`scenario`, the same as then.

        Raises
        ------
        NotFoundError
            The store's history has no such import.
        ExpiredError
            The same cannot be told any more.
        """
        found = self.answer(self.scenario(on=token.on, **choices), token.number)
        if found.token != str(token):
            raise ExpiredError(**TEXT.both("this_token_no_longer_holds"))
        return found

    def known_at_end_of(self, day: date) -> int:
        """Return the number of the last import of a day in China or before.

        Raises
        ------
        NotFoundError
            The store's history begins later.
        """
        with self._lock:
            self._current_data()
            if day not in self._ends:
                then = self._read(end_of(day))
                self._ends[day] = then.state.number
                self._past[then.state.number] = then
            return self._ends[day]

    def _token(self, state: LedgerState, scenario: Scenario) -> ChangeToken:
        ground = (state.mark, scenario.digest, self._profile, self._decimals, _VERSION)
        return ChangeToken.of(state.number, scenario.on, ground)

    def trend(self, scenario: Scenario, since: date | None = None) -> Record:
        """Return the figures on the plan's dates, worked out once for a version of the store.

        Parameters
        ----------
        scenario : Scenario
            The question.
        since : datetime.date, optional
            A date more, on which the figures are wanted too; its study is kept as an
            answer to that date is.
        """
        with self._lock:
            data = self._current_data()
            further = None if since in PLAN_DATES else since
            key = (data.version, scenario, further)
            if key not in self._trends:
                # Another caliber or scope of the same dates reaches the same.
                self._over_time = studies_on(data, scenario, like=self._over_time)
                more = (
                    {further: self._answer(scenario.changed(on=further)).study} if further else {}
                )
                self._trends[key] = trend_record(dict(sorted((self._over_time | more).items())))
            return self._trends[key]

    def _answer(self, scenario: Scenario, at: int | None = None) -> Answer:
        data = self._current_data()
        now = at in {None, data.state.number}
        found = self.known(scenario, at) or (self.known(scenario) if now else None)
        if found is None:
            then = data if now else self._past_data(at or 0)
            found = Answer(study(then, scenario), self._token(then.state, scenario))
        with self._answers_lock:
            self._answers[(data.version, at, scenario)] = found
        return found

    def _current_data(self) -> DistrictData:
        if self._data is None or self._data.version != self.store.version():
            self._data = self._read(self._as_known)
            self._past.clear()
            self._ends.clear()
        return self._data

    def _past_data(self, at: int) -> DistrictData:
        if at not in self._past:
            self._past[at] = self._read(at)
        return self._past[at]

    def _read(self, at: int | datetime | None) -> DistrictData:
        return release(self.store.read_district(at), self._profile, decimals=self._decimals)
