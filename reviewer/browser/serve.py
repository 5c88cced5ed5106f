"""The server: a process of the desk for each browser tab, bound to loopback."""

from __future__ import annotations

import shlex
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from textual_serve.server import Server

from .door import Door

HERE = Path(__file__).parent
HOST = "127.0.0.1"


class BrowserDesk(Server):
    """Serves `reviewer desk` with these arguments on a port of this machine; 0 takes a free one."""

    def __init__(self, arguments: Sequence[str], port: int = 0, token: str = "") -> None:
        self.socket = _listen(port)
        port = self.socket.getsockname()[1]
        command = shlex.join([sys.executable, "-m", "reviewer", *arguments])
        super().__init__(
            command, host=HOST, port=port, title="reviewer", templates_path=HERE / "templates"
        )
        self.door = Door(port, token)

    @property
    def address(self) -> str:
        """What to open in the browser, with the token."""
        return f"http://{HOST}:{self.port}/?token={self.door.token}"

    def run(self) -> None:
        """Serves until it is interrupted."""
        web.run_app(self._make_app(), sock=self.socket, print=None, access_log=None)

    async def _make_app(self) -> web.Application:
        app = await super()._make_app()
        app.middlewares.append(self.door.middleware)
        app.on_response_prepare.append(self.door.sign)
        app.router.add_static("/own", HERE / "own")
        return app

    async def on_startup(self, _app: web.Application) -> None:
        """Says nothing: the command does."""


def _listen(port: int) -> socket.socket:
    """A socket on loopback; raises OSError where the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((HOST, port))
        listening.listen()  # before the address is told: who comes early waits
    except OSError:
        listening.close()
        raise
    return listening
