"""What the checker says of types and codes is true in every run: the compiler leaves checks out because of it.

Generated flows show the values of their variables to a block; each must be of the type that the checker found for just
that place.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blockwright import Failure, Runtime, block
from blockwright.catalogue import Catalogue, installed_blocks
from blockwright.engine.library import Library
from blockwright.expressions.values import admits, take
from blockwright.language import program as p
from blockwright.language.diagnostics import FlowError
from blockwright.language.source import Source
from blockwright.testing import ManualClock

SEEN: list[tuple[int, object]] = []


@block("show")
def show(number: int, thing: object) -> None:
    """Keeps a value for the test."""
    SEEN.append((number, thing))


@block("perhaps", failures={7: "It did not want to."})
def perhaps(thing: object) -> list[int]:
    """Fails now and then, depending on what it is given."""
    if isinstance(thing, str) or thing is None:
        raise Failure(7)
    return [1, 2]


VARIABLES = ["a", "b", "c", "given", "nulls"]
READ = st.sampled_from(VARIABLES)
WRITTEN = st.sampled_from(
    ["1", "text", "true", "null", "[]", "[1, text]", "[1, 2]", "{x: 1}", "{x: 1, y: null}", "[= a, = b]", "{x: = c}"]
)
FORMULAS = [
    "given + 1",
    "given > 2",
    "nulls[1]",
    "[1, null]",
    "if given > 2 then 1 else null",
    "count(nulls)",
    "append(nulls, 2)",
    "for x in nulls return x",
    "for x in 1..2 return x * given",
    "null",
    "string(given)",
    "sum(nulls)",
    "concatenate(nulls, [3])",
    "{x: given}.x",
    "if given > 2 then {x: 1} else {x: null, y: 2}",
]
EXPRESSIONS = st.one_of(
    READ,
    st.sampled_from(FORMULAS),
    st.builds("{{x: {}, y: 1}}".format, READ),
    st.builds("{{x: {}}}.x".format, READ),
    st.builds("[{}]".format, READ),
    st.builds("[{}][1]".format, READ),
    st.builds("if given > 1 then {} else {}".format, READ, READ),
    st.builds("{} = null".format, READ),
)
VALUES = st.one_of(WRITTEN, EXPRESSIONS.map(lambda text: f"'= {text}'"))
CONDITIONS = st.sampled_from(["given > 1", "given > 5", "a = null", "b != null", "count(nulls) > 1"])
LISTS = st.sampled_from(["= nulls", "[= a, = b]", "= append(nulls, given)", "= [a, 1]", "[1, 2]", "= [1, 2]"])
LEAVE = st.sampled_from(["stop loop", "next round", "return: 1"])
SHOW = "SHOW"
MODIFIERS = st.sampled_from(
    [
        "time limit: 1 second",
        "time limit: 1 second\n  retry: {more tries: 1}",
        "retry: {more tries: 2, wait: 1 second, only for: [bad value]}",
    ]
)
SIDES = ["note: one by one", "collect failures as: c", "at once: 2", "at once: 2\n  collect failures as: c"]
GIVEN = ["ITEM", "a", "given + 1", "1 / (given - 3)"]
LOOP = "- for each: ITEM\n  in: {}\n  {}\n  collect as: {}\n  each gives: '= {}'\n  do:\n      - SHOW ITEM\n{}"
ALONE = "      - perhaps: {thing: 1}\n        save as: OWN\n      - SHOW OWN"
FALLING = (
    "      - if: = given > 2\n        then: [{wait: 2 seconds}, {set: {OWN: text}}]\n      - perhaps: {thing: = a}"
)
ASIDE = st.sampled_from([ALONE, FALLING, f"{FALLING}\n{ALONE}"])
"""Steps that may run beside others: what they set nobody else does."""
MAYBE = "- if: = given > 100\n  then: [set: {a: 1, b: text, c: [1]}]"
"""Makes every variable known without giving it a value."""

simple = st.one_of(
    st.builds("- set: {{{}: {}}}".format, READ, VALUES),
    st.builds("- set: {{{}: {}, {}: {}}}".format, st.just("a"), VALUES, st.just("b"), VALUES),
    st.builds("- perhaps: {{thing: {}}}\n  save as: {}".format, VALUES, READ),
    st.just("- perhaps: {thing: 1}\n  save as: nulls"),
    st.just(SHOW),
)


def indented(steps: list[str]) -> str:
    return textwrap.indent("\n".join(steps) or "- log: a", "      ")


def with_bodies(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.lists(inner, min_size=1, max_size=4).map(indented)
    return st.one_of(
        filled("- if: = {}\n  then:\n{}\n  else:\n{}", CONDITIONS, bodies, bodies),
        filled("- repeat: 2\n  do:\n{}", bodies),
        filled("- for each: ITEM\n  in: {}\n  do:\n      - SHOW ITEM\n{}", LISTS, bodies),
        filled("- try:\n      - perhaps: {{thing: = a}}\n{}\n  if it fails:\n    anything else:\n{}", bodies, bodies),
        filled(
            "- try:\n      - perhaps: {{thing: = a}}\n{}\n  if it fails: {{7: ignore}}\n  always:\n{}", bodies, bodies
        ),
        filled("- repeat: 3\n  do:\n{}\n      - if: = {}\n        then: [{}]\n{}", bodies, CONDITIONS, LEAVE, bodies),
        filled("- try:\n{}\n  {}", bodies, MODIFIERS),
        filled("- try:\n{}\n  {}\n  if it fails:\n    anything else:\n{}", bodies, MODIFIERS, bodies),
        filled("- together:\n    -\n{}\n    -\n{}", bodies, ASIDE),
        filled(LOOP, LISTS, st.sampled_from(SIDES[:2]), READ, st.sampled_from(GIVEN), bodies),
        filled(LOOP, LISTS, st.sampled_from(SIDES), READ, st.sampled_from([*GIVEN, "OWN"]), ASIDE),
    )


def filled(template: str, *gaps: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*gaps).map(lambda parts: template.format(*parts))


STEPS = st.lists(st.recursive(simple, with_bodies, max_leaves=12), min_size=2, max_size=8)


def flow_of(steps: list[str]) -> str:
    """The flow, in which every SHOW shows each variable, and every loop has a name of its own."""
    lines: list[str] = []
    number, loop, own = 0, "", ""
    for line in "\n".join([MAYBE, *steps, SHOW]).split("\n"):
        if SHOW in line:
            indent = line[: line.index(line.strip())]
            of_round = [loop] if "ITEM" in line else [own] if "OWN" in line else VARIABLES
            for name in of_round:
                number += 1
                lines.append(f"{indent}- show: {{number: {number}, thing: = {name}}}")
            continue
        if "for each" in line or "together" in line:
            number += 1
            loop, own = f"n{number}", f"own{number}"
        lines.append(line.replace("ITEM", loop).replace("OWN", own))
    body = textwrap.indent("\n".join(lines), "  ")
    return f"flow: shown\ninputs:\n  given: number\n  nulls: list of number\nsteps:\n{body}\n"


def shown(program: p.Program) -> Iterator[tuple[int, p.Value]]:
    """The values that a program shows, each with its number."""
    for call in p.calls_in(program.main.body):
        arguments = {each.input.name: each.value for each in call.arguments}
        number = arguments.get("number")
        if isinstance(number, p.Constant) and isinstance(number.value, int):
            yield number.value, arguments["thing"]


BLOCKS = Catalogue([*installed_blocks(), show, perhaps])
RUNTIME = Runtime(blocks=[show, perhaps], clock=ManualClock())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(STEPS, st.sampled_from([0, 3, 7]), st.sampled_from([[], [1], [None, 2], [None]]))
def test_every_value_is_of_the_type_and_every_failure_has_a_code_that_the_checker_says(
    steps: list[str], given: int, nulls: list[int | None]
) -> None:
    text = flow_of(steps)
    try:
        flow = RUNTIME.load_text(text)
        program = Library(BLOCKS).load(Source("no-folder/flow.yaml", text)).program
    except FlowError:
        return
    types = {number: value.type for number, value in shown(program) if isinstance(value, p.Computed)}
    SEEN.clear()
    code = None
    try:
        flow.run({"given": given, "nulls": nulls}, watch=lambda _: None)
    except Failure as failure:
        code = failure.code
    assert code is None or (code in flow.failures and code != "unexpected"), (text, code, flow.failures)
    for number, value in SEEN:
        assert number not in types or admits(types[number], take(value)), (text, number, types[number], value)
