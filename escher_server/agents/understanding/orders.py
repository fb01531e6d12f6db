"""An order: its one action and its object; and every reason to ask back before anything is planned."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from escher.contract.understanding import Clarification
from escher.contract.vocabulary import Action, Kind
from escher_server.agents.understanding import asking
from escher_server.agents.understanding.draft import Selection
from escher_server.agents.understanding.lexicon import openings
from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.marking import Mentions, mark
from escher_server.agents.understanding.reader import read
from escher_server.agents.understanding.refining import CAPABLE, document, refine
from escher_server.agents.understanding.scene import Aim
from escher_server.agents.understanding.senses import Chunk
from escher_server.agents.understanding.utterance import Act, Spoken
from escher_server.agents.understanding.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered. More than one action: two changes, or a verb with two meanings (`ambiguous`)."""

    actions: tuple[Action, ...]
    selection: Selection
    ambiguous: bool = False
    document: str = ""
    said: str = ""

    @property
    def action(self) -> Action:
        """The action, or the first of several; `none` when there is none."""
        return self.actions[0] if self.actions else "none"


def read_order(verdict: Verdict, mentions: Mentions, known_regions: frozenset[str]) -> Order:
    """The order in a verdict's leading clauses, with the objects that other clauses give it."""
    verbs = [_begun(part) for part in verdict.leading if part.actions]
    aim = Aim(order=True, action=verbs[0][0] if verbs else "none", known_regions=known_regions)
    selection = Selection()
    for part in verdict.leading:
        read(chunks_of(part, mentions), selection, aim)
    _borrow(verdict, selection, mentions, aim)
    _own_parts(aim.action, selection)
    for part in verdict.forbidden:
        read(chunks_of(part, mentions), selection, aim, excluding=True)
    written = document(verbs[0][0], selection) if verbs else ""
    actions, ambiguous = _actions(verbs, selection)
    if selection.schedule and len(actions) == 1:
        selection.words += actions
        actions = ("schedule",)
    return Order(actions, selection, ambiguous, written, said(verdict.leading))


_SPEAKERS = words("i we you they it nobody no one")
_WANTING = words("not need use want used needed anymore now longer")
_NEW = words("a an new another fresh additional more some two three 2 3 4 5")


def _begun(part: Spoken) -> tuple[Action, ...]:
    """`launch a new instance` makes one, `launch web-1` starts it."""
    if set(part.actions) != {"start", "create"}:
        return part.actions
    words = {part.clause.tokens[at].norm for at in part.rest[:3]}
    return ("create",) if words & _NEW else ("start",)


def _own_parts(action: Action, selection: Selection) -> None:
    """`rotate the keys of deploy-bot`: what has the part is what is meant."""
    if action == "rotate" and selection.related_names and not selection.has_names:
        selection.main.add("names", *selection.related_names)
        selection.nouns = list(selection.related)


def said(parts: Iterable[Spoken]) -> str:
    """The object in the words of the request."""
    words = [part.clause.tokens[at].text for part in parts for at in part.rest]
    return " ".join(words) or "it"


def chunks_of(part: Spoken, mentions: Mentions) -> list[Chunk]:
    """The chunks of a clause's object."""
    return mark([part.clause.tokens[at] for at in part.rest], mentions)


def _borrow(verdict: Verdict, selection: Selection, mentions: Mentions, aim: Aim) -> None:
    """`list the dev instances and stop them`, `in us-east-1, stop …`: what an order takes from other clauses."""
    sentences = {part.clause.sentence for part in verdict.leading}
    told = [part for part in verdict.context if _tells(part) or part.clause.sentence not in sentences]
    for part in verdict.context:
        if part not in told and (part.act is Act.FRAGMENT or _needs_object(selection)):
            read(chunks_of(part, mentions), selection, aim)
    # A pronoun means what was told of last.
    for part in reversed(told):
        if not _needs_object(selection) or selection.narrows:
            break
        read(_told_of(part, mentions), selection, aim)


def _needs_object(selection: Selection) -> bool:
    return selection.pronoun or not selection.has_head


def _tells(part: Spoken) -> bool:
    told = part.act in (Act.STATEMENT, Act.DOUBTFUL)
    return told or (part.act is Act.FRAGMENT and not openings.FINITE.isdisjoint(part.clause.words))


def _told_of(part: Spoken, mentions: Mentions) -> list[Chunk]:
    """`web-1 hangs, restart it`: what is told of; in `we do not need web-1` that comes behind the verb."""
    words = part.clause.words
    tokens = [*itertools.takewhile(lambda at: words[at] not in openings.FINITE, part.rest)]
    if all(words[at] in _SPEAKERS for at in tokens):
        tokens = [at for at in part.rest if words[at] not in openings.FINITE | _SPEAKERS | _WANTING]
    return mark([part.clause.tokens[at] for at in tokens], mentions)


