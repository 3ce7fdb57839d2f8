"""``--trace`` and ``blockwright blocks`` show that there are secrets, and not what they are."""

from __future__ import annotations

import pytest

from blockwright import Place
from blockwright.cli.tracing import Tracer, without_secrets
from blockwright.engine.trace import Event
from tests.cli.world import Command

PLACE = Place("flow.yaml", 3, 5)


def test_a_trace_says_that_a_step_gave_a_secret(capsys: pytest.CaptureFixture[str]) -> None:
    tracer = Tracer()
    tracer(Event("begins", "log in", PLACE, "try it", 1))
    tracer(Event("gives", "log in", PLACE, "try it", 1, None, None, secret=True))

    assert capsys.readouterr().err.endswith("gives a secret\n")


def test_passwords_and_tokens_inside_of_values_are_blacked_out(capsys: pytest.CaptureFixture[str]) -> None:
    tracer = Tracer()
    tracer(Event("gives", "return", PLACE, "try it", 1, [{"email": "a@yourmail.com", "user-token": "abc"}]))

    err = capsys.readouterr().err
    assert "a@yourmail.com" in err
    assert "abc" not in err
    assert without_secrets({"password": None, "users": [{"password": "abc"}]}) == {
        "password": None,
        "users": [{"password": "…"}],
    }


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
