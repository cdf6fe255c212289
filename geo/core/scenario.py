"""What two users may want two of at once: date, caliber, denominator, standards.

A :class:`Scenario` is frozen, comes from a TOML file laid over the defaults of
``default_scenario.toml`` and has a digest that every result carries. What the
machine decides (a path, a port) is no part of it.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache, cached_property
from importlib.resources import files
from math import isclose
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, ValidationError, model_validator

from geo.core.decay import Decay, Zone, thirds
from geo.core.errors import Place, ScenarioError
from geo.core.options import Frozen
from geo.core.sentences import Sentences, Words
from geo.core.siting_options import AllotmentChoice, SitingChoice
from geo.core.validation import in_words
from geo.core.vocabulary import TARGET_AREA_PER_10K_M2, Caliber, Kind, Mode, Scope, Settlement

TEXT: Final = Sentences("geo.core")

_METRES_PER_KM: Final = 1_000
_MINUTES_PER_HOUR: Final = 60
_MAX_FILE_BYTES: Final = 1_000_000
FIRST_DATE: Final = date(2000, 1, 1)
LAST_DATE: Final = date(2100, 12, 31)

Positive = Annotated[float, Field(gt=0, le=1_000_000, allow_inf_nan=False)]


class ServiceStandard(Frozen):
    """How far residents of one settlement type may be from facilities of some kinds.

    A limit is given in minutes with a mode, or as a straight line in metres;
    where both are given the metres hold and the minutes are what they stand for.
    """

    kinds: tuple[Kind, ...] = Field(min_length=1)
    settlement: Settlement
    mode: Mode
    minutes: Positive | None = None
    straight_line_m: Positive | None = None

    @model_validator(mode="after")
    def _has_a_limit(self) -> ServiceStandard:
        if self.minutes is None and self.straight_line_m is None:
            raise ValueError(TEXT.words("one_of_two_is_needed").in_one_line())
        return self


class Speeds(Frozen):
    """Door-to-door planning speeds."""

    foot: Positive
    e_bicycle: Positive
    car: Positive


class AccessibilityChoice(Frozen):
    """How accessible area is measured: the mode, how far people go, and how that weighs.

    ``zones`` of its own may be given with ``method = "zones"``; else they are thirds of
    the catchment with the weights of Luo & Qi (2009).

    Examples
    --------
    >>> choice = AccessibilityChoice(mode="car", catchment_minutes=30, method="zones")
    >>> [(zone.minutes, zone.weight) for zone in choice.decay.zones]
    [(10.0, 1.0), (20.0, 0.68), (30.0, 0.22)]
    """

    mode: Mode
    catchment_minutes: Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)]
    method: Literal["zones", "binary", "gaussian"]
    zones: tuple[Zone, ...] = Field(default=(), max_length=20)

    @model_validator(mode="after")
    def _fits(self) -> AccessibilityChoice:
        last = self.decay.zones[-1].minutes if self.decay.zones else self.catchment_minutes
        if not isclose(last, self.catchment_minutes):
            raise ValueError(TEXT.words("last_zone_ends_with_catchment").in_one_line())
        return self

    @property
    def decay(self) -> Decay:
        """The weight of the minutes."""
        if self.method == "zones" and not self.zones:
            return thirds(self.catchment_minutes)
        return Decay(method=self.method, zones=self.zones)


class Scenario(Frozen):
    """One set of choices under which a district is measured.

    Parameters
    ----------
    on : datetime.date
        The date as of which facilities are counted (截止日期).
    denominator : str
        ``<population kind>-<year>``, for example ``resident-2020``; ``auto`` is
        the latest census of residents, else their latest figure.

    Examples
    --------
    >>> from datetime import date
    >>> scenario = load_scenario(on=date(2025, 12, 31))
    >>> scenario.caliber.value, scenario.limit_m(Kind.LIBRARY, Settlement.URBAN)
    ('B', 1000.0)
    >>> round(scenario.limit_m(Kind.LIBRARY, Settlement.RURAL))
    5769
    """

    name: str = Field(min_length=1, max_length=100)
    on: date = Field(ge=FIRST_DATE, le=LAST_DATE)
    caliber: Caliber
    scope: Scope
    denominator: str = Field(pattern=r"^(auto|(resident|registered)-[0-9]{4})$")
    target_area_per_10k_m2: Positive = TARGET_AREA_PER_10K_M2
    assignment: Literal["declared", "position"]
    demand_cell_m: float = Field(ge=50, le=5_000, allow_inf_nan=False)
    detour_factor: float = Field(ge=1, le=5, allow_inf_nan=False)
    snap_limit_m: float = Field(ge=10, le=5_000, allow_inf_nan=False)
    speeds_km_per_h: Speeds
    road_speeds_km_per_h: dict[Mode, dict[str, Positive]]
    accessibility: AccessibilityChoice
    standards: tuple[ServiceStandard, ...] = Field(max_length=200)
    siting: SitingChoice
    allotment: AllotmentChoice

    @model_validator(mode="after")
    def _one_standard_each(self) -> Scenario:
        seen: set[tuple[Kind, Settlement]] = set()
        for standard in self.standards:
            for kind in standard.kinds:
                if (kind, standard.settlement) in seen:
                    raise ValueError(
                        f"{kind.value} ({standard.settlement.value}) 有两条标准 (two standards)"
                    )
                seen.add((kind, standard.settlement))
        return self

    @model_validator(mode="after")
    def _speeds_on_roads(self) -> Scenario:
        for mode in Mode:
            if not self.road_speeds_km_per_h.get(mode):
                raise ValueError(
                    f"road_speeds_km_per_h 须有 {mode.value} (speeds of this mode are missing)"
                )
        return self

    def __hash__(self) -> int:
        # By what views differ in; the speeds are mappings, which have no hash.
        return hash((self.on, self.caliber, self.scope, self.denominator))

    @cached_property
    def digest(self) -> str:
        """Twelve hexadecimal digits that change when any choice changes."""
        text = json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def standard(self, kind: Kind, settlement: Settlement) -> ServiceStandard | None:
        """Return the standard for a kind and settlement, or None where there is none."""
        for standard in self.standards:
            if kind in standard.kinds and standard.settlement == settlement:
                return standard
        return None

    def limit_m(self, kind: Kind, settlement: Settlement) -> float | None:
        """Return the limit as a straight line in metres, or None without a standard.

        Minutes become metres by the mode's speed, divided by the detour factor;
        where there is no road network this is an assumption and is named as one.
        """
        standard = self.standard(kind, settlement)
        if standard is None:
            return None
        if standard.straight_line_m is not None:
            return standard.straight_line_m
        assert standard.minutes is not None  # noqa: S101  (the model's validator saw to it)
        speed = getattr(self.speeds_km_per_h, standard.mode.value)
        metres = standard.minutes / _MINUTES_PER_HOUR * speed * _METRES_PER_KM
        return float(metres / self.detour_factor)

    def changed(self, **choices: Any) -> Scenario:
        """Return a copy with other choices, checked like a new one.

        Raises
        ------
        ScenarioError
            A choice is unknown or out of bounds.
        """
        return _checked({**self.model_dump(mode="json"), **choices}, place=None)


@cache
def _defaults() -> Mapping[str, Any]:
    text = files("geo.core").joinpath("default_scenario.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def load_scenario(path: Path | None = None, *, on: date, **choices: Any) -> Scenario:
    """Return the default scenario, with a TOML file and single choices laid over it.

    Parameters
    ----------
    path : pathlib.Path, optional
        A TOML file with any of the keys of ``default_scenario.toml``.
    on : datetime.date
        The date that holds unless the file gives one.
    **choices
        Single values (``caliber="C"``) that hold over the file's; None is left out.

    Raises
    ------
    ScenarioError
        The file is missing, too large, not TOML, or has a value out of bounds.
    """
    values: dict[str, Any] = {**_defaults(), "on": on}
    place = None
    if path is not None:
        place = Place(file=path.name)
        values = _laid_over(values, _read_toml(path, place))
    values.update({key: value for key, value in choices.items() if value is not None})
    return _checked(values, place)


def _laid_over(values: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values with a file's over them; of a table only the keys that the file has."""
    tables = {
        key: {**values[key], **table}
        for key, table in given.items()
        if isinstance(table, dict) and isinstance(values.get(key), dict)
    }
    return {**values, **given, **tables}


def _read_toml(path: Path, place: Place) -> dict[str, Any]:
    try:
        content = path.read_bytes()
        if len(content) > _MAX_FILE_BYTES:
            raise ScenarioError(**TEXT.both("scenario_file_too_large"), place=place)
        return tomllib.loads(content.decode("utf-8"))
    except OSError as error:
        raise ScenarioError(**TEXT.both("scenario_file_cannot_be_read"), place=place) from error
    except UnicodeDecodeError as error:
        raise ScenarioError(**TEXT.both("scenario_file_not_utf8"), place=place) from error
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(**TEXT.both("not_valid_toml_file", error=error), place=place) from error


def _checked(values: Mapping[str, Any], place: Place | None) -> Scenario:
    try:
        return Scenario.model_validate(dict(values))
    except ValidationError as error:
        faults = error.errors(include_url=False)
        raise ScenarioError(
            **TEXT.both(
                "mend_this_and_try_again",
                in_words=Words(in_words(faults, "zh"), in_words(faults, "en")),
            ),
            place=place,
        ) from error
