"""The answers of the command line: figures, exports, maps, reports, siting and what is kept."""

# ruff: noqa: E501  (a case is a line)

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from harness import NOW, Answers

DATES = ("2022-12-31", "2024-06-30", "2025-12-31")
ON = ("--on", DATES[-1])
COLLECTIONS = (
    "facilities", "townships", "villages", "gaps", "sites", "service_areas", "districts",
)  # fmt: skip
ENDINGS = ("geojson", "gpkg", "zip", "kml", "csv", "xlsx")
PROFILES = ("internal", "inter_agency", "public")
COMMANDS = (
    "", "study", "export", "site", "allot", "report", "progress", "approval", "imports", "undo",
    "merge", "quarantine", "history", "map", "print", "serve", "load", "load facilities",
    "load population", "load boundaries", "load villages", "load roads", "load weights", "district",
    "district build",
)  # fmt: skip


@dataclass(frozen=True)
class District:
    """A district whose answers are kept.

    Attributes
    ----------
    name : str
        Of its folder, and of its store in the scratch folder.
    facility, doubles : str, tuple of str
        A facility's id, and two that can be made one.
    denominators : tuple of str
        Beside the scenario's own.
    crs : str
        A projected system that fits it.
    """

    name: str
    facility: str
    doubles: tuple[str, str]
    denominators: tuple[str, ...]
    crs: str

    @property
    def store(self) -> str:
        """The file's name."""
        return f"{self.name}.gpkg"


DEMO = District("demo", "P0001", ("P0003", "P0002"), ("resident-2023", "registered-2022"),
                "EPSG:4546")  # fmt: skip
COUNTY = District("county", "Y0002", ("Y0153", "Y0152"), ("resident-2023", "registered-2020"),
                  "EPSG:4544")  # fmt: skip


def help_texts(answers: Answers) -> None:
    """Keep the help of every command, and what a wrong command line is told."""
    for command in COMMANDS:
        slug = command.replace(" ", "-") or "kepu"
        answers.kepu(f"help/{slug}", *command.split(), "--help")
    answers.kepu("help/study-en", "study", "--lang", "en", "--help")
    answers.kepu("help/no-command")
    answers.kepu("help/version", "--version")
    for lang in ("zh", "en"):
        for number, wrong in enumerate(WRONG):
            answers.kepu(f"wrong/{number:02}-{lang}", *wrong, "--lang", lang, "--store", DEMO.store)


WRONG: tuple[tuple[str, ...], ...] = (
    ("study", "--on", "2025-13-01"), ("study", "--caliber", "D"), ("study", "--denominator", "x"),
    ("study", "--scenario", "nowhere.toml"), ("study", "--scenario", "wrong.toml"), ("study", "--as-known", "99"),
    ("study", "--nothing"), ("study", "more"), ("nothing",), ("export", "roads", "a.csv"),
    ("export", "gaps", "a.doc"), ("export", "ledger", "a.csv"), ("export", "gaps", "a.csv", "--crs", "EPSG:4547"),
    ("export", "gaps", "no/where/a.csv"), ("load", "facilities", "nowhere.xlsx"), ("load", "population", "nowhere.xlsx"),
    ("undo", "99"), ("history", "nobody"), ("merge", "P0001", "nobody"), ("merge", "P0001", "P0001"),
    ("map", "a.pdf"), ("print", "a.svg"), ("print", "a.pdf", "--measure", "coverage", "--of", "nothing"),
    ("print", "a.pdf", "--font", "nowhere.ttf"), ("report",), ("report", "a.docx", "--brief", "--cards"),
    ("report", "a.docx", "--template", "nowhere.docx"), ("site", "--share", "0"), ("site", "--out", "a.csv"),
    ("site", "--marks", "nowhere.xlsx"), ("site", "--exclude", "nowhere.geojson"), ("allot", "--budget", "-1"),
    ("progress", "--template", "a.csv"), ("serve", "--port", "99999"), ("district", "build", "nowhere", "out"),
)  # fmt: skip


def loads(answers: Answers, inputs: Path) -> None:
    """Load the county's files into a fresh store, a day apart, and keep every account."""
    place = inputs / "county"
    for name in sorted(path.name for path in place.iterdir()):
        shutil.copy(place / name, answers.scratch / name)
    steps: tuple[tuple[str, ...], ...] = (
        ("boundaries", "乡镇.geojson"), ("population", "人口.xlsx"), ("villages", "村社区.xlsx"),
        ("roads", "道路.gpkg"), ("weights", "人口栅格.tif"), ("facilities", "台账.xlsx"),
        ("facilities", "补充.xlsx", "--update"),
    )  # fmt: skip
    shutil.copy(answers.scratch / DEMO.store, answers.scratch / COUNTY.store)
    for number, (what, file, *more) in enumerate(steps):
        answers.clock.at(NOW - timedelta(days=len(steps) - number))
        report = ("--report", "report.xlsx") if what not in {"roads", "weights"} else ()
        stored = (file, *more, "--store", COUNTY.store)
        name = f"county/load-{number}-{what}"
        answers.kepu(f"{name}-check-en", "load", what, *stored, *report, "--check", "--lang", "en")
        answers.kepu(name, "load", what, *stored, *report, "--who", "张三")
    answers.clock.at(NOW)
    again = (
        "load",
        "facilities",
        "台账.xlsx",
        "--store",
        COUNTY.store,
        "--village-positions",
        "--check",
    )
    answers.kepu("county/load-again-village-positions", *again)
    answers.put("county/store.gpkg", (answers.scratch / COUNTY.store).read_bytes())


