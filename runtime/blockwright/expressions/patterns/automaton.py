"""Runs a program over a text, looking at each character once.

All ways of matching are followed side by side. A state is the list of ways still open, best first; which state follows
on a character is worked out once and remembered, so that a long text costs one look-up a character (a lazy DFA).
"""

from __future__ import annotations

from enum import IntEnum
from typing import TypeAlias

from blockwright.expressions.patterns.program import Op, Program, Step
from blockwright.expressions.patterns.work import Work

MOST_STATES = 2_000
MOST_STEPS = 100_000
MOST_MOVES = 50_000
"""What is remembered before it is all forgotten and worked out anew."""


STRETCH = 4_000
"""Characters that are paid for at once."""

ROAM = -1
"""Stands before the program where a match may start anywhere: here or, as the worst choice, a character on."""


class Side(IntEnum):
    """What lies on one side of a place in the text."""

    NOTHING = 0
    LINE_END = 1
    SIGN = 2


class State:
    """The steps still open after a character, best first, and what follows on each next character."""

    __slots__ = ("moves", "side", "steps")

    def __init__(self, steps: tuple[int, ...], side: Side) -> None:
        self.steps = steps
        self.side = side
        self.moves: dict[str | Side, Move] = {}


Move: TypeAlias = tuple[State, bool]
"""The state after a character, and whether the pattern had matched just before it."""


class Automaton:
    """A program with all that is known so far about how it runs.

    ``anywhere``: the match may start at any character. ``backwards``: the text is read from its end, and all matches
    count, not only the best one.
    """

    def __init__(self, program: Program, lines: bool, anywhere: bool, backwards: bool) -> None:
        self.program = program
        self.lines = lines
        self.anywhere = anywhere
        self.backwards = backwards
        self.states: dict[tuple[tuple[int, ...], Side], State] = {}
        self.steps = 0
        self.moves = 0

    def found(self, text: str, work: Work) -> bool:
        """Whether the pattern matches anywhere in the text."""
        state = self._start(Side.NOTHING)
        for start in range(0, len(text), STRETCH):
            stretch = text[start : start + STRETCH]
            work.spend(len(stretch))
            for sign in stretch:
                state, matched = state.moves.get(sign) or self._move(state, sign, work)
                if matched:
                    return True
        return self._at_edge(state, Side.NOTHING, work)

    def end(self, text: str, start: int, work: Work) -> int:
        """Where the first and best match from a place on ends; -1 without a match."""
        state = self._start(_side(text, start - 1))
        last = -1
        place = start
        for place in range(start, len(text)):
            sign = text[place]
            state, matched = state.moves.get(sign) or self._move(state, sign, work)
            if matched:
                last = place
            if not state.steps:
                work.spend(place - start)
                return last
        work.spend(place - start)
        return len(text) if self._at_edge(state, Side.NOTHING, work) else last

    def start(self, text: str, end: int, least: int, work: Work) -> int:
        """Where the longest match starts that ends at a place, but not before another; read backwards."""
        state = self._start(_side(text, end))
        first = -1
        for place in range(end - 1, least - 1, -1):
            sign = text[place]
            state, matched = state.moves.get(sign) or self._move(state, sign, work)
            if matched:
                first = place + 1
            if not state.steps:
                work.spend(end - place)
                return first
        work.spend(end - least)
        return least if self._at_edge(state, _side(text, least - 1), work) else first

    def _start(self, side: Side) -> State:
        return self._state((ROAM,) if self.anywhere else (0,), side)

    def _state(self, steps: tuple[int, ...], side: Side) -> State:
        state = self.states.get((steps, side))
        if state is None:
            self.steps += len(steps)
            if len(self.states) >= MOST_STATES or self.steps > MOST_STEPS:
                self.states = {}
                self.steps = len(steps)
            state = self.states[steps, side] = State(steps, side)
        return state

    def _move(self, state: State, sign: str, work: Work) -> Move:
        side = Side.LINE_END if sign == "\n" else Side.SIGN
        takers, matched = self._open(state, side, work)
        following: dict[int, None] = {}
        for taker in takers:
            if taker == ROAM:
                following[ROAM] = None
            elif (step := self.program[taker]).test is not None and step.test(sign):
                following[step.to] = None
        move = (self._state(tuple(following), side), matched)
        self._remember(state, sign, move)
        return move

    def _at_edge(self, state: State, side: Side, work: Work) -> bool:
        """Whether the pattern has matched where the text, or the part to look at, is over."""
        move = state.moves.get(side)
        if move is None:
            move = (state, self._open(state, side, work)[1])
            self._remember(state, side, move)
        return move[1]

    def _remember(self, state: State, key: str | Side, move: Move) -> None:
        self.moves += 1
        if self.moves > MOST_MOVES:
            self.moves = 0
            # Another thread may be at work in this automaton, so nothing that it holds is changed.
            self.states = {}
            self.steps = 0
        state.moves[key] = move

    def _open(self, state: State, ahead: Side, work: Work) -> tuple[list[int], bool]:
        """The steps that can take a character now, best first, and whether the pattern is done here.

        Once the best match is done, worse choices are dropped.
        """
        takers: list[int] = []
        matched = roaming = False
        seen: set[int] = set()
        stack = list(reversed(state.steps))
        while stack:
            number = stack.pop()
            if number in seen:
                continue
            seen.add(number)
            if number == ROAM:
                roaming = True
                stack.append(0)
                continue
            step = self.program[number]
            match step.op:
                case Op.TAKE:
                    takers.append(number)
                case Op.TRY:
                    stack += (step.other, step.to)
                case Op.EDGE:
                    if self._is_edge(step, state.side, ahead):
                        stack.append(step.to)
                case Op.DONE:
                    matched = True
                    if not self.backwards:
                        break
                case _:
                    stack.append(step.to)
        work.spend(5 * len(seen))
        return [*takers, ROAM] if roaming else takers, matched

    def _is_edge(self, step: Step, behind: Side, ahead: Side) -> bool:
        before, after = (ahead, behind) if self.backwards else (behind, ahead)
        if step.start:
            return before is Side.NOTHING or (self.lines and before is Side.LINE_END and after is not Side.NOTHING)
        return after is Side.NOTHING or (self.lines and after is Side.LINE_END)


def _side(text: str, place: int) -> Side:
    if not 0 <= place < len(text):
        return Side.NOTHING
    return Side.LINE_END if text[place] == "\n" else Side.SIGN
