"""What a server does besides answering: sending mail, and tidying up what is over."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from blockwright.failure import Failure
from blockwright.server.options import Options
from blockwright.services import UserService
from blockwright.services.sending import Sender

logger = logging.getLogger("blockwright.server")


@asynccontextmanager
async def doing_chores(users: UserService, options: Options) -> AsyncIterator[None]:
    """While this is entered, mail is sent as it falls due, and what is over is forgotten now and then."""
    works: list[Coroutine[object, object, None]] = [Sender(users).run(), _housekeep(users, options.housekeeping)]
    chores = [asyncio.create_task(work) for work in works]
    try:
        yield
    finally:
        for chore in chores:
            chore.cancel()
        await asyncio.gather(*chores, return_exceptions=True)


async def _housekeep(users: UserService, seconds: float) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await users.housekeep()
        except Failure as failure:
            logger.warning("tidying up failed with %s: %s", failure.code, failure.message)
        except Exception as error:
            logger.error("tidying up failed with %s", type(error).__name__)
