"""What can be typed: every command with its options, help and examples. What a command does is in its own module, which
is imported when it runs, so that nobody waits for what is not used."""

from __future__ import annotations

from typing import Annotated

import typer

from blockwright.cli.options import Flows, Json, Mail, Users
from blockwright.cli.stopping import OK
from blockwright.cli.users.commands import users

app = typer.Typer(
    help="Runs blocks written in plain YAML.",
    epilog="""\b
Examples:
  blockwright run flows/resend-confirmation-email.yaml -i "user identity=alice@youremail.com"
  blockwright check flows
  blockwright blocks

Each command says more with --help.""",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.add_typer(users, name="users")


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    if version:
        from importlib.metadata import version as installed

        typer.echo(f"blockwright {installed('blockwright')}")
        raise typer.Exit(OK)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command(
    epilog="""\b
Examples:
  blockwright run greet.yaml -i name=Alice
  blockwright run report.yaml --inputs inputs.yaml --json
  blockwright run resend.yaml -i "user identity=alice@youremail.com" --users sqlite:///users.db --mail outbox:./outbox

Exit codes: 0 it went well, 1 the flow failed, 2 the flow or the call is wrong, 130 stopped by Ctrl-C."""
)
def run(
    flow: Annotated[str, typer.Argument(metavar="FLOW", help="The file of the flow; - reads it from standard input.")],
    pairs: Annotated[
        list[str] | None,
        typer.Option("-i", "--input", metavar="NAME=VALUE", help="An input, read by its declared type. Repeatable."),
    ] = None,
    inputs: Annotated[
        str | None,
        typer.Option("--inputs", metavar="FILE", help="A .json or .yaml file of inputs; what -i says wins over it."),
    ] = None,
    users: Users = None,
    mail: Mail = None,
    json: Json = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show each step on stderr as it happens.")] = False,
    trace_file: Annotated[
        str | None,
        typer.Option(
            "--trace-file",
            metavar="FILE",
            help="Write each step into a file, as JSON lines; - for standard output, in place of the result.",
        ),
    ] = None,
    most_time: Annotated[
        str | None, typer.Option("--most-time", metavar="DURATION", help="How long it may take, such as '30 seconds'.")
    ] = None,
    most_steps: Annotated[int | None, typer.Option("--most-steps", min=1, help="How many steps it may take.")] = None,
    most_log_lines: Annotated[
        int | None, typer.Option("--most-log-lines", min=0, help="How many lines it may write into its log.")
    ] = None,
    flows: Flows = None,
) -> int:
    """Run a flow and print what it returns. Its log goes to stderr."""
    from blockwright.cli.limits import read_limits
    from blockwright.cli.run import run_flow

    limits = read_limits(most_time, most_steps, most_log_lines)
    return run_flow(
        flow,
        pairs or [],
        inputs,
        users=users,
        mail=mail,
        folders=flows or [],
        json=json,
        trace=trace,
        trace_file=trace_file,
        limits=limits,
    )


@app.command(
    epilog="""\b
Examples:
  blockwright check flows
  blockwright check flows/resend-confirmation-email.yaml --failures
  blockwright check flows --sarif > findings.sarif

Exit codes: 0 nothing is wrong (there may be warnings), 2 something is."""
)
def check(
    paths: Annotated[list[str], typer.Argument(metavar="FLOW…", help="Files, and folders whose files are checked.")],
    json: Json = False,
    sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF, for code hosts and editors.")] = False,
    failures: Annotated[
        bool, typer.Option("--failures", help="Say what each flow can fail with, code by code.")
    ] = False,
    flows: Flows = None,
) -> int:
    """Find everything that is wrong with flows, without running them."""
    from blockwright.cli.check import check_flows

    return check_flows(paths, folders=flows or [], json=json, sarif=sarif, failures=failures)


@app.command(
    "test",
    epilog="""\b
Examples:
  blockwright test
  blockwright test flows -k "mails and not pending"
  blockwright test flows --junit tests.xml --coverage-min 90

Exit codes, as pytest has them: 0 all passed, 1 some failed, 2 stopped or a flow is wrong, 3 the command went wrong,
4 the call is wrong, 5 there are no tests.""",
)
def try_flows(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[PATH]…", help="Files, and folders with flows; otherwise all flows below the current folder."
        ),
    ] = None,
    keyword: Annotated[
        str | None,
        typer.Option("-k", metavar="EXPRESSION", help="Only tests with these words: mails and not (many or pending)."),
    ] = None,
    first_only: Annotated[bool, typer.Option("-x", "--first-only", help="Stop at the first test that fails.")] = False,
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Show only what failed, and the sum.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Show a line for each test.")] = False,
    coverage_min: Annotated[
        float | None,
        typer.Option(
            "--coverage-min", metavar="PERCENT", min=0, max=100, help="Fail when fewer of the flows' steps ran."
        ),
    ] = None,
    junit: Annotated[
        str | None, typer.Option("--junit", metavar="FILE", help="Write JUnit's XML, for build servers.")
    ] = None,
    json: Json = False,
    flows: Flows = None,
) -> int:
    """Run the tests that flows carry."""
    from blockwright.cli.test import Wishes, run_tests

    return run_tests(
        Wishes(
            paths=paths or [],
            folders=flows or [],
            keyword=keyword,
            first_only=first_only,
            junit=junit,
            json=json,
            detail="quiet" if quiet else "verbose" if verbose else "normal",
            least=coverage_min,
        )
    )


