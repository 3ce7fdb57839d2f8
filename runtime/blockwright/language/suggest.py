"""Did you mean …? The known name nearest to what an author wrote."""

from __future__ import annotations

from collections.abc import Iterable

LONGEST = 100
"""Longer words get no suggestion: nobody mistypes them by a letter or two, and looking would take long."""


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that the author most likely meant, or None when none is near.

    A name that differs only by case, blanks, ``-`` or ``_`` wins; then the fewest mistyped letters (at most a third of
    the word); then the only name that has all the words that were written.
    """
    if len(word) > LONGEST:
        return None
    known = [candidate for candidate in dict.fromkeys(candidates) if candidate != word and len(candidate) <= LONGEST]
    plain = _plain(word)
    if not plain:
        return None
    for candidate in known:
        if _plain(candidate) == plain:
            return candidate
    return _nearest(plain, known) or _with_all_words(plain, known)


def _nearest(plain: str, known: list[str]) -> str | None:
    best: str | None = None
    best_distance = max(1, len(plain) // 3) + 1 if len(plain) > 1 else 0
    for candidate in known:
        distance = _distance(plain, _plain(candidate), best_distance)
        if distance < best_distance:
            best, best_distance = candidate, distance
    return best


def _with_all_words(plain: str, known: list[str]) -> str | None:
    words = set(plain.split())
    if max(map(len, words)) < 3:
        return None
    fitting = [candidate for candidate in known if words <= set(_plain(candidate).split())]
    return fitting[0] if len(fitting) == 1 else None


def _plain(word: str) -> str:
    return " ".join(word.replace("_", " ").replace("-", " ").casefold().split())


def _distance(first: str, second: str, limit: int) -> int:
    """Letters added, dropped, changed, or swapped with their neighbour; ``limit`` stands for "that many or more"."""
    if abs(len(first) - len(second)) >= limit:
        return limit
    before: list[int] = []
    row = list(range(len(second) + 1))
    for i, letter in enumerate(first, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(second, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == second[j - 2] and first[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) >= limit:
            return limit
    return min(row[-1], limit)
