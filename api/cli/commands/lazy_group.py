"""A group of commands that imports the module of a command when the command is run.

Everything that one command needs would otherwise be imported for each of them, for
``--help`` and ``--version`` too.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Any, ClassVar, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup


class Entry(NamedTuple):
    """A command in the list of a group's help.

    Attributes
    ----------
    target : str
        ``module:attribute``, the function of a command or the Typer of a group.
    help : str
        The first paragraph of its help; stated here so that the list needs no import.
    """

    target: str
    help: str


class LazyGroup(TyperGroup):
    """A group whose commands are listed by their entries and imported when they are run.

    A subclass states ``entries``, by the name of the command and in the order of the help.
    """

    entries: ClassVar[dict[str, Entry]]

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        for name, entry in self.entries.items():
            self.add_command(TyperCommand(name, help=entry.help), name)

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        """Return the name, the command and the rest of the arguments; the command is imported."""
        name, listed, rest = super().resolve_command(ctx, args)
        if listed is None or listed.name is None:
            return name, listed, rest
        return name, imported(listed.name, self.entries[listed.name]), rest


def imported(name: str, entry: Entry) -> Any:
    """Import the module of a command and return the command, or the group of commands."""
    module, attribute = entry.target.split(":")
    if module not in sys.modules:
        # Nothing that an import makes is garbage; to look for some in it costs a tenth of a
        # second, and again at each later collection.
        gc.disable()
        import_module(module)
        gc.freeze()
        gc.enable()
    target = getattr(sys.modules[module], attribute)
    # Typer makes commands only as members of a group.
    host = typer.Typer(add_completion=False)
    if isinstance(target, typer.Typer):
        host.add_typer(target, name=name)
    else:
        host.command(name)(target)
    return typer.main.get_group(host).commands[name]
