"""What a generated flow is made of: the keys that it has, and in which forms things are written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias, cast

import yaml

from blockwright.language import document as d
from blockwright.language import steps as s
from blockwright.testing.properties.writing.flows import WrittenFlow

Written: TypeAlias = "str | list[Written] | dict[str, Written]"

_BODIES = ("then", "else", "do", "otherwise", "try", "always")
_DURATIONS = ("wait", "time limit", "at most")


def keys_of(part: type[d.Part], name: str) -> set[str]:
    """The keys that an author may write in a part, but those that every step may have."""
    return {f"{name}: {key}" for key in part.author_keys - s.MODIFIERS}


def found_in(example: WrittenFlow) -> Iterator[str]:
    """What a flow and the others in its folder are made of."""
    files = [_entries(yaml.load(text, yaml.BaseLoader)) for text in (example.text, *example.others)]
    names = {str(each["flow"]) for each in files}
    calls: dict[str, set[str]] = {}
    for file in files:
        functions = _entries(file.get("functions", {}))
        yield from (f"a flow: {key}" for key in file)
        yield from _promised(file)
        for name, routine in {"": file, **{name: _entries(each) for name, each in functions.items()}}.items():
            yield from (f"a function: {key}" for key in routine if name)
            yield from _inputs(_entries(routine.get("inputs", {})))
            for step in _steps(_items(routine["steps"])):
                yield from _step(step)
                called = _called(step)
                if called in functions:
                    yield "a call of: a function, by itself" if called == name else "a call of: a function"
                elif called in names:
                    calls.setdefault(str(file["flow"]), set()).add(called)
                    yield "a call of: another flow"
                elif called:
                    yield "a call of: a block"
    if any(one in calls.get(other, ()) for one, others in calls.items() for other in others):
        yield "flows in a circle"


def _promised(file: Mapping[str, Written]) -> Iterator[str]:
    match file.get("returns"):
        case str() as of:
            yield "`returns` that is its type"
            yield from ["`returns`: nothing"] if of == "nothing" else []
        case dict() as written:
            yield from (f"`returns`: {key}" for key in written)
    if "failures" in file:
        declared = _entries(file["failures"])
        yield from [] if declared else ["`failures`: {}"]
        for code in declared.values():
            if isinstance(code, dict):
                yield from (f"a declared failure: {key}" for key in code)
            else:
                yield "a declared failure that is its sentence"


def _inputs(inputs: Mapping[str, Written]) -> Iterator[str]:
    for each in inputs.values():
        if isinstance(each, dict):
            yield from (f"an input: {key}" for key in each)
        else:
            yield "an input that is its type"
        yield f"an input of type: {each['type'] if isinstance(each, dict) else each}"


def _steps(body: list[Written]) -> Iterator[Written]:
    """These steps and all in them."""
    for step in body:
        yield step
        if isinstance(step, str):
            continue
        inner = [_items(each) for key, each in _entries(step).items() if key in _BODIES]
        inner += [_items(_entries(case)["do"]) for case in _items(_entries(step).get("choose", []))]
        inner += map(_items, _items(_entries(step).get("together", [])))
        inner += [_items(each) for each in _entries(_entries(step).get("if it fails", {})).values() if each != "ignore"]
        for each in inner:
            yield from _steps(each)


def _step(step: Written) -> Iterator[str]:
    if isinstance(step, str):
        yield f"a word alone: {step if step in s.STATEMENTS else 'a call'}"
        yield f"a step: {step}"
        return
    written = _entries(step)
    statement = next((key for key in written if key in s.STATEMENTS), "a call")
    yield f"a step: {statement}"
    for key, value in written.items():
        if key in s.MODIFIERS:
            yield f"a step beside which stands: {key}"
        elif statement in s.STATEMENTS:
            yield f"{statement}: {key}"
        if key in _DURATIONS:
            yield f"a duration as: {_duration(str(value))}"
    for case in _items(written.get("choose", [])):
        yield from (f"a case: {key}" for key in _entries(case))
    if statement == "fail":
        yield from (f"a failure: {key}" for key in _entries(written["fail"]))
    for key, value in _entries(written.get("retry", {})).items():
        yield f"`retry`: {key}"
        if key in _DURATIONS:
            yield f"a duration as: {_duration(str(value))}"
    yield from _handlers(_entries(written.get("if it fails", {})))
    for value in _values(statement, written):
        yield from _value(value)


def _handlers(handlers: Mapping[str, Written]) -> Iterator[str]:
    for code, body in handlers.items():
        kind = code if code == s.ANYTHING_ELSE else "several codes" if "," in code else "a code"
        yield f"a handler for: {kind}"
        yield from ["a handler that is: ignore"] if body == s.IGNORE else []


def _duration(text: str) -> str:
    if text.startswith("="):
        return "an expression"
    return "a template" if "${" in text else "PT" if text.startswith("PT") else "words"


def _values(statement: str, step: Mapping[str, Written]) -> Iterator[Written]:
    match statement:
        case "set":
            yield from _entries(step["set"]).values()
        case "return" | "log":
            yield step[statement]
        case "fail":
            yield from _entries(step["fail"]).values()


def _value(value: Written) -> Iterator[str]:
    match value:
        case list():
            yield "a value as: a list"
            for item in value:
                yield from _value(item)
        case dict():
            yield "a value as: an object"
            for item in value.values():
                yield from _value(item)
        case "null" | "true":
            yield f"a value as: {value}"
        case str():
            is_number = value.removeprefix("-").replace(".", "", 1).isdigit()
            yield f"a value as: {'an expression' if value[:1] == '=' else 'a number' if is_number else 'words'}"
            yield from ["a text with: $${"] if "$${" in value else []
            yield from ["a text with: ${"] if "${" in value.replace("$${", "") else []


def _called(step: Written) -> str:
    """The label of what a step calls, if it calls something."""
    keys = [step] if isinstance(step, str) else list(_entries(step))
    if any(key in s.STATEMENTS for key in keys):
        return ""
    return next(key for key in keys if key not in s.MODIFIERS)


def _entries(written: Written) -> dict[str, Written]:
    return cast("dict[str, Written]", written)


def _items(written: Written) -> list[Written]:
    return cast("list[Written]", written)
