"""The outbox: every mail is a whole file of its own, or a failure that leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import pytest

from blockwright.services import Mailer, Message, open_mailer
from tests.services.test_mail import MESSAGE
from tests.services.world import failure_of, in_threads, run


def mails(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def numbered(number: int) -> Message:
    return replace(MESSAGE, message_id=f"mail-{number}")


def outbox(folder: Path) -> Mailer:
    return open_mailer(f"outbox:{folder}")


def test_the_folder_is_made_with_the_first_mail(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "outbox"
    mailer = outbox(folder)
    assert not folder.exists()

    run(mailer.send(MESSAGE))

    (mail,) = mails(folder)
    assert message_from_bytes(mail.read_bytes())["To"] == "alice@yourmail.com"


def test_a_name_tells_the_time_and_sorts_by_it(tmp_path: Path) -> None:
    mailer = outbox(tmp_path)
    for later in (5_000, 0, 1):
        run(mailer.send(replace(MESSAGE, subject=f"later by {later}", sent_at=MESSAGE.sent_at + later)))

    subjects = [message_from_bytes(mail.read_bytes())["Subject"] for mail in mails(tmp_path)]
    assert subjects == ["later by 0", "later by 1", "later by 5000"]
    assert mails(tmp_path)[0].name.startswith("20260725T172000.000Z-")


def test_mails_of_one_moment_have_a_file_each(tmp_path: Path) -> None:
    mailer = outbox(tmp_path)
    for number in range(20):
        run(mailer.send(replace(MESSAGE, subject=str(number))))

    subjects = {message_from_bytes(mail.read_bytes())["Subject"] for mail in mails(tmp_path)}
    assert subjects == {str(number) for number in range(20)}


def test_a_mail_that_is_sent_twice_lies_there_once(tmp_path: Path) -> None:
    run(outbox(tmp_path).send(MESSAGE))
    before = mails(tmp_path)
    run(outbox(tmp_path).send(MESSAGE))

    assert mails(tmp_path) == before
    assert len(before) == 1


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_only_the_owner_may_read_the_secret_links(tmp_path: Path) -> None:
    run(outbox(tmp_path / "outbox").send(MESSAGE))

    (mail,) = mails(tmp_path / "outbox")
    assert stat.S_IMODE(mail.stat().st_mode) == 0o600
    assert stat.S_IMODE(mail.parent.stat().st_mode) == 0o700


def test_many_threads_and_processes_write_every_mail_whole(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys\n"
        "from blockwright.services import open_mailer\n"
        "from tests.services.test_outbox import numbered\n"
        "async def main():\n"
        "    mailer, first = open_mailer('outbox:' + sys.argv[1]), int(sys.argv[2])\n"
        "    await asyncio.gather(*(mailer.send(numbered(first + n)) for n in range(20)))\n"
        "asyncio.run(main())\n"
    )
    others = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path), first]) for first in ("100", "200")]
    mailer = outbox(tmp_path)
    in_threads(10, lambda number: mailer.send(numbered(number)))
    assert [other.wait(30) for other in others] == [0, 0]

    assert len(mails(tmp_path)) == 50
    assert all(message_from_bytes(mail.read_bytes()).is_multipart() for mail in mails(tmp_path))
    assert all(mail.suffix == ".eml" for mail in mails(tmp_path))


def test_a_file_where_the_folder_should_be_is_a_clear_failure(tmp_path: Path) -> None:
    blocked = tmp_path / "outbox"
    blocked.write_text("mine")

    for path in (blocked, blocked / "below"):
        failure = failure_of(outbox(path).send(MESSAGE))
        assert failure.code == "unavailable"
        assert "alice@yourmail.com could not be written into the outbox" in failure.message
    assert blocked.read_text() == "mine"


def test_a_mail_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    failure = failure_of(outbox(tmp_path).send(replace(MESSAGE, subject="a\nb")))

    assert failure.code == "bad value"
    assert mails(tmp_path) == []


def test_other_work_goes_on_while_mails_are_written(tmp_path: Path) -> None:
    async def main() -> None:
        mailer = outbox(tmp_path)
        await asyncio.gather(*(mailer.send(numbered(number)) for number in range(50)))

    run(main())
    assert len(mails(tmp_path)) == 50
