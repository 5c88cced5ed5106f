"""The same desk in a browser on this machine, through textual-serve (the extra `browser`)."""

from .door import Door
from .serve import BrowserDesk

__all__ = ["BrowserDesk", "Door"]
