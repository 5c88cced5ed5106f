"""Queue backends, found by URL scheme through the entry-point group `reviewer.backends`."""
