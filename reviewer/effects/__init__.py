"""Work that follows from a decision."""
