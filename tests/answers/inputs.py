"""The files that answers are asked about, made once and then replayed.

A folder of inputs holds the invented county, the corpora of wrong files that the tests of intake
build in code, the files of the shared cases, scenarios and stores of the code that first recorded.
Once it is there nothing in it is made anew: after a change the same bytes are read.
"""

# ruff: noqa: E501  (a case is a line)

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import county

ROOT = Path(__file__).resolve().parents[2]
CORPORA = ROOT / "tests" / "geo" / "intake"
SHARED = ROOT.parent / "shared" / "cases"
OWN_SCENARIO = """\
name = "own"
caliber = "C"
detour_factor = 1.4
[accessibility]
mode = "e_bicycle"
method = "gaussian"
catchment_minutes = 45
"""
SMALL_SCENARIO = """\
[[siting.programmes]]
kind = "agri_demo_base"
count = 3
mode = "car"
minutes = 15
"""
WRONG_SCENARIO = 'caliber = "D"\nnothing = 1\n[accessibility]\nmode = "train"\n'
SQUARES = {
    "430582": {"430582001": ("两市塘街道", 0, 0), "430582101": ("牛马司镇", 1, 0)},
    "430599": {
        "430599001": ("城东街道", 0, 0), "430599101": ("罗市镇", 1, 0), "430599102": ("蔡锷乡", 0, 1),
    },
}  # fmt: skip


def make_inputs(folder: Path) -> None:
    """Make the inputs unless they are there."""
    if (folder / "cases.json").exists():
        return
    county.main(folder / "county")
    for code, squares in SQUARES.items():
        (folder / f"townships_{code}.geojson").write_bytes(_squares(squares))
    (folder / "own.toml").write_text(OWN_SCENARIO, encoding="utf-8")
    (folder / "small.toml").write_text(SMALL_SCENARIO, encoding="utf-8")
    (folder / "wrong.toml").write_text(WRONG_SCENARIO, encoding="utf-8")
    cases = [*_ledgers(folder), *_boundaries(folder), *_populations(folder), *_shared(folder)]
    # Written last: a folder without it was not finished.
    (folder / "cases.json").write_text(json.dumps(cases, ensure_ascii=False, indent=1), "utf-8")


def _squares(squares: dict[str, tuple[str, int, int]]) -> bytes:
    features = []
    for code, (name, column, row) in squares.items():
        west, south = 111.4 + column * 0.05, 27.2 + row * 0.05
        ring = [
            (west, south),
            (west + 0.05, south),
            (west + 0.05, south + 0.05),
            (west, south + 0.05),
            (west, south),
        ]
        features.append({
            "type": "Feature", "properties": {"乡镇代码": code, "名称": name},
            "geometry": {"type": "Polygon", "coordinates": [[[round(v, 6) for v in at] for at in ring]]},
        })  # fmt: skip
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _ledgers(folder: Path) -> list[dict[str, Any]]:
    corpus = _module(CORPORA / "test_corpus.py")
    made = []
    for number, (title, case) in enumerate(corpus.CASES.items()):
        store = "430582" if case.setting is corpus.SHAODONG else "demo"
        options = ["--village-positions"] if case.setting.village_positions else []
        made.append(_case(folder, "facilities", number, title, case, store, options))
    return made


def _boundaries(folder: Path) -> list[dict[str, Any]]:
    corpus = _module(CORPORA / "boundaries" / "test_corpus.py")
    (folder / "townships_boundaries.geojson").write_bytes(corpus.townships(corpus.GOOD))
    made = []
    for number, (title, case) in enumerate(corpus.CASES.items()):
        setting = case.setting
        options = [
            option for check in sorted(setting.accepted) for option in ("--accept", check.value)
        ]
        if setting.mend_width_m:
            options += ["--mend", str(setting.mend_width_m)]
        if setting.datum is not None:
            options += ["--datum", setting.datum.value]
        made.append(_case(folder, "boundaries", number, title, case, "boundaries", options))
    return made


def _populations(folder: Path) -> list[dict[str, Any]]:
    corpus = _module(CORPORA / "population" / "test_corpus.py")
    return [
        _case(folder, "population", number, title, case,
              "430582" if case.setting is corpus.FORMER else "430599", [])
        for number, (title, case) in enumerate(corpus.CASES.items())
    ]  # fmt: skip


def _case(
    folder: Path, what: str, number: int, title: str, case: Any, store: str, options: list[str]
) -> dict[str, Any]:
    place = folder / "cases" / what / f"{number:03}"
    place.mkdir(parents=True, exist_ok=True)
    (place / case.name).write_bytes(case.content)
    slug = "".join(sign if sign.isalnum() else "_" for sign in title)[:50]
    return {"name": f"{what}/{number:03}-{slug}", "what": what, "folder": f"cases/{what}/{number:03}",
            "file": case.name, "store": store, "options": options}  # fmt: skip


def _shared(folder: Path) -> list[dict[str, Any]]:
    """Return the files that are kept beside the work, if they are there, in their own order."""
    if not SHARED.is_dir():
        return []
    shutil.copytree(SHARED, folder / "shared", dirs_exist_ok=True)
    kinds = (("villages", "intake/02_*"), ("boundaries", "intake/23_*"), ("facilities", "intake/*"),
             ("facilities", "hostile/*.csv"), ("boundaries", "county/乡镇.geojson"),
             ("population", "county/人口.xlsx"), ("facilities", "county/*台账*"),
             ("boundaries", "county/big60/b.geojson"), ("boundaries", "numbers/b.geojson"),
             ("population", "numbers/pop*.xlsx"), ("facilities", "numbers/f.xlsx"))  # fmt: skip
    made: list[dict[str, Any]] = []
    seen: set[Path] = set()
    for what, pattern in kinds:
        for path in sorted((folder / "shared").glob(pattern)):
            if path not in seen:
                seen.add(path)
                shown = path.relative_to(folder / "shared")
                made.append({"name": f"shared/{what}-{shown.parent.name}-{path.stem}", "what": what,
                             "folder": str(path.parent.relative_to(folder)), "file": path.name,
                             "store": "demo", "options": []})  # fmt: skip
    return made


def _module(path: Path) -> Any:
    """Import a module of the tests by its path."""
    name = f"answers_{path.parent.name}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{path} is gone; the inputs are made with the code that has it")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
