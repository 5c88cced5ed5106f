"""What decisions say when they are counted: pace, time, agreement, edits, cost.  Pure."""
