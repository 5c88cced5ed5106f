"""Queue backends; each is found by its URL scheme through the entry-point group `reviewer.backends`."""
