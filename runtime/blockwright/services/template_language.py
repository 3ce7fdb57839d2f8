"""The part of Jinja2 that an owner's own mail templates may use: values, conditions and harmless filters.

Loops, calls, attributes and arithmetic are left out, so that filling in a template always ends soon, in little memory,
and reaches nothing but the values of the mail.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection

from blockwright.failure import BAD_VALUE, UNAVAILABLE, Failure
from blockwright.services.addresses import shown

try:
    from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
    from jinja2.sandbox import SandboxedEnvironment
except ImportError as error:
    raise Failure(
        UNAVAILABLE, 'Conditions in mail templates need Jinja2; install it with: pip install "blockwright[mail]"'
    ) from error

FILTERS = ("capitalize", "e", "escape", "lower", "title", "trim", "upper", "urlencode")
_NODES = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Concat,
    nodes.Filter,
)


def compile_template(source: str, values: Collection[str], *, escape: bool) -> Template:
    """The template of this source, which may show ``values``. Fails with ``bad value``; the message is the end of a
    sentence that names the template, and says in which line."""
    environment = SandboxedEnvironment(autoescape=escape, undefined=StrictUndefined, keep_trailing_newline=True)
    try:
        tree = environment.parse(source)
        _check(tree, values)
        return Template.from_code(environment, environment.compile(tree), {})
    except TemplateSyntaxError as error:
        raise _bad(error.lineno, f"Jinja2 finds: {shown(error.message or '', longest=200)}") from error
    except (RecursionError, MemoryError, SyntaxError) as error:
        raise Failure(BAD_VALUE, "it is nested too deeply.") from error
    except ValueError as error:
        raise Failure(BAD_VALUE, "it has a number that is too long.") from error


def _check(node: nodes.Node, values: Collection[str]) -> None:
    match node:
        case nodes.Name(name=name) if name not in values:
            raise _bad(node.lineno, f"there is no value called {shown(name)}{_did_you_mean(name, values)}")
        case nodes.Filter(name=name) if name not in FILTERS or node.args or node.kwargs:
            known = ", ".join(FILTERS)
            raise _bad(node.lineno, f"the filter {shown(name)} cannot be used; there are {known}, without arguments")
        case _ if not isinstance(node, _NODES):
            what = type(node).__name__.lower()
            raise _bad(node.lineno, f"{what} cannot be used in a mail; there are values, conditions and filters")
    for child in node.iter_child_nodes():
        _check(child, values)


def _did_you_mean(name: str, values: Collection[str]) -> str:
    near = difflib.get_close_matches(name[:100], values, n=1)
    return f"; did you mean {near[0]}?" if near else f"; there are {', '.join(values)}."


def _bad(line: int, what: str) -> Failure:
    return Failure(BAD_VALUE, f"in line {line} {what}{'' if what.endswith(('.', '?')) else '.'}")
