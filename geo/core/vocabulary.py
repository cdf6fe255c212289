"""The field's words and the plan's figures, each with its source.

The identifiers are the ones kept in the store and in every export; the Chinese
and English labels are what people see. ``PLAN`` cites the government plan,
大政办发〔2022〕12号 (Daxiang District, 2021-2025).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from importlib.resources import files
from types import MappingProxyType
from typing import Final, NamedTuple

PER_10K: Final = 10_000
"""Residents to which the headline indicator refers."""

TARGET_AREA_PER_10K_M2: Final = 160.0
"""每万人拥有科普展厅面积达到160平方米: PLAN, section 三(二)4."""

NATIONAL_STATISTICS_FLOOR_AREA_M2: Final = 500.0
"""Least building area of a venue in the national science-popularisation statistics."""


class Label(NamedTuple):
    """A word in both languages."""

    zh: str
    en: str


class Group(StrEnum):
    """The five groups of facilities."""

    BASE = "base"
    HALL = "hall"
    SCHOOL = "school"
    SERVICE_CENTRE = "service_centre"
    PUBLIC_VENUE = "public_venue"


class Kind(StrEnum):
    """What a facility is; a facility has one kind and a kind has one group."""

    SCIENCE_BASE = "science_base"
    AGRI_DEMO_BASE = "agri_demo_base"
    YOUTH_EXPERIENCE_BASE = "youth_experience_base"
    EMERGENCY_BASE = "emergency_base"
    NATURE_SCHOOL = "nature_school"
    FIELD_SCHOOL = "field_school"
    ENTERPRISE_SITE = "enterprise_site"
    SCIENCE_MUSEUM = "science_museum"
    THEMATIC_MUSEUM = "thematic_museum"
    EXHIBITION_HALL = "exhibition_hall"
    YOUTH_SCIENCE_CENTRE = "youth_science_centre"
    SCHOOL = "school"
    RURAL_SCHOOL_PALACE = "rural_school_palace"
    SCHOOL_SCIENCE_MUSEUM = "school_science_museum"
    SCIENCE_STUDIO = "science_studio"
    CIVILIZATION_PRACTICE = "civilization_practice"
    PARTY_SERVICE_CENTRE = "party_service_centre"
    COMMUNITY_UNIVERSITY = "community_university"
    SENIOR_UNIVERSITY = "senior_university"
    CHILDRENS_HOME = "childrens_home"
    COMMUNITY_SCIENCE_ROOM = "community_science_room"
    ELDERLY_DAY_CARE = "elderly_day_care"
    LIBRARY = "library"
    CULTURAL_CENTRE = "cultural_centre"
    PARK = "park"
    TRANSPORT_OR_CINEMA = "transport_or_cinema"
    SCIENCE_GALLERY = "science_gallery"


class Level(StrEnum):
    """The administrative level that recognises a facility or a plaque."""

    NATIONAL = "national"
    PROVINCIAL = "provincial"
    MUNICIPAL = "municipal"
    COUNTY = "county"
    NONE = "none"


class Status(StrEnum):
    """Whether a facility operates, as the ledger says today."""

    OPERATING = "operating"
    PLANNED = "planned"
    UNDER_CONSTRUCTION = "under_construction"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class Verification(StrEnum):
    """Whether the office has checked the row; only verified rows count."""

    VERIFIED = "verified"
    PENDING = "pending"


class Profile(StrEnum):
    """For whom data leaves the office; each carries less than the one before it."""

    INTERNAL = "internal"
    INTER_AGENCY = "inter_agency"
    PUBLIC = "public"

    def carries(self, release: Profile) -> bool:
        """Return whether what may go as far as ``release`` goes to this profile.

        Examples
        --------
        >>> Profile.INTER_AGENCY.carries(Profile.PUBLIC)
        True
        >>> Profile.INTER_AGENCY.carries(Profile.INTERNAL)
        False
        """
        order = list(Profile)
        return order.index(self) <= order.index(release)


class Audience(StrEnum):
    """The five groups of people whom the plan addresses."""

    YOUTH = "youth"
    FARMERS = "farmers"
    WORKERS = "workers"
    SENIORS = "seniors"
    OFFICIALS = "officials"


class TownshipKind(StrEnum):
    """The three township-level units; 'township' also stands for all three."""

    SUBDISTRICT = "subdistrict"
    TOWN = "town"
    TOWNSHIP = "township"


class VillageKind(StrEnum):
    """The two village-level units."""

    COMMUNITY = "community"
    VILLAGE = "village"


class Settlement(StrEnum):
    """Urban or rural; a service standard has a limit for each."""

    URBAN = "urban"
    RURAL = "rural"


class Mode(StrEnum):
    """How residents travel."""

    FOOT = "foot"
    E_BICYCLE = "e_bicycle"
    CAR = "car"


class Oneway(StrEnum):
    """Which way cars may go along a line, as it was drawn."""

    BOTH = "both"
    FORWARD = "forward"
    REVERSE = "reverse"


class Caliber(StrEnum):
    """What counts towards the target (口径); the plan leaves it open, so three ship."""

    NARROW_STAT = "A"
    ASSESSED = "B"
    BROAD = "C"


class Scope(StrEnum):
    """Whose facilities count: all that stand in the district, or those it runs."""

    ALL = "all"
    DISTRICT_RUN = "district_run"


class PopulationKind(StrEnum):
    """The two denominators in official use."""

    RESIDENT = "resident"
    REGISTERED = "registered"


class Quality(StrEnum):
    """How much a published figure or boundary can be trusted."""

    SURVEYED = "surveyed"
    OFFICIAL = "official"
    GENERALISED = "generalised"
    SCHEMATIC = "schematic"
    CENSUS = "census"
    REPORTED = "reported"
    ESTIMATE = "estimate"
    DEMONSTRATION = "demonstration"


class Agreement(StrEnum):
    """What a facility's declared township and its position say of each other."""

    AGREE = "agree"
    DISAGREE = "disagree"
    POSITION_ONLY = "position_only"
    DECLARED_ONLY = "declared_only"
    OUTSIDE = "outside"
    UNPLACED = "unplaced"


