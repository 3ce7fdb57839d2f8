"""The words of the page; ``<<…>>`` is where page.py puts what the code knows."""

WORDS = r"""# Expressions

<!-- Made by `python -m blockwright.expressions.reference`. Change the words in that package, not here. -->

An expression works out a value: a price with tax, whether somebody is of age, the orders that are still open. This page
says what you can write. No programming is needed; if you have used formulas in a spreadsheet, you know most of it.

Expressions are written in **FEEL**, the Friendly Enough Expression Language of the DMN standard (version 1.5).

## Where expressions stand

In a flow, a value that begins with `=` is an expression, and `${…}` puts the value of an expression into a text, where
it must not be null. To write the sign `${` itself, write `$${`.

```yaml
flow: say what an order costs
inputs:
  price: number
  first-name: text
steps:
  - set:
      total: = price * 1.19
  - if: = total > 100
    then:
      - return: Dear ${first-name}, we send it for free
  - return: Dear ${first-name}, that makes ${total + 4.90} with postage
```

On this page an arrow leads from an expression to its value. The examples use these names:

<<scope>>

You can try any of them on the command line:

```text
blockwright expr "price * quantity" -v price=12.50 -v quantity=4
```

## Names

A name may have several words, with spaces between them, and hyphens: `tax rate`, `user identity`, `first-name`. Write
it as it was given; capital letters count. Where several names would fit, the longest one that is known is meant.

A minus sign between two names needs spaces around it where it could be taken for a hyphen.

```feel
price * (1 + tax rate) → 14.875
first-name → "Alice"
quantity - 1 → 3
```

Words with a meaning of their own (`if`, `then`, `else`, `for`, `in`, `return`, `some`, `every`, `and`, `or`, `true`,
`false`, `null` and a few more) are no good names, though they may be part of one: `in stock` and `date of birth` are
fine.

## Values

**Numbers** are exact, as on paper: 34 digits, and no surprises in the cents. There is no difference between `2` and
`2.0`.

```feel
0.1 + 0.2 → 0.3
2 = 2.0 → true
1e3 → 1000
```

**Text** stands in double quotes. Inside, `\"` is a quote, `\n` a new line, `\\` a backslash, `\u00e9` a character by
its Unicode number. A backslash before anything else is just a backslash.

```feel
"He said \"yes\"" → "He said \"yes\""
string length("Zoë 🐎") → 5
```

**Yes and no** are `true` and `false`. A third answer, `null`, says that nothing is known.

**Dates, times and durations** stand in quotes after an `@`, in the form of ISO 8601: the year first. A time may have an
offset from UTC or the name of a time zone. There are two kinds of duration, because months are of different lengths:
years and months, and days, hours, minutes and seconds.

```feel
@"2026-01-31" + @"P1M" → @"2026-02-28"
@"2026-03-01" - @"2026-02-01" → @"P28D"
@"10:30:00" + @"PT45M" → @"11:15:00"
@"2026-03-29T01:30:00@Europe/Berlin" + @"PT1H" → @"2026-03-29T03:30:00@Europe/Berlin"
date(2026, 1, 31) = @"2026-01-31" → true
```

**Lists** stand in square brackets, **objects** (FEEL calls them contexts) in braces. An entry of an object may use the
entries before it. A dot leads to an entry; the dot of a list of objects leads to that entry of each of them.

```feel
[1, "two", [3]] → [1, "two", [3]]
{net: 100, tax: net * 0.19}.tax → 19
orders[1].product → "tea"
orders.product → ["tea", "pot"]
```

**Ranges** go from one value to another: `[` and `]` include the end, `(` and `)` do not. A range may have one end only.

```feel
10 in [1..10] → true
10 in [1..10) → false
@"2026-02-01" in [@"2026-01-01"..@"2026-12-31"] → true
15 in (> 10) → true
```

Values have these parts, behind a dot:

<<parts>>

```feel
due.year → 2026
@"PT90M".minutes → 30
[1..10].end → 10
```

## When nothing is there

What is not there is `null`: an entry that an object does not have, a position past the end of a list, an optional input
that was left out. Calculations with null give null, and so do comparisons; only `= null` and `!= null` ask for it.

```feel
nickname = null → true
nickname + "!" → null
orders[7] → null
if nickname = null then first-name else nickname → "Alice"
```

## Decisions

`if … then … else …` takes one of two values. The `else` may not be left out. The condition must be yes or no: in a
flow, a null there is a mistake.

```feel
if price > 10 then "dear" else "cheap" → "dear"
if quantity = 0 then "none" else if quantity = 1 then "one" else "many" → "many"
not(price > 10) → false
```

## Picking from lists

A number in square brackets picks one item: the first is 1, the last is -1. A condition picks all items for which it
holds. In the condition, `item` is the item itself; where items are objects, their entries are known by their names.

```feel
numbers[1] → 3
numbers[-1] → 2
numbers[item > 1] → [3, 2]
orders[price > 10] → [{product: "pot", price: 30}]
orders[price > 10].product → ["pot"]
count(orders[item.price < 10]) → 1
```

## Going through lists

`for … in … return …` makes a new list, with one value for each item. Several lists, separated by commas, are combined.
`1..5` counts. `partial` is the list of the results so far.

`some … satisfies …` and `every … satisfies …` ask whether a condition holds for at least one item, or for all of them.

```feel
for order in orders return order.price * 2 → [8, 60]
for x in 1..3, y in [10, 20] return x * y → [10, 20, 20, 40, 30, 60]
for i in 0..5 return if i < 2 then 1 else partial[-1] + partial[-2] → [1, 1, 2, 3, 5, 8]
some order in orders satisfies order.price > 10 → true
every order in orders satisfies order.price > 10 → false
```

## Functions of your own

`function(…)` makes a function, which can be given to another one or kept in an object. The inputs of any function can
be given by their names, in any order.

```feel
sort(numbers, function(a, b) a > b) → [3, 2, 1]
{double: function(x) x * 2, result: double(double(3))}.result → 12
substring(start position: 2, string: "abc") → "bc"
```

## Remarks

What stands after `//`, up to the end of the line, and what stands between `/*` and `*/`, is a remark.

```feel
price * 2 /* for two */ → 25
```

## When something is wrong

**In flows** a mistake is a failure with the code `bad value`, which `if it fails:` can handle. It says what is wrong,
and where. What can be known beforehand is found when the flow is checked, before it ever runs.

**In the standard's way**, which `evaluate(…, errors="null")` follows, the value of a mistake is null, and a warning
says what was wrong. Both ways give the same wherever nothing is wrong.

<<mistakes>>

## Limits

Expressions may be written by anybody, so what one can take is bounded. An expression that is too long or too deep is
refused before it runs. A value that grows too large is a failure with the code `too big`, one that takes too much work
`too many steps`, and functions that call one another without end `too deep`, in both ways. In a flow, the steps of all
expressions of a run are counted together, up to the run's own limit.

<<limits>>

Patterns are matched in time that grows no faster than the text, so there is no pattern that never ends. Only what
refers back to an earlier group (`\1`) needs trying out, and is stopped when it takes too long.

Nothing but values can be reached from an expression: no file, no network, nothing of Python.

## Operators

From those that bind the loosest to the tightest: `or`, `and`, comparisons (`between` and `in` among them), `+` and `-`,
`*` and `/`, `**`, the minus sign, `instance of`, and then the dot, square brackets and calls. Round brackets change the
order.

```feel
2 + 3 * 4 → 14
(2 + 3) * 4 → 20
-2 ** 2 → 4
```
<<operators>>

## Functions

Each function is shown with the names and types of its inputs. Where a list is asked for, a single value counts as a
list of itself. Where an input is null whose type has no null, the result is null.
<<functions>>

## From Python

`evaluate` reads and evaluates; `parse` reads once, to evaluate often.

```python
from decimal import Decimal

from blockwright import Failure
from blockwright.expressions import SyntaxProblem, evaluate, parse

assert evaluate("price * (1 + tax rate)", {"price": 100, "tax rate": 0.19}) == 119
assert evaluate("0.1 + 0.2") == Decimal("0.3")

total = parse("sum(orders.price)", ["orders"])
assert total.evaluate({"orders": [{"price": 4}, {"price": 30}]}) == 34

try:
    total.evaluate({"orders": [{"price": "4"}]})
except Failure as failure:
    assert failure.code == "bad value" and failure.place.column == 1

try:
    parse("total + ", ["total"])
except SyntaxProblem as problem:
    assert problem.message == "something is missing after `+`" and problem.start == 6

value, warnings = parse("1 + true").evaluate_with_warnings()
assert value is None and warnings
```

Python's values go in and come out.

| value | goes in as | comes out as |
|---|---|---|
| null, yes or no, text | `None`, `bool`, `str` | the same |
| number | `int`, `Decimal`, or `float` by its shortest text | `int` where it is whole, else `Decimal` |
| date, time, date and time | `date`, `time`, `datetime` | the same; past their limits `Date`, `Time`, `DateTime` |
| days and time duration | `timedelta` | `timedelta`; past its limits `DaysDuration` |
| list | `list` or `tuple` | `list` |
| object | `dict` whose keys are texts | `dict` |
| years and months duration, range, function | `YearsDuration`, `Range`, `Function` | the same |

The types without a home in Python are those of `blockwright.expressions.values`, which also has `to_text`, the text of
any value. What comes out is a copy, so to change it changes nothing that went in. A value of any other Python type is
`bad value`; only what an expression does not look at, such as an entry that it never reads, may go unseen.
"""