@app.command(
    epilog="""\b
Examples:
  blockwright blocks
  blockwright blocks "resend confirmation email"
  blockwright blocks --flows flows"""
)
def blocks(
    label: Annotated[str | None, typer.Argument(metavar="LABEL", help="One block, to see all of it.")] = None,
    flows: Annotated[
        list[str] | None,
        typer.Option(
            "--flows",
            metavar="DIR",
            help="A folder whose flows are blocks too, if they say what they return. Repeatable.",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """List the blocks that flows can use, or show one of them."""
    from blockwright.cli.blocks import list_blocks, show_block

    return list_blocks(flows or [], json=json) if label is None else show_block(label, flows or [], json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright expr "1 + 2 * 3"
  blockwright expr "price * (1 + tax rate)" -v price=10 -v "tax rate=0.2"
  blockwright expr "count(users[status = \\\"PENDING\\\"])" -v "users=[{status: PENDING}]"
  blockwright expr -v price=10
  blockwright expr < expressions.txt

Exit codes: 0 there is a value, 1 the value cannot be worked out, 2 the expression or the call is wrong."""
)
def expr(
    expression: Annotated[
        str | None,
        typer.Argument(
            metavar="EXPRESSION", help="What would stand after = in a flow; otherwise a prompt, or lines from a pipe."
        ),
    ] = None,
    variables: Annotated[
        list[str] | None,
        typer.Option("-v", "--variable", metavar="NAME=VALUE", help="A name and its value, as in YAML. Repeatable."),
    ] = None,
    json: Json = False,
) -> int:
    """Work out an expression and print its value; without one, work out line after line."""
    if expression is None:
        from blockwright.cli.prompt import converse

        return converse(variables or [], json=json)
    from blockwright.cli.expr import evaluate_text

    return evaluate_text(expression, variables or [], json=json)


@app.command(
    epilog="""\b
Examples:
  blockwright serve
  blockwright serve --users sqlite:///users.db --mail outbox:./outbox --flows flows
  blockwright serve --host 0.0.0.0 --trusted-proxy 10.0.0.0/8

Exit codes: 1 the user service cannot be used, 2 a flow or the call is wrong, 130 stopped by Ctrl-C, 143 by SIGTERM."""
)
def serve(
    users: Users = None,
    mail: Mail = None,
    flows: Annotated[
        str | None, typer.Option("--flows", metavar="DIR", help="A folder whose flows may be run over HTTP.")
    ] = None,
    host: Annotated[str, typer.Option("--host", metavar="HOST", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", metavar="PORT", min=0, max=65535, help="The port to listen at; 0 takes a free one.")
    ] = 8080,
    cors: Annotated[
        list[str] | None,
        typer.Option(
            "--cors",
            metavar="ORIGIN",
            help="An origin whose pages may call the API; otherwise all may. Repeatable.",
        ),
    ] = None,
    trusted_proxy: Annotated[
        list[str] | None,
        typer.Option(
            "--trusted-proxy",
            metavar="NETWORK",
            help="A proxy, or a network of them, whose X-Forwarded-For is believed. Repeatable.",
        ),
    ] = None,
) -> int:
    """Serve users over Backendless's REST API, and flows."""
    from blockwright.cli.serve import serve as serve_app

    return serve_app(users, mail, flows, host=host, port=port, cors=cors or [], trusted_proxies=trusted_proxy or [])
