"""The diff of two byte strings: which regions differ, and a hex preview of every byte of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Final

from .model import BinaryDiff, HexRow, Region
from .virtual import VirtualRows

ROW: Final = 16
"""Bytes in one row of the preview."""
CHUNK: Final = 65_536


def binary_diff(before: bytes | None, after: bytes | None) -> BinaryDiff:
    """What differs between two byte strings; None where there is none.

    With equal lengths the regions are the 16-byte rows that differ, else one region from the
    first to the last difference.
    """
    regions = tuple(_regions(before or b"", after or b""))
    return BinaryDiff(
        before=before,
        after=after,
        before_digest=_digest(before),
        after_digest=_digest(after),
        regions=regions,
        rows=HexRows(before or b"", after or b"", regions),
    )


class HexRows(VirtualRows[HexRow]):
    """The bytes of all regions in rows of 16, made when asked for."""

    def __init__(self, before: bytes, after: bytes, regions: Sequence[Region]) -> None:
        self._before, self._after, self._regions = before, after, regions
        super().__init__(-(-max(_lengths(region)) // ROW) for region in regions)

    def row(self, part: int, offset: int) -> HexRow:
        """As `VirtualRows.row`."""
        region, start = self._regions[part], offset * ROW
        old = min(region.before_start + start, region.before_end)
        new = min(region.after_start + start, region.after_end)
        return HexRow(
            before_offset=old,
            before=self._before[old : min(old + ROW, region.before_end)],
            after_offset=new,
            after=self._after[new : min(new + ROW, region.after_end)],
        )


def _lengths(region: Region) -> tuple[int, int]:
    return region.before_end - region.before_start, region.after_end - region.after_start


def _digest(content: bytes | None) -> str | None:
    return None if content is None else "sha256:" + hashlib.sha256(content).hexdigest()


def _regions(before: bytes, after: bytes) -> Iterator[Region]:
    if before == after:
        return
    if len(before) == len(after):
        yield from (Region(start, end, start, end) for start, end in _rows_apart(before, after))
        return
    start = _same_start(before, after)
    end = _same_start(before[start:][::-1], after[start:][::-1])
    yield Region(start, len(before) - end, start, len(after) - end)


def _rows_apart(before: bytes, after: bytes) -> Iterator[tuple[int, int]]:
    """Runs of whole rows that differ; equal chunks are skipped in one comparison."""
    first = last = -1
    for chunk in range(0, len(before), CHUNK):
        if before[chunk : chunk + CHUNK] == after[chunk : chunk + CHUNK]:
            continue
        for at in range(chunk, min(chunk + CHUNK, len(before)), ROW):
            if before[at : at + ROW] == after[at : at + ROW]:
                continue
            if at != last:
                if first >= 0:
                    yield first, last
                first = at
            last = at + ROW
    yield first, min(last, len(before))


def _same_start(before: bytes, after: bytes) -> int:
    """How many bytes are the same from the start, by halving."""
    low, high = 0, min(len(before), len(after))
    while low < high:
        middle = (low + high + 1) // 2
        if before[low:middle] == after[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
