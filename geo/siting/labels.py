"""Labels of siting in both languages: questions, units, audiences and sources of candidates."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from geo.core.siting_options import CandidateSource, Question
from geo.core.vocabulary import Label, Settlement

QUESTIONS: Final[Mapping[Question, Label]] = MappingProxyType(
    {
        Question.MOST_COVERED: Label("新增覆盖最多", "most people newly covered"),
        Question.BACKUP: Label("覆盖与双重覆盖最多", "most coverage and backup coverage"),
        Question.FEWEST_SITES: Label("处数最少", "fewest sites"),
        Question.LEAST_TRAVEL: Label("总路程最短", "least travel in all"),
        Question.SHORTEST_WORST: Label("最远路程最短", "shortest longest journey"),
    }
)

SOURCES: Final[Mapping[CandidateSource, Label]] = MappingProxyType(
    {
        CandidateSource.HOST: Label("现有场所挂牌", "designation of an existing place"),
        CandidateSource.VILLAGE: Label("村社区", "village or community"),
        CandidateSource.PARCEL: Label("地块", "parcel"),
        CandidateSource.SEARCH_AREA: Label("搜索区（非地址）", "search area, no address"),
    }
)

AUDIENCES: Final[Mapping[str, Label]] = MappingProxyType(
    {
        "residents": Label("居民", "residents"),
        "youth": Label("青少年（0—14 岁）", "youth (0 to 14)"),
        "seniors": Label("老年人（60 岁及以上）", "seniors (60 and over)"),
        "farmers": Label("乡村居民", "rural residents"),
        "schools": Label("学校", "schools"),
    }
)

UNITS: Final[Mapping[Question, Label]] = MappingProxyType(
    {
        Question.LEAST_TRAVEL: Label("人·分钟", "person-minutes"),
        Question.SHORTEST_WORST: Label("分钟", "minutes"),
        Question.FEWEST_SITES: Label("处", "sites"),
    }
)

PLACES: Final[Mapping[Settlement, Label]] = MappingProxyType(
    {
        Settlement.URBAN: Label("城镇", " of urban places"),
        Settlement.RURAL: Label("乡村", " of rural places"),
    }
)

PEOPLE: Final = Label("人", "people")
