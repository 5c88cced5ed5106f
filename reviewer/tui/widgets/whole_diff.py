"""A diff that is gone through page by page, until every line of it has been on screen."""

from __future__ import annotations

from .diff_view import DiffView


class WholeDiff(DiffView):
    """Knows which line has not been on screen yet."""

    def to_unseen(self) -> bool:
        """Goes to the first row that has not been on screen; False where there is none."""
        rows = self.rows
        if rows is None:
            return True
        row = next((row for row in range(len(rows)) if row not in self._seen), None)
        if row is None:
            return False
        line = self._visual.line_of(row)
        self.scroll_to(y=line, animate=False, force=True, immediate=True)
        self.cursor = line
        return True
