"""What an author probably meant where the text is not FEEL: one sentence and a mend for the common slips."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from blockwright.expressions.names import WORD, Names
from blockwright.expressions.problems import SyntaxProblem, UnknownName
from blockwright.expressions.tokenizer import END, KEYWORDS, SIDE_BY_SIDE, Mode, Tokenizer


def explain(tokens: Tokenizer, mode: Mode, values: Sequence[object]) -> SyntaxProblem:
    """The problem of a token that cannot stand where it does."""
    if tokens.unknown and mode == Mode.AFTER and tokens.kind == "WORD":
        tokens.unknown.pop()
    elif tokens.unknown and not any(value == "[" for value in values):
        return unknown_name(tokens.names, *tokens.unknown[0])
    return (
        _slip(tokens)
        or (_at_end(tokens, mode, values) if tokens.kind == END else None)
        or (_after_operand(tokens, values) if mode == Mode.AFTER else None)
        or _misplaced(tokens, mode, values)
    )


def unknown_name(names: Names, name: str, start: int, end: int, *, called: bool = False) -> UnknownName:
    """What to say of a name that nobody knows."""
    what = "function" if called else "name"
    if name in _FOREIGN:
        return UnknownName(name, f"`{name}` is not a word of this language", start, end, f"write `{_FOREIGN[name]}`")
    near = names.nearest(name)
    mend = f"did you mean `{near}`?" if near else None
    first = name.split()[0]
    if near is None and first == "not":
        mend = "write `not(…)`, with brackets"
    if near is None and " " in name and first in names:
        mend = f"`{first}` is known; is an operator missing after it?"
    return UnknownName(name, f"there is no {what} `{name}` here", start, end, mend)


_FOREIGN = {
    **dict.fromkeys(("None", "nil", "undefined", "NULL", "Null"), "null"),
    **dict.fromkeys(("True", "TRUE"), "true"),
    **dict.fromkeys(("False", "FALSE"), "false"),
}


@dataclass(frozen=True, slots=True)
class _Slip:
    pattern: re.Pattern[str]
    message: str
    mend: str


def _slip(tokens: Tokenizer) -> SyntaxProblem | None:
    for slip in _SLIPS:
        # One sign earlier, too: in `a == b` the second sign is what the parser stumbles over.
        for start in (tokens.start, tokens.before - 1):
            match = slip.pattern.match(tokens.text, max(start, 0))
            if match and match.end() > tokens.start:
                return SyntaxProblem(slip.message, match.start(), match.end(), match.expand(slip.mend))
    return None


def _slips(*rows: tuple[str, str, str]) -> list[_Slip]:
    return [_Slip(re.compile(pattern), message, mend) for pattern, message, mend in rows]


_SLIPS = _slips(
    (r"===?", "two equals signs are not needed", "write one: `=`"),
    (r"!==", "one sign too many", "write `!=`"),
    (r"=>", "`=>` is not an operator", "write `>=` for “at least”"),
    (r"=<", "`=<` is not an operator", "write `<=` for “at most”"),
    (r"<>", "`<>` is not an operator", "write `!=` for “is not”"),
    (r":=", "`:=` is not an operator", "write `=` to compare"),
    (r"&&?", "`&` is not an operator", "write `and`, or `+` to join texts"),
    (r"\|\|?", "`|` is not an operator", "write `or`"),
    (rf"!\s*({WORD})", "`!` is not an operator", r"write `not(\1)`"),
    (r"!", "`!` is not an operator", "write `not(…)`"),
    (r"'([^'\"\n]*)'", "texts stand in double quotes", r'write `"\1"`'),
    (r"'", "texts stand in double quotes", 'write `"…"`'),
    (r"[“”„‟]([^“”„‟\"\n]*)[“”„‟]", "texts stand in straight quotes", r'write `"\1"`'),
    (r"[“”„‟‘’]", "texts stand in straight quotes", 'write `"…"`'),
    (r"`([^`\n]*)`", "a name stands without quotes", r"write `\1`"),
    (r"\$\{([^}]*)\}", "inside an expression a name stands alone", r"write `\1`"),
    (r"\$", "`$` has no meaning here", "leave it out"),
    (r"\{\{\s*([^}]*?)\s*\}\}", "inside an expression a name stands alone", r"write `\1`"),
    (r"%", "`%` is not an operator", "write `modulo(a, b)` for a remainder, `/ 100` for percent"),
    (r"\^", "`^` is not an operator", "write `**` for a power"),
    (r";", "an expression has no `;`", "leave it out"),
    (r"/\*", "the remark is not closed", "close it with `*/`"),
    (r'@\s*"', "the text is not closed", 'close it with `"`'),
    (r'"', "the text is not closed", 'close it with `"`'),
    (r"\+\+|--", "there is no `++` or `--`", "write `+ 1` or `- 1`"),
    (r"\+=|-=|\*=|/=", "an expression changes nothing", "use the step `set` to change a variable"),
    (r"~", "`~` is not an operator", "use `matches(text, pattern)` for patterns"),
    (r"#", "`#` has no meaning here", "a remark is written `// …` or `/* … */`"),
)


def _at_end(tokens: Tokenizer, mode: Mode, values: Sequence[object]) -> SyntaxProblem:
    if not values:
        return SyntaxProblem(
            "the expression is empty", 0, len(tokens.text), "write a value, a name or a calculation after `=`"
        )
    last = values[-1]
    at = (tokens.before - 1, tokens.before) if tokens.before else (0, 0)
    if mode == Mode.AFTER or last in ("(", "[", "{", ","):
        part = _missing_part(values)
        if part is not None:
            return SyntaxProblem(*part[:1], *at, part[1])
    if isinstance(last, str) and last in _CLOSERS:
        return SyntaxProblem(f"`{last}` is not closed", *at, f"add `{_CLOSERS[last]}`")
    if isinstance(last, str):
        return SyntaxProblem(f"something is missing after `{last}`", tokens.before - len(last), tokens.before)
    return SyntaxProblem("the expression breaks off here", *at)


_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_PHRASES = {
    "if": (("then", "else"), "if … then … else …"),
    "for": (("in", "return"), "for … in … return …"),
    "some": (("in", "satisfies"), "some … in … satisfies …"),
    "every": (("in", "satisfies"), "every … in … satisfies …"),
    "between": (("and",), "… between … and …"),
}


def _missing_part(values: Sequence[object]) -> tuple[str, str] | None:
    """What the innermost open bracket or phrase still needs: a sentence and a mend."""
    seen: set[object] = set()
    for value in reversed(values):
        if not isinstance(value, str):
            continue
        if value in _CLOSERS:
            return f"`{value}` is not closed", f"add `{_CLOSERS[value]}`"
        if value in _PHRASES:
            words, phrase = _PHRASES[value]
            missing = next((word for word in words if word not in seen), None)
            if missing is not None:
                return f"`{missing}` is missing after `{value}`", f"write `{phrase}`"
        seen.add(value)
    return None


def _after_operand(tokens: Tokenizer, values: Sequence[object]) -> SyntaxProblem:
    """Something follows an operand that cannot: most often an operator is missing, or a name is misspelt."""
    text, start, end = tokens.text, tokens.start, tokens.end
    if tokens.kind == "WORD" and (slip := _infix(tokens)):
        return slip
    if tokens.kind in ("WORD", "NUMBER", "TEXT", "AT_TEXT") or tokens.kind in KEYWORDS - {"then", "else"}:
        before = _words_before(text, tokens.before)
        if tokens.kind == "WORD" and before is not None:
            match = SIDE_BY_SIDE.match(text, start)
            assert match is not None
            both = " ".join(text[before : match.end()].split())
            near = tokens.names.nearest(both)
            if near is not None or match[0] not in tokens.names:
                return unknown_name(tokens.names, both, before, match.end())
        return SyntaxProblem(
            f"an operator is missing before `{_shortened(text[start:end])}`",
            start,
            end,
            "write, for example, `+`, `=` or `and` between the two",
        )
    return _misplaced(tokens, Mode.AFTER, values)


def _words_before(text: str, end: int) -> int | None:
    """Where the words that end at ``end`` begin, if there are any."""
    match = re.search(rf"{WORD}(?:\s+{WORD})*$", text[max(0, end - 200) : end])
    if match is None:
        return None
    words = match[0]
    start = max(0, end - 200) + match.start()
    for keyword in re.finditer(r"\w+\s*", words):
        if keyword[0].strip() in KEYWORDS:
            start = max(0, end - 200) + match.start() + keyword.end()
    return start if start < end else None


def _infix(tokens: Tokenizer) -> SyntaxProblem | None:
    for slip in _INFIX:
        if match := slip.pattern.match(tokens.text, tokens.start):
            return SyntaxProblem(slip.message, match.start(), match.end(), slip.mend)
    match = SIDE_BY_SIDE.match(tokens.text, tokens.start)
    name = tokens.names.words.longest(tokens.text, tokens.start)
    if match and name and name[0] not in tokens.names.known:
        return SyntaxProblem(
            f"`{name[0]}` is a function and stands before its brackets",
            tokens.start,
            name[1],
            f"write `{name[0]}(…, …)`",
        )
    return None


_INFIX = _slips(
    (r"is\s+not\s+(?:None|null|nil)\b", "`is not` is not an operator", "write `!= null`"),
    (r"is\s+(?:None|null|nil)\b", "`is` is not an operator", "write `= null`"),
    (r"is\s+not\s+empty\b", "`is not empty` is not an operator", 'write `!= ""` for texts, `count(…) > 0` for lists'),
    (r"is\s+empty\b", "`is empty` is not an operator", 'write `= ""` for texts, `count(…) = 0` for lists'),
    (r"is\s+not\b", "`is not` is not an operator", "write `!=`"),
    (r"(?:is|equals|eq)\b", "equality is written with a sign", "write `=`"),
    (r"not\s+in\b", "`not in` is not an operator", "write `not(… in …)`"),
    (r"not\b", "`not` stands before what it turns round", "write `not(…)`"),
    (r"(?:mod|modulo)\b", "there is no operator for the remainder", "write `modulo(a, b)`"),
    (r"AND\b", "keywords are written small", "write `and`"),
    (r"OR\b", "keywords are written small", "write `or`"),
)


def _misplaced(tokens: Tokenizer, mode: Mode, values: Sequence[object]) -> SyntaxProblem:
    sign = _shortened(tokens.text[tokens.start : tokens.end])
    at = tokens.start, tokens.end
    last = values[-1] if values and isinstance(values[-1], str) else None
    if tokens.kind in (")", "]", "}") and (mode == Mode.AFTER or last is None):
        opener = next((value for value in reversed(values) if value in ("(", "[", "{")), None)
        if opener is None:
            return SyntaxProblem(f"`{sign}` closes nothing", *at, "leave it out")
        return SyntaxProblem(
            f"`{sign}` stands where `{opener}` is still open", *at, f"close it with `{_CLOSERS[str(opener)]}`"
        )
    if mode == Mode.MEMBER:
        return SyntaxProblem("a name is missing after the dot", *at)
    if mode == Mode.BIND:
        return SyntaxProblem(f"a new name is missing after `{last}`", *at, "names are words, such as `item` or `user`")
    if mode == Mode.KEY:
        return SyntaxProblem(
            "an entry of an object is written as a name, a colon and a value", *at, "write `{name: value}`"
        )
    part = _missing_part(values)
    if part is not None and mode == Mode.AFTER:
        return SyntaxProblem(part[0], *at, part[1])
    if mode in (Mode.OPERAND, Mode.ARGUMENT) and last is not None:
        return SyntaxProblem(f"something is missing between `{last}` and `{sign}`", *at)
    return SyntaxProblem(f"`{sign}` cannot stand here", *at)


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
