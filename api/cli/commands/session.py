"""What all commands share: settings, language, store and how they print."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn

from api.answers import Atlas
from api.cli.terminal import err, words
from api.district_store import open_or_make
from api.settings import Settings
from geo.core.errors import Lang, ScenarioError
from geo.core.validation import in_words
from geo.core.vocabulary import Profile
from geo.intake.progress import Progress as StageProgress
from geo.intake.progress import Stage
from geo.store import Store


class Language(StrEnum):
    """The languages of messages and pages."""

    ZH = "zh"
    EN = "en"


StoreOption = Annotated[
    Path | None, typer.Option("--store", help="数据库文件（GeoPackage），缺省 kepu.gpkg")
]
ProfileOption = Annotated[
    Profile | None,
    typer.Option(
        "--profile",
        help="给谁用：internal 内部、inter_agency 部门共享、public 公开（缺省）",
    ),
]
LangOption = Annotated[Language, typer.Option("--lang", help="语言 zh/en")]

_STAGES = {
    Stage.READING: ("打开文件", "Opening the file"),
    Stage.ROWS: ("逐行检查", "Checking rows"),
    Stage.POSITIONS: ("核对位置", "Checking positions"),
    Stage.QUESTIONS: ("查找重复", "Looking for doubles"),
    Stage.WRITING: ("写入数据库", "Writing to the store"),
}


class Session:
    """What all commands share: the settings, the language and the store."""

    def __init__(self, lang: Lang, store: Path | None, **settings: Any) -> None:
        given = {"store": store, **settings}
        try:
            self.settings = Settings(**{key: v for key, v in given.items() if v is not None})
        except ValidationError as error:
            errors = error.errors(include_url=False)
            raise ScenarioError(
                zh=f"设置 {in_words(errors, 'zh')}。", en=f"Setting {in_words(errors, 'en')}."
            ) from error
        self.lang = lang

    def say(self, zh: str, en: str) -> None:
        """Print a sentence on standard error, in the language of the session."""
        err.print(words(self.lang, zh, en), soft_wrap=True, markup=False)

    @property
    def reading(self) -> str:
        """What is shown while a file is read that reports no stages."""
        return words(self.lang, "正在读取和检查……", "Reading and checking...")

    @contextmanager
    def progress(self) -> Iterator[StageProgress]:
        """Show a bar for each stage of an import; it is gone when the import is done."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(),
                   TextColumn("{task.fields[counted]}"))  # fmt: skip
        with Progress(*columns, console=err, transient=True) as shown:
            tasks: dict[Stage, TaskID] = {}

            def show(stage: Stage, done: int, of: int) -> None:
                for earlier, task in tasks.items():
                    if earlier != stage:
                        shown.update(task, total=1, completed=1)
                if stage not in tasks:
                    zh, en = _STAGES[stage]
                    tasks[stage] = shown.add_task(words(self.lang, zh, en), counted="")
                counted = f"{done:,} / {of:,}" if of else ""
                shown.update(tasks[stage], completed=done, total=of or None, counted=counted)

            yield show

    def say_report(self, report: Path | None, *, check: bool) -> None:
        """Print where the marked workbook is, and that a check wrote nothing."""
        if report is not None:
            self.say(f"标出问题的表已写到 {report}。", f"The marked workbook is {report}.")
        if check:
            self.say("只做了检查，数据库没有改动。", "Checked only; the store is as it was.")

    def atlas(
        self,
        store: Store,
        scenario: Path | None,
        *,
        profile: Profile | None = None,
        as_known: int | datetime | None = None,
    ) -> Atlas:
        """Return the answers from a store, for the profile of the settings unless one is given."""
        return Atlas(
            store,
            scenario or self.settings.scenario,
            as_known=as_known,
            profile=profile or self.settings.profile,
            decimals=self.settings.public_decimals,
        )

    def store(self) -> Store:
        """Return the store, made with the demonstration district where there is none."""
        return open_or_make(self.settings.store, self.say)
