"""Run the web service on this machine."""

from __future__ import annotations

import socket

import uvicorn

from api.app import create_app
from api.opening import Say
from api.settings import Settings
from geo.errors import OutputError
from geo.store import Store

_BACKLOG = 128


def run(store: Store, settings: Settings, say: Say) -> None:
    """Serve until interrupted; the address is said once the port is ours.

    Raises
    ------
    OutputError
        The address cannot be listened on; another program has the port, perhaps.
    """
    app = create_app(store, settings)
    listener = _listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    say(
        f"地图已就绪：http://{shown}:{port}/ （按 Ctrl+C 停止）",
        f"The map is ready: http://{shown}:{port}/ (Ctrl+C to stop)",
    )
    config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False)
    uvicorn.Server(config).run(sockets=[listener])


def _listen(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        raise OutputError(
            zh=f"无法在 {host}:{port} 上启动（{error.strerror}）；请用 --port 换一个端口。",
            en=f"Cannot listen on {host}:{port} ({error.strerror}); choose another --port.",
        ) from error
    return listener
