"""Regular expressions as XPath has them (XQuery 1.0 and XPath 2.0 Functions and Operators, 7.6), in linear time.

Python's ``re`` goes back and forth over a text, so a short pattern can keep it busy for hours; and it differs from
XPath in flags, classes and escapes. Patterns here are read into a tree (``syntax``), made into a small program
(``program``), and run by an automaton that looks at each character once (``automaton``). Only a pattern that refers
back to one of its own groups needs trying out (``tracing``); that, like all other work, is limited.
"""

from blockwright.expressions.patterns.pattern import Pattern, compile_pattern
from blockwright.expressions.patterns.syntax import PatternProblem

__all__ = ["Pattern", "PatternProblem", "compile_pattern"]
