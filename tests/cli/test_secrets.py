"""``--trace`` and ``blockwright blocks`` show that there are secrets, and not what they are."""

from __future__ import annotations

import pytest

from blockwright import Place
from blockwright.cli.tracing import Tracer
from blockwright.engine.trace import Activity, StepBegins, StepGives
from tests.cli.world import Command

OF = Activity("run", 2, 1, "log in", Place("flow.yaml", 3, 5), "try it", 1, 0.0)


def test_a_trace_says_that_a_step_gave_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    tracer = Tracer()
    tracer(StepBegins(OF, 0.0, {}))
    tracer(StepGives(OF, 0.0, None, is_secret=True))

    assert capsys.readouterr().err.endswith("gives a secret\n")


def test_passwords_and_tokens_inside_of_values_are_blacked_out(command: Command) -> None:
    command.write(
        "flow.yaml",
        "flow: try it\nsteps:\n"
        "  - return: [{email: a@yourmail.com, user-token: abcde, password: fghij}, {password: null}]\n",
    )

    result = command("run", "flow.yaml", "--trace")

    assert '[{email: "a@yourmail.com", user-token: ' in result.err
    assert "abcde" not in result.err
    assert "fghij" not in result.err


def test_a_trace_of_a_login_shows_neither_password_nor_token(command: Command) -> None:
    command.write(
        "flow.yaml",
        "flow: look at a token\nsteps:\n  - set current user token: {token: a very secret token}\n    save as: token\n"
        "  - get current user token:\n    save as: again\n  - return: '= token = again'\n",
    )

    result = command("run", "flow.yaml", "--trace")

    assert result.out == "true\n", result.err
    assert result.err.count("gives a secret") == 2
    assert "very" not in result.err


def test_secret_inputs_and_results_are_marked_in_the_catalogue(command: Command) -> None:
    out = command("blocks", "log in").out

    assert "  password  text, secret\n" in out
    assert "\ngives: object, secret\n" in out
