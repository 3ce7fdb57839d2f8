"""Where YAML itself stops reading: what the author did there, in words that name it, and how to mend it.

Each rule knows one kind of slip and gives a ``Trouble`` or None; the first that knows the spot speaks. The parsers'
own sentences differ, so the rules look at the text, and at the words that both have in common.
"""

from __future__ import annotations

import re

from blockwright.language.source.build import Collection
from blockwright.language.source.events import Broken
from blockwright.language.source.nodes import Node
from blockwright.language.source.quoting import cut, quote_it
from blockwright.language.source.spot import QUOTED, Line, Spot, Trouble
from blockwright.language.source.text import Source
from blockwright.language.source.traps import ODD_SPACES, TAB_MEND, odd_space_name


def explain(source: Source, broken: Broken, root: Node | None, open_ones: list[Collection]) -> Trouble:
    """What the author did where YAML stopped. ``root`` and ``open_ones`` are what had been read until then."""
    spot = Spot(source, broken, root, open_ones)
    for rule in (
        _tab,
        _odd_space,
        _quotes,
        _reserved_start,
        _block_header,
        _second_colon,
        _item_beside_name,
        _no_name,
        _no_colon,
        _expression_in_brackets,
        _brackets,
        _quote_closed_late,
        _after_closing,
        _after_remark,
        _wrong_column,
        _after_end,
    ):
        trouble = rule(spot)
        if trouble is not None:
            return trouble
    message = "YAML cannot read on from here"
    return Trouble(spot.here, message, "look at the indentation, and quote text with punctuation", "unreadable-yaml")


def _tab(spot: Spot) -> Trouble | None:
    line = spot.line
    if "\t" in line.text[: max(line.lead, line.indent)]:
        tab = line.text.index("\t")
    elif line.text[spot.column : spot.column + 1] == "\t":
        tab = spot.column
    else:
        return None
    others = sum(1 for other in spot.source.lines[line.number :] if re.match(r" *\t", other))
    more = f" ({others} more {'line begins' if others == 1 else 'lines begin'} with a tab)" if others else ""
    return Trouble(
        spot.part(line, tab, tab + 1),
        "a tab stands here" if line.text[:tab].strip() else "this line is indented with a tab",
        f"{TAB_MEND}{more}",
        "tab",
        spot.put(line, tab, " ") if line.text[:tab].strip() else None,
    )


def _odd_space(spot: Spot) -> Trouble | None:
    for line in (spot.line, spot.line_before(spot.line)):
        found = line and re.match(rf"[ \t]*(?:-[ \t]*|[^:]*:)?([{ODD_SPACES}])", line.text)
        if line and found:
            blanks = re.sub(f"[{ODD_SPACES}]", " ", line.text)
            return Trouble(
                spot.part(line, found.end() - 1, found.end()),
                f"{odd_space_name(found[1])} stands here, which looks like a blank and is none",
                f"type the line anew with plain blanks: {cut(blanks.strip(), 80)}",
                "odd-space",
                spot.put(line, 0, blanks),
            )
    return None


def _quotes(spot: Spot) -> Trouble | None:
    if "quoted scalar" not in spot.context:
        return None
    line = spot.line_at(spot.start)
    column = spot.start - spot.source.index(line.number, 1)
    if "escape" in spot.problem or "hexadec" in spot.problem or "hexdec" in spot.problem:
        return _bad_escape(spot, line, column)
    mark = line.text[column : column + 1]
    line, column = _opening_line(spot, line, mark) or (line, column)
    return Trouble(
        spot.part(line, column, column + 1),
        f"the quote that opens here is never closed: there is no second {mark}",
        f"close it at the end of its text: {cut(line.text[column:].rstrip(), 80)}{mark}",
        "open-quote",
        spot.fill(line, column),
    )


def _opening_line(spot: Spot, line: Line, mark: str) -> tuple[Line, int] | None:
    """A line above whose value opens a quote that it does not close: it made the next opening quote a closing one."""
    for number in range(max(1, line.number - 50), line.number):
        above = Line(number, spot.source.line(number))
        if above.value.startswith(mark) and above.value.count(mark) == 1:
            return above, above.value_start
    return None


