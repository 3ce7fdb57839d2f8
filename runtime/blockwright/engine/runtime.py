"""``Runtime`` and ``Flow``: load a flow file, run it, embed it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from typing import TYPE_CHECKING, cast

from blockwright.catalogue import AnyBlock, BlockError, Catalogue, installed_blocks
from blockwright.catalogue.naming import python_name
from blockwright.engine.clock import Clock, SystemClock
from blockwright.engine.colours import Colours
from blockwright.engine.compiler import compile_unit
from blockwright.engine.garbage import undisturbed
from blockwright.engine.inputs import read_inputs, take_inputs
from blockwright.engine.interpreter import Setting, interpret
from blockwright.engine.library import Library
from blockwright.engine.limiting import within
from blockwright.engine.limits import Limits
from blockwright.engine.reloading import Refreshed, Reloading
from blockwright.engine.run import Compiled, LogSink, Run, log_to_python
from blockwright.engine.secrets import written_secrets
from blockwright.engine.services import BoundBlocks, Invoker, PlainInvoker, Services
from blockwright.engine.stopping import stops_so_far
from blockwright.engine.telling import Teller
from blockwright.engine.threads import Threads
from blockwright.engine.unit import Unit, failure_of
from blockwright.expressions import evaluating
from blockwright.expressions.values import Value, give
from blockwright.language.diagnostics import Finding, FlowError
from blockwright.language.program import Asked, Contract, Program
from blockwright.language.source import Source, read_source
from blockwright.language.steps import MODIFIERS, STATEMENTS
from blockwright.services.current import Login

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from blockwright.engine.trace import Watch
    from blockwright.failure import Code, Failure
    from blockwright.language.checker import Arising
    from blockwright.services import Mailer


class Runtime:
    """Where flows are loaded and run: the blocks they may use, the services behind these, and the limits of a run.

    ``users`` and ``mail`` are URLs (``sqlite:///users.db``, ``outbox:./outbox``) or service objects of the
    application's own; ``services`` are further ones for its own blocks. ``blocks`` come on top of those of the
    installed packs. ``flows`` is a folder, or several, whose flows and those of the folders below them every flow may
    call, besides those of its own folder; ``flow`` gives them by name.
    ``clock`` is where runs take time and chance from. A Runtime may be used from several threads at once.
    """

    def __init__(
        self,
        *,
        users: str | object | None = None,
        mail: str | Mailer | None = None,
        services: Iterable[object] = (),
        blocks: Iterable[AnyBlock] = (),
        flows: str | os.PathLike[str] | Iterable[str | os.PathLike[str]] = (),
        limits: Limits | None = None,
        log: LogSink = log_to_python,
        invoker: Invoker | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.blocks = _usable(Catalogue([*installed_blocks(), *blocks]))
        self.limits = limits or Limits()
        self._library = Library(self.blocks, [flows] if isinstance(flows, str | os.PathLike) else flows)
        self._services = Services(users, mail, services)
        self._bound = BoundBlocks(self._services, invoker or PlainInvoker())
        self._log = log
        self._clock = clock or SystemClock()
        self._threads = Threads()
        self._lock = threading.RLock()
        self._flows = Reloading(self._library, lambda source: self._load(source, with_services=True))

    @property
    def services(self) -> tuple[object, ...]:
        """The further services that the application gave for its own blocks."""
        return self._services.others

    def load(self, path: str | os.PathLike[str]) -> Flow:
        """Read and check a flow file, and every flow that it calls.

        Raises FlowError with every finding; a block whose service is not there is one. Raises Failure when a service's
        URL cannot be opened.
        """
        return self._load(read_source(path), with_services=True)

    def flow(self, name: str) -> Flow:
        """The flow with this name in the runtime's folders, as its files and those of the flows it calls are now: the
        same Flow as before as long as none of them changed.

        An edit that breaks it is told to Python's logging (``blockwright.library``), and the flow goes on as it was. A
        Flow that somebody has, and every run under way, stay as they are. Raises FlowError when there is no such flow
        (any more), and when it cannot be loaded and never could.
        """
        with self._lock:
            return self._flows.flow(name)

    def refresh(self) -> Refreshed:
        """Look at every flow in the runtime's folders now; says what is new, changed, gone and wrong."""
        with self._lock:
            return self._flows.refresh()

    def load_text(self, text: str, path: str = "flow.yaml") -> Flow:
        """The same for a flow that is not in a file; ``path`` is the name it has in messages."""
        return self._load(Source(path, text), with_services=True)

    def check(self, path: str | os.PathLike[str]) -> Flow:
        """Read and check a flow file without asking for the services of its blocks. Raises FlowError."""
        return self._load(read_source(path), with_services=False)

    def _load(self, source: Source, *, with_services: bool) -> Flow:
        with self._lock, undisturbed():
            unit = self._library.load(source)
            units = self._library.units
            arising = self._library.arising
        flow = Flow(unit, units, self._bound, self.limits, self._log, arising, self._clock, self._threads)
        if with_services:
            flow.prepare()
        return flow


class Flow:
    """A checked flow, ready to run as often as wanted; two runs share nothing."""

    def __init__(
        self,
        unit: Unit,
        units: Mapping[str, Unit],
        blocks: BoundBlocks,
        limits: Limits,
        log: LogSink,
        arising: Arising,
        clock: Clock,
        threads: Threads,
    ) -> None:
        self._unit = unit
        self._blocks = blocks
        self._limits = limits
        self._log = log
        self._units = units
        self._code = _Compiled(units)
        self._is_prepared = False
        self._known_secrets: list[tuple[Value, frozenset[str]]] = []
        self._arising = arising
        self._clock = clock
        self._threads = threads

    @property
    def name(self) -> str:
        return self._unit.program.name

    @property
    def about(self) -> str:
        return self._unit.program.main.about

    @property
    def path(self) -> str:
        return self._unit.program.source.path

    @property
    def programs(self) -> tuple[Program, ...]:
        """The checked files: the flow's own first, then those of the flows that it calls."""
        own = self._unit.program
        return (own, *(unit.program for unit in self._units.values() if unit.program is not own))

    @property
    def inputs(self) -> tuple[Asked, ...]:
        """What the flow asks for, in the order of the file."""
        return self._unit.program.main.inputs

    @property
    def contract(self) -> Contract:
        """What the flow promises: its inputs; and what it returns and can fail with, where its file says so."""
        return self._unit.program.contract

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return self._unit.program.warnings

    @property
    def failures(self) -> frozenset[Code | None]:
        """The codes a run can fail with, the flows that it calls included; None among them stands for any code. What
        ends a run, such as its limits, may come upon every flow and is not among them
        (``blockwright.failure.FINAL_CODES``).
        """
        return self._arising.of(self.name)

    @property
    def waits(self) -> bool:
        """Whether the flow calls asynchronous blocks, and so runs in an event loop."""
        return self._code.colours.waits(self.name, None)

    def read_inputs(self, texts: Mapping[str, str]) -> dict[str, object]:
        """Inputs typed as text, such as on a command line, read by their declared types; ``run`` refuses what cannot
        be read."""
        return read_inputs(self._unit.program.main, texts)

    def prepare(self) -> None:
        """Find the services of all blocks now; the first run does it otherwise. Raises FlowError with a finding for
        each call whose block's service is not there."""
        if not self._is_prepared:
            findings = [finding for unit in self._units.values() for finding in self._blocks.bind_all(unit.program)]
            if findings:
                raise FlowError(findings)
            self._known_secrets = [each for unit in self._units.values() for each in written_secrets(unit.program)]
            self._is_prepared = True

    def over(self, blocks: BoundBlocks, clock: Clock) -> Flow:
        """The same flow with other services and another clock, such as those of a test."""
        other = copy(self)
        other._blocks, other._clock, other._is_prepared = blocks, clock, False
        return other

    def rewritten(self, change: Callable[[Program], Program]) -> Flow:
        """The same flow with its programs, and those of the flows that it calls, changed: for tests of what a change
        does to its meaning. What it can fail with is not worked out again."""
        other = copy(self)
        other._units = {name: Unit.of(change(unit.program)) for name, unit in self._units.items()}
        other._unit, other._code = other._units[self.name], _Compiled(other._units)
        return other

    def compile(self) -> None:
        """Compile the flow now rather than at its first run."""
        self._code[self.name]

    def run(
        self,
        inputs: Mapping[str, object] | None = None,
        *,
        watch: Watch | None = None,
        log: LogSink | None = None,
        user_token: str | None = None,
        limits: Limits | None = None,
    ) -> object:
        """Run the flow and give what it returns, as Python's own values.

        Raises Failure when the flow fails, InputsError when ``inputs`` are not what it asks for. With ``watch``, each
        step is reported as it happens. With ``user_token``, the run begins as the user of this session; who is logged
        in later is the run's own affair. ``limits`` are those of this run, in place of the runtime's. A flow that waits
        for something starts an event loop of its own; inside a running one, use ``run_async``.
        """
        limits = limits or self._limits
        run = self._prepare(limits, log, user_token)
        if self.waits:
            _refuse_running_loop(self.name)
        with self._evaluating(limits, run), Login(user_token):
            taken = self._take(inputs, run)
            try:
                begun = self._begin(taken, run, limits, watch)
                if self.waits:
                    with asyncio.Runner(loop_factory=self._clock.new_loop) as runner:
                        begun = runner.run(cast("Coroutine[object, None, Value]", begun))
                elif watch is not None:
                    begun = _drive(cast("Coroutine[object, None, Value]", begun))
                return give(cast("Value", begun))
            except Exception as error:
                failure = self._failure(error, run)
        raise failure from failure.__cause__

    async def run_async(
        self,
        inputs: Mapping[str, object] | None = None,
        *,
        watch: Watch | None = None,
        log: LogSink | None = None,
        user_token: str | None = None,
        limits: Limits | None = None,
    ) -> object:
        """The same as ``run``, inside the caller's event loop. Cancelling the task ends the run: what its blocks are
        waiting for is cancelled, and ``always:`` runs. A flow that never waits runs to its end at once."""
        limits = limits or self._limits
        run = self._prepare(limits, log, user_token)
        with self._evaluating(limits, run), Login(user_token):
            taken = self._take(inputs, run)
            try:
                begun = self._begin(taken, run, limits, watch)
                if self.waits or watch is not None:
                    begun = await cast("Coroutine[object, None, Value]", begun)
                return give(cast("Value", begun))
            except Exception as error:
                failure = self._failure(error, run)
        raise failure from failure.__cause__

    def _prepare(self, limits: Limits, log: LogSink | None, user_token: str | None) -> Run:
        self.prepare()
        lines = self._log if log is None else log
        run = Run(limits, self._blocks.calls, self._code, lines, self._clock, self._threads.executor)
        for value, entries in self._known_secrets:
            run.secrets.note(value, entries)
        if user_token:
            run.secrets.note(user_token)
        return run

    def _evaluating(self, limits: Limits, run: Run) -> evaluating:
        more = None if limits.seconds is None else run.check_time
        return evaluating(limits.expression_steps, self._clock.now, more, limits.caps())

    def _take(self, inputs: Mapping[str, object] | None, run: Run) -> dict[str, Value]:
        asked = self._unit.program.main
        taken = take_inputs(asked, {} if inputs is None else inputs)
        for each in asked.inputs:
            if each.secret:
                run.secrets.note(taken[each.name])
        return taken

    def _failure(self, error: Exception, run: Run) -> Failure:
        failure = failure_of(error, self._unit.top, self.name).leaving()
        return run.secrets.failure(failure) if run.secrets else failure

    def _begin(self, inputs: dict[str, Value], run: Run, limits: Limits, watch: Watch | None) -> object:
        """The flow's value, or the coroutine that gives it: when the flow waits, and when it is watched."""
        has_own_task = self.waits and limits.seconds is not None
        run.waits, run.stops = self.waits, 0 if has_own_task else stops_so_far()
        if watch is not None:
            begun: object = interpret(Setting(self._units, run, Teller(watch, run)), self._unit, inputs)
        else:
            begun = self._code[self.name](run, **{python_name(name): value for name, value in inputs.items()})
        if has_own_task and limits.seconds is not None:
            return within(run, limits.seconds, cast("Coroutine[object, None, Value]", begun))
        return begun


class _Compiled(dict[str, Compiled]):
    """The flows as Python functions, by name, each compiled when it is first called."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        super().__init__()
        self.colours = Colours(units)
        self._units = units
        self._lock = threading.Lock()

    def __missing__(self, name: str) -> Compiled:
        with self._lock, undisturbed():
            if name not in self:
                self[name] = compile_unit(self._units[name], lambda callee: self.colours.waits(name, callee))
        return self[name]


def _usable(blocks: Catalogue) -> Catalogue:
    for label in blocks:
        if label in STATEMENTS or label in MODIFIERS:
            raise BlockError(f"no block can be called {label!r}, which is a word of the language")
    return blocks


def _refuse_running_loop(name: str) -> None:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return
    raise RuntimeError(f"`{name}` waits for its blocks, and an event loop is running here: `await flow.run_async(…)`")


def _drive(coroutine: Coroutine[object, None, Value]) -> Value:
    """Run a coroutine that never waits for anything, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        return cast("Value", done.value)
    coroutine.close()
    raise RuntimeError("a flow without asynchronous blocks waited for something")
