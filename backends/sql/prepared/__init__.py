"""Statements compiled ahead of time, one module per dialect."""
