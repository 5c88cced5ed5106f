"""The demo: a lively queue of artifacts written for it, and simulated agents that work on."""

from .run import run_demo

__all__ = ["run_demo"]
