"""How the things of an estate hang together: who is attached to, uses, routes to whom. Pure.

Ties are read from the thing that knows of them outwards, as the provider tells; here they can be followed both ways.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from escher.contract.estate import GLOBAL, Resource

# Whoever has such a tie to a thing feels a change of it; a copy lives on without its original, a grant does not care.
_FELT = frozenset({"attached_to", "member_of", "uses", "routes_to"})
# What is attached is part of what it is attached to, so that this feels it as well: an instance without its volume.
_BOTH_WAYS = "attached_to"


@dataclass(frozen=True, slots=True)
class Tie:
    """`source` (a natural key) does `verb` to `target`."""

    source: str
    verb: str
    target: str


@dataclass(frozen=True, slots=True)
class Affected:
    """A resource that feels a change, how many ties away it is, and the last tie of the way."""

    resource: Resource
    distance: int
    through: Tie


class Graph:
    """The ties of an estate. Ids that lead to nothing known are left out."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self._resources = {one.natural_key: one for one in resources}
        self._by_id: dict[str, str] = {}
        self._by_name: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for key, one in self._resources.items():
            self._by_id[one.resource_id.lower()] = key
            self._by_name[one.account_id, one.resource_type, one.identifier].append(key)
        self._outwards: dict[str, list[Tie]] = defaultdict(list)
        self._inwards: dict[str, list[Tie]] = defaultdict(list)
        for key, one in self._resources.items():
            for verb, others in one.relations.items():
                for other in others:
                    self._tie(key, verb, self._resolved(one, other))

    def related(self, resource: Resource, depth: int = 1) -> list[Resource]:
        """What a resource is tied to, in either direction, up to so many ties away; the nearest first."""
        seen, edge = {resource.natural_key}, [resource.natural_key]
        found: list[str] = []
        for _ in range(depth):
            edge = [
                other
                for key in edge
                for other in self._neighbours(key)
                if other not in seen and not seen.add(other)  # type: ignore[func-returns-value] `add` is the point
            ]
            found += edge
        return [self._resources[key] for key in found]

    def ties(self, resource: Resource) -> list[Tie]:
        """Every tie of a resource: its own first, then those that lead to it."""
        return [*self._outwards.get(resource.natural_key, ()), *self._inwards.get(resource.natural_key, ())]

    def dependants(self, resource: Resource) -> list[Tie]:
        """The ties of those that would feel it if this resource went away."""
        return [tie for tie in self._inwards.get(resource.natural_key, ()) if tie.verb in _FELT]

    def copies(self, resource: Resource) -> list[Resource]:
        """The snapshots, images and the like that were made of a resource."""
        ties = self._inwards.get(resource.natural_key, ())
        return [self._resources[tie.source] for tie in ties if tie.verb == "copy_of"]

    def blast_radius(self, targets: Sequence[Resource]) -> list[Affected]:
        """All that a change of these resources may touch besides themselves, each once, the nearest first.

        Whoever is attached to, is a member of, uses or routes to a thing feels its change, and a thing feels the change
        of what is attached to it. But what feels a change only as attached to one thing does not hand it on to others
        that it is attached to: two subnets with the same route table do not feel each other.
        """
        seen = {one.natural_key for one in targets}
        edge = [(key, True) for key in sorted(seen)]
        walked, found, distance = set(edge), list[Affected](), 0
        while edge:
            distance += 1
            steps = [step for key, outwards in edge for step in self._feeling(key, outwards=outwards)]
            edge = []
            for tie, other, outwards in steps:
                if (other, outwards) not in walked:
                    walked.add((other, outwards))
                    edge.append((other, outwards))
                if other not in seen:
                    seen.add(other)
                    found.append(Affected(self._resources[other], distance, tie))
        return found

    def _feeling(self, key: str, *, outwards: bool) -> Iterator[tuple[Tie, str, bool]]:
        """Who feels a change of a thing, by which tie, and whether what they are attached to feels them in turn."""
        for tie in self._inwards.get(key, ()):
            if tie.verb in _FELT:
                yield tie, tie.source, tie.verb != _BOTH_WAYS
        for tie in self._outwards.get(key, ()) if outwards else ():
            if tie.verb == _BOTH_WAYS:
                yield tie, tie.target, True

    def _neighbours(self, key: str) -> list[str]:
        outwards = [tie.target for tie in self._outwards.get(key, ())]
        return [*outwards, *(tie.source for tie in self._inwards.get(key, ()))]

    def _tie(self, source: str, verb: str, target: str | None) -> None:
        if target is not None and target != source:
            tie = Tie(source, verb, target)
            self._outwards[source].append(tie)
            self._inwards[target].append(tie)

    def _resolved(self, one: Resource, other: str) -> str | None:
        """The key of another, named by whole id or by `type/identifier` within the account."""
        known = self._by_id.get(other.lower())
        if known is not None:
            return known
        resource_type, _, identifier = other.partition("/")
        keys = self._by_name.get((one.account_id, resource_type, identifier), [])
        near = [key for key in keys if self._resources[key].region in (one.region, GLOBAL)] or keys
        return near[0] if len(near) == 1 else None