class CountReason(StrEnum):
    """Why a facility's exhibition area counts towards the indicator, or does not."""

    COUNTED = "counted"
    AREA_UNKNOWN = "area_unknown"
    FLOOR_AREA_UNKNOWN = "floor_area_unknown"
    FLOOR_AREA_TOO_SMALL = "floor_area_too_small"
    SHARED_USE_NOT_APPROVED = "shared_use_not_approved"
    NOT_DESIGNATED = "not_designated"
    KIND_NOT_COUNTED = "kind_not_counted"
    NOT_DISTRICT_RUN = "not_district_run"
    NOT_OPEN_YET = "not_open_yet"
    NOT_OPERATING = "not_operating"
    NOT_OPEN_TO_PUBLIC = "not_open_to_public"
    OPENNESS_UNKNOWN = "openness_unknown"
    RUN_BY_UNKNOWN = "run_by_unknown"
    PENDING = "pending"
    OUTSIDE = "outside"
    UNPLACED = "unplaced"


OWN_AUDIENCE: Final[Mapping[Kind, Audience]] = {
    Kind.AGRI_DEMO_BASE: Audience.FARMERS,
    Kind.FIELD_SCHOOL: Audience.FARMERS,
    Kind.YOUTH_EXPERIENCE_BASE: Audience.YOUTH,
}
"""Kinds that are for some people alone: what they do not reach is counted among these."""

RURAL_KINDS: Final = frozenset(OWN_AUDIENCE)
"""Kinds for the countryside: where no rural resident lives nobody lacks them."""

GROUP_OF_KIND: Final[Mapping[Kind, Group]] = {
    Kind.SCIENCE_BASE: Group.BASE,
    Kind.AGRI_DEMO_BASE: Group.BASE,
    Kind.YOUTH_EXPERIENCE_BASE: Group.BASE,
    Kind.EMERGENCY_BASE: Group.BASE,
    Kind.NATURE_SCHOOL: Group.BASE,
    Kind.FIELD_SCHOOL: Group.BASE,
    Kind.ENTERPRISE_SITE: Group.BASE,
    Kind.SCIENCE_MUSEUM: Group.HALL,
    Kind.THEMATIC_MUSEUM: Group.HALL,
    Kind.EXHIBITION_HALL: Group.HALL,
    Kind.YOUTH_SCIENCE_CENTRE: Group.HALL,
    Kind.SCHOOL: Group.SCHOOL,
    Kind.RURAL_SCHOOL_PALACE: Group.SCHOOL,
    Kind.SCHOOL_SCIENCE_MUSEUM: Group.SCHOOL,
    Kind.SCIENCE_STUDIO: Group.SCHOOL,
    Kind.CIVILIZATION_PRACTICE: Group.SERVICE_CENTRE,
    Kind.PARTY_SERVICE_CENTRE: Group.SERVICE_CENTRE,
    Kind.COMMUNITY_UNIVERSITY: Group.SERVICE_CENTRE,
    Kind.SENIOR_UNIVERSITY: Group.SERVICE_CENTRE,
    Kind.CHILDRENS_HOME: Group.SERVICE_CENTRE,
    Kind.COMMUNITY_SCIENCE_ROOM: Group.SERVICE_CENTRE,
    Kind.ELDERLY_DAY_CARE: Group.SERVICE_CENTRE,
    Kind.LIBRARY: Group.PUBLIC_VENUE,
    Kind.CULTURAL_CENTRE: Group.PUBLIC_VENUE,
    Kind.PARK: Group.PUBLIC_VENUE,
    Kind.TRANSPORT_OR_CINEMA: Group.PUBLIC_VENUE,
    Kind.SCIENCE_GALLERY: Group.PUBLIC_VENUE,
}


