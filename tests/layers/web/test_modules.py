"""The page's modules: found by their imports, ordered, and linked into one script."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from layers.web.assets import STATIC, _listed, asset_text, modules
from layers.web.modules import ModuleError, link, module_names, without_comments

UNIT_TESTS: Final = Path(__file__).parents[2] / "js"


def test_every_module_is_imported_and_none_that_is_not_listed() -> None:
    scripts = {name for name, (package, *_) in _listed().items() if package == "layers"}
    scripts = {name for name in scripts if name.endswith(".js")}
    assert scripts - set(modules()) == {"docs.js"}, "it is of the service's description"
    assert "types.d.ts" not in _listed()
    assert len(modules()) == len(set(modules()))


def test_each_module_runs_after_what_it_imports() -> None:
    texts = {
        "main.js": 'import { b } from "./map/b.js";\nimport * as c from "./core/c.js";\n',
        "map/b.js": 'import {\n  c,\n  d as e,\n} from "../core/c.js";\nexport const b = c + e;\n',
        "core/c.js": "export const c = 1;\nexport const d = 2;\n",
    }
    assert module_names(texts.__getitem__) == ("core/c.js", "map/b.js", "main.js")


def test_every_export_is_used_by_another_module_or_a_test() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in sorted(UNIT_TESTS.glob("*.js")))
    for module in modules():
        others = tests + "".join(asset_text(name) for name in modules() if name != module)
        exported = r"^export [a-z ]*(?:const|class|function) (\w+)"
        for name in re.findall(exported, asset_text(module), re.MULTILINE):
            assert re.search(rf"\b{name}\b", others), (module, name)


def test_circles_are_refused() -> None:
    texts = {
        "main.js": 'import { a } from "./a.js";\n',
        "a.js": 'import { b } from "./b.js";\nexport const a = 1;\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    with pytest.raises(ModuleError, match=r"a\.js imports itself"):
        module_names(texts.__getitem__)


@pytest.mark.parametrize(
    "text",
    [
        'import a from "./a.js";',
        'import "./a.js";',
        'import { a } from "elsewhere";',
        "export default 1;",
        'export * from "./a.js";',
        "export { a };",
        "export let a = 1;",
        "export const { a, b } = c;",
        'export const a = "</script>";',
        'export const a = "</SCRIPT >";',
        'export const a = "<!--";',
    ],
)
def test_what_cannot_be_linked_is_refused(text: str) -> None:
    with pytest.raises(ModuleError):
        link(["a.js"], {"a.js": text}.__getitem__)


def test_linked_modules_know_each_other_by_their_exports_alone() -> None:
    texts = {
        "core/c.js": "const own = 1;\nexport const c = own;\nexport async function d() {}\n",
        "main.js": 'import { c as other } from "./core/c.js";\n'
        'import * as all from "./core/c.js";\n',
    }
    script = link(("core/c.js", "main.js"), texts.__getitem__)
    assert "return Object.freeze({ c, d });" in script
    assert 'const { c: other } = modules["core/c.js"];' in script
    assert 'const all = modules["core/c.js"];' in script
    assert "import" not in script
    assert "export" not in script


def test_the_linked_page_holds_every_module_and_no_import() -> None:
    script = link(modules(), asset_text)
    assert [script.count(f'modules["{name}"] = ') for name in modules()] == [1] * len(modules())
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
    assert script == link(modules(), asset_text)


@pytest.mark.parametrize("name", [*modules(), "docs.js"])
def test_every_module_is_checked_for_its_types(name: str) -> None:
    assert (STATIC / name).read_text(encoding="utf-8").startswith("// @ts-check\n")


def test_comments_go_and_what_runs_stays() -> None:
    text = """// one
/**
 * @param {string} a
 */
export const b = (/** @type {string} */ a) => `//${a}`;
  // two
const c = "http://example.org"; // stays
"""
    left = """



export const b = ( a) => `//${a}`;

const c = "http://example.org"; // stays
"""
    assert without_comments(text) == left
