"""What steps that run side by side may share: everything that nobody among them changes."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from blockwright.language import steps as s
from blockwright.language.checker.names import bodies, given_by

if TYPE_CHECKING:
    from blockwright.language.checker.report import Report
    from blockwright.language.source import Scalar

_Path: TypeAlias = tuple[int, ...]
"""The loops with rounds side by side around a step, from the outside in."""


@dataclass(frozen=True, slots=True)
class _Gift:
    """That a step gives a name a value, inside of these loops."""

    name: Scalar
    path: _Path


def check_sharing(steps: s.Steps, inputs: Collection[str], report: Report) -> None:
    """Report what rounds side by side would change under one another's feet, and branches likewise."""
    paths: dict[str, set[_Path]] = {name: {()} for name in inputs}
    gifts = list(_gifts(steps, ()))
    for gift in gifts:
        paths.setdefault(gift.name.text, set()).add(gift.path)
    for gift in gifts:
        if any(len(path) < len(gift.path) and gift.path[: len(path)] == path for path in paths[gift.name.text]):
            message = f"rounds that run side by side cannot change `{gift.name.text}`, which is set outside of them too"
            mend = "give the variable in here a name of its own, and collect it: `collect as: …`, `each gives: …`"
            report.error(gift.name.span, message, mend, rule="side-by-side")
    _check_branches(steps, report)


def given_in_branch(steps: s.Steps) -> dict[str, Scalar]:
    """The names that a branch gives a value to, for all to see."""
    found: dict[str, Scalar] = {}
    for gift in _gifts(steps, ()):
        if not gift.path:
            found.setdefault(gift.name.text, gift.name)
    return found


def _check_branches(steps: s.Steps, report: Report) -> None:
    for step in steps:
        if step.skip:
            continue
        if isinstance(step, s.Together):
            seen: dict[str, Scalar] = {}
            for branch in step.branches:
                given = given_in_branch(branch)
                for name, place in given.items():
                    if name in seen:
                        message = f"two branches that run side by side cannot both give `{name}` a value"
                        report.error(place.span, message, "choose another name in here", rule="side-by-side")
                seen |= given
        for inner in bodies(step):
            _check_branches(inner, report)


def _gifts(steps: s.Steps, path: _Path) -> Iterator[_Gift]:
    for step in steps:
        if step.skip:
            continue
        yield from (_Gift(name, path) for name in given_by(step))
        for inner in bodies(step):
            is_aside = isinstance(step, s.ForEach) and step.at_once is not None and inner is step.do
            yield from _gifts(inner, (*path, id(step)) if is_aside else path)
