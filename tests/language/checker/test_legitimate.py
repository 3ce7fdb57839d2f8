"""Flows that are right have no finding, not even a warning: one of every shape that authors write."""

from __future__ import annotations

from pathlib import Path

import pytest

from blockwright import Runtime
from tests.language.checking import findings

ROOT = Path(__file__).parents[3]

FLOWS = {
    "retry by hand": """\
flow: ask until somebody answers
inputs: {question: text, most: {type: number, default: 3}}
steps:
  - set: {tries: 0, answer: null}
  - while: = answer = null and tries < most
    do:
      - set: {tries: = tries + 1}
      - ask: {question: = question}
        save as: answer
        if it fails:
          not now: [log: 'try ${tries} did not work']
          3102, 3104: [fail again]
  - if: = answer = null
    then: [fail: {code: no answer, message: 'nobody answered after ${tries} tries'}]
  - return: = answer
""",
    "collect what failed": """\
flow: ask everybody
inputs: {people: list of text}
steps:
  - set: {not sent: [], answers: {}}
  - for each: person
    in: = people
    do:
      - try:
          - ask: {question: '${person}, are you there?'}
            save as: answer
          - set: {answers: '= context put(answers, person, answer)'}
        if it fails:
          anything else:
            - set: {not sent: '= append(not sent, {person: person, code: failure.code, why: failure.message})'}
  - return: {answers: = answers, not sent: = not sent}
""",
    "search with a flag": """\
flow: find the first even number
inputs: {numbers: list of number}
steps:
  - set: {found: no one}
  - for each: number
    in: = numbers
    do:
      - if: = modulo(number, 2) != 0
        then: [next round]
      - set: {found: = number}
      - stop loop
  - return: = found
""",
    "set in every branch": """\
flow: name a number
inputs: {n: number}
steps:
  - choose:
      - when: = n < 0
        do: [set: {sign: below}]
      - when: = n = 0
        do: [return: nothing]
    otherwise:
      - set: {sign: above}
  - return: ${sign} zero
""",
    "set after an endless loop": """\
flow: wait for an answer
steps:
  - while: true
    do:
      - ask: {question: ready?}
        save as: answer
      - if: = answer = "yes"
        then:
          - set: {result: = answer}
          - stop loop
  - return: = result
""",
    "always tidies up": """\
flow: paint and tidy up
steps:
  - set: {painted: false}
  - try:
      - paint: {colour: red}
      - set: {painted: true}
      - return: painted
    if it fails:
      unexpected: [log: 'it went wrong: ${failure.message}']
    always:
      - if: = painted
        then: [tell: {message: all is red}]
        else: [tell: {message: nothing is red}]
      - repeat: 2
        do:
          - do it:
            if it fails: {unexpected: [stop loop]}
  - return: not painted
""",
    "handlers in handlers": """\
flow: ask twice
steps:
  - ask: {question: one}
    save as: answer
    if it fails:
      3102:
        - ask: {question: two}
          save as: answer
          if it fails:
            3104: [return: 'second: ${failure.code}']
            anything else:
              - fail: {code: twice, message: '${failure.message}', details: {first: = failure.details}}
      anything else:
        - fail again
  - return: = answer
""",
    "a function that calls itself": """\
flow: sum of a tree
inputs: {tree: object}
steps:
  - sum of: {node: = tree}
    save as: total
  - return: = total
functions:
  sum of:
    inputs: {node: object}
    steps:
      - set: {total: = node.value}
      - if: = node.children != null
        then:
          - for each: child
            in: = node.children
            do:
              - sum of: {node: = child}
                save as: part
              - set: {total: = total + part}
      - return: = total
""",
    "types that widen": """\
flow: clean a value
inputs: {value: anything, fallback: 'text, optional'}
steps:
  - if: = value = null
    then: [set: {value: = fallback}]
  - set: {shown: = string(value)}
  - set: {shown: = if shown = null then "nothing" else shown}
  - return: = upper case(shown)
""",
    "a chain of optional things": """\
flow: read a profile
inputs: {identity: text or number}
steps:
  - look up: {identity: = identity}
    save as: person
  - set: {friends: '= for friend in person.friends return upper case(friend)'}
  - return: {name: = person.name, grown up: = person.age >= 18, friends: = friends, first: '= friends[1]'}
""",
    "texts of all kinds": """\
flow: write a letter
inputs: {name: text, due: date}
steps:
  - set:
      subject: 'Re: your order # 12'
      body: |
        Dear ${name},

        - it is due on ${due}; costs: $5
        - say "yes" or {no}, or $${nothing}
      number: 0123
      time: 12:30
  - log: >
      ${subject}: ${body}
      at ${time}
  - return: ${number} ${string length(body)}
""",
    "filters and names of entries": """\
flow: pick the big ones
inputs: {orders: list of object, least: number}
steps:
  - set: {big: '= orders[price > least and item.price != null]'}
  - set: {price: '= sum(for order in big return order.price)'}
  - return: {price: = price, count: = count(big)}
""",
    "names with words of the expressions": """\
flow: names of all kinds
inputs: {date of birth: date, not sent: list of text, log in: text, user's age: number}
steps:
  - set: {in stock: = count(not sent) > 0, return code: 7, e-mail: = log in}
  - if: = in stock and user's age > 18 and date of birth < date("2020-01-01")
    then: [return: '${e-mail} ${return code}']
  - return: = if in stock then e-mail else log in
""",
    "count down and up": """\
flow: count down and up
inputs: {top: number}
steps:
  - set: {sum: 0}
  - count: n
    from: = top
    to: 1
    by: -1
    do: [set: {sum: = sum + n}]
  - count: n
    from: 0.5
    to: = top / 2
    by: 0.25
    do: [set: {sum: = sum + n}]
  - until: = sum < 10
    do: [set: {sum: = sum / 2}]
  - return: = sum
""",
    "remarks and skipped steps": """\
flow: half finished  # a remark
about: Not all of it runs yet.
inputs: {later: text}
steps:
  - note: this comes first
    log: begins
  - ask: {question: = later}
    save as: unused so far
    skip: true
    retry: {more tries: 3}
  - wait: 3 seconds
    skip: yes
  - return: done
""",
    "a failure with all it may have": """\
flow: fail with details
inputs: {code: number, message: text}
steps:
  - fail: {code: = code, message: = message, details: {list: [1, two, = code], none: null}}
    if it fails:
      404: ignore
      bad value: [return: not a code]
      anything else: [fail again]
  - return: never mind
""",
    "a test of each kind": """\
flow: tested
inputs: {name: {type: text, example: alice, default: bob, choices: [alice, bob]}}
steps:
  - log: hello ${name}
  - if: = name = "bob"
    then: [fail: {code: 7, message: no}]
  - return: = name
tests:
  - it: says hello
    given: {users: [{email: a@b.c}], settings: {appName: Test}}
    with: {name: alice}
    expect: {returns: alice, log: [hello alice], emails to: []}
  - it: fails for bob
    expect: {fails: 7}
""",
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_flow_that_is_right_has_no_finding(name: str) -> None:
    assert findings(FLOWS[name]) == ()


@pytest.mark.parametrize("path", sorted((ROOT / "flows").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_flows_that_come_along_have_no_finding(path: Path) -> None:
    assert Runtime().check(path).warnings == ()
