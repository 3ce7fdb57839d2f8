"""The slips that show in the text itself: signs and words of other languages, with what FEEL writes instead."""

from __future__ import annotations

import re
from typing import NamedTuple

from blockwright.expressions.names import WORD


class Slip(NamedTuple):
    """What an author wrote, what to say about it, and the mend (in which ``\\1`` is what a group matched)."""

    pattern: re.Pattern[str]
    message: str
    mend: str


def _slips(*rows: tuple[str, str, str]) -> list[Slip]:
    return [Slip(re.compile(pattern), message, mend) for pattern, message, mend in rows]


SIGNS = _slips(
    (r"!==", "one sign too many", "write `!=`"),
    (r"===?", "two equals signs are not needed", "write one: `=`"),
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
    (r"\$\{([^}\n]*)\}", "inside an expression a name stands alone", r"write `\1`"),
    (r"\$", "`$` has no meaning here", "leave it out"),
    (r"\{\{\s*([^}\n]*?)\s*\}\}", "inside an expression a name stands alone", r"write `\1`"),
    (r"%", "`%` is not an operator", "write `modulo(a, b)` for a remainder, `/ 100` for percent"),
    (r"\^", "`^` is not an operator", "write `**` for a power"),
    (r";", "an expression has no `;`", "leave it out"),
    (r"/\*", "the remark is not closed", "close it with `*/`"),
    (r"[-+*/]=", "an expression changes nothing", "use the step `set` to change a variable"),
    (r"\+\+|--", "there is no `++` or `--`", "write `+ 1` or `- 1`"),
    (r'@?"(?:[^"\\]|\\[\s\S])*+\\?\Z', "the text is not closed", 'close it with `"`'),
    (r"@", "`@` stands before a date, a time or a duration", 'write, for example, `@"2026-01-31"`'),
    (r"~", "`~` is not an operator", "use `matches(text, pattern)` for patterns"),
    (r"#", "`#` has no meaning here", "a remark is written `// …` or `/* … */`"),
)

INFIX = _slips(
    (r"is\s+not\s+(?:None|null|nil)\b", "`is not` is not an operator", "write `!= null`"),
    (r"is\s+(?:None|null|nil)\b", "`is` is not an operator", "write `= null`"),
    (r"is\s+not\s+empty\b", "`is not empty` is not an operator", 'write `!= ""` for texts, `count(…) > 0` for lists'),
    (r"is\s+empty\b", "`is empty` is not an operator", 'write `= ""` for texts, `count(…) = 0` for lists'),
    (r"is\s+not\b", "`is not` is not an operator", "write `!=`"),
    (r"(?:is|equals|eq)\b", "equality is written with a sign", "write `=`"),
    (r"not\s+in\b", "`not in` is not an operator", "write `not(… in …)`"),
    (r"not\b", "`not` stands before brackets", "write `not(…)`"),
    (r"mod(?:ulo)?\b", "there is no operator for the remainder", "write `modulo(a, b)`"),
    (r"AND\b", "keywords are written small", "write `and`"),
    (r"OR\b", "keywords are written small", "write `or`"),
)
