"""Other FEEL engines for Python, where they are installed: ``pip install -r benchmarks/requirements.txt``.

Neither keeps an expression that was read: they read the text anew each time. Neither knows names with spaces, so they
get ``tax_rate`` for ``tax rate``. Both compute in binary floats.
"""

from __future__ import annotations

import importlib
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

Work = Callable[[Mapping[str, object]], object]


class Rival(NamedTuple):
    """An engine, and what it does with one expression: a function of the scope, or the reason why there is none."""

    name: str
    work: Work | str


def rivals(text: str, scope: Mapping[str, object], expected: object) -> Iterator[Rival]:
    """What each rival does with an expression; one that does not give the expected value cannot run it."""
    for name in scope:
        text = text.replace(name, _without_spaces(name))
    plain = {_without_spaces(name): _plain(value) for name, value in scope.items()}
    for name, prepare in (("pySFeel", _pysfeel), ("bkflow_feel", _bkflow)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                module = importlib.import_module(name if name == "pySFeel" else f"{name}.api")
            except ImportError:
                yield Rival(name, "not installed: pip install -r benchmarks/requirements.txt")
                continue
        yield Rival(name, _tried(prepare(module, text, plain), plain, _plain(expected)))


def _tried(work: Work, scope: Mapping[str, object], expected: object) -> Work | str:
    logging.disable()
    try:
        value = work(scope)
    except Exception as error:
        return f"cannot run it ({type(error).__name__})"
    finally:
        logging.disable(logging.NOTSET)
    return work if value == expected else f"cannot run it (gives {value!r:.20})"


def _pysfeel(module: Any, text: str, scope: Mapping[str, object]) -> Work:
    parser = module.SFeelParser()
    for name, value in scope.items():
        parser.sFeelParse(f"{name} <- {_written(value)}")
    return lambda _: parser.sFeelParse(text)[1]


def _bkflow(module: Any, text: str, scope: Mapping[str, object]) -> Work:
    return lambda _: module.parse_expression(text, scope)


def _without_spaces(name: str) -> str:
    return name.replace(" ", "_")


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


def _written(value: object) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_written(item)}" for key, item in value.items()) + "}"
    return str(value)
