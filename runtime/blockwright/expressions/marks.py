"""The marks that are written above, below and beside letters: vowels in Hindi, Thai and many others, points, accents.

Python's ``\\w`` takes letters and digits, and leaves marks out, without which most words of those languages are none.
"""

from __future__ import annotations

MARKS = r"\u0300-\u167f\u1681-\u1fff"
"""For a class of characters in a pattern: where the combining marks of living languages are, among what DMN 1.5,
10.3.1.2 takes into names. Letters are between them, and a few signs that nobody else asks about; no white space is.
More ranges would be exact, and take the pattern ten times as long to be made."""
