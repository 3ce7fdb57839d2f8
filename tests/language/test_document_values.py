"""How values are written: plain, as expressions, as text with expressions in it, and all of these at any depth."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blockwright.language.source import Mapping, Source, parse_nodes
from blockwright.language.writing import (
    Formula,
    Plain,
    Template,
    TemplateProblem,
    Written,
    WrittenList,
    WrittenObject,
    read_value,
)
from tests.language.checking import flow, only


def read(written: str) -> Written:
    """The value that stands behind ``a:`` in a file."""
    node = parse_nodes(Source("flow.yaml", f"a: {written}\n"))
    assert isinstance(node, Mapping)
    value = node.get("a")
    assert value is not None
    return read_value(value)


def formula(written: str) -> Formula:
    value = read(written)
    assert isinstance(value, Formula)
    return value


def pieces(written: str) -> list[str]:
    """The parts of a text, expressions marked with ``=``."""
    value = read(written)
    assert isinstance(value, Template)
    return [part if isinstance(part, str) else f"= {part.text}" for part in value.parts]


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("= a + b", "a + b"),
        ("=a", "a"),
        ("=   a  ", "a"),
        ('"= a"', "a"),
        ("'= \"it''s\"'", '"it\'s"'),
        ("|\n  = if a\n    then b\n    else c\n", "if a\n  then b\n  else c"),
    ],
)
def test_what_begins_with_an_equals_sign_is_an_expression(written: str, text: str) -> None:
    assert formula(written).text == text


@pytest.mark.parametrize("written", ["hello", "' = a'", "a = b", "a:b", "$a", "a{b}c", "$ {a}"])
def test_other_text_is_text(written: str) -> None:
    assert isinstance(read(written), Plain)


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("${a}", ["= a"]),
        ("hello ${user name}!", ["hello ", "= user name", "!"]),
        ("${a}${b}", ["= a", "= b"]),
        ("${ a }", ["= a"]),
        ("$${a}", ["${a}"]),
        ("$${a} and ${b}", ["${a} and ", "= b"]),
        ("${a}$${b}", ["= a", "${b}"]),
        ("$$${a}", ["$${a}"]),
        ("for $5 ${a}", ["for $5 ", "= a"]),
        ("'${ {x: 1}.x }'", ["= {x: 1}.x"]),
        ("'${ {x: {y: 1}}.x.y } done'", ["= {x: {y: 1}}.x.y", " done"]),
        ("'${ \"}\" } done'", ['= "}"', " done"]),
        ('\'${ "a\\"}" + b }\'', ['= "a\\"}" + b']),
        ("'${ \"{\" }x'", ['= "{"', "x"]),
        ("'a } b ${c}'", ["a } b ", "= c"]),
    ],
)
def test_expressions_stand_in_text(written: str, parts: list[str]) -> None:
    assert pieces(written) == parts


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("- log: hello «${»name", "this `${` is never closed"),
        ("- log: hello «${»}", "there is nothing between `${` and `}`"),
        ("- log: ${a} «${»  }", "there is nothing between `${` and `}`"),
        ("- log: '«${» \"}'", "this `${` is never closed"),
        ("- log: '«${» {a'", "this `${` is never closed"),
        ("- log:\n    - a: [b, 'deep «${»x']", "this `${` is never closed"),
        ('- log: "say \\"«${»"', "this `${` is never closed"),
        ("- log: |\n    one\n    two «${»", "this `${` is never closed"),
        ("- log: >\n    one\n    two «${»", "this `${` is never closed"),
    ],
)
def test_an_expression_in_text_that_is_not_closed_or_empty(steps: str, message: str) -> None:
    assert only(flow(steps)).message == message


def test_lists_and_objects_hold_values_at_any_depth() -> None:
    value = read("{who: = user, texts: [plain, 'hello ${user}', {deep: [= 1]}]}")

    assert isinstance(value, WrittenObject)
    (who, first), (texts, second) = value.entries
    assert (who.text, texts.text) == ("who", "texts")
    assert isinstance(first, Formula)
    assert isinstance(second, WrittenList)
    plain, template, deep = second.items
    assert (type(plain), type(template)) == (Plain, Template)
    assert isinstance(deep, WrittenObject)
    inner = deep.entries[0][1]
    assert isinstance(inner, WrittenList)
    assert isinstance(inner.items[0], Formula)


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("= a + xx", (1, 10)),
        ("=xx", (1, 5)),
        ("'= xx'", (1, 7)),
        ('"= \\"é\\" + xx"', (1, 15)),
        ("hello ${xx}", (1, 12)),
        ("|\n  = a +\n    xx\n", (3, 5)),
    ],
)
def test_every_character_of_an_expression_has_its_place(written: str, place: tuple[int, int]) -> None:
    value = read(written)
    if isinstance(value, Template):
        value = next(part for part in value.parts if isinstance(part, Formula))
    assert isinstance(value, Formula)

    assert value.position(value.text.index("xx")) == place


texts = st.text(st.sampled_from('ab "\\{}$= '), max_size=12)


@given(texts)
def test_any_text_is_read_or_refused_with_its_place(text: str) -> None:
    value, offset = read_or_problem(text)

    if value is None:
        assert text[offset : offset + 2] == "${"
    elif isinstance(value, Template):
        assert all(part if isinstance(part, str) else part.text for part in value.parts), "no part is empty"
    else:
        assert isinstance(value, Formula) == text.startswith("=")
        assert isinstance(value, Formula) or "${" not in text


def read_or_problem(text: str) -> tuple[Written | None, int]:
    """The value of a quoted text, or None and where something is wrong with it."""
    try:
        return read(json.dumps(text)), 0
    except TemplateProblem as problem:
        return None, problem.offset


@given(
    st.lists(
        st.one_of(st.text(st.sampled_from('ab {}\\"'), min_size=1), st.sampled_from(["name", '"}"', "{a: {b: 1}}"])),
        max_size=5,
    )
)
def test_pieces_put_together_are_taken_apart_again(parts: list[str]) -> None:
    expressions = {"name", '"}"', "{a: {b: 1}}"}
    text = "-" + "".join(f"${{{part}}}" if part in expressions else part for part in parts)
    value = read(json.dumps(text))

    found = (
        [part if isinstance(part, str) else f"${{{part.text}}}" for part in value.parts]
        if isinstance(value, Template)
        else [text]
    )
    assert "".join(found) == text
    assert len([part for part in found if part.startswith("${")]) == len(
        [part for part in parts if part in expressions]
    )
