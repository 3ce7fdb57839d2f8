"""docs/expressions.md, made from the code: ``python -m blockwright.expressions.reference`` prints it."""

from blockwright.expressions.reference.page import page, scope, signature, takes

__all__ = ["page", "scope", "signature", "takes"]