def _actions(verbs: Sequence[tuple[Action, ...]], selection: Selection) -> tuple[tuple[Action, ...], bool]:
    """The refined actions; whether they are meanings of one verb."""
    distinct = [*dict.fromkeys(_able(_refined(verb, selection), selection) for verb in verbs)]
    if len(distinct) == 1:
        return distinct[0], len(distinct[0]) > 1
    return _each_once(actions[0] for actions in distinct), False


def _refined(actions: Iterable[Action], selection: Selection) -> tuple[Action, ...]:
    return _each_once(refine(action, selection) for action in actions)


def _each_once(actions: Iterable[Action]) -> tuple[Action, ...]:
    found: dict[Action, None] = {}
    for action in actions:
        found[action] = None
    return tuple(found)


def _able(actions: tuple[Action, ...], selection: Selection) -> tuple[Action, ...]:
    """Of a verb's meanings, those that can be done to this kind of thing."""
    kinds = {noun.kind for noun in selection.nouns if noun.kind}
    if len(actions) == 1 or not kinds:
        return actions
    fitting: list[Action] = [action for action in actions if kinds & CAPABLE.get(action, kinds)]
    return tuple(fitting) or actions


def objection(order: Order, kinds: tuple[Kind, ...]) -> Clarification | None:
    """Why this order cannot be carried out as it stands, as a question back; None when it can."""
    if order.ambiguous:
        return asking.which_action(order.actions, order.said)
    if len(order.actions) > 1:
        return asking.one_at_a_time(order.actions)
    if order.action == "create":
        return asking.unclear_request() if lacks_target(order) else None
    return _unclear_object(order, kinds) or _unclear_extent(order, kinds)


def lacks_target(order: Order) -> bool:
    """Whether nothing at all says which things are meant."""
    selection = order.selection
    if order.action == "create":
        return (selection.known and not selection.nouns) or not (
            selection.nouns or selection.has_names or selection.features or selection.indefinite
        )
    return not selection.narrows and not (selection.every and selection.nouns) and not selection.limit


def _unclear_object(order: Order, kinds: tuple[Kind, ...]) -> Clarification | None:
    """A word that narrows the object and was not understood: leaving it out would change more than was said."""
    selection = order.selection
    if selection.unread:
        return asking.not_understood(selection.unread)
    if order.action in _SETTINGS_ONLY and not selection.nouns and not selection.known and _is_plain(selection):
        return asking.unclear_action(kinds)
    if selection.number is not None and order.action in _WHOLE_THINGS and not selection.has_names:
        return asking.not_understood([str(selection.number)])
    if selection.soft and not selection.has_names:
        return asking.judgement(selection.soft, kinds)
    if selection.ambiguous:
        return asking.which_reading(selection.ambiguous[0], kinds)
    if (selection.related_names or selection.related) and not selection.has_names:
        return asking.whose(selection.related_names or ["the things"], kinds)
    if selection.main.contradicts or _leaves_nothing(selection):
        return asking.contradiction()
    if selection.either:
        return asking.which_name(selection.main.values.get("names", []))
    if selection.features and order.action in _WHOLE_THINGS:
        return asking.not_understood([feature.word for feature in selection.features])
    if len([tag for tag in selection.assigned if tag.values]) > 1 and order.action == "tag":
        return asking.one_tag([tag.key for tag in selection.assigned])
    return None


# Done to a thing as a whole: a setting in such an order restricts it, in a way nothing can be selected by.
_WHOLE_THINGS = frozenset(
    ("start", "stop", "reboot", "delete", "snapshot", "backup", "release", "restore", "attach", "detach")
)


# Of these a plain unknown word is no object: `apply best practices`, `reduce the noise`.
_SETTINGS_ONLY = frozenset(("update", "enable", "disable", "scale"))


def _is_plain(selection: Selection) -> bool:
    names = selection.main.values.get("names", [])
    return bool(names) and all(name.isalpha() for name in names)


def _leaves_nothing(selection: Selection) -> bool:
    """An exception that takes out the very kind that is meant, or a kind that cannot be told apart."""
    kinds = {noun.kind for noun in selection.nouns}
    return any(noun.kind is None or kinds == {noun.kind} for noun in selection.excluded_nouns)


def _unclear_extent(order: Order, kinds: tuple[Kind, ...]) -> Clarification | None:
    """Nothing says which things, or how many, or the answer would be: everything."""
    selection, action = order.selection, order.action
    if selection.some:
        return asking.how_many(kinds)
    if lacks_target(order):
        broad = selection.everything or selection.every
        return asking.too_broad(action) if broad else asking.which_targets(action, kinds)
    if not kinds and not selection.nouns and not selection.has_names and action != "create":
        able = sorted(CAPABLE.get(action, ("compute_instance", "disk", "snapshot")))
        return asking.which_kind(action, able, " ".join(_scope(selection)))
    if action == "tag" and not selection.assigned and selection.has_names and selection.main.values.get("environments"):
        return asking.which_tag()
    return None


def _scope(selection: Selection) -> list[str]:
    return (
        [value for values in selection.main.values.values() for value in values]
        or list(selection.providers)
        or ["there"]
    )
