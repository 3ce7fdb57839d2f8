"""A checked flow as Python code whose lines are the YAML's lines.

One Python function per flow and function, built as an ``ast.Module`` and compiled under the flow file's path, so
tracebacks, ``pdb``, coverage and profilers point at the YAML. Variables are Python locals. The meaning is that of
``interpreter``; both take every check and conversion from ``meaning``.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from blockwright.catalogue.naming import python_name
from blockwright.engine.compiler.steps import Steps, function_name
from blockwright.engine.compiler.values import GLOBALS, Values
from blockwright.engine.unit import MARK
from blockwright.language.program import FunctionName

if TYPE_CHECKING:
    from blockwright.engine.run import Compiled
    from blockwright.engine.unit import Unit
    from blockwright.language.program import Callee


def compile_unit(unit: Unit, is_async: Callable[[Callee | None], bool]) -> Compiled:
    """The Python function of a flow. ``is_async`` says whether the flow (None) or what it calls waits for something."""
    program = unit.program
    values = Values(unit)
    steps = Steps(unit, values, is_async)
    main = python_name(program.name)
    functions = [
        steps.routine(routine, function_name(name), is_async(FunctionName(name)))
        for name, routine in program.functions.items()
    ]
    functions.append(steps.routine(program.main, main, is_async(None)))
    module = ast.Module(functions, [])
    names: dict[str, object] = {"__name__": "blockwright.flow", MARK: unit, **GLOBALS}
    names |= values.constants
    exec(compile(module, unit.filename, "exec"), names)
    return cast("Compiled", names[main])
