"""Expressions that mean harm, and a process of its own, with little memory, in which they are evaluated.

``python -m tests.expressions.hostile`` prints one JSON object a line: the case, the policy, how it ended, and its
seconds.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping

from blockwright.expressions import SyntaxProblem, parse, running
from blockwright.expressions.expression import Errors
from blockwright.failure import Failure

MEMORY = 512 << 20
"""Bytes that the process may use."""

STEPS = 200_000
"""The budget of each evaluation: what costs too little for the time it takes shows at once."""

LONG = 'string join(for i in 1..20000 return "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")'
"""A text of a million characters."""

MANY = "(for i in 1..100000 return i)"
"""A list of many items."""


def _again(what: str, **given: str) -> str:
    """Something, done very often, with values that are made once."""
    made = "".join(f"{name}: {value}, " for name, value in given.items())
    return f"{{{made}result: for round in 1..100000 return {what}}}.result"


SLOW: Mapping[str, str] = {
    "loops in loops": "for a in 1..1000000 return for b in 1..1000000 return a * b",
    "loops side by side": "count(for a in 1..1000, b in 1..1000, c in 1..1000 return 1)",
    "asking for ever": "some a in 1..1000000, b in 1..1000000 satisfies a + b < 0",
    "filters in filters": f"{MANY}[count({MANY}[item > 5]) > 1]",
    "mistakes without end": _again('"a" + round'),
    "a list in a list, again and again": _again("list contains(many, round + 0.5)", many=MANY),
    "equal lists": _again("a = b", a=MANY, b=MANY),
    "long lists made longer": _again("append(many, round)", many="for i in 1..999 return i"),
    "large objects made larger": _again(
        'context put(large, "a", round)', large="context(for i in 1..999 return {key: string(i), value: i})"
    ),
    "large objects taken apart": _again(
        "get entries(large)", large="context(for i in 1..30 return {key: string(i), value: i})"
    ),
    "sorting": f"sort({MANY}, function(a, b) modulo(a * 7919, 10007) < modulo(b * 7919, 10007))",
    "replacing by a function": _again("list replace(many, function(a, b) a = b, 1)", many=MANY),
    "types of large values": _again("many instance of list<number>", many=MANY),
    "functions with types": _again("f(many)", many=MANY, f="function(x: list<number>) 1"),
    "text of a large list": _again("string(many)", many=MANY),
    "flat lists": _again("flatten(many)", many="for i in 1..1000 return [i]"),
    "different values": _again("distinct values(many)", many=MANY),
    "the middle of many": _again("median(many)", many="for i in 1..10000 return modulo(i * 7919, 10007)"),
    "the spread of many": _again("stddev(many)", many=MANY),
    "the most frequent of many": _again("mode(many)", many=MANY),
    "the largest text": _again("max(many)", many="for i in 1..1000 return string(i)"),
    "equal long texts": _again("a = b", a=LONG, b=LONG),
    "long texts in order": _again("a < b", a=LONG, b=LONG),
    "long texts in a list": _again("a in [b]", a=LONG, b=LONG),
    "long texts as keys": _again("distinct values([a, b])", a=LONG, b=LONG),
    "capital letters": _again("upper case(a)", a=LONG),
    "parts of texts": _again("substring(a, 2)", a=LONG),
    "the end of a text": _again("ends with(a, b)", a=LONG, b=LONG),
    "texts side by side": _again("a + b", a=f"substring({LONG}, 500000)", b='"b"'),
    "numbers of long texts": _again('number(a, " ", ".")', a=LONG),
    "splitting": _again('split(a, "a")', a=LONG),
    "looking for plain text": _again('matches(a, "b")', a=LONG),
    "looking for a pattern": _again('matches(a, "(a|aa)+b")', a=LONG),
    "finding it late": _again('matches(a + "b", "[bc]")', a=f"substring({LONG}, 2)"),
    "long replacements": _again('replace("a", "a", a)', a=LONG),
    "new patterns all the time": _again('matches("a", "(a{90}){90}|" + string(round))'),
    "patterns that are too large": _again('matches("a", "(a{1000}){1000}")'),
    "patterns that are none": _again('matches("a", a + "(")', a=f"substring({LONG}, 1, 9000)"),
    "time zones that are none": _again('time("12:00:00@Nowhere/X" + string(round))'),
    "ranges as text": _again("range(a)", a=f"substring({LONG}, 1, 9000)"),
    "powers": _again("1.000000000000000000000000000000001 ** (round + 0.5)"),
    "logarithms": _again("log(round)"),
    "exponents": _again("exp(round / 1000000)"),
    "roots": _again("sqrt(round)"),
    "days": 'for a in @"0001-01-01"..@"2500-12-31" return for b in @"0001-01-01"..@"2500-12-31" return a',
    "a list of itself": "union(for i in 1..90 return [i, partial])",
    "flat lists of lists of lists": "flatten(for i in 1..90 return if i = 1 then [] else [partial[-1], partial[-1]])",
}
"""What would take very long, or very much memory, without a budget."""

LARGE: Mapping[str, str] = {
    "doubled text": '(for i in 1..60 return if i = 1 then "aa" else partial[-1] + partial[-1])[-1]',
    "doubled lists": "(for i in 1..60 return if i = 1 then [1] else concatenate(partial[-1], partial[-1]))[-1]",
    "equal lists in lists": "(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])"
    " = (for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])",
    "text of lists in lists": "string((for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1])",
    "a long range": "for i in 1..999999999 return i",
    "a range of years": 'for d in @"-999999999-01-01"..@"999999999-12-31" return d',
    "a long replacement": f'replace({LONG}, "a", {LONG})',
    "a long join": f'string join(for i in 1..100 return "a", {LONG})',
    "capital letters that are longer": f'upper case(replace({LONG}, "a", "ŉ"))',
    "a pattern that refers back": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+\\\\1$")',
}
"""What would grow without end."""

DEEP: Mapping[str, str] = {
    "a function of itself": "(function(f) f(f))(function(f) f(f))",
    "two functions of each other": "{f: function(g, h) g(h, g), r: f(f, f)}.r",
    "a function inside sorting": "{f: function(g) sort([1, 2], function(a, b) g(g)), r: f(f)}.r",
    "a function inside a filter": "{f: function(g) [1, 2][g(g)], r: f(f)}.r",
    "a function inside a loop": "{f: function(g) for x in [1] return g(g), r: f(f)}.r",
    "functions around functions": "{fs: for i in 1..20000 return if i = 1 then function(x) x else"
    " {p: partial[-1], f: function(x) p(x) + 1}.f, r: fs[-1](1)}.r",
}
"""What would go deeper without end."""

WRONG: Mapping[str, str] = {
    "an endless power": "9 ** 999999999",
    "a power past all bounds": "2 ** 1000000000",
    "squares of squares": "{s: function(x) x * x, r: s(s(s(s(s(s(s(s(s(s(s(s(s(s(s(s(12345678901))))))))))))))))}.r",
    "a large exponent": "exp(9999999999999999999999999999999999)",
    "a remainder of the largest number": "modulo(9e6144, 7)",
    "functions of other languages": 'function() external {java: {class: "java.lang.Runtime"}}',
}
"""What has no value."""

HARMLESS: Mapping[str, str] = {
    "deep objects": "(for i in 1..5000 return if i = 1 then {a: 1} else {a: partial[-1]})[-1]",
    "deep lists": "(for i in 1..5000 return if i = 1 then [] else [partial[-1]])[-1]",
    "lists in lists": "(for i in 1..60 return if i = 1 then [1] else [partial[-1], partial[-1]])[-1]",
    "numbers made to collide": "count(distinct values(for i in 1..50000 return i * 2305843009213693951))",
    "fractions made to collide": "count(distinct values(for i in 1..20000 return i * 2305843009213693951 / 10))",
    "durations made to collide": 'count(distinct values(for i in 1..20000 return @"PT0.000000000000000001S" * i))',
    "the most frequent of numbers made to collide": "count(mode(for i in 1..50000 return i * 2305843009213693951))",
    "a pattern that keeps others busy": 'matches("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", "^(a+)+$")',
    "a pattern that does nothing a lot": 'matches("a", "(?:(?:(?:(?:a{0}){1000}){1000}){1000}){1000}")',
    "a tiny power": "0.1 ** 999999999",
    "functions in functions": "function(x) " * 48 + "x",
    "objects in objects": "{a: 1, b: " * 45 + "a" + "}" * 45,
}
"""What only looks bad."""


def _outcome(text: str, errors: Errors) -> str:
    try:
        parse(text).value({}, errors)
    except SyntaxProblem:
        return "syntax"
    except Failure as failure:
        return str(failure.code)
    except BaseException as error:
        return repr(error)
    return "a value"


def _bound_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def main() -> None:
    """Evaluate every case under both policies."""
    if sys.platform != "win32":
        _bound_memory()
    running.STEPS = STEPS
    policies: tuple[Errors, ...] = ("raise", "null")
    for cases in (SLOW, LARGE, DEEP, WRONG, HARMLESS):
        for name, text in cases.items():
            for errors in policies:
                start = time.process_time()
                ended = _outcome(text, errors)
                seconds = time.process_time() - start
                print(json.dumps({"name": name, "errors": errors, "ended": ended, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main()