def _labels() -> Mapping[type[StrEnum], Mapping[StrEnum, Label]]:
    """Return the labels that ``vocabulary.toml`` gives the terms of each class."""
    text = files("geo.core").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    return MappingProxyType(
        {
            globals()[name]: MappingProxyType(
                {globals()[name](term): Label(**words) for term, words in terms.items()}
            )
            for name, terms in tomllib.loads(text).items()
        }
    )


LABELS: Final[Mapping[type[StrEnum], Mapping[StrEnum, Label]]] = _labels()
"""Labels by vocabulary: ``school`` is both a kind and a group, so a word alone is no key."""


def label(term: StrEnum, lang: str = "zh") -> str:
    """Return a term's label; Chinese unless English is asked for.

    Examples
    --------
    >>> label(Kind.LIBRARY), label(Kind.LIBRARY, "en")
    ('图书馆/书苑', 'Library')
    >>> label(Kind.SCHOOL), label(Group.SCHOOL)
    ('中小学', '学校')
    """
    found = LABELS[type(term)][term]
    return found.en if lang == "en" else found.zh


URBAN_CLASSES: Final = frozenset({"111", "112", "121", "122", "123"})
"""Urban codes of the national urban-rural classification (统计用城乡划分代码)."""

RURAL_CLASSES: Final = frozenset({"210", "220"})
"""Rural codes of the same classification."""


_NARROW: Final = frozenset({Kind.SCIENCE_MUSEUM, Kind.THEMATIC_MUSEUM})
_ASSESSED: Final = _NARROW | {
    Kind.EXHIBITION_HALL,
    Kind.YOUTH_SCIENCE_CENTRE,
    Kind.SCHOOL_SCIENCE_MUSEUM,
    Kind.EMERGENCY_BASE,
    Kind.ENTERPRISE_SITE,
}
_BROAD: Final = _ASSESSED | {
    Kind.COMMUNITY_SCIENCE_ROOM,
    Kind.RURAL_SCHOOL_PALACE,
    Kind.SCIENCE_STUDIO,
    Kind.CHILDRENS_HOME,
    Kind.LIBRARY,
    Kind.CULTURAL_CENTRE,
    Kind.PARTY_SERVICE_CENTRE,
    Kind.CIVILIZATION_PRACTICE,
    Kind.COMMUNITY_UNIVERSITY,
    Kind.SENIOR_UNIVERSITY,
}
CALIBER_KINDS: Final[Mapping[Caliber, frozenset[Kind]]] = {
    Caliber.NARROW_STAT: _NARROW,
    Caliber.ASSESSED: _ASSESSED,
    Caliber.BROAD: _BROAD,
}
"""Kinds whose indoor display counts in each caliber without a designation.

The plan does not define 科普展厅面积; ``docs/methods.md`` says how each caliber reads it.
"""

DESIGNATED_BASE_KINDS: Final = frozenset(
    {
        Kind.SCIENCE_BASE,
        Kind.AGRI_DEMO_BASE,
        Kind.YOUTH_EXPERIENCE_BASE,
        Kind.NATURE_SCHOOL,
        Kind.FIELD_SCHOOL,
    }
)
"""Kinds that count in calibers B and C only while a designation is valid."""

VULNERABLE_KINDS: Final = frozenset({Kind.CHILDRENS_HOME, Kind.ELDERLY_DAY_CARE})
"""Places whose exact address and position are kept from the public: those whom they serve are
children left behind and the frail old. A place of another kind that has such a plaque among
others (a village's centre) is public anyway."""

CONVERTED_POSITION: Final = "换算："
"""With which ``position_source`` begins where intake converted a position."""

VILLAGE_POSITION: Final = "村社区中心（约）"
"""With which ``position_source`` begins where a position is the middle of the place's village."""

CENTRE_KINDS: Final = (Kind.PARTY_SERVICE_CENTRE, Kind.CIVILIZATION_PRACTICE)
"""What the plan (大政办发〔2022〕12号) names as positions in every village and community."""

AGES: Final = ("population_0_14", "population_15_59", "population_60_plus")
SETTLEMENTS: Final = ("urban_population", "rural_population")
PARTS: Final = (*AGES, *SETTLEMENTS)
"""Columns of parts of a population, in persons."""

TOLERANCE: Final = 1e-9
"""Relative; what lies exactly at a limit is within it, rounding of its cost included."""
