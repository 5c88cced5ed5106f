"""`reviewer`: the review desk for AI agents, in the terminal."""

__version__ = "0.1.0"