def figures(answers: Answers, one: District) -> None:
    """Keep ``kepu study`` on three dates, in three calibers and two scopes, and its texts."""
    at = f"{one.name}/study"
    stored = ("--store", one.store)
    for on in DATES:
        for caliber in "ABC":
            for scope in ("all", "district_run"):
                answers.kepu(f"{at}/{on}-{caliber}-{scope}", "study", "--json", "--on", on,
                             "--caliber", caliber, "--scope", scope, *stored)  # fmt: skip
    for lang in ("zh", "en"):
        answers.kepu(
            f"{at}/text-{lang}", "study", *ON, "--since", DATES[0], "--lang", lang, *stored
        )
    for denominator in one.denominators:
        answers.kepu(
            f"{at}/{denominator}", "study", "--json", *ON, "--denominator", denominator, *stored
        )
    answers.kepu(f"{at}/since", "study", "--json", *ON, "--since", DATES[0], *stored)
    answers.kepu(f"{at}/as-known-1", "study", "--json", *ON, "--as-known", "1", *stored)
    answers.kepu(f"{at}/as-known-day", "study", *ON, "--as-known", "2026-01-13", *stored)
    answers.kepu(f"{at}/scenario", "study", "--json", *ON, "--scenario", "own.toml", *stored)


def exports(answers: Answers, one: District) -> None:
    """Keep every collection in every format and profile, and in another system."""
    stored = ("--store", one.store)
    for what in COLLECTIONS:
        for ending in ENDINGS:
            for profile in PROFILES:
                if _is_as_others(what, ending, profile):
                    continue
                _export(answers, one, what, ending, "--profile", profile)
        _export(answers, one, what, "geojson", "--crs", one.crs)
        if what in {"facilities", "townships"}:
            _export(answers, one, what, "zip", "--crs", one.crs)
            _export(answers, one, what, "gpkg", "--crs", "EPSG:4490", "--lang", "en")
            _export(answers, one, what, "csv", "--crs", "GCJ-02")
            _export(answers, one, what, "kml", "--crs", "EPSG:3857")
    for profile in PROFILES:
        _export(answers, one, "ledger", "xlsx", "--profile", profile)
    _export(answers, one, "ledger", "xlsx")
    _export(answers, one, "facilities", "xlsx", "--as-known", "2026-01-13")
    answers.kepu(
        f"{one.name}/export/on", "export", "facilities", "a.csv", "--on", DATES[0], *stored
    )


def _is_as_others(what: str, ending: str, profile: str) -> bool:
    """Say which combinations can differ from no other, for each costs a study.

    Every format is made of one table: what a profile leaves out of it shows in one format, and
    what a format makes of it in one profile. Facilities, whose rows and columns both depend on the
    profile, are kept in full.
    """
    return what != "facilities" and profile != "public" and ending != "geojson"


def _export(answers: Answers, one: District, what: str, ending: str, *options: str) -> None:
    file = f"a.{ending}"
    slug = "-".join(option.strip("-").replace(":", "") for option in options[1::2])
    answers.kepu(
        f"{one.name}/export/{what}-{ending}-{slug}",
        "export",
        what,
        file,
        *ON,
        *options,
        "--store",
        one.store,
    )


def drawings(answers: Answers, one: District) -> None:
    """Keep maps in one file, maps on paper, and the documents for the meeting."""
    stored = (*ON, "--store", one.store)
    if one is DEMO:
        answers.kepu("demo/map", "map", "a.html", *stored)
    else:
        answers.kepu("county/map-sites-en", "map", "a.html", "--sites", "--lang", "en", "--profile",
                     "internal", *stored)  # fmt: skip
    measures = (
        ("area_per_10k", ()), ("accessible", ()), ("coverage", ("--of", "hall")), ("gaps", ("--of", "library")),
        ("coverage", ()), ("gaps", ()),
    )  # fmt: skip
    for number, (measure, more) in enumerate(measures):
        for ending in ("pdf", "png") if one is DEMO else ("png",):
            answers.kepu(f"{one.name}/print/{number}-{measure}-{ending}", "print", f"a.{ending}",
                         "--measure", measure, *more, *stored)  # fmt: skip
    answers.kepu(f"{one.name}/print/sites-en", "print", "a.pdf", "--sites", "--sheet", "A3",
                 "--portrait", "--lang", "en", *stored)  # fmt: skip
    _for_the_meeting(answers, one, stored)


