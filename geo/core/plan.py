"""What a district's plan commits to, from a TOML file: targets, units, and how each is answered."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field, ValidationError, model_validator

from geo.core.errors import Place, ScenarioError
from geo.core.options import Frozen
from geo.core.sentences import Sentences, Words
from geo.core.validation import in_words
from geo.core.vocabulary import Audience, Kind

TEXT: Final = Sentences("geo.core")

_MAX_FILE_BYTES: Final = 200_000
_MOST_YEARS: Final = 10
_COUNT_UNITS: Final = frozenset(
    ("个", "名", "人", "位", "人次", "次", "家", "户", "场", "场次", "处", "所", "座", "项", "件",
     "篇", "期", "班", "村", "校", "支", "本", "册", "份")
)  # fmt: skip
_NEED_KINDS: Final = frozenset({"new_facilities", "facilities", "coverage"})

Name = Annotated[str, Field(min_length=1, max_length=120)]


class Measure(StrEnum):
    """How a commitment is answered: by a measure of the district, or by values kept by hand."""

    AREA_PER_10K = "area_per_10k"
    NEW_FACILITIES = "new_facilities"
    FACILITIES = "facilities"
    COVERAGE = "coverage"
    SCHOOLS_REACHED = "schools_reached"
    VILLAGES_WITH_CENTRE = "villages_with_centre"
    GINI = "gini"
    BY_HAND = "by_hand"


class YearlyRule(StrEnum):
    """How yearly values stand against the target."""

    LATEST = "latest"
    EACH_YEAR = "each_year"
    SUM = "sum"


class Commitment(Frozen):
    """One commitment of a plan.

    Attributes
    ----------
    target : float or None
        In ``unit``, at least; None where the plan gives no figure.
    kinds : tuple of Kind
        Which facilities are counted or reached.
    audience : Audience or None
        Whose coverage is asked for; None for all residents.
    rule : YearlyRule
        Of values kept by hand.
    section : str
        Where in the plan it stands.
    """

    commitment_id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    zh: Name
    en: Name
    unit_zh: str = Field(max_length=20)
    unit_en: str = Field(max_length=20)
    target: Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)] | None = None
    measure: Measure
    kinds: tuple[Kind, ...] = Field(default=(), max_length=30)
    audience: Audience | None = None
    rule: YearlyRule = YearlyRule.LATEST
    section: str = Field(default="", max_length=40)

    @model_validator(mode="after")
    def _fits(self) -> Commitment:
        if self.measure in _NEED_KINDS and not self.kinds:
            raise ValueError(TEXT.words("this_measure_needs_kinds").in_one_line())
        if self.measure is Measure.COVERAGE and len(self.kinds) != 1:
            raise ValueError(TEXT.words("coverage_is_of_one_kind").in_one_line())
        return self

    @property
    def is_share(self) -> bool:
        """Whether its values are per cent."""
        return self.unit_zh == "%"

    @property
    def is_count(self) -> bool:
        """Whether its values are whole numbers: persons, enterprises, occasions."""
        return self.unit_zh in _COUNT_UNITS


class Plan(Frozen):
    """A plan: its title, its document, its years and commitments."""

    title_zh: Name
    title_en: Name
    source: Name
    district_code: str = Field(pattern=r"^[0-9]{6}$")
    first_year: int = Field(ge=2000, le=2100)
    last_year: int = Field(ge=2000, le=2100)
    commitments: tuple[Commitment, ...] = Field(min_length=1, max_length=60)

    @model_validator(mode="after")
    def _fits(self) -> Plan:
        if not 0 <= self.last_year - self.first_year < _MOST_YEARS:
            raise ValueError(f"年份须为 1 至 {_MOST_YEARS} 年 (1 to {_MOST_YEARS} years)")
        ids = [one.commitment_id for one in self.commitments]
        if len(set(ids)) < len(ids):
            raise ValueError(TEXT.words("id_stands_twice").in_one_line())
        return self

    @property
    def years(self) -> tuple[int, ...]:
        """The years of the plan, first to last."""
        return tuple(range(self.first_year, self.last_year + 1))

    @property
    def by_hand(self) -> tuple[Commitment, ...]:
        """The commitments without a place, whose values an office keeps by hand."""
        return tuple(one for one in self.commitments if one.measure is Measure.BY_HAND)


def load_plan(path: Path | None = None) -> Plan:
    """Return a plan from a TOML file; the one shipped, 大政办发〔2022〕12号, without one.

    Raises
    ------
    ScenarioError
        The file is missing, too large, not TOML in UTF-8, or a value is out of bounds.

    Examples
    --------
    >>> plan = load_plan()
    >>> plan.source, plan.years[0], len(plan.by_hand)
    ('大政办发〔2022〕12号', 2021, 6)
    """
    if path is None:
        return _plan(files("geo.core").joinpath("default_progress.toml").read_bytes(), None)
    place = Place(file=path.name)
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ScenarioError(**TEXT.both("plan_file_cannot_be_read"), place=place) from error
    return _plan(content, place)


def _plan(content: bytes, place: Place | None) -> Plan:
    try:
        if len(content) > _MAX_FILE_BYTES:
            raise ScenarioError(**TEXT.both("plan_file_too_large"), place=place)
        return Plan.model_validate(tomllib.loads(content.decode("utf-8")))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise ScenarioError(
            **TEXT.both("not_valid_toml_in_utf8", error=error), place=place
        ) from error
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise ScenarioError(
            **TEXT.both(
                "mend_this_and_try_again",
                in_words=Words(in_words(faults, "zh"), in_words(faults, "en")),
            ),
            place=place,
        ) from error
