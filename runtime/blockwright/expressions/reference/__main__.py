"""Print the page: ``python -m blockwright.expressions.reference > docs/expressions.md``."""

import sys

from blockwright.expressions.reference import page

sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
sys.stdout.write(page())
