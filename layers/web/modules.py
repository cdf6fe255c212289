"""The page's ES modules: which there are, in which order they run, and as one script.

A server's page loads ``main.js`` and the browser follows its imports. A file that is opened
without a server cannot: browsers refuse modules from ``file:``. There the modules are linked
into one script, each in a function of its own, so that their names do not meet. This needs no
build and no Node: a module is a text whose imports and exports stand at the beginning of a
line, in the few forms that ``eslint.config.js`` allows.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

ENTRY: Final = "main.js"
"""The module that imports, directly or not, all others of the page."""

Read = Callable[[str], str]
"""Returns a module's text by its name, a path below ``static`` such as ``map/labels.js``."""

_IMPORT: Final = re.compile(
    r'^import (?:\* as (?P<namespace>\w+)|\{(?P<names>[^{}]+)\}) from "(?P<path>\.\.?/[\w./]+)";$',
    re.MULTILINE,
)
_EXPORT: Final = re.compile(
    r"^export (?P<declared>(?:const|class|function|async function) (?P<name>\w+))", re.MULTILINE
)
_LEFT: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)
# Either would end the element that holds the script, or begin a comment in it.
_UNSAFE: Final = re.compile(r"</script|<!--", re.IGNORECASE)


_COMMENT: Final = re.compile(r"/\*\*.*?\*/", re.DOTALL)
_COMMENT_LINE: Final = re.compile(r"^[ \t]*//.*$", re.MULTILINE)
_TRAILING: Final = re.compile(r"[ \t]+$", re.MULTILINE)


class ModuleError(Exception):
    """A module cannot be linked: an unknown form of import or export, or a circle."""


def module_names(read: Read, *, entry: str = ENTRY) -> tuple[str, ...]:
    """Return the modules in the order in which they run: each after all that it imports.

    Parameters
    ----------
    read : callable
        Returns a module's text by its name.
    entry : str
        The module that runs last.

    Raises
    ------
    ModuleError
        Modules import each other in a circle: linked, one of them would find the other empty.

    Examples
    --------
    >>> texts = {"a/b.js": 'import { c } from "../c.js";', "c.js": "export const c = 1;"}
    >>> module_names(texts.__getitem__, entry="a/b.js")
    ('c.js', 'a/b.js')
    """
    # An entry of False is a module whose imports are still being followed.
    is_placed: dict[str, bool] = {}

    def follow(name: str) -> Iterator[str]:
        if name in is_placed:
            if not is_placed[name]:
                raise ModuleError(f"{name} imports itself through others")
            return
        is_placed[name] = False
        for imported in _imports(name, read(name)):
            yield from follow(imported)
        is_placed[name] = True
        yield name

    return tuple(follow(entry))


def without_comments(text: str) -> str:
    r"""Return a module as a page loads it: comments are for readers of the checkout.

    They are a quarter of the text, types among them. Every line keeps its number, so that what
    a browser reports is found. Comments begin with ``/**``, or with ``//`` on lines of their own.

    Examples
    --------
    >>> without_comments("// what it does\nexport const a = /** @type {any} */ (1);\n")
    '\nexport const a =  (1);\n'
    """
    text = _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)
    return _TRAILING.sub("", _COMMENT_LINE.sub("", text))


def link(names: Iterable[str], read: Read) -> str:
    """Return modules as one classic script that runs them in the given order.

    Parameters
    ----------
    names : iterable of str
        As :func:`module_names` orders them.
    read : callable
        Returns a module's text by its name.

    Raises
    ------
    ModuleError
        A module imports or exports in a form that is not known here, or its text would end the
        element that holds the script.

    Examples
    --------
    >>> texts = {"a.js": 'import { b as c } from "./b.js";', "b.js": "export const b = 1;"}
    >>> print(link(("b.js", "a.js"), texts.__getitem__))
    (() => {
    "use strict";
    const modules = {};
    modules["b.js"] = (() => {
    const b = 1;
    return Object.freeze({ b });
    })();
    modules["a.js"] = (() => {
    const { b: c } = modules["b.js"];
    return Object.freeze({  });
    })();
    })();
    """
    parts = [f'modules["{name}"] = {_as_function(name, read(name))};' for name in names]
    return "\n".join(["(() => {", '"use strict";', "const modules = {};", *parts, "})();"])


def _as_function(name: str, text: str) -> str:
    if _UNSAFE.search(text):
        raise ModuleError(f"{name} cannot stand in an element of a page")
    exports = ", ".join(found["name"] for found in _EXPORT.finditer(text))
    body = _IMPORT.sub(lambda found: _as_constants(name, found), text)
    body = _EXPORT.sub(lambda found: found["declared"], body)
    if left := _LEFT.search(body):
        raise ModuleError(f"{name}: {left[0]}")
    return f"(() => {{\n{body.strip()}\nreturn Object.freeze({{ {exports} }});\n}})()"


def _as_constants(name: str, found: re.Match[str]) -> str:
    module = f'modules["{_target(name, found["path"])}"]'
    if found["namespace"]:
        return f"const {found['namespace']} = {module};"
    names = (part.strip().replace(" as ", ": ") for part in found["names"].split(","))
    return f"const {{ {', '.join(filter(None, names))} }} = {module};"


def _imports(name: str, text: str) -> list[str]:
    return [_target(name, found["path"]) for found in _IMPORT.finditer(text)]


def _target(name: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
