"""Requests of siting: the question, its programmes, candidates, constraints and layers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import Field, model_validator

from geo.core.options import Frozen
from geo.core.sentences import Sentences
from geo.core.vocabulary import GROUP_OF_KIND, Group, Kind, Mode, Settlement

if TYPE_CHECKING:
    # A scenario is read without geometry: importing geopandas takes longer than reading it.
    import geopandas as gpd

TEXT: Final = Sentences("geo.core")

MOST_CANDIDATES: Final = 5_000
MOST_SECONDS: Final = 600.0
_MOST_SITES: Final = 500
_MOST_NAMED: Final = 2_000
_MOST_AREAS: Final = 100

CandidateId = Annotated[str, Field(min_length=1, max_length=64)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Minutes = Annotated[float, Field(gt=0, le=600, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]


class Question(StrEnum):
    """The objective of a plan; each is a model of location-allocation."""

    MOST_COVERED = "most_covered"
    BACKUP = "backup"
    FEWEST_SITES = "fewest_sites"
    LEAST_TRAVEL = "least_travel"
    SHORTEST_WORST = "shortest_worst"


class CandidateSource(StrEnum):
    """Kind of place that a candidate is; a search area is a grid square and no address."""

    HOST = "host"
    VILLAGE = "village"
    PARCEL = "parcel"
    SEARCH_AREA = "search_area"


class Programme(Frozen):
    """One kind of base that is to be sited: its number, audience and service standard.

    Attributes
    ----------
    kind : Kind
        Facilities of it that operate, are planned or being built count as existing.
    count : int
        Number of sites; the greatest number where the question is the fewest.
    audience : str
        Who counts as demand: all residents, one audience, or schools.
    settlement : Settlement or None
        The only settlement type in which sites may stand; None for both.
    demand_settlement : Settlement or None
        The only settlement type whose people count: rural youth are the youth of rural places.
    mode, minutes
        The service standard.
    required : tuple of str
        Candidates that must be sites of this programme.
    host_kinds : tuple of Kind or None
        The only kinds of hosts that may be of the programme; None for all.
    first_phase : int or None
        Number of sites of the first phase (this year).
    """

    kind: Kind
    count: int = Field(ge=1, le=_MOST_SITES)
    audience: Literal["residents", "youth", "seniors", "farmers", "schools"] = "residents"
    settlement: Settlement | None = None
    demand_settlement: Settlement | None = None
    mode: Mode
    minutes: Minutes
    required: tuple[CandidateId, ...] = Field(default=(), max_length=_MOST_SITES)
    host_kinds: tuple[Kind, ...] | None = Field(default=None, max_length=40)
    first_phase: int | None = Field(default=None, ge=1, le=_MOST_SITES)

    @model_validator(mode="after")
    def _phases_fit(self) -> Programme:
        if self.first_phase is not None and self.first_phase > self.count:
            raise ValueError(TEXT.words("first_phase_exceeds_count").in_one_line())
        return self

    @model_validator(mode="after")
    def _is_sited(self) -> Programme:
        if GROUP_OF_KIND[self.kind] not in {Group.BASE, Group.HALL, Group.SERVICE_CENTRE}:
            raise ValueError(
                f"{self.kind.value} 不是可选址的类型 (this kind of place is not sited)"
            )
        return self


class Candidates(Frozen):
    """Which places are candidates.

    Attributes
    ----------
    host_kinds : tuple of Kind
        Existing places of these kinds may be designated (挂牌).
    villages : bool
        Whether villages and communities with a known position are candidates.
    grid_m : float or None
        Side in metres of the grid squares of the district, each a search area; None for no
        grid.
    """

    host_kinds: tuple[Kind, ...] = Field(default=(), max_length=40)
    villages: bool = True
    grid_m: float | None = Field(default=None, ge=200, le=20_000, allow_inf_nan=False)


class Costs(Frozen):
    """Costs of a site by the source of its candidate, and the budget; 10,000 yuan."""

    host: Money = 0.0
    village: Money = 0.0
    parcel: Money = 0.0
    search_area: Money = 0.0
    budget: Money | None = None


class Area(Frozen):
    """An area where nothing may be built or designated, such as a reserve or a flood zone.

    Attributes
    ----------
    name : str
        For display.
    ring : tuple of (longitude, latitude)
        Its outline in degrees (CGCS2000), at least three corners; longer outlines come as a
        layer.
    """

    name: str = Field(default="", max_length=100)
    ring: tuple[tuple[Longitude, Latitude], ...] = Field(min_length=3, max_length=2_000)


class CandidateReview(Frozen):
    """The review of a candidate by other bureaus: suitability, cost and failed examinations.

    Attributes
    ----------
    candidate_id : str
        A facility's id, a village's code, a parcel or a search area.
    suitability : float or None
        From 0 to 1.
    cost : float or None
        10,000 yuan, instead of the cost of its source.
    failed : str or None
        Examinations that it has not passed, joined; if any, it is no candidate.
    """

    candidate_id: CandidateId
    suitability: Share | None = None
    cost: Money | None = None
    failed: Annotated[str, Field(min_length=1, max_length=200)] | None = None


@dataclass(frozen=True)
class SitingLayers:
    """Geometry that is given besides the scenario.

    Attributes
    ----------
    exclusions : geopandas.GeoSeries, optional
        Polygons in which nothing may be built or designated: reserves, flood zones.
    parcels : geopandas.GeoDataFrame, optional
        Polygons with ``name``, ``suitability``, ``cost`` (10,000 yuan) and ``failed``, numbered,
        each a candidate unless it failed the review of another bureau.
    """

    exclusions: gpd.GeoSeries | None = None
    parcels: gpd.GeoDataFrame | None = None


NO_LAYERS: Final = SitingLayers()


class SitingChoice(Frozen):
    """A request of siting.

    Attributes
    ----------
    question : Question
        The objective.
    programmes : tuple of Programme
        Sited together.
    together : bool
        Whether two programmes may share a site.
    required, forbidden : tuple of str
        Candidates that must, or must not, be chosen.
    least_distance_m : float or None
        Between any two sites, in a straight line.
    most_per_township : int or None
        Number of sites in one township at most.
    exclusions : tuple of Area
        Where nothing may stand.
    marks : tuple of CandidateReview
        Reviews by other bureaus, each candidate once.
    least_mean_suitability : float or None
        Least mean suitability of the chosen sites of which it is known.
    suitability_weight : float
        Persons (or schools) by which a site of suitability 1 is worth more than one of 0, where
        the question is most covered or backup.
    unknown_suitability : float
        Suitability that a candidate without one counts as, for the weight.
    floor_share : float
        Least covered share of each township's audience.
    share : float
        Least covered share of the whole audience, where the question is the fewest.
    named_loss_share : float
        Share of the objective that may be lost to have hosts, villages and parcels instead of
        search areas, where the question is one of coverage; ties are always decided so.
    first_weight : float
        Weight of first coverage against second, where the question is backup.
    time_limit_s : float
        Seconds after which the best plan so far is returned with its bound.

    Examples
    --------
    >>> from geo.core.vocabulary import Kind, Mode
    >>> choice = SitingChoice(programmes=(Programme(kind=Kind.AGRI_DEMO_BASE, count=10,
    ...     mode=Mode.CAR, minutes=15),))
    >>> choice.question.value, choice.together
    ('most_covered', False)
    """

    question: Question = Question.MOST_COVERED
    programmes: tuple[Programme, ...] = Field(min_length=1, max_length=4)
    candidates: Candidates = Candidates()
    together: bool = False
    required: tuple[CandidateId, ...] = Field(default=(), max_length=_MOST_NAMED)
    forbidden: tuple[CandidateId, ...] = Field(default=(), max_length=_MOST_NAMED)
    least_distance_m: float | None = Field(default=None, gt=0, le=100_000, allow_inf_nan=False)
    most_per_township: int | None = Field(default=None, ge=1, le=_MOST_SITES)
    costs: Costs = Costs()
    exclusions: tuple[Area, ...] = Field(default=(), max_length=_MOST_AREAS)
    marks: tuple[CandidateReview, ...] = Field(default=(), max_length=_MOST_NAMED)
    least_mean_suitability: Share | None = None
    suitability_weight: float = Field(default=0.0, ge=0, le=1e7, allow_inf_nan=False)
    unknown_suitability: Share = 0.5
    floor_share: Share = 0.0
    share: Share = 1.0
    named_loss_share: Share = 0.0
    first_weight: Share = 0.7
    time_limit_s: float = Field(default=60.0, ge=1, le=MOST_SECONDS, allow_inf_nan=False)

    @model_validator(mode="after")
    def _each_once(self) -> SitingChoice:
        kinds = [programme.kind for programme in self.programmes]
        if len(set(kinds)) < len(kinds):
            raise ValueError(TEXT.words("kind_in_two_programmes").in_one_line())
        marked = [mark.candidate_id for mark in self.marks]
        if len(set(marked)) < len(marked):
            raise ValueError(TEXT.words("candidate_marked_twice").in_one_line())
        phased = any(programme.first_phase is not None for programme in self.programmes)
        if phased and self.question not in {Question.MOST_COVERED, Question.BACKUP}:
            raise ValueError(TEXT.words("phases_go_with_these_questions").in_one_line())
        return self


class AllotmentChoice(Frozen):
    """A request of allotment: what exhibition area may be added where, and what is minimised.

    Attributes
    ----------
    scope : str
        Whether each township must reach the target, or the district as a whole.
    least : str
        What is minimised: area, or money.
    existing_max_added_m2 : float
        Area that an existing place may be enlarged by at most.
    new_count_per_township, new_min_m2, new_max_m2
        Number of places that may be opened in each township, and the size of each.
    cost_per_m2, new_fixed_cost : float or None
        10,000 yuan; None where no price is known.
    area_budget_m2, money_budget : float or None
        In all; money in 10,000 yuan.
    """

    scope: Literal["district", "township"] = "district"
    least: Literal["area", "money"] = "area"
    existing_max_added_m2: float = Field(default=200.0, ge=0, le=100_000, allow_inf_nan=False)
    new_count_per_township: int = Field(default=1, ge=0, le=20)
    new_min_m2: float = Field(default=100.0, ge=0, le=100_000, allow_inf_nan=False)
    new_max_m2: float = Field(default=1_000.0, gt=0, le=100_000, allow_inf_nan=False)
    cost_per_m2: Money | None = None
    new_fixed_cost: Money | None = None
    area_budget_m2: float | None = Field(default=None, ge=0, le=1e8, allow_inf_nan=False)
    money_budget: Money | None = None

    @model_validator(mode="after")
    def _has_prices(self) -> AllotmentChoice:
        if self.new_min_m2 > self.new_max_m2:
            raise ValueError(TEXT.words("least_is_over_most").in_one_line())
        if self.least == "money" and self.cost_per_m2 is None:
            raise ValueError(TEXT.words("price_is_needed").in_one_line())
        return self
