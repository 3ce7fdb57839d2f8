"""``{name:rest}`` in the address of a route: all that is left, line ends included.

Starlette's own ``path`` stops at a line end, so that it would take ``alice@yourmail.com%0A`` for Alice's address.
"""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor


class _Rest(Convertor[str]):
    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


def make_known() -> None:
    """Let routes use it; to be called before the first of them is made."""
    register_url_convertor("rest", _Rest())
