"""What holds for every text and all data."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from blockwright.language.diagnostics import FlowError, to_json, to_sarif, to_text
from blockwright.language.source import Mapping, Node, Scalar, Sequence, Source, parse_nodes, read_source, resolve
from tests.language.reading import PARSERS, Data, outcome, plain, scalars

LOOKS_LIKE_A_NUMBER_TO_1_2 = re.compile(r"-?[0-9.]+[eE][-+]?[0-9]+")
LETTERS = "abcXYZ019éß日😀 -_.,:;#'\"\\/=+*&!?%@`|<>~^$()[]{}"

texts = st.text(LETTERS + "\n\t", max_size=30).filter(lambda text: not LOOKS_LIKE_A_NUMBER_TO_1_2.fullmatch(text))
names = st.text(LETTERS, min_size=1, max_size=20).filter(lambda text: text[0] not in "-")
leaves = st.none() | st.booleans() | st.integers(-(10**33), 10**33) | texts
nested = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4), max_leaves=15
)
styles = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([None, True, False]),
        "default_style": st.sampled_from([None, None, None, '"', "'", "|", ">"]),
        "allow_unicode": st.booleans(),
        "width": st.sampled_from([10, 80, 1_000]),
        "indent": st.sampled_from([2, 4, 7]),
        "line_break": st.sampled_from(["\n", "\r\n"]),
    }
)

FRAGMENTS = [
    *["\n", "\n  ", "\n    ", "\r\n", "\t", " ", "- ", "-", ": ", ":", " #", "#", "? ", "[", "]", "{", "}", ",", "''"],
    *["'", '"', "|", ">", "|\n  ", "&a ", "*a", "!t ", "<<: ", "---\n", "...\n", "%", "@", "`", "\\", "${", "$", "="],
    *[
        "a",
        "b",
        "1",
        "é",
        "日",
        "😀",
        "\u00a0",
        "\u200b",
        "“",
        "”",
        "–",
        "•",
        "\0",
        "\x85",
        "\u2028",
        "\ufeff",
        "\ud800",
    ],
    *[
        "flow: x\n",
        "steps:\n  - log: a\n",
        "{{ a }}",
        "{a}",
        "${a}",
        "a: b: c",
        "a:b\n",
        "  - a\n - b\n",
        '"a" b',
        "[a\nb: ",
    ],
]
broken = st.lists(st.sampled_from(FRAGMENTS), max_size=25).map("".join) | st.text(max_size=60)


class Dumper(yaml.SafeDumper):
    """PyYAML's dumper without anchors for what is there twice."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002
        return True


def dump(data: object, style: dict[str, object]) -> str:
    text = yaml.dump(data, Dumper=Dumper, sort_keys=False, **style)  # type: ignore[call-overload]
    assert isinstance(text, str)
    return text


@given(data=nested, style=styles)
def test_dumped_data_is_read_back(data: Data, style: dict[str, object]) -> None:
    text = dump(data, style | {"default_style": None})
    root, findings = outcome(text)
    # The dumper folds long texts without saying so, and writes some texts plainly that a flow wants quoted.
    assert {finding.rule for finding in findings} <= {"continued-text", "dash-without-blank"}
    assert root is None or plain(root) == data


@given(data=nested, style=styles)
def test_every_visible_character_is_where_position_says(data: Data, style: dict[str, object]) -> None:
    source = Source("f", dump(data, style))
    root, _ = outcome(source.text)
    assume(root is not None)
    assert root is not None
    for scalar in scalars(root):
        places = [source.index(*scalar.position(offset)) for offset in range(len(scalar.text) + 1)]
        assert places == sorted(places)
        for character, place in zip(scalar.text, places, strict=False):
            if not character.isspace():
                assert source.text[place] in (character, "\\"), (source.text, scalar)
                assert source.text[place] == character or scalar.style == "double"


@given(data=nested, style=styles)
def test_spans_hold_their_scalars_and_lie_in_order(data: Data, style: dict[str, object]) -> None:
    source = Source("f", dump(data, style))
    root, _ = outcome(source.text)
    assume(root is not None)
    assert root is not None
    end = (1, 1)
    for scalar in scalars(root):
        line, column, end_line, end_column = scalar.span
        assert end <= (line, column) <= (end_line, end_column)
        end = end_line, end_column
        raw = source.text[source.index(line, column) : source.index(end_line, end_column)]
        if scalar.style == "plain" and line == end_line:
            assert raw == scalar.text
        if scalar.style in ("single", "double"):
            assert raw[0] == raw[-1] == {"single": "'", "double": '"'}[scalar.style]
    assert_within(root)


def assert_within(node: Node) -> None:
    """A collection's span holds its parts' spans."""
    parts: list[Node] = []
    if isinstance(node, Sequence):
        parts = node.items
    elif isinstance(node, Mapping):
        parts = [part for entry in node.entries for part in entry]
    for part in parts:
        assert node.span[:2] <= part.span[:2]
        assert part.span[2:] <= node.span[2:]
        assert_within(part)


@given(texts.filter(lambda text: text.strip() == text and text and "\n" not in text and "\t" not in text))
def test_no_text_is_ever_changed_without_a_word(text: str) -> None:
    """Behind ``key: `` stands either just this text, or something that begins as YAML's own forms do, or a finding."""
    assume(text[0] not in "\"'[{|>#" and not re.search(r"\s#(?:[\s#]|$)", text))
    root, findings = outcome(f"key: {text}\n")
    if isinstance(root, Mapping):
        value = root.get("key")
        assert isinstance(value, Scalar)
        assert value.text == text
    else:
        assert findings


@pytest.mark.parametrize("parser", PARSERS)
@settings(max_examples=200)
@given(text=broken)
def test_any_text_gives_nodes_or_findings_within_the_file(parser: str, text: str) -> None:
    source = Source("f", text)
    root, findings = outcome(text, parser)
    assert root is not None or findings
    for show in (to_text, to_json, to_sarif):
        assert show(findings) or not findings
    for finding in findings:
        line, column, end_line, end_column = finding.span
        assert 1 <= line <= end_line <= len(source.lines)
        assert 1 <= column <= len(source.line(line)) + 1
        assert (line, column) <= (end_line, end_column)
        assert finding.mend
    for scalar in scalars(root) if root else []:
        resolve(scalar)
        for offset in range(len(scalar.text) + 1):
            line, column = scalar.position(offset)
            assert 1 <= line <= len(source.lines)
            assert 1 <= column <= len(source.line(line)) + 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=60) | broken.map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_any_bytes_give_nodes_or_findings(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "any.yaml"
    file.write_bytes(data)
    try:
        root = parse_nodes(read_source(file))
    except FlowError as error:
        shown = str(error)
    else:
        shown = repr(root)
    assert shown


@given(st.decimals(allow_nan=False, allow_infinity=False, places=5, min_value=-(10**20), max_value=10**20))
def test_numbers_are_exact(number: Decimal) -> None:
    assert plain(parse_nodes(Source("f", f"a: {number:f}"))) == {"a": number}
