"""Light code: conditions on plain values, which neither compute nor loop, and so need no budget and no decimal context.

Most conditions are light, and to prepare for them would take several times as long as they do. Light code runs with
globals of its own, in which whatever is more than a quick look gives up; then it is run again, prepared.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType
from typing import NoReturn

from blockwright.expressions.python.function_helpers import overload_helper
from blockwright.expressions.python.helpers import HELPERS
from blockwright.expressions.python.writing import is_rare

MOST_NODES = 200
"""Pieces of Python in light code: it may look through a long text a few times, and no more."""


LIGHT_FUNCTIONS = ("string length", "contains", "starts with", "ends with", "not", "count")
LIGHT = frozenset(
    [
        *("_feel_type", "_feel_str", "_feel_bool", "_feel_list", "_feel_dict", "_feel_numbers", "_feel_Decimal"),
        *(overload_helper(name, 0) for name in LIGHT_FUNCTIONS),
    ]
)
"""The helpers of light code."""


class NotLight(Exception):
    """Something turned up that light code cannot do."""


def is_light(code: ast.expr, names: frozenset[str] = LIGHT, *, computes: bool = False) -> bool:
    """Whether code needs nothing more than quick looks, unless something rare turns up in them.

    ``names`` are the helpers that are such, and where it ``computes`` it may, with plain operators.
    """
    for count, node in enumerate(ast.walk(code)):
        if count > MOST_NODES or isinstance(node, _HEAVY):
            return False
        match node:
            case ast.Call(func=ast.Name(id=name)) if name not in names and not is_rare(node):
                return False
            case ast.BinOp(op=operator) if not (computes or isinstance(operator, ast.BitAnd | ast.BitOr)):
                return False
            case ast.UnaryOp(op=ast.USub(), operand=operand) if not (computes or isinstance(operand, ast.Constant)):
                return False
    return True


def give_up(*_: object) -> NoReturn:
    raise NotLight


_HEAVY = (ast.ListComp, ast.GeneratorExp, ast.Lambda, ast.List, ast.Dict, ast.Tuple)
LIGHT_HELPERS: Mapping[str, object] = MappingProxyType(
    {name: helper if name in LIGHT else give_up for name, helper in HELPERS.items()}
)
"""The globals of light code."""
