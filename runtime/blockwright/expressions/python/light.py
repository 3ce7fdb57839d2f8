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


class NotLight(Exception):
    """Something turned up that light code cannot do."""


def is_light(code: ast.expr) -> bool:
    """Whether code needs nothing more than quick looks, unless something rare turns up in them."""
    for count, node in enumerate(ast.walk(code)):
        if count > MOST_NODES or isinstance(node, _HEAVY):
            return False
        match node:
            case ast.Call(func=ast.Name(id=name)) if name not in _LIGHT and not is_rare(node):
                return False
            case ast.BinOp(op=operator) if not isinstance(operator, ast.BitAnd | ast.BitOr):
                return False
            case ast.UnaryOp(op=ast.USub(), operand=operand) if not isinstance(operand, ast.Constant):
                return False
    return True


def _give_up(*_: object) -> NoReturn:
    raise NotLight


_HEAVY = (ast.ListComp, ast.GeneratorExp, ast.Lambda, ast.List, ast.Dict, ast.Tuple)
_LIGHT_FUNCTIONS = ("string length", "contains", "starts with", "ends with", "not", "count")
_LIGHT = frozenset(
    [
        *("_feel_type", "_feel_str", "_feel_bool", "_feel_list", "_feel_dict", "_feel_numbers", "_feel_Decimal"),
        *(overload_helper(name, 0) for name in _LIGHT_FUNCTIONS),
    ]
)
LIGHT_HELPERS: Mapping[str, object] = MappingProxyType(
    {name: helper if name in _LIGHT else _give_up for name, helper in HELPERS.items()}
)
"""The globals of light code."""