def _for_the_meeting(answers: Answers, one: District, stored: tuple[str, ...]) -> None:
    kinds = {"report": (), "brief": ("--brief",), "cards": ("--cards",)}
    for kind, option in kinds.items():
        for lang in ("zh", "en"):
            answers.kepu(f"{one.name}/template-{kind}-{lang}", "report", "--write-template", "t.docx",
                         *option, "--lang", lang)  # fmt: skip
    written = [("report", "zh"), ("brief", "en"), ("cards", "zh" if one is DEMO else "en")]
    for kind, lang in [*written, *([("report", "en"), ("brief", "zh")] if one is DEMO else [])]:
        # An English one does without siting: that is the other way through the template.
        plain = ("--no-siting",) if lang == "en" else ()
        answers.kepu(f"{one.name}/{kind}-{lang}", "report", "a.docx", *kinds[kind], *plain,
                     "--lang", lang, *stored)  # fmt: skip
    if one is DEMO:
        answers.kepu("demo/progress", "progress", "--template", "进展.xlsx", keep=["进展.xlsx"])
        answers.kepu("demo/report-progress", "report", "a.docx", "--brief", "--no-siting",
                     "--progress", "进展.xlsx", "--profile", "public", *stored)  # fmt: skip


def siting(answers: Answers, one: District) -> None:
    """Keep proposals: each question, all that can be asked besides, the list for other bureaus."""
    at = f"{one.name}/site"
    stored = (*ON, "--store", one.store)
    extras = ("--also", "frontier", "--also", "alternatives", "--also", "robustness")
    small = ("--scenario", "small.toml")
    answers.kepu(f"{at}/frontier", "site", "--json", "--also", "frontier", *stored)
    answers.kepu(f"{at}/small-all", "site", "--json", *small, *extras, *stored)
    answers.kepu(f"{at}/text-zh", "site", "--out", "a.geojson", "--save", "plan.toml", *stored,
                 keep=["plan.toml"])  # fmt: skip
    answers.kepu(f"{at}/text-en", "site", *small, *extras[:4], "--profile", "internal", "--lang", "en",
                 *stored)  # fmt: skip
    answers.kepu(f"{at}/saved-plan", "site", "--json", "--scenario", "plan.toml", *stored)
    (answers.scratch / "plan.toml").unlink(missing_ok=True)
    for question in ("backup", "fewest_sites", "least_travel", "shortest_worst"):
        # The whole scenario for the demonstration district; the small one is quick.
        scenario = () if one is DEMO else small
        answers.kepu(f"{at}/{question}", "site", "--json", "--question", question, "--share", 80,
                     *scenario, *stored)  # fmt: skip
    answers.kepu(
        f"{at}/list", "site", "--list-candidates", "list.xlsx", *stored, keep=["list.xlsx"]
    )
    answers.kepu(f"{at}/marks", "site", "--marks", "list.xlsx", *small, *stored)
    (answers.scratch / "list.xlsx").unlink(missing_ok=True)
    if one is COUNTY:
        answers.kepu(f"{at}/layers", "site", "--json", "--parcels", "地块.geojson", "--exclude",
                     "保护区.geojson", *stored)  # fmt: skip
    for scope in ("district", "township"):
        answers.kepu(f"{at}/allot-{scope}", "allot", "--json", "--scope", scope, *stored)
        answers.kepu(f"{at}/allot-{scope}-text", "allot", "--scope", scope, "--budget", 1500,
                     "--lang", "en", *stored)  # fmt: skip


def keeping(answers: Answers, one: District) -> None:
    """Keep history, rows held back, merges and undone imports. These change the store: last."""
    at, stored = f"{one.name}/kept", ("--store", one.store)
    for lang in ("zh", "en"):
        spoken = (*stored, "--lang", lang)
        answers.kepu(f"{at}/imports-{lang}", "imports", *spoken)
        answers.kepu(f"{at}/quarantine-{lang}", "quarantine", *spoken)
        answers.kepu(f"{at}/history-{lang}", "history", one.facility, *spoken)
        answers.kepu(f"{at}/merge-check-{lang}", "merge", *one.doubles, "--check", *spoken)
    answers.kepu(f"{at}/merge-plaque", "merge", *one.doubles, "--plaque", "--who", "李四", *stored)
    answers.kepu(f"{at}/merge-history", "history", one.doubles[0], *stored)
    answers.kepu(f"{at}/merge-twice", "merge", *one.doubles, *stored)
    last = "9" if one is COUNTY else "2"
    answers.kepu(f"{at}/undo", "undo", last, "--who", "李四", *stored)
    answers.kepu(f"{at}/undo-twice", "undo", last, "--lang", "en", *stored)
    answers.kepu(f"{at}/approval", "approval", "虚构审图号（2026）001号", *stored)
    answers.kepu(f"{at}/approval-print", "print", "a.png", *ON, *stored)
    answers.kepu(f"{at}/approval-clear", "approval", "--clear", "--lang", "en", *stored)
    answers.kepu(f"{at}/imports-after", "imports", *stored)
    answers.put(f"{at}/store.gpkg", (answers.scratch / one.store).read_bytes())
