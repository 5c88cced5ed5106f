"""A link is shown in full before it is opened: it is the artifact's, and it may lie."""

from __future__ import annotations

from urllib.parse import urlsplit

from textual.content import Content

from ....untrusted import show
from .base import Dialog


class LinkDialog(Dialog[bool]):
    """Asks whether to open an address in the browser."""

    heading = "Open this address?"
    verb = "open"

    def __init__(self, link: str) -> None:
        host = urlsplit(link).netloc
        named = Content.assemble(("host  ", "$text-muted"), show(host, "bold"))
        super().__init__(Content("\n").join([named, show(link[:2000], newlines="show")]))

    def collect(self) -> bool:
        return True
