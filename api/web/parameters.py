"""The query parameters of every door, checked against the vocabulary."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from geo.core.scenario import FIRST_DATE, LAST_DATE
from geo.core.sentences import Sentences
from geo.core.vocabulary import Caliber, Group, Mode, Scope

TEXT: Final = Sentences("api.web")

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _iso_date(value: object) -> object:
    """Let only YYYY-MM-DD through: a bare number would be read as seconds since 1970."""
    if isinstance(value, str) and not _ISO_DATE.fullmatch(value):
        raise ValueError(TEXT.words("must_be_a_date").in_one_line())
    return value


IsoDate = Annotated[date, BeforeValidator(_iso_date)]


class StudyQuery(BaseModel):
    """Which study: date, caliber, scope and denominator; what is left out is the scenario's."""

    model_config = ConfigDict(extra="forbid")

    on: IsoDate | None = Field(None, description="截止日期 YYYY-MM-DD; today unless given")
    caliber: Caliber | None = Field(None, description="口径 A, B or C")
    scope: Scope | None = Field(None, description="all 属地 or district_run 区属")
    denominator: str | None = Field(
        None, pattern=r"^(resident|registered)-[0-9]{4}$", description="such as resident-2020"
    )
    lang: Literal["zh", "en"] = Field("zh", description="language of messages")

    def choices(self) -> dict[str, Any]:
        """Return what was chosen, for :meth:`api.answers.Atlas.scenario`."""
        return self.model_dump(include={"on", "caliber", "scope", "denominator"})


class TrendQuery(StudyQuery):
    """A study, and a date beside the ends of the plan's years."""

    since: IsoDate | None = Field(
        None, ge=FIRST_DATE, le=LAST_DATE,
        description="与哪一天相比 YYYY-MM-DD; one date more than the plan's",
    )  # fmt: skip


class ServiceAreaQuery(StudyQuery):
    """Which facility's service area, by which mode, within how many minutes."""

    facility: str = Field(max_length=64, description="the facility's id")
    mode: Mode = Field(Mode.FOOT, description="foot, e_bicycle or car")
    minutes: float = Field(15, ge=1, le=120, allow_inf_nan=False, description="1 to 120")


class AllotmentQuery(StudyQuery):
    """Who must reach the target, and how much area may be added; else as the scenario asks."""

    reach: Literal["district", "township"] | None = Field(
        None, description="the district as a whole, or each township"
    )
    budget: float | None = Field(
        None, ge=0, le=1e8, allow_inf_nan=False, description="m² that may be added in all"
    )

    def asked(self) -> dict[str, Any]:
        """Return what is asked otherwise than the scenario asks it."""
        given = {"scope": self.reach, "area_budget_m2": self.budget}
        return {key: value for key, value in given.items() if value is not None}


class PageQuery(StudyQuery):
    """The parameters of a page: a study, and what is shown of it."""

    f: Literal["html", "json"] | None = Field(None, description="the map, or the landing page")
    group: Group | None = Field(None, description="show one group of facilities")
    gap: str | None = Field(
        None, max_length=64, pattern=r"^[a-z_-]+$", description="show the gap of one target"
    )
    audience: Literal["youth", "seniors", "farmers"] | None = Field(
        None, description="whom the gaps are counted for; everybody unless given"
    )
    measure: Literal["accessible", "coverage", "surface"] | None = Field(
        None, description="what the map's colours show; area per 10,000 residents unless given"
    )
    sort: str | None = Field(
        None, max_length=64, pattern=r"^[A-Za-z0-9_-]+$", description="the table's column"
    )
