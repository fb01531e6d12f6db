"""A selector evaluated over the estate: strictly for orders, leniently for questions. Pure.

An order gets exactly the resources that were said, or a question back; never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rapidfuzz import process

from escher.contract.environments import APPLICATION_KEYS, ENVIRONMENT_KEYS, OWNER_KEYS, canonical_environment
from escher.contract.estate import Resource
from escher.contract.playbook import Targets as Wanted
from escher.contract.playbook import TargetsOfTypes
from escher.contract.ports import Match
from escher.contract.understanding import Clarification, Conditions
from escher.retrieval import questions
from escher.retrieval.conditions import RESOURCE_GROUP, Literally, conditions_check, entries
from escher.retrieval.questions import Nearest, tokens
from escher.retrieval.request import GONE, Request, by_name, in_order

Ranked = Callable[[str, Sequence[Resource]], Sequence[Resource]]
_FAMILIES = {"application": APPLICATION_KEYS, "owner": OWNER_KEYS}


def match_order(request: Request, nearest: Nearest) -> Match:
    """The targets of an order, or the question to ask back. `nearest` suggests resources for an unknown name."""
    question = _unclear(request, nearest)
    if question is not None:
        return Match(clarification=question, completeness=request.completeness)
    fitting = _bearing_any(request, request.fits)
    question = _not_exact(request, fitting)
    if question is not None:
        return Match(clarification=question, completeness=request.completeness)
    return Match(targets=in_order(fitting), completeness=request.completeness)


def find_for_question(request: Request, nearest: Nearest, ranked: Ranked) -> Match:
    """What fits a question, best first; asks back only about a name that nothing bears.

    Words that a resource itself says narrow the answer; all others only put the nearest by meaning (`ranked`) first.
    """
    unknown = next((entry for entry in request.entries if not request.bearing(entry, request.resources)), None)
    if unknown is not None:
        question = questions.unknown_name(request, unknown, nearest)
        return Match(clarification=question, completeness=request.completeness)
    asks_for_gone = GONE.intersection(request.selector.filters.states)
    found = _bearing_any(request, request.fitting(request.resources) if asks_for_gone else request.fits)
    return Match(targets=_presented(request, found, ranked), completeness=request.completeness)


def narrowed(match: Match, wanted: Wanted, now: float) -> Match:
    """Of the targets those that a playbook acts on; the others are skipped. None left: a question back."""
    if match.clarification is not None:
        return match
    acts = _acting(wanted, now)
    acts_on = {r.natural_key for r in match.targets if acts(r)}
    kept = tuple(r for r in match.targets if r.natural_key in acts_on)
    skipped = (*match.skipped, *(r for r in match.targets if r.natural_key not in acts_on))
    question = None if kept else questions.none_left(skipped, wanted.skipped_because)
    return Match(kept, skipped, question, match.completeness)


def _acting(wanted: Wanted, now: float) -> Callable[[Resource], bool]:
    """Whether a playbook acts on a resource; one that was put together does as the parts say that are for its type."""
    whole, parts = (
        _meeting(wanted, now),
        [(frozenset(part.resource_types), _meeting(part, now)) for part in wanted.among],
    )

    def acts(resource: Resource) -> bool:
        own = [meets for types, meets in parts if resource.resource_type in types]
        return whole(resource) and (not own or any(meets(resource) for meets in own))

    return acts


def _meeting(wanted: TargetsOfTypes, now: float) -> Callable[[Resource], bool]:
    meets = conditions_check(wanted.require, Literally(), now)
    return lambda resource: (
        resource.resource_type in wanted.resource_types and meets(resource) and _has(resource, wanted)
    )


def _has(resource: Resource, wanted: TargetsOfTypes) -> bool:
    """Whether each attribute has a value that the playbook is for; `True` is not the number 1."""
    for name, values in wanted.having.items():
        own = resource.attributes.get(name)
        found = own if isinstance(own, list) else [own]
        if not any(type(one) is type(value) and one == value for one in found for value in values):
            return False
    return True


def _unclear(request: Request, nearest: Nearest) -> Clarification | None:
    """What must be asked before anything is looked up: nothing said, or a word that the estate does not know."""
    selector = request.selector
    if not (selector.kinds or selector.resource_types or request.entries):
        return questions.nothing_said(request)
    for conditions in (selector.filters, *selector.filters.exclude):
        question = _unknown_entry(request, conditions, nearest) or _unknown_value(request, conditions)
        if question is not None:
            return question
    return _unclear_entry(request)


def _unknown_entry(request: Request, conditions: Conditions, nearest: Nearest) -> Clarification | None:
    for entry in entries(conditions, request.resolver):
        if not request.bearing(entry, request.resources):
            return questions.unknown_name(request, entry, nearest)
    return None


def _unclear_entry(request: Request) -> Clarification | None:
    """A name that fits nothing that was asked for, or several where one was."""
    for entry in request.entries:
        bearers = request.bearing(entry, request.fits)
        if not bearers:
            return questions.elsewhere(request, entry, request.bearing(entry, request.resources))
        if request.selector.quantity == "one" and len(bearers) > 1:
            return questions.ambiguous(request, entry.word, bearers)
    return None


def _not_exact(request: Request, matches: Sequence[Resource]) -> Clarification | None:
    """What must be asked of the matches: there are none, too many, or words that were not understood."""
    selector = request.selector
    if not matches:
        return questions.nothing_fits(request)
    if selector.words.strip():
        return questions.leftover(request, matches)
    if selector.quantity == "one" and not request.entries and len(matches) > 1:
        return questions.ambiguous(request, "", matches)
    if selector.limit is not None and selector.limit < len(matches):
        return questions.too_many(request, matches)
    return None


def _unknown_value(request: Request, conditions: Conditions) -> Clarification | None:
    """An account, application, owner or tag value that nothing has: a slip of the pen must not widen an exception."""
    for what, word, known in _values(request, conditions):
        if word.casefold() not in {value.casefold() for value in known}:
            near = process.extract(word, sorted(known), limit=questions.CHOICES, score_cutoff=60)
            return questions.unknown_value(what, word, [value for value, _, _ in near])
    return None


def _values(request: Request, conditions: Conditions) -> Iterable[tuple[str, str, set[str]]]:
    """Every free word of the conditions: what it is to be, the word, and the words that the estate knows for it."""
    value = request.resolver.value
    for word in conditions.accounts:
        yield "account", value(word), {name for r in request.resources for name in (r.account_id, r.account_name)}
    for what, keys in _FAMILIES.items():
        for word in getattr(conditions, f"{what}s"):
            yield what, value(word), _tag_values(request, keys)
    for word in conditions.environments:
        if canonical_environment(value(word)) is None:
            yield "environment", value(word), _tag_values(request, ENVIRONMENT_KEYS)
    for wanted in conditions.tags:
        key, group = value(wanted.key), value(wanted.key).lower() == RESOURCE_GROUP
        if not group:
            yield "tag", key, {name for r in request.living for name in r.tags}
        for word in wanted.values:
            known = _tag_values(request, (key.lower(),)) | (_groups(request) if group else set[str]())
            yield "resource group" if group else f"resource with tag {key}", value(word), known


def _groups(request: Request) -> set[str]:
    """The resource groups that anything is in."""
    return {str(r.attributes[RESOURCE_GROUP]) for r in request.living if r.attributes.get(RESOURCE_GROUP)}


def _tag_values(request: Request, keys: Sequence[str]) -> set[str]:
    return {value for r in request.living for key, value in r.tags.items() if key.lower() in keys}


def _bearing_any(request: Request, resources: Sequence[Resource]) -> Sequence[Resource]:
    """Those that bear one of the names that were said; all, when none was."""
    if not request.entries:
        return resources
    return [resource for resource in resources if any(entry.bears(resource) for entry in request.entries)]


def _presented(request: Request, found: Sequence[Resource], ranked: Ranked) -> tuple[Resource, ...]:
    """The answer to a question in its order: the nearest to its words first, at most `limit`."""
    limit = request.selector.limit or len(found)
    words = request.selector.words.strip()
    if not words:
        return in_order(by_name(found)[:limit])
    saying = [resource for resource in found if _says(resource, tokens(words))]
    best = ranked(words, saying or found)
    if best and not saying and not request.is_narrowed:
        return (*best,)[:limit]
    listed = {resource.natural_key for resource in best}
    others = (resource for resource in in_order(saying or found) if resource.natural_key not in listed)
    return (*best, *others)[:limit]


def _says(resource: Resource, words: Sequence[str]) -> bool:
    """Whether every word stands in the resource's name, id or tags."""
    own = {token for text in (resource.name, resource.identifier, *resource.tags.values()) for token in tokens(text)}
    return bool(words) and own.issuperset(words)