def _bad_escape(spot: Spot, opening: Line, column: int) -> Trouble:
    index = max(spot.source.text.rfind("\\", spot.start, spot.at + 1), spot.start)
    line = spot.line_at(index)
    back = index - spot.source.index(line.number, 1)
    whole = QUOTED.match(opening.text, column)
    inside = whole[0][1:-1] if whole else ""
    if inside and "'" not in inside and '\\"' not in inside:
        mend = f"use single quotes, in which \\ is a plain character: '{cut(inside, 80)}'"
    else:
        mend = "write \\\\ for a plain backslash"
    return Trouble(
        spot.part(line, back, min(back + 2, len(line.text))),
        'in double quotes "\\" begins an escape, and this is none that YAML knows',
        mend,
        "unknown-escape",
        spot.fill(opening, column + 1, whole.end() - 1) if whole else spot.fill(line, back, back + 2),
    )


def _reserved_start(spot: Spot) -> Trouble | None:
    begins = re.match(r"while scanning (?:an alias|an anchor|a tag|a directive)", spot.context)
    index = spot.start if begins else spot.at
    sign = spot.source.text[index : index + 1]
    line = spot.line_at(index)
    column = index - spot.source.index(line.number, 1)
    lone = sign in ("]", "}", ",") and spot.bracket is None and column in (line.lead, line.value_start)
    question = sign == "?" and "mapping keys are not allowed" in spot.problem
    reserved = sign in ("@", "`", "%", "*", "&", "!") and (begins or "cannot start" in spot.problem)
    if not (lone or question or reserved):
        return None
    if sign == "%" and column == 0:
        return _directive(spot, line)
    if sign == "*" and re.match(r"\*\s", line.text[column:]) and column == line.lead:
        item = line.value_from(column)[1:].strip()
        message = 'a list item begins with "-", not with "*"'
        repair = spot.put(line, column, "-")
        return Trouble(spot.part(line, column, column + 1), message, f"write: - {cut(item)}", "bullet", repair)
    value = line.value_from(column)
    if spot.bracket is not None:
        value = re.split(r"[,\]}]", value, maxsplit=1)[0].strip()
    return _reserved(spot, line, column, value)


def _reserved(spot: Spot, line: Line, column: int, value: str, more: str = "") -> Trouble:
    return Trouble(
        spot.part(line, column, column + 1),
        f'a text that begins with "{value[:1]}" needs quotes, because YAML keeps this sign for itself',
        quote_it(value) + more,
        "reserved-sign",
        spot.fill(line, column, column + len(value)),
    )


def _directive(spot: Spot, line: Line) -> Trouble:
    message = "a line that begins with % is an instruction to YAML, which flows do not have"
    return Trouble(spot.part(line), message, "delete this line", "yaml-directive", spot.put(line, 0, "#"))


def _block_header(spot: Spot) -> Trouble | None:
    if "block scalar" not in spot.context:
        return None
    line = spot.line_at(spot.start)
    column = spot.start - spot.source.index(line.number, 1)
    value = line.value_from(column)
    if re.fullmatch(r"[|>](?:[-+]?[1-9]?|[1-9][-+])", value):
        return None
    return _reserved(spot, line, column, value, "; or begin a text of several lines on the next line, indented")


def _second_colon(spot: Spot) -> Trouble | None:
    if "mapping values are not allowed" not in spot.problem:
        return None
    line = spot.line
    if line.colon is not None and spot.column > line.colon:
        value = line.value
        return Trouble(
            spot.part(line, spot.column, spot.column + 1),
            'a second ": " stands in one line of text',
            quote_it(value),
            "colon-in-text",
            spot.fill(line, line.value_start),
        )
    above = spot.line_before(line)
    if above is None:
        return None
    if above.colon is None:
        return _name_without_colon(spot, above)
    return Trouble(
        spot.part(line, line.lead, spot.column + 1),
        f"line {above.number} already has a value, so this line cannot stand under it",
        f"begin it in column {above.lead + 1}, under {cut(above.name)}; if it is text, begin the text above with |",
        "indentation",
    )


def _name_without_colon(spot: Spot, line: Line) -> Trouble:
    """A line where ``name: value`` was due: the blank behind the colon is missing, or the colon."""
    found = re.compile(r"([^\s:#\"'\[{][^:#]*?):(?=[^\s:/])").match(line.text, line.lead)
    if found is not None:
        rest = line.value_from(found.end())
        return Trouble(
            spot.part(line, found.end() - 1, found.end()),
            'there is no blank after this ":"',
            f"write: {cut(found[1])}: {cut(rest, 60)}",
            "colon-without-blank",
            spot.put(line, found.end(), " "),
        )
    return Trouble(
        spot.part(line),
        'this line has no ":" after its name',
        f"write: {cut(line.value)}: and its value; or, if it continues a text, begin that text with |",
        "no-colon",
        spot.put(line, line.indent, "#") if line.lead == line.indent else None,
    )


