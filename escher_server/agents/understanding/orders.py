"""An order: its one action and its object, in its own clauses and in those beside it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from escher.contract.vocabulary import Action
from escher_server.agents.understanding.draft import Selection
from escher_server.agents.understanding.lexicon import openings
from escher_server.agents.understanding.lexicon.nouns import UNKNOWN, Noun
from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.marking import Mentions, mark
from escher_server.agents.understanding.reader import read
from escher_server.agents.understanding.refining import CAPABLE, document, refine
from escher_server.agents.understanding.scene import Aim
from escher_server.agents.understanding.senses import Chunk
from escher_server.agents.understanding.utterance import Act, Spoken
from escher_server.agents.understanding.verdict import Verdict, tells_of

# Who speaks or is spoken of in general, and what they say of a thing: no object by themselves.
_SPEAKERS = words("i we you they it nobody no one")
_WANTING = words("not need use want used needed anymore now longer")
_OF_PARTS = words("scale update enable disable snapshot backup encrypt")
# What may be done at a time, or over and over, without being scheduled by Escher.
_BY_ITSELF = frozenset(("create", "rotate"))
# What follows the making of a thing, done to that thing: `create a schedule and attach it to web-1`.
_OF_THE_NEW = words("attach tag update enable")
_NEW = words("a an new another fresh additional more some two three 2 3 4 5")


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
    if any(tells_of(part) for part in verdict.leading):
        selection.nouns.append(Noun("alarm"))
    _own_parts(aim.action, selection)
    for part in verdict.forbidden:
        read(chunks_of(part, mentions), selection, aim, excluding=True)
    written = document(verbs[0][0], selection) if verbs else ""
    actions, ambiguous = _actions(verbs, selection)
    if actions[:1] == ("create",) and selection.pronoun and set(actions[1:]) <= _OF_THE_NEW:
        actions = ("create",)
    if selection.schedule and (len(actions) == 1 or set(actions) == {"start", "stop"}) and actions[0] not in _BY_ITSELF:
        selection.words += actions
        actions = ("schedule",)
    return Order(actions, selection, ambiguous, written, said(verdict.leading))


def _begun(part: Spoken) -> tuple[Action, ...]:
    """`launch a new instance` makes one, `launch web-1` starts it."""
    if set(part.actions) != {"start", "create"}:
        return part.actions
    words = {part.clause.tokens[at].norm for at in part.rest[:3]}
    return ("create",) if words & _NEW else ("start",)


def _own_parts(action: Action, selection: Selection) -> None:
    """`rotate the keys of deploy-bot`, `scale the node pool of web`: what has the part is what is meant."""
    contents = action == "update" or all(noun.types == (UNKNOWN,) for noun in selection.nouns)
    one = action == "rotate" or (action in _OF_PARTS and (contents or not selection.plural))
    if one and selection.related_names and not selection.has_names:
        selection.main.add("names", *selection.related_names)
        selection.related_names = []
        if selection.related:
            selection.nouns, selection.related = selection.related, []
            selection.providers = [noun.provider for noun in selection.nouns if noun.provider]


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
    if not tokens or words[tokens[0]] in _SPEAKERS:
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
