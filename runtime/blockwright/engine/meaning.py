"""What a step asks of its values. The interpreter and compiled flows both call these, so they cannot differ.

Each gives the value in the form that the step needs, or raises ``Failure("bad value")``.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from blockwright.engine.clock import LONGEST_WAIT
from blockwright.expressions.cost import SMALL_TEXT, pay_for_text
from blockwright.expressions.temporal.types import DaysDuration
from blockwright.expressions.temporal.words import read_duration_words
from blockwright.expressions.types import phrase
from blockwright.expressions.values import (
    Value,
    admits,
    caps,
    describe,
    give,
    is_number,
    take,
    to_text,
    too_big,
    type_of,
    whole,
)
from blockwright.failure import BAD_VALUE, UNEXPECTED, Code, Failure

if TYPE_CHECKING:
    from blockwright.catalogue import AnyBlock, Input
    from blockwright.engine.run import Placed, Run
    from blockwright.expressions.types import Type
    from blockwright.language.program import Asked, Handler


def condition(value: Value) -> bool:
    """A condition is true or false."""
    if value is True or value is False:
        return value
    if value is None:
        raise Failure(BAD_VALUE, "there is no value to decide by; a condition must be true or false")
    raise Failure(BAD_VALUE, f"a condition must be true or false, and this is {describe(value)}")


def items(value: Value) -> list[Value]:
    """``for each`` takes a list."""
    if isinstance(value, list):
        return value
    raise Failure(BAD_VALUE, f"`for each` takes a list, and this is {describe(value)}")


def number(value: Value) -> int | Decimal:
    """``count`` takes numbers."""
    if is_number(value):
        return value  # type: ignore[return-value]
    raise Failure(BAD_VALUE, f"`count` takes numbers, and this is {describe(value)}")


def rounds(value: Value) -> range:
    """``repeat`` takes a whole number of rounds."""
    times = whole(value)
    if times is None or times < 0:
        raise Failure(BAD_VALUE, f"`repeat` takes a whole number from 0 up, and this is {describe(value)}")
    return range(times)


def counting(start: int | Decimal, stop: int | Decimal, by: int | Decimal) -> Iterable[int | Decimal]:
    """The numbers of ``count``: from ``start`` by ``by``, down if it is below 0, as long as ``stop`` is not passed."""
    if by == 0:
        raise Failure(BAD_VALUE, "counting by 0 never gets anywhere")
    if type(start) is int and type(stop) is int and type(by) is int:
        return range(start, stop + (1 if by > 0 else -1), by)
    way = Decimal(stop) - start
    if way and (way < 0) is not (by < 0):
        return ()
    return (_whole_as_int(start + at * by) for at in range(int(way // by) + 1))


def _whole_as_int(number: int | Decimal) -> int | Decimal:
    exact = whole(number)
    return number if exact is None else exact


def piece(value: Value) -> str:
    """What ``${…}`` puts into a text."""
    if value is None:
        raise Failure(BAD_VALUE, "there is no value to put into the text here")
    return to_text(value)


def joined(*pieces: str) -> str:
    """The pieces as one text."""
    text = "".join(pieces)
    if len(text) > SMALL_TEXT:
        pay_for_text(len(text))
        if len(text) > caps().text:
            raise too_big(f"a text may have {caps().text:,} characters, and this would have {len(text):,}")
    return text


def logged(value: Value) -> str:
    """What ``log`` writes."""
    return value if isinstance(value, str) else to_text(value)


def code(value: Value) -> Code:
    """The code of a ``fail`` step: a whole number, also where it comes as text, or a name."""
    if isinstance(value, str) and value:
        digits = value.removeprefix("-")
        return int(value) if digits.isascii() and digits.isdigit() and len(digits) < 20 else value
    wanted = whole(value)
    if wanted is None:
        raise Failure(BAD_VALUE, f"a code is a whole number or a name, and this is {describe(value)}")
    return wanted


def message(value: Value) -> str:
    """The message of a ``fail`` step."""
    if isinstance(value, str):
        return value
    raise Failure(BAD_VALUE, f"a message is text, and this is {describe(value)}")


def details(value: Value) -> Value:
    """The details of a ``fail`` step: a copy, not larger than what a flow may give."""
    return take(value)


def returned(of: Type, value: Value) -> Value:
    """What a flow gives that promises something."""
    if not admits(of, value):
        seen = "there is no value here" if value is None else f"this is {describe(value)}"
        raise Failure(BAD_VALUE, f"`return` must give {phrase(of)}, and {seen}")
    return value


def asked(of: Asked, value: Value) -> Value:
    """An input of a flow or function."""
    _check(value, of.name, of.type, of.choices, of.secret)
    return value


def block_input(of: Input, value: Value) -> object:
    """An input of a block, as Python's own values; lists and objects are copies, which the block may change."""
    _check(value, of.name, of.type, of.choices, of.secret)
    if of.whole and is_number(value) and whole(value) is None:
        raise Failure(BAD_VALUE, f"`{of.name}` must be a whole number, and this is {_seen(value, of.secret)}")
    return give(value)