def _item_beside_name(spot: Spot) -> Trouble | None:
    if "sequence entries are not allowed" not in spot.problem:
        return None
    line = spot.line
    return Trouble(
        spot.part(line, spot.column, spot.column + 1),
        "a list cannot begin in the line of its name",
        f"put it on a line of its own, indented: {cut(line.value_from(spot.column), 60)}",
        "list-beside-name",
        spot.fill(line, line.value_start),
    )


def _no_name(spot: Spot) -> Trouble | None:
    line = spot.line
    if spot.bracket is not None or line.text[spot.column : spot.column + 1] != ":" or spot.column != line.lead:
        return None
    message, mend = 'there is no name before this ":"', "write the name, or delete the line"
    return Trouble(spot.here, message, mend, "empty-key", spot.put(line, spot.column, "x"))


def _no_colon(spot: Spot) -> Trouble | None:
    if "simple key" not in spot.context or spot.bracket is not None:
        return None
    return _name_without_colon(spot, spot.line_at(spot.start))


def _expression_in_brackets(spot: Spot) -> Trouble | None:
    line = spot.line
    if spot.bracket is None or line.text[max(0, spot.column - 1) : spot.column + 1] != "${":
        return None
    first = spot.column - 1
    while first > 0 and line.text[first - 1] not in ",[{" and line.text[first - 2 : first] != ": ":
        first -= 1
    closing = line.text.find("}", spot.column)
    after = re.compile(r"[,\]}]|$").search(line.text, closing + 1 if closing >= 0 else spot.column + 1)
    end = after.start() if after else len(line.text)
    text = line.text[first:end].strip()
    return Trouble(
        spot.part(line, spot.column - 1, max(closing + 1, spot.column + 1)),
        "inside [ ] or { }, a text with ${…} in it needs quotes",
        quote_it(text),
        "braces-in-brackets",
        spot.fill(line, first + len(line.text[first:end]) - len(line.text[first:end].lstrip()), end),
    )


def _brackets(spot: Spot) -> Trouble | None:
    """Something is wrong inside ``[…]`` or ``{…}``."""
    if spot.bracket is None or "flow" not in spot.context:
        return None
    opening = spot.line_at(spot.bracket)
    column = spot.bracket - spot.source.index(opening.number, 1)
    mark = opening.text[column]
    if spot.line.number != opening.number or spot.column >= len(spot.line.text.rstrip()):
        near = spot.line_before(spot.line)
        remark = opening.text.find(" #", column)
        if remark > 0:
            return Trouble(
                spot.part(opening, remark + 1),
                f'from " #" on, YAML takes the line for a remark, so the "{mark}" is never closed',
                f"quote the text with the #, or end the line with {_CLOSING[mark]} before it",
                "text-taken-for-remark",
                spot.fill(opening, column),
            )
        return Trouble(
            spot.part(opening, column, column + 1),
            f'the "{mark}" that opens here is never closed',
            f'write "{_CLOSING[mark]}" at its end',
            "open-bracket",
            spot.fill(opening, column) if near is None or near.number <= opening.number else None,
        )
    sign = spot.line.text[spot.column]
    if sign == ":" and spot.line.text[: spot.column].rstrip()[-1:] in ("{", "[", ","):
        message, mend, rule = 'there is no name before this ":"', "write the name, or delete the colon", "empty-key"
    elif sign == ":":
        text = re.split(r"[,\]}]", spot.line.text[_item_start(spot.line, spot.column) :], maxsplit=1)[0].strip()
        message, mend, rule = 'a second ": " stands in one text', quote_it(text), "colon-in-text"
    elif sign in "]}":
        message = f'the "{mark}" of column {column + 1} is closed by a "{sign}"'
        mend, rule = f'write "{_CLOSING[mark]}" here', "wrong-bracket"
    elif sign == ",":
        message, mend, rule = "nothing stands before this comma", "delete the comma, or write a value", "empty-item"
    else:
        message, mend, rule = "a comma is missing before this", "write a comma between two values", "missing-comma"
    return Trouble(spot.here, message, mend, rule, spot.fill(opening, column))


def _item_start(line: Line, column: int) -> int:
    """Where the value begins in which a second colon stands."""
    found = line.text.rfind(": ", 0, column)
    return max(found + 2, line.text.rfind(",", 0, column) + 1, line.text.rfind("{", 0, column) + 1)


_CLOSING = {"[": "]", "{": "}"}
_BRACES = re.compile(r"(?<!\$)\{{1,2}\s*([^{}:,\s]+(?: [^{}:,\s]+)*)\s*\}{1,2}")


