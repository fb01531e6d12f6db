"""The questions asked back when a selector does not come down to clear targets. Pure.

Each says what was looked for and what there is instead, with at most eight choices.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from escher.contract.estate import Resource
from escher.contract.understanding import Clarification, Conditions, Selector
from escher.retrieval.conditions import Entry
from escher.retrieval.phrases import described, joined, kind_word, label, naming, shown, things
from escher.retrieval.request import GONE, Request, in_order

CHOICES = 8
_WORD = re.compile(r"[^\W_]+")
Nearest = Callable[[str, Sequence[Resource]], Sequence[Resource]]


def nothing_said(request: Request) -> Clarification:
    """The selector says neither a kind of thing nor a name."""
    kinds = Counter(resource.kind for resource in request.fitting(request.living))
    return Clarification(
        question="Which resources are meant? Say what kind of thing, or a name.",
        choices=_limited(f"{count} {kind_word(kind, count)}" for kind, count in kinds.most_common()),
    )


def unknown_name(request: Request, entry: Entry, nearest: Nearest) -> Clarification:
    """Nothing in the estate bears the name. An id that is not known never left this machine, so it is not repeated."""
    if entry.word.startswith("<"):
        return Clarification(question=f"I know no {things(request.selector, 1)} with the {entry.word[1:-1]} you typed.")
    return Clarification(
        question=f"I know no {things(request.selector, 1)} called “{shown(entry.word)}”.",
        choices=_labels(nearest(entry.word, request.living)),
    )


def unknown_value(what: str, word: str, near: Iterable[str]) -> Clarification:
    """Nothing in the estate has that account, application, owner or tag value."""
    return Clarification(question=f"I know no {what} “{shown(word)}”.", choices=_limited(map(shown, near)))


def elsewhere(request: Request, entry: Entry, bearers: Sequence[Resource]) -> Clarification:
    """The name exists, but not on what was asked for."""
    first = bearers[0]
    state = f"{first.state} " if first.state in GONE else ""
    what = f"a {state}{kind_word(first.kind)} in {first.region}"
    more = f" (and {len(bearers) - 1} more)" if len(bearers) > 1 else ""
    looked_for = described(_without(request.selector, "names", "ids"), request.resolver, 1)
    return Clarification(
        question=f"{naming(first)} exists, but is {what}{more}; there is no such {looked_for}.",
        choices=_labels(bearer for bearer in bearers if bearer.state not in GONE),
    )


def ambiguous(request: Request, word: str, matches: Sequence[Resource]) -> Clarification:
    """One was asked for, and several fit."""
    named = f" called “{shown(word)}”" if word else ""
    count = len(matches)
    return Clarification(
        question=f"Which one do you mean? {count} {things(request.selector, count)}{named} fit.",
        choices=_labels(in_order(matches)),
    )


def too_many(request: Request, matches: Sequence[Resource]) -> Clarification:
    """Fewer were asked for than there are; which ones was not said."""
    limit, count = request.selector.limit, len(matches)
    return Clarification(
        question=f"{count} {things(request.selector, count)} fit, and you asked for {limit}. Which ones?",
        choices=_labels(in_order(matches)),
    )


def nothing_fits(request: Request) -> Clarification:
    """Nothing meets all conditions: says what would fit without one of them, the nearest first."""
    selector, resolver = request.selector, request.resolver
    looser = [(request.fitting(request.living, other), other) for other in _relaxed(selector)]
    near = sorted((found for found in looser if found[0]), key=lambda found: len(found[0]))
    question = f"There is no {described(selector, resolver, 1)}."
    if near and selector.filters.states and not near[0][1].filters.states:
        states = Counter(resource.state.replace("_", " ") for resource in near[0][0])
        counts = joined((f"{count} {'is' if count == 1 else 'are'} {state}" for state, count in states.items()), "and")
        question = f"{question} {counts[0].upper()}{counts[1:]}."
    return Clarification(
        question=question,
        choices=_limited(f"{len(found)} {described(other, resolver, len(found))}" for found, other in near),
    )


def leftover(request: Request, matches: Sequence[Resource]) -> Clarification:
    """Words remained that nobody understood; they are neither ignored nor guessed at."""
    words = request.selector.words
    meanings = Counter(meaning for resource in matches for meaning in _meanings(words, resource))
    choices = [
        f"the {count} {things(request.selector, count)} whose {meaning}" for meaning, count in meanings.most_common()
    ]
    if len(choices) == 1:
        return Clarification(question=f"Do you mean {choices[0]}?", choices=tuple(choices))
    if choices:
        return Clarification(question=f"What does “{shown(words)}” mean here?", choices=_limited(choices))
    without = described(_without(request.selector, "words"), request.resolver, len(matches))
    return Clarification(
        question=f"I do not know what “{shown(words)}” means here.", choices=(f"the {len(matches)} {without}",)
    )


def none_left(skipped: Sequence[Resource], because: str) -> Clarification:
    """A playbook can act on none of the matches."""
    count = len(skipped)
    reason = because.rstrip(".") or "it does not act on resources like these"
    question = f"There is nothing to do for {'this one' if count == 1 else f'these {count}'}: {reason}."
    return Clarification(question=question, choices=_labels(skipped))


def tokens(text: str) -> list[str]:
    """The words of a name, a tag value or a phrase, in lower case."""
    return _WORD.findall(text.casefold())


def _meanings(words: str, resource: Resource) -> Iterable[str]:
    """What `words` may say of one resource: a tag's value, or a part of its name."""
    phrase = tokens(words)
    for key, value in resource.tags.items():
        said = tokens(value)
        if key != "Name" and said and f" {' '.join(said)} " in f" {' '.join(phrase)} ":
            yield f"tag {shown(key)} is “{shown(value)}”"
    for part in dict.fromkeys(tokens(resource.name)):
        if part in phrase:
            yield f"name contains “{part}”"


def _relaxed(selector: Selector) -> Iterable[Selector]:
    """The selector without one of its conditions, for each condition that it has."""
    for name in Conditions.model_fields:
        if name not in ("names", "ids") and getattr(selector.filters, name) not in ((), None):
            yield _without(selector, name)


def _without(selector: Selector, *fields: str) -> Selector:
    filters = {name: None if name in ("attached", "public", "encrypted") else () for name in fields if name != "words"}
    changed: dict[str, object] = {"filters": selector.filters.model_copy(update=filters)}
    return selector.model_copy(update=changed | ({"words": ""} if "words" in fields else {}))


def _labels(resources: Iterable[Resource]) -> tuple[str, ...]:
    return _limited(label(resource) for resource in resources)


def _limited(choices: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(choices))[:CHOICES]
