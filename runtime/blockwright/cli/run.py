"""``blockwright run``: load a flow, read its inputs, run it, and show what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from blockwright.catalogue import AnyBlock, BlockError
from blockwright.cli.defaults import mail_url, make_data_folder, users_url
from blockwright.cli.inputs import collect_inputs
from blockwright.cli.mail import announced
from blockwright.cli.reading import read_pairs
from blockwright.cli.showing import show_failure, show_findings, show_inputs_error
from blockwright.cli.stopping import OK, WRONG
from blockwright.cli.terminal import CallError, say, tell
from blockwright.cli.trace_file import STANDARD_OUTPUT, TraceFile, writing
from blockwright.cli.tracing import Tracer
from blockwright.engine.inputs import InputsError
from blockwright.engine.limits import Limits
from blockwright.engine.run import BlockCall
from blockwright.engine.runtime import Runtime
from blockwright.engine.services import PlainInvoker
from blockwright.engine.trace import Event, Watch
from blockwright.failure import Failure, Place
from blockwright.language.diagnostics import FlowError
from blockwright.language.showing import as_json, as_text
from blockwright.language.source import SIZE_LIMIT, Source

STANDARD_INPUT = "-"


def run_flow(
    path: str,
    pairs: Sequence[str],
    file: str | None,
    *,
    users: str | None,
    mail: str | None,
    folders: Sequence[str],
    json: bool,
    trace: bool,
    trace_file: str | None = None,
    limits: Limits | None = None,
) -> int:
    """Run the flow in a file; gives the exit code."""
    typed = read_pairs(pairs, "-i")
    if json and trace_file == STANDARD_OUTPUT:
        raise CallError("--json and --trace-file - both take standard output", "leave one of the two out")
    try:
        runtime = make_runtime(users, mail, folders)
        source = _standard_input() if path == STANDARD_INPUT else None
        flow = runtime.load_text(source.text, source.path) if source else runtime.load(path)
        inputs = collect_inputs(flow, typed, file)
    except FlowError as error:
        return show_findings(error.findings, "the flow cannot run", as_data=json)
    except InputsError as error:
        return show_inputs_error(flow, error, as_data=json)
    except Failure as failure:
        return show_failure(failure, as_data=json, code=WRONG)
    with ExitStack() as stack:
        written = stack.enter_context(writing(trace_file, flow)) if trace_file else None
        code = OK
        try:
            with watching(trace, written) as watch:
                result = flow.run(inputs, watch=watch, limits=limits)
        except InputsError as error:
            code = show_inputs_error(flow, error, as_data=json)
        except Failure as failure:
            code = show_failure(failure, as_data=json, runtime=runtime, source=source, with_cause=trace)
        else:
            if trace_file != STANDARD_OUTPUT:
                _show(result, as_data=json)
        return written.ending(code) if written else code


def _show(result: object, *, as_data: bool) -> None:
    if as_data:
        say(as_json(result))
    elif result is not None:
        say(as_text(result))


@contextmanager
def watching(trace: bool, file: TraceFile | None) -> Iterator[Watch | None]:
    """Who is to be told of each step: the terminal, a file, both, or nobody."""
    if not trace:
        yield file
        return
    with Tracer().showing() as tracer:
        yield _both(tracer, file) if file else tracer


def _both(first: Watch, second: Watch) -> Watch:
    def tell_both(event: Event) -> None:
        first(event)
        second(event)

    return tell_both


def make_runtime(users: str | None, mail: str | None, folders: Sequence[str]) -> Runtime:
    """The runtime that the caller's options ask for. Raises CallError, or Failure for a URL that names no mailer."""
    check_folders(folders)
    try:
        return _runtime(users, mail, folders)
    except BlockError as error:
        raise CallError(f"a block pack that is installed cannot be used: {error}") from error


def check_folders(folders: Sequence[str]) -> None:
    """Raises CallError for what stands after ``--flows`` and is no folder."""
    for folder in folders:
        if not Path(folder).is_dir():
            raise CallError(f"there is no folder {folder}", "look at the spelling of what stands after --flows")


def _runtime(users: str | None, mail: str | None, folders: Sequence[str]) -> Runtime:
    outbox = mail or mail_url()
    return Runtime(
        users=users or users_url(),
        mail=announced(outbox, open_now=mail is not None) if outbox else None,
        flows=folders,
        log=_log,
        invoker=None if users else _DefaultsInvoker(),
    )


class _DefaultsInvoker:
    """Calls blocks plainly; before the first that uses a service it makes the data folder, where the defaults are."""

    def bind(self, block: AnyBlock, services: Mapping[str, object]) -> BlockCall:
        if services:
            make_data_folder()
        return PlainInvoker().bind(block, services)


def _standard_input() -> Source:
    data = sys.stdin.buffer.read(SIZE_LIMIT + 1) if sys.stdin else b""
    if len(data) > SIZE_LIMIT:
        raise CallError(f"what comes from standard input is larger than {SIZE_LIMIT // 1_000_000} MB")
    try:
        return Source("standard input", data.decode())
    except UnicodeDecodeError:
        raise CallError("what comes from standard input is not UTF-8") from None


def _log(text: str, place: Place) -> None:  # noqa: ARG001 - the engine passes it by name
    tell(text)
