"""What is wrong with how a command was typed, in Chinese and English.

Typer writes English only; its exceptions are put into sentences of both languages here.
"""

from __future__ import annotations

import re
from typing import Any, Final

from typer.exceptions import TyperException

from geo.core.sentences import Sentences, Words, listed
from geo.core.validation import fault_words

TEXT: Final = Sentences("api.cli")

_NOT_ONE_OF = re.compile(r"'(?P<given>.*)' is not one of (?P<known>'.*')", re.DOTALL)
_NO_COMMAND = re.compile(r"No such command '(.*)'\.", re.DOTALL)
_EXTRA = re.compile(r"Got unexpected extra arguments?(?:\(s\))? \((.*)\)", re.DOTALL)


def usage_words(error: TyperException) -> tuple[str, str]:
    """Return what is wrong with a command line, in Chinese and English; empty if help was shown.

    Parameters
    ----------
    error : typer.exceptions.TyperException
        As ``app(standalone_mode=False)`` raises it.
    """
    text, param = error.format_message(), getattr(error, "param", None)
    if param is not None:
        return _of_parameter(error, _name(param))
    if hasattr(error, "possibilities"):
        return _no_such_option(error)
    if hasattr(error, "option_name"):
        name = error.option_name
        return TEXT.words("wants_value", name=name)
    unknown, extra = _NO_COMMAND.fullmatch(text), _EXTRA.fullmatch(text)
    if unknown is not None:
        return TEXT.words("there_is_no_command", unknown=unknown[1])
    if extra is not None:
        return TEXT.words("is_one_too_many", extra=extra[1])
    return (f"命令写法有误：{text}", text) if error.message else ("", "")


def _name(param: Any) -> str:
    """Return what a parameter is called: an option's flag, an argument's place holder."""
    flags = [flag for flag in param.opts if flag.startswith("-")]
    return str(max(flags, key=len) if flags else param.metavar or param.name)


def _of_parameter(error: TyperException, name: str) -> tuple[str, str]:
    cause = error.__cause__
    if not error.message:
        return TEXT.words("is_missing", name=name)
    known = _NOT_ONE_OF.search(error.message)
    if known is not None:
        usable = re.findall(r"'([^']*)'", known["known"])
        return TEXT.words(
            "there_is_no_usable", name=name, given=known["given"], usable=listed(usable)
        )
    # Here and not above: a command line that is right needs no pydantic.
    from pydantic import ValidationError  # noqa: PLC0415

    if isinstance(cause, ValidationError):
        zh, en = fault_words(cause.errors(include_url=False)[0])
        return f"{name} {zh}。", f"{name} {en}."
    return TEXT.words("usage", name=name, message=error.message)


def _no_such_option(error: Any) -> tuple[str, str]:
    near = sorted(error.possibilities or ())
    zh, en = TEXT.words("there_is_no_option", option_name=error.option_name)
    if not near:
        return TEXT.words("help_lists_them", what=Words(zh, en))
    return TEXT.words("perhaps", what=Words(zh, en), near=listed(near))