def _after_closing(spot: Spot) -> Trouble | None:
    """Text goes on behind a closing quote or bracket: ``"user" is missing``."""
    line = spot.line
    value = line.value
    if value[:1] in ("*", "&", "!") and line.value_start < spot.column:
        return _reserved(spot, line, line.value_start, value)
    closed = QUOTED.match(value)
    if not line.value_start + (closed.end() if closed else 1) <= spot.column < line.value_start + len(value):
        return None
    if value[:1] in ("[", "{"):
        fixed = _BRACES.sub(r"${\1}", value)
        mend = f"write: {fixed}" if fixed.startswith("$") and _is_plain(fixed) else quote_it(fixed)
        what, rule = "bracket", "text-after-bracket"
    elif closed:
        inside = value[1:-1] if value[-1] == value[0] else value
        apostrophe = value[0] == "'" and value[-1] == "'" and "'" in inside
        mend = quote_it(inside if apostrophe else value)
        what, rule = "quote", "text-after-quote"
    else:
        return None
    return Trouble(
        spot.part(line, spot.column, line.value_start + len(value)),
        f"text goes on here behind the closing {what}",
        mend,
        rule,
        spot.fill(line, line.value_start, line.value_start + len(value)),
    )


def _is_plain(text: str) -> bool:
    return not re.search(r":\s|:$|\s#", text)


def _quote_closed_late(spot: Spot) -> Trouble | None:
    """A quote that was not closed took the opening quote of a later text for its end."""
    scalar = spot.last_scalar
    if scalar is None or scalar.style not in ("single", "double") or scalar.span.line == scalar.span.end_line:
        return None
    span = scalar.span
    if spot.source.text[spot.source.index(*span[2:]) : spot.at].strip():
        return None
    opening = spot.line_at(spot.source.index(span.line, span.column))
    return Trouble(
        spot.part(opening, span.column - 1, span.column),
        f"the quote that opens here is closed only in line {span.end_line}",
        f"close it at the end of its text: {cut(opening.text[span.column - 1 :].rstrip(), 80)}"
        f"{opening.text[span.column - 1]}",
        "open-quote",
        spot.fill(opening, span.column - 1),
    )


def _after_remark(spot: Spot) -> Trouble | None:
    """A text that goes on in the next line, behind what YAML takes for a remark."""
    above = spot.line_before(spot.line)
    if above is None or spot.line.colon is not None or spot.line.indent <= above.indent or spot.line.value[:1] == "-":
        return None
    found = re.search(r"(?<=\S)[ \t]+#", above.text)
    if found is None:
        return None
    return Trouble(
        spot.part(above, found.end() - 1),
        'from " #" on, YAML takes the line for a remark, so the next line continues nothing',
        f"{quote_it(above.text[above.value_start :].rstrip())}, or begin a text of several lines with |",
        "text-taken-for-remark",
    )


def _wrong_column(spot: Spot) -> Trouble | None:
    """The line begins where nothing above begins, or is not of the kind that stands there."""
    line = spot.line
    columns = [one.span.column - 1 for one in spot.open_ones if spot.bracket is None]
    if not columns or "block" not in spot.context or spot.column != line.indent:
        return None
    is_item = line.text[line.indent :].startswith("-")
    if line.indent in columns:
        if is_item:
            message = "a list item stands here among names and their values"
            mend = "indent it under the name it belongs to"
        elif line.colon is None:
            return _name_without_colon(spot, line)
        else:
            message = 'this line stands among list items and does not begin with "-"'
            mend = "begin it with a dash and a blank, or indent it so that it belongs to the item above"
        return Trouble(spot.part(line), message, mend, "indentation")
    above = spot.line_before(line)
    if above is not None:
        columns.append(above.indent)
    nearest = sorted(set(columns), key=lambda column: abs(column - line.indent))[:2]
    choice = " or ".join(str(column + 1) for column in sorted(nearest))
    return Trouble(
        spot.part(line),
        f"this line begins in column {line.indent + 1}, where nothing above it begins",
        f"begin it in column {choice}",
        "indentation",
    )


def _after_end(spot: Spot) -> Trouble | None:
    """What was read so far is a whole document, and the line is not part of it."""
    if "document start" not in spot.problem:
        return None
    above = spot.line_before(spot.line)
    if above is not None and above.text.startswith("%"):
        return _directive(spot, above)
    return Trouble(
        spot.part(spot.line),
        "this line does not belong to what stands above it",
        "look at the lines above: each begins a list item with a dash, or has a name and a colon",
        "indentation",
    )
