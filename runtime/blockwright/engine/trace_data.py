"""Events of a trace as data that can be written as JSON."""

from __future__ import annotations

from blockwright.engine.trace import KINDS, Event
from blockwright.failure import Failure

FORMAT = 1
"""What ``format`` says in the first event of a run; it grows when the meaning of something changes."""


def event_data(event: Event) -> dict[str, object]:
    """An event as an object: its kind, the activity that it is about, when it happened, and what belongs to its kind.

    Events that end something have its ``seconds``, too.
    """
    kind, of = KINDS[type(event)], event.of
    data: dict[str, object] = {"event": kind}
    if kind == "run begins":
        data["format"] = FORMAT
    data |= {"run": of.run, "id": of.id, "parent": of.parent, "name": of.name, "flow": of.flow}
    data |= {"file": of.place.file, "line": of.place.line, "column": of.place.column, "depth": of.depth}
    data["at"] = round(event.at, 6)
    if kind in _ENDS:
        data["seconds"] = round(event.at - of.began, 6)
    for name, value in event._asdict().items():
        if name not in ("of", "at"):
            data[_NAMES.get(name, name)] = value.to_dict() if isinstance(value, Failure) else value
    return data


_ENDS = frozenset({"run ends", "step ends", "step fails", "step stops", "branch ends"})
_NAMES = {"is_secret": "secret", "is_new": "new", "was_stopped": "stopped", "seconds": "wait"}
