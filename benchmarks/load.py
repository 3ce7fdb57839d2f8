"""Loading a flow of 1,000 steps, checked, against PyYAML's CSafeLoader alone on the same text."""

from __future__ import annotations

import yaml

from benchmarks.measure import ratio, report
from blockwright import Runtime

STEPS = 1000

HEAD = """\
flow: resend to many
about: A flow for measuring.

inputs:
  user identity:
    type: text or number
    about: The value of the identity column.
  limit: number

steps:
"""

STEP = """\
  - resend confirmation email:
      user identity: = user identity
    note: asked for by hand, step {n}
    if it fails:
      3102:
        - set: {{answer {n}: "${{user identity}} has already confirmed the address"}}
      3103, 3104:
        - if: = limit > {n} and failure.code = 3103
          then:
            - fail: {{code: 3103, message: Turn on the option first}}
      anything else:
        - log: step {n} failed with ${{failure.code}}, and the run goes on
  - set: {{total {n}: = limit * 2 + {n}}}
"""


def flow_text(steps: int) -> str:
    """A flow of so many calls, thirteen lines each."""
    return HEAD + "".join(STEP.format(n=number) for number in range(1, steps + 1))


def main() -> None:
    text = flow_text(STEPS)
    runtime = Runtime(users="memory:", mail="memory:")
    rival = lambda: yaml.load(text, yaml.CSafeLoader)  # noqa: E731
    load = lambda: runtime.load_text(text)  # noqa: E731
    report(f"load and check {text.count(chr(10))} lines", "CSafeLoader", ratio(load, rival, 5), "1, at most 3")
    compiled = lambda: runtime.load_text(text).compile()  # noqa: E731
    report("… and compile it", "CSafeLoader", ratio(compiled, rival, 3), "no aim")


if __name__ == "__main__":
    main()
