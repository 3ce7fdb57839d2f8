"""Mail servers that hang, break and talk nonsense are left in bounded time, and tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from blockwright.failure import Failure
from tests.services.mail_servers import PLAIN, outcome, serving
from tests.services.world import run

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
SCRIPT = (
    (b"", b"220 hello\r\n"),
    (b"EHLO", b"250 hello\r\n"),
    (b"MAIL", b"250 ok\r\n"),
    (b"RCPT", b"250 ok\r\n"),
    (b"DATA", b"354 go on\r\n"),
    (b".\r\n", b"250 taken\r\n"),
    (b"QUIT", b"221 bye\r\n"),
)


def with_talk(talk: Talk, url: str = PLAIN + "&timeout=0.3") -> Failure | None:
    """Send to a server that talks as it likes."""

    async def main() -> Failure | None:
        tasks: list[asyncio.Task[None]] = []

        async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            tasks.append(task)
            try:
                await talk(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError):
                pass
            finally:
                writer.close()

        server = await asyncio.start_server(meet, "127.0.0.1", 0)
        try:
            port = server.sockets[0].getsockname()[1]
            async with asyncio.timeout(5):
                return await outcome(url.replace("PORT", str(port)))
        finally:
            server.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    return run(main())


async def follow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stages: int) -> None:
    """Talk properly for so many stages."""
    for expected, answer in SCRIPT[:stages]:
        while expected and not (await reader.readuntil(b"\n")).startswith(expected):
            """Read on, to what was expected."""
        writer.write(answer)
        await writer.drain()


@pytest.mark.parametrize("stages", range(len(SCRIPT) - 1))
def test_a_server_that_hangs_at_any_moment_is_left_in_bounded_time(stages: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await follow(reader, writer, stages)
        await asyncio.Event().wait()

    failure = with_talk(talk)

    assert failure is not None
    assert failure.code == "unavailable"
    assert "did not take the mail within 0.3 seconds" in failure.message


def test_a_server_that_hangs_when_it_has_the_mail_has_the_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blockwright.services.backends.smtp.GOODBYE", 0.05)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await follow(reader, writer, len(SCRIPT) - 1)
        await asyncio.Event().wait()

    assert with_talk(talk) is None


def test_a_server_that_never_stops_talking_is_left_in_bounded_time() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"220-hello\r\n")
            await writer.drain()
            await asyncio.sleep(0)

    failure = with_talk(talk)

    assert failure is not None
    assert failure.code == "unavailable"


def test_a_server_that_drips_its_answer_is_left_in_bounded_time() -> None:
    async def talk(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"2")
            await writer.drain()
            await asyncio.sleep(0.02)

    failure = with_talk(talk)

    assert failure is not None
    assert failure.code == "unavailable"


@pytest.mark.parametrize("stages", range(len(SCRIPT) - 1))
def test_a_server_that_closes_in_the_middle_may_be_tried_again(stages: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await follow(reader, writer, stages)

    failure = with_talk(talk, PLAIN + "&timeout=5")

    assert failure is not None
    assert failure.code == "unavailable"
    assert "cannot be reached, or ended the connection" in failure.message


@pytest.mark.parametrize(
    "nonsense", [b"HTTP/1.1 200 OK\r\n\r\n", b"\x00\xff\xfe\r\n", b"554 Go away\r\n", b"999 ?\r\n"]
)
def test_a_server_that_speaks_another_language_may_be_tried_again(nonsense: bytes) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(nonsense)
        await writer.drain()
        await reader.read()

    failure = with_talk(talk, PLAIN + "&timeout=5")

    assert failure is not None
    assert failure.code == "unavailable"
    assert len(failure.message) < 400


def test_a_server_that_is_down_may_be_tried_again() -> None:
    async def main() -> Failure | None:
        async with serving(asyncio.Protocol) as port:
            free = port
        return await outcome(f"smtp://127.0.0.1:{free}?tls=no")

    failure = run(main())

    assert failure is not None
    assert failure.code == "unavailable"
    assert "cannot be reached" in failure.message


def test_a_name_that_does_not_exist_may_be_tried_again() -> None:
    failure = run(outcome("smtp://no-such-host.invalid"))

    assert failure is not None
    assert failure.code == "unavailable"
    assert "no-such-host.invalid:587" in failure.message
