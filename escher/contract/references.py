"""Do the playbooks that one depends on exist, and do they end? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from escher.contract.playbook import Playbook
from escher.contract.publication import Finding

DEEPEST = 3


def reference_findings(playbook: Playbook, known: Mapping[str, Sequence[str]]) -> Iterator[Finding]:
    """What is wrong with the playbooks that one depends on: unknown, back to itself, or more than three levels deep.

    `known` are the playbooks there are, by id, each with those that it depends on itself.
    """
    own = playbook.metadata.playbook_id
    wanted = {**known, own: playbook.metadata.depends_on}
    graph = {name: tuple(map(_bare, below)) for name, below in wanted.items()}
    place = "playbook.metadata.depends_on"
    yield from (
        Finding(place=place, message=f"there is no playbook {name}") for name in graph[own] if name not in graph
    )
    depth = _depth(own, graph, ())
    if depth is None:
        yield Finding(place=place, message="it depends on itself")
    elif depth > DEEPEST:
        yield Finding(place=place, message=f"it is nested {depth} levels deep, and {DEEPEST} are the most")


def _depth(name: str, graph: Mapping[str, Sequence[str]], above: tuple[str, ...]) -> int | None:
    """How many levels hang below a playbook, itself counted; None when one of them is above it."""
    if name in above:
        return None
    if len(above) > DEEPEST:
        return 1
    depths = [_depth(below, graph, (*above, name)) for below in graph.get(name, ())]
    return None if None in depths else 1 + max((depth for depth in depths if depth is not None), default=0)


def _bare(name: str) -> str:
    """The id without its version: `user-stop@1.0.0` is `user-stop`."""
    return re.split(r"[@:]", name, maxsplit=1)[0]
