"""Telling people: pages to whoever is on call."""
