"""Follows one way through a program at a time, to see what each group takes.

Without references back, a step that failed at a place is never tried there again, so the time is bounded by the size of
the program times that of the match. With them there is no such bound; the work is limited instead.
"""

from __future__ import annotations

from blockwright.expressions.patterns.classes import variants
from blockwright.expressions.patterns.program import Op, Program, Step
from blockwright.expressions.patterns.syntax import Flags
from blockwright.expressions.patterns.work import Work


def trace(
    program: Program, slots: int, flags: Flags, text: str, start: int, work: Work, *, forgetful: bool
) -> list[int] | None:
    """Where the match that starts at a place, and its groups, begin and end; None without a match.

    The list holds a beginning and an end for the whole match, for group 1, and so on; -1 for a group that took no part.
    ``forgetful`` for programs that refer back: what failed once may succeed after other groups.
    """
    places = [-1] * slots
    stack: list[tuple[int, int]] = [(0, start)]
    tried: set[tuple[int, int]] = set()
    while stack:
        number, place = stack.pop()
        if number < 0:
            places[-number - 1] = place
            continue
        while True:
            work.spend(10)
            if not forgetful:
                if (number, place) in tried:
                    break
                tried.add((number, place))
            step = program[number]
            match step.op:
                case Op.TAKE:
                    if place >= len(text) or step.test is None or not step.test(text[place]):
                        break
                    place += 1
                case Op.TRY:
                    stack.append((step.other, place))
                case Op.SAVE:
                    stack.append((-step.slot - 1, places[step.slot]))
                    places[step.slot] = place
                case Op.EDGE:
                    if not _is_edge(step, flags, text, place):
                        break
                case Op.MOVED:
                    if forgetful and places[step.slot] == place:
                        break
                case Op.AGAIN:
                    length = _again(places, step.slot, flags, text, place)
                    if length is None:
                        break
                    work.spend(length)
                    place += length
                case Op.DONE:
                    places[0], places[1] = start, place
                    return places
            number = step.to
    return None


def _again(places: list[int], slot: int, flags: Flags, text: str, place: int) -> int | None:
    """How many characters a reference back takes; a group that took no part is empty."""
    begin, end = places[slot], places[slot + 1]
    if begin < 0 or end < 0:
        return 0
    wanted, there = text[begin:end], text[place : place + end - begin]
    if wanted == there:
        return len(wanted)
    if not flags.any_case or len(wanted) != len(there):
        return None
    alike = all(other in variants(sign) for sign, other in zip(wanted, there, strict=True))
    return len(wanted) if alike else None


def _is_edge(step: Step, flags: Flags, text: str, place: int) -> bool:
    if step.start:
        return place == 0 or (flags.lines and text[place - 1] == "\n" and place < len(text))
    return place == len(text) or (flags.lines and text[place] == "\n")
