"""Questions that a decision asks before it is sent."""
