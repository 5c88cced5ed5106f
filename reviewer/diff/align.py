"""Pairs what belongs together in two short sequences, by how much alike their entries are."""

from __future__ import annotations

from collections.abc import Callable


def align(lefts: int, rights: int, score: Callable[[int, int], float]) -> list[tuple[int, int]]:
    """The pairs (i, j), both growing, with the greatest sum of `score(i, j)`.

    A score of 0 means that the two do not belong together.  Costs `lefts * rights` scores
    (Needleman and Wunsch 1970, without a penalty for gaps).
    """
    scores = [[score(i, j) for j in range(rights)] for i in range(lefts)]
    best = [[0.0] * (rights + 1) for _ in range(lefts + 1)]
    for i in reversed(range(lefts)):
        for j in reversed(range(rights)):
            paired = scores[i][j] + best[i + 1][j + 1] if scores[i][j] else 0.0
            best[i][j] = max(paired, best[i + 1][j], best[i][j + 1])
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < lefts and j < rights:
        if scores[i][j] and best[i][j] == scores[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs
