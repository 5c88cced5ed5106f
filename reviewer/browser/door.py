"""Who may come in: one browser on this machine that was given the token.

The token comes once in the address and is then a cookie that no script can read and no other
site can send.  Host and Origin are checked, so that a name that somebody points at this machine
(DNS rebinding) and a page of another site (cross-site WebSocket hijacking, CWE-1385) get nothing.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeAlias

from aiohttp import web

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Door:
    """Lets in who has the token; `port` is where the desk is served."""

    def __init__(self, port: int, token: str = "") -> None:
        self.token = token or secrets.token_urlsafe(32)
        self._cookie = f"reviewer_{port}"
        self._session = secrets.token_urlsafe(32)
        self._host = f"127.0.0.1:{port}"

    def refusal(self, request: web.Request) -> str:
        """Why a request is refused, or nothing; the token in the address is for the first page."""
        if request.host != self._host:
            return "This desk is served to 127.0.0.1 only."
        origin = request.headers.get("Origin")
        if origin not in (None, f"http://{self._host}"):
            return "Another site asked for this."
        if request.path == "/ws" and origin is None:
            return "A browser says where it comes from."
        if _same(request.cookies.get(self._cookie, ""), self._session):
            return ""
        return "Open the address that `reviewer web` printed; it holds the token."

    @web.middleware
    async def middleware(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Checks every request before anything else sees it."""
        if self._given(request):
            answer: web.StreamResponse = web.HTTPSeeOther("/")
            answer.set_cookie(self._cookie, self._session, httponly=True, samesite="Strict")
            answer.headers.update(HEADERS)
            return answer
        why = self.refusal(request)
        if why:
            return web.Response(status=403, text=f"{why}\n", headers=HEADERS)
        return await handler(request)

    async def sign(self, _request: web.Request, response: web.StreamResponse) -> None:
        """Puts the headers on every answer."""
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)

    def _given(self, request: web.Request) -> bool:
        """Whether the right token came in the address of the first page."""
        given = request.query.get("token", "")
        return (
            request.method == "GET"
            and request.path == "/"
            and request.host == self._host
            and _same(given, self.token)
        )


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())
