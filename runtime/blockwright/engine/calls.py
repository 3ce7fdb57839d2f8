"""Calls that do not pile up on Python's stack, so that a watched run may go as deep as its limits say."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Generator
from functools import partial
from types import coroutine
from typing import Generic, TypeVar, cast

T = TypeVar("T")


class Called(Generic[T]):
    """Awaited below ``unstacked``, gives what a coroutine gives; that one runs beside its caller, not on top of it."""

    def __init__(self, coroutine: Coroutine[object, object, T]) -> None:
        self.coroutine = coroutine

    def __await__(self) -> Generator[Called[T], T, T]:
        return (yield self)


@coroutine
def unstacked(first: Coroutine[object, object, T]) -> Generator[object, object, T]:
    """Run a coroutine and all that are ``Called`` below it; what they wait for otherwise is waited for outside."""
    running = [first]
    go_on: Callable[[], object] = partial(first.send, None)
    while True:
        try:
            asked = go_on()
        except StopIteration as done:
            del running[-1]
            if not running:
                return cast("T", done.value)
            go_on = partial(running[-1].send, done.value)
            continue
        except BaseException as error:
            del running[-1]
            if not running:
                raise
            go_on = partial(running[-1].throw, error)
            continue
        if isinstance(asked, Called):
            running.append(asked.coroutine)
            go_on = partial(asked.coroutine.send, None)
            continue
        try:
            answer = yield asked
        except BaseException as error:
            go_on = partial(running[-1].throw, error)
        else:
            go_on = partial(running[-1].send, answer)
