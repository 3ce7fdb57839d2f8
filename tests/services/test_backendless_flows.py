"""A flow over HTTP: the block that stands for all others, against our own server, by a URL alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from blockwright import Failure, Runtime
from blockwright.services.records import KeyKind
from tests.server.world import Machine
from tests.services.over_http import OverHttp, over_http
from tests.services.world import ALICE, PASSWORD, run

FLOW = """\
flow: resend
inputs: {who: text}
steps:
  - resend confirmation email: {user identity: = who}
"""


@pytest.fixture
def served(machine: Machine) -> OverHttp:
    return over_http(machine)


def test_a_flow_resends_by_url_and_its_failures_have_a_place(served: OverHttp, tmp_path: Path) -> None:
    served.require_confirmation()
    served.register()
    key, app_id = run(served.users.make_key(KeyKind.REST)).value, run(served.users.app_id())
    path = tmp_path / "resend.yaml"
    path.write_text(FLOW)
    served.clock.now += 3_600_000

    flow = Runtime(users=f"http://127.0.0.1:{served.machine.port}/{app_id}/{key}").load(path)
    flow.run({"who": ALICE})
    with pytest.raises(Failure) as again:
        flow.run({"who": ALICE})
    with pytest.raises(Failure) as unknown:
        flow.run({"who": "nobody@yourmail.com"})
    served.close()

    assert [message.to for message in served.mailer.messages] == [ALICE, ALICE]
    assert (again.value.code, again.value.details) == ("rate limited", {"retry after": 60})
    assert unknown.value.code == 3104
    assert str(unknown.value.place).endswith("resend.yaml:4:5")


def test_a_key_that_was_removed_is_not_an_unknown_user(served: OverHttp) -> None:
    served.register(ALICE)
    for key in run(served.users.list_keys()):
        run(served.users.remove_key(key.key_id))

    with pytest.raises(Failure) as caught:
        run(served.users.log_in(ALICE, PASSWORD))
    served.close()

    assert caught.value.code == "unavailable"
    assert "refuses the key" in caught.value.message
