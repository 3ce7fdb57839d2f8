"""Any name an author may choose works: none can meet a word of Python's or a name of the engine's own."""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from blockwright import FlowError, block
from blockwright.catalogue.naming import is_name
from blockwright.engine.compiler.values import GLOBALS
from blockwright.expressions import evaluate
from blockwright.expressions.names import WORD_CHARACTER
from tests.engine.kit import WAYS, load, run

FLOW = """\
flow: {flow}
inputs:
  {first}: number
steps:
  - set: {{{second}: "= {first} + 1"}}
  - if: = {second} > 0
    then:
      - {function}: {{{first}: "= {second}"}}
        save as: {second}
  - for each: {item}
    in: = [{first}, {second}]
    do:
      - tell: {{thing: "so ${{{item}}}"}}
  - return: = [{first}, {second}]
functions:
  {function}:
    inputs:
      {first}: number
    steps:
      - set: {{{second}: "= string({first})"}}
      - return: = number({second}) * 10
"""


@block("tell")
def tell(thing: str) -> None:
    """Listen."""


ROLES = ("flow", "first", "second", "item", "function")
OWN = {"run", "left", "b0", "k0", "v", "caught1", "error1", "failure1", "round", "function run", "function condition"}
NAMES = {
    "Python's keywords": {*keyword.kwlist, *keyword.softkwlist},
    "Python's functions": {name for name in dir(builtins) if name[0].islower()},
    "Python's classes": {"Exception", "KeyError", "BaseException", "StopIteration"},
    "the engine's names": {name[1:] for name in GLOBALS if not name.startswith("_feel_")} | OWN,
    "awkward ones": {"failure code", "it's", "tally-1", "größe", "ﬁne", "名前", "x²", "self", "function"},
}


@pytest.mark.parametrize("group", NAMES)
def test_names_of_python_and_of_the_engine_are_names_like_any_others(group: str) -> None:
    works = 0
    for name in filter(is_name, NAMES[group]):
        for together in (("first", "function"), ("flow", "second")):
            names = {role: name if role in together else f"my {role}" for role in ROLES}
            try:
                flow = load(FLOW.format(**names), tell)
            except FlowError:
                continue
            assert flow.run({names["first"]: 4}) == [4, 50], name
            works += 1
    assert works >= len(NAMES[group]) / 2


WORDS = {
    "Hindi": "ग्राहक का नाम",
    "Thai": "ชื่อลูกค้า",
    "Tamil": "வாடிக்கையாளர் பெயர்",
    "Burmese": "ဖောက်သည်",
    "Hebrew with points": "שֵׁם",
    "Arabic with points": "اِسْم",
    "Vietnamese": "tên khách hàng",
}


@pytest.mark.parametrize("language", WORDS)
def test_words_whose_letters_have_marks_are_names_in_any_language(language: str) -> None:
    name = WORDS[language]
    flow = load(FLOW.format(flow=name, first=name, second=f"{name} 2", item=f"{name} 3", function=f"{name} 4"), tell)
    for way in WAYS:
        assert run(flow, way, {name: 4}) == [4, 50]
    assert evaluate(f"{name}+1", {name: 2}) == 3
    assert evaluate(f"{{{name}: 1}}.{name}") == 1


def test_a_mark_that_has_a_character_together_with_its_letter_is_written_with_it() -> None:
    assert is_name("größe")
    assert not is_name(unicodedata.normalize("NFD", "größe"))


def test_marks_stand_on_letters() -> None:
    assert is_name("ชื่อ 1")
    assert not is_name("\u0301a")
    assert not is_name("a \u0301")


def test_expressions_know_all_characters_of_names() -> None:
    marks = [chr(at) for at in range(0x20000) if is_name(f"a{chr(at)}")]
    assert len(marks) > 50_000
    assert [mark for mark in marks if mark not in "-'" and not re.fullmatch(WORD_CHARACTER, mark)] == []


words = st.text(st.characters(categories=["L", "Nd", "No", "Mn"]) | st.sampled_from("-_'"), min_size=1, max_size=6)
names = st.lists(words, min_size=1, max_size=3).map(" ".join).filter(is_name)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.lists(names, min_size=5, max_size=5, unique=True))
def test_all_names_work_together_that_the_checker_can_tell_apart(chosen: list[str]) -> None:
    by_role = dict(zip(ROLES, chosen, strict=True))
    try:
        flow = load(FLOW.format(**by_role), tell)
    except FlowError:
        return
    for way in WAYS:
        assert run(flow, way, {by_role["first"]: 4}) == [4, 50]