def block_result(block: AnyBlock, value: object) -> Value:
    """What a block gives, as a value of the language; a block that breaks its word is ``unexpected``."""
    try:
        taken = take(value)
    except Failure as failure:
        raise Failure(UNEXPECTED, f"`{block.label}` gave something no flow can hold: {failure.message}") from failure
    if block.result_whole and is_number(taken) and whole(taken) is None:
        raise Failure(
            UNEXPECTED, f"`{block.label}` promises a whole number, and gave {_seen(taken, block.result_secret)}"
        )
    if not admits(block.result, taken):
        gave = _seen(taken, block.result_secret)
        raise Failure(UNEXPECTED, f"`{block.label}` promises {phrase(block.result)}, and gave {gave}")
    return taken


def secret_asked(run: Run, of: Asked, value: Value) -> Value:
    """A secret input of a flow or function."""
    run.secrets.note(value)
    return asked(of, value)


def secret_block_input(run: Run, of: Input, value: Value) -> object:
    """A secret input of a block."""
    run.secrets.note(value, of.secret_entries)
    return block_input(of, value)


def secret_block_result(run: Run, block: AnyBlock, value: object) -> Value:
    """What a block gives that is secret, or has something secret in it."""
    taken = block_result(block, value)
    run.secrets.note(taken, block.result_secret_entries)
    return taken


def _check(value: Value, name: str, wanted: Type, choices: tuple[object, ...], secret: bool = False) -> None:
    if not admits(wanted, value):
        if value is None:
            raise Failure(BAD_VALUE, f"`{name}` has no value here, and it must be {phrase(wanted)}")
        raise Failure(BAD_VALUE, f"`{name}` must be {phrase(wanted)}, and this is {_seen(value, secret)}")
    if choices and value is not None and value not in choices:
        names = ", ".join(str(choice) for choice in choices)
        raise Failure(BAD_VALUE, f"`{name}` must be one of {names}, and this is {_seen(value, secret)}")


def _seen(value: Value, secret: bool) -> str:
    """What a message may say of a value: of a secret, only what kind it is."""
    return phrase(type_of(value)) if secret else describe(value)


def handler_for(run: Run, handlers: tuple[Handler, ...], failure: Placed) -> Handler | None:
    """The first handler that takes a failure; those that end the run, or arise while it is stopped, are nobody's."""
    if failure.ends_run or run.is_stopped:
        return None
    for handler in handlers:
        if not handler.codes or failure.code in handler.codes:
            return handler
    return None


def seconds(value: Value) -> float:
    """Waits and time limits are durations of days and time: ``5 seconds``."""
    duration = read_duration_words(value.strip()) if isinstance(value, str) else value
    if not isinstance(duration, DaysDuration):
        raise Failure(BAD_VALUE, f"this must be a duration such as 5 seconds, and this is {describe(value)}")
    if not 0 <= duration.seconds <= LONGEST_WAIT:
        raise Failure(BAD_VALUE, f"nothing can wait for {to_text(duration)}; it must be from 0 to ten years")
    return float(duration.seconds)


def tries(value: Value) -> int:
    """``more tries`` takes a whole number."""
    more = whole(value)
    if more is None or more < 0:
        raise Failure(BAD_VALUE, f"`more tries` takes a whole number from 0 up, and this is {describe(value)}")
    return more


def growth(value: Value) -> float:
    """``growing`` takes a factor of at least 1."""
    if not is_number(value) or not 1 <= value <= 1000:  # type: ignore[operator]
        raise Failure(BAD_VALUE, f"`growing` takes a number from 1 to 1000, and this is {describe(value)}")
    return float(value)  # type: ignore[arg-type]


def width(value: Value) -> int:
    """``at once`` takes a whole number of rounds."""
    rounds_at_once = whole(value)
    if rounds_at_once is None or rounds_at_once < 1:
        raise Failure(BAD_VALUE, f"`at once` takes a whole number from 1 up, and this is {describe(value)}")
    return rounds_at_once
