"""The demo: a lively queue of artifacts written for it, and simulated agents that work on."""
