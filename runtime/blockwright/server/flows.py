"""The flows that a server offers, as their files are now, and their runs: in threads, a few at once, ended when whoever
asked goes away."""

from __future__ import annotations

import asyncio
import logging
import math
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from blockwright.engine.files import flow_files
from blockwright.engine.runtime import Flow, Runtime
from blockwright.failure import CANCELLED, UNAVAILABLE, Failure
from blockwright.language.cases.checked import is_beside
from blockwright.language.diagnostics import Finding, FlowError, Span
from blockwright.services.addresses import shown

if TYPE_CHECKING:
    from blockwright.engine.reloading import Refreshed

logger = logging.getLogger("blockwright.server")

WAITING = 8
"""How many runs may wait for their turn, for each that may run at once."""


def load_flows(runtime: Runtime, folder: Path) -> list[Flow]:
    """Every flow in a folder and the folders below it. Raises FlowError with all that is wrong with any of them."""
    flows: dict[str, Flow] = {}
    findings: dict[tuple[str, object, str], Finding] = {}
    for path in map(Path, sorted(flow_files(folder))):
        if is_beside(path):
            continue
        try:
            flow = runtime.load(path)
        except FlowError as error:
            findings |= {(each.file, each.span, each.message): each for each in error.findings}
            continue
        other = flows.setdefault(flow.name, flow)
        if other is not flow:
            found = _clash(flow, other)
            findings[found.file, found.span, found.message] = found
    if any(each.severity == "error" for each in findings.values()):
        raise FlowError(list(findings.values()))
    return list(flows.values())


def _clash(flow: Flow, other: Flow) -> Finding:
    message = f"`{flow.name}` is also the name of the flow in {other.path}"
    return Finding(flow.path, Span(1, 1, 1, 1), message, "give one of the two another name", "error", "clash")


class ServedFlows:
    """Flows by name, or by the stem of their file where one flow alone has it. ``at_once`` is how many run at once.

    ``follow`` looks at the files of the flows (``Runtime.refresh``); without it, they stay as they are.
    """

    def __init__(self, flows: Iterable[Flow], at_once: int, follow: Callable[[], Refreshed] | None = None) -> None:
        self._known = _Known.of(flows)
        self._follow = follow
        self._looked = -math.inf
        self._looking = threading.Lock()
        self._problems: Mapping[str, str] = {}
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="blockwright-flow")
        self._room = at_once * (1 + WAITING)
        self._runs: set[_Run] = set()

    @property
    def flows(self) -> tuple[Flow, ...]:
        return self._known.flows

    def find(self, name: str) -> Flow | None:
        return self._known.by_name.get(name) or self._known.by_stem.get(name)

    async def look(self, patience: float = 0.0) -> None:
        """Follow the files, unless somebody has looked at them within ``patience`` seconds, or does so just now."""
        if self._follow is None or self._looking.locked() or time.monotonic() - self._looked < patience:
            return
        await asyncio.to_thread(self._look, self._follow)

    def _look(self, follow: Callable[[], Refreshed]) -> None:
        if not self._looking.acquire(blocking=False):
            return
        try:
            self._take(follow())
        except Exception:
            logger.exception("The flows go on as they were, because their files cannot be looked at.")
        finally:
            self._looked = time.monotonic()
            self._looking.release()

    def _take(self, found: Refreshed) -> None:
        self._known = _Known.of(found.flows.values())
        for what, names in (("new", found.added), ("changed", found.changed), ("gone", found.gone)):
            for name in names:
                logger.info("The flow `%s` is %s.", shown(name), what)
        problems = {name: str(problem) for name, problem in found.problems.items() if name not in found.flows}
        for name, problem in problems.items():
            if self._problems.get(name) != problem:
                logger.warning("The flow `%s` cannot be served:\n%s", shown(name), problem)
        self._problems = problems

    async def run(
        self, flow: Flow, inputs: Mapping[str, object], token: str | None, gone: asyncio.Task[object]
    ) -> object:
        """What a flow returns. The run is ended when this is cancelled, and when ``gone`` is done.

        Raises Failure when the flow fails, or too many runs wait; InputsError for inputs that it does not take.
        """
        if len(self._runs) >= self._room:
            raise Failure(UNAVAILABLE, "Too many runs of flows are waiting.")
        run = _Run(flow, inputs, token)
        self._runs.add(run)
        running = asyncio.get_running_loop().run_in_executor(self._threads, run.do)
        try:
            await asyncio.wait({running, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                run.cancel()
            return await running
        except asyncio.CancelledError:
            run.cancel()
            raise
        finally:
            self._runs.discard(run)

    def stop(self) -> None:
        """End all runs."""
        for run in list(self._runs):
            run.cancel()

    def close(self) -> None:
        """End all runs, and take no more."""
        self.stop()
        self._threads.shutdown(wait=False, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Known:
    """The flows at one moment."""

    flows: tuple[Flow, ...]
    by_name: Mapping[str, Flow]
    by_stem: Mapping[str, Flow]

    @classmethod
    def of(cls, flows: Iterable[Flow]) -> _Known:
        listed = tuple(flows)
        stems = [Path(flow.path).stem for flow in listed]
        count = Counter(stems)
        by_stem = {stem: flow for stem, flow in zip(stems, listed, strict=True) if count[stem] == 1}
        return cls(listed, {flow.name: flow for flow in listed}, by_stem)


class _Run:
    """One run in a thread of its own, with an event loop of its own, so that no run holds the server up."""

    def __init__(self, flow: Flow, inputs: Mapping[str, object], token: str | None) -> None:
        self._flow = flow
        self._inputs = inputs
        self._token = token
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._at: tuple[asyncio.AbstractEventLoop, asyncio.Task[object]] | None = None

    def do(self) -> object:
        """The whole run, in the thread."""
        if not self._flow.waits and not self._is_cancelled:
            return self._flow.run(self._inputs, user_token=self._token)
        try:
            return asyncio.run(self._in_loop())
        except asyncio.CancelledError:
            raise Failure(CANCELLED) from None

    def cancel(self) -> None:
        """End the run at its next step, from any thread."""
        with self._lock:
            self._is_cancelled = True
            if self._at is not None:
                loop, task = self._at
                loop.call_soon_threadsafe(task.cancel)

    async def _in_loop(self) -> object:
        task = asyncio.current_task()
        assert task is not None
        with self._lock:
            if self._is_cancelled:
                raise asyncio.CancelledError
            self._at = asyncio.get_running_loop(), task
        try:
            return await self._flow.run_async(self._inputs, user_token=self._token)
        finally:
            with self._lock:
                self._at = None
