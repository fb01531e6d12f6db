"""Choose the provider's operation that an order means, or the few that it may mean. Pure but for the shipped reference.

The search says how likely each operation is; rules say which of them can be what was ordered at all: the verb does the
act, every word of its name is the type's own or was said, and it can be filled exactly. What is only likely is asked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from escher.contract.context import RequestContext
from escher.contract.ports import Embedder
from escher.contract.understanding import Understanding
from escher.contract.vocabulary import Provider
from escher.vectors.reference.search import SURE, Found, find_operations
from escher_server.agents.making.calls import Lacking, Made, call_of, own_words, words_of
from escher_server.agents.making.identities import IDENTITIES, KIND_OF, Identity, cloud_of
from escher_server.agents.making.verbs import PARTICULAR, VERBS, does, stem
from escher_server.agents.understanding.lexicon.nouns import UNKNOWN

_LOOKED_AT = 25
# Below this an operation is hardly what was said, however alone it is.
_LIKELY = 0.08
_MOST_ASKED = 4
_MOST_BLUNT = 4
_ALIAS = re.compile(r"\b[a-z]\d{4,}\b")
_WORD = re.compile(r"[a-z]+")
# Of an operation's name, what says nothing of its own.
_PLAIN = frozenset({"the", "a", "for", "of", "to", "from", "with", "in", "db", "and"})
_LOSING = frozenset({"delete", "release"})


@dataclass(frozen=True, slots=True)
class Choice:
    """What may be meant for one type of thing: likely calls with their likelihood, best first; what lacks a value."""

    identity: Identity
    calls: tuple[tuple[Made, float], ...]
    lacking: tuple[Lacking, ...]

    @property
    def best(self) -> Made | None:
        """The call that is meant for sure; None when it has to be asked."""
        if not self.calls:
            return None
        total = sum(score for _, score in self.calls)
        call, score = self.calls[0]
        return call if score >= _LIKELY and score / total >= SURE else None


def types_meant(context: RequestContext, understanding: Understanding) -> tuple[str, ...]:
    """The types that an order may act on, as far as that is known without the estate: said, named, or there at all."""
    if UNKNOWN in understanding.resource_types:
        return ()
    named = {*understanding.filters.names, *understanding.filters.ids}
    of_names = [one.resource_type for one in context.resources if one.alias in named]
    there = [count.value for count in context.summary.resource_types]
    kinds = set(understanding.kinds)
    types = understanding.resource_types or tuple(
        name for name in (of_names or there or KIND_OF) if KIND_OF.get(name) in kinds
    )
    clouds = set(understanding.providers) or {count.value for count in context.summary.providers}
    known = (name for name in types if name in IDENTITIES and (not clouds or cloud_of(name) in clouds))
    return tuple(dict.fromkeys(known))


def choices(types: Sequence[str], understanding: Understanding, prompt: str, embedder: Embedder) -> tuple[Choice, ...]:
    """What the order may mean for each type; a type for which nothing does it is left out."""
    text = _ALIAS.sub("it", prompt)
    found: dict[Provider, Mapping[tuple[str, str], float]] = {}
    for name in types:
        cloud = IDENTITIES[name].provider
        found[cloud] = found.get(cloud) or _found(text, cloud, embedder)
    said = frozenset(stem(word) for word in _WORD.findall(text.lower()))
    made = [_choice(IDENTITIES[name], found[IDENTITIES[name].provider], understanding, said) for name in types]
    if len(types) <= _MOST_BLUNT:
        made = [one if one.calls else _bluntly(one, understanding, said, embedder) for one in made]
    return tuple(one for one in made if one.calls or one.lacking)


def _bluntly(choice: Choice, understanding: Understanding, said: frozenset[str], embedder: Embedder) -> Choice:
    """The same for the act on the very type, whatever other clouds call such a thing: `delete ec2 instance`."""
    identity = choice.identity
    words = identity.resource_type.removeprefix(f"{identity.provider}_").replace("_", " ")
    text = " ".join((*sorted(VERBS.get(understanding.action, ())), words))
    again = _choice(identity, _found(text, identity.provider, embedder, identity.service), understanding, said)
    return again if again.calls else choice


def is_certain(choice: Choice, understanding: Understanding, alone: bool) -> bool:
    """Whether the best call may be proposed: what loses something only for a type that was said or is the only one."""
    best = choice.best
    if best is None:
        return False
    return best.effect == "write" or bool(understanding.resource_types) or alone


def _found(text: str, cloud: Provider, embedder: Embedder, service: str = "") -> Mapping[tuple[str, str], float]:
    found: list[Found] = find_operations(text, provider=cloud, service=service, limit=_LOOKED_AT, embedder=embedder)
    return {(one.service, one.operation): one.score for one in found}


def _choice(
    identity: Identity, found: Mapping[tuple[str, str], float], understanding: Understanding, said: frozenset[str]
) -> Choice:
    fitting = [
        (call, score)
        for (service, operation), score in found.items()
        if service == identity.service
        and _accounted(operation, identity, understanding, said)
        and (call := call_of(identity, operation, understanding.parameters)) is not None
    ]
    calls = tuple((call, score) for call, score in fitting if isinstance(call, Made) and _allowed(call, understanding))
    lacking = tuple(call for call, _ in fitting if isinstance(call, Lacking))
    return Choice(identity, calls[:_MOST_ASKED], lacking)


def _accounted(operation: str, identity: Identity, understanding: Understanding, said: frozenset[str]) -> bool:
    """Whether the verb does what was ordered, and every other word is the type's own or was said."""
    words = words_of(operation, identity)
    if words is None or not does(words[0], understanding.action, said):
        return False
    own = own_words(identity) | _PLAIN | {understanding.action}
    if said & PARTICULAR - {stem(word) for word in words}:
        return False
    return all(word in own or stem(word) in said for word in words[1:])


def _allowed(call: Made, understanding: Understanding) -> bool:
    """Nothing that reads, tells secrets or does who knows what; nothing is lost that was not ordered to go."""
    if call.effect == "destroy":
        return understanding.action in _LOSING or call.verb in ("purge", "terminate")
    return call.effect == "write"
