"""What is wrong with how a command was typed, in Chinese and English.

Typer writes English only; its exceptions are put into sentences of both languages here.
"""

from __future__ import annotations

import re
from typing import Any

from typer.exceptions import TyperException

from geo.core.validation import fault_words

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
        return f"{name} 后面要写一个值。", f"{name} wants a value."
    unknown, extra = _NO_COMMAND.fullmatch(text), _EXTRA.fullmatch(text)
    if unknown is not None:
        return (
            f"没有「{unknown[1]}」这个命令；kepu --help 列出全部。",
            f"There is no command '{unknown[1]}'; kepu --help lists them.",
        )
    if extra is not None:
        return f"多出了「{extra[1]}」，请去掉。", f"'{extra[1]}' is one too many."
    return (f"命令写法有误：{text}", text) if error.message else ("", "")


def _name(param: Any) -> str:
    """Return what a parameter is called: an option's flag, an argument's place holder."""
    flags = [flag for flag in param.opts if flag.startswith("-")]
    return str(max(flags, key=len) if flags else param.metavar or param.name)


def _of_parameter(error: TyperException, name: str) -> tuple[str, str]:
    cause = error.__cause__
    if not error.message:
        return f"缺少 {name}。", f"{name} is missing."
    known = _NOT_ONE_OF.search(error.message)
    if known is not None:
        usable = re.findall(r"'([^']*)'", known["known"])
        return (
            f"{name}：没有「{known['given']}」，可用：{'、'.join(usable)}。",
            f"{name}: there is no '{known['given']}'; usable: {', '.join(usable)}.",
        )
    # Here and not above: a command line that is right needs no pydantic.
    from pydantic import ValidationError  # noqa: PLC0415

    if isinstance(cause, ValidationError):
        zh, en = fault_words(cause.errors(include_url=False)[0])
        return f"{name} {zh}。", f"{name} {en}."
    return f"{name} 的值不可用：{error.message}", f"{name}: {error.message}"


def _no_such_option(error: Any) -> tuple[str, str]:
    near = sorted(error.possibilities or ())
    zh, en = f"没有 {error.option_name} 这个选项", f"There is no option {error.option_name}"
    if not near:
        return f"{zh}；--help 列出全部。", f"{en}; --help lists them."
    return f"{zh}；是否指 {'、'.join(near)}？", f"{en}; perhaps {', '.join(near)}?"
