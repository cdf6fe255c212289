"""``kepu serve``: the map and the data service in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.commands.session import LangOption, Language, Session, StoreOption
from api.web.server import run


def serve(
    host: Annotated[str | None, typer.Option("--host", help="监听地址，缺省 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option("--port", help="端口，缺省 8000")] = None,
    workers: Annotated[int | None, typer.Option("--workers", help="进程数 1 至 16，缺省 1")] = None,
    store: StoreOption = None,
    lang: LangOption = Language.ZH,
) -> None:
    """在浏览器中查看地图。Serve the map to a browser."""
    session = Session(lang.value, store, host=host, port=port, workers=workers)
    with session.store() as opened:
        run(opened, session.settings, session.say)
