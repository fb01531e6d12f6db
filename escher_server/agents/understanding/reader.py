"""Read the chunks of a request's object, from left to right, into one selection."""

from __future__ import annotations

from collections.abc import Sequence

from escher.contract.environments import APPLICATION_KEYS, ENVIRONMENT_KEYS, OWNER_KEYS
from escher_server.agents.understanding import naming, unlisted, values
from escher_server.agents.understanding.draft import Draft, Selection
from escher_server.agents.understanding.lexicon.conditions import Environment, Flag, Role
from escher_server.agents.understanding.lexicon.features import Feature, Topic
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.lexicon.regions import Place
from escher_server.agents.understanding.lexicon.times import OPEN_ENDED
from escher_server.agents.understanding.scene import Aim, Scene
from escher_server.agents.understanding.senses import (
    Amount,
    Chunk,
    Compared,
    Generic,
    Gib,
    Grammar,
    Known,
    Literally,
    Number,
    ProviderIs,
    Sense,
    SizeName,
    Soft,
    Span,
    StateIs,
    Tagged,
    Untagged,
    When,
    Word,
    ZoneIs,
)

_OFTEN = frozenset(("daily", "nightly", "weekly", "monthly", "hourly"))
# Of these, unused means not attached; of a machine it is a judgement.
_ATTACHABLE = frozenset(("disk", "ip_address", "firewall"))


def read(chunks: Sequence[Chunk], selection: Selection, aim: Aim, *, excluding: bool = False) -> None:
    """Read one clause into the selection. `excluding`: the clause says what to leave alone."""
    scene = Scene(aim, selection, chunks, excluding=excluding)
    if excluding:
        selection.exclude.append(Draft())
    for scene.at, chunk in enumerate(chunks):
        sense = chunk.sense
        if scene.at == scene.counted and isinstance(sense, Noun | Word | Feature):
            continue  # `to 5 nodes`
        if isinstance(sense, Grammar):
            if sense.role == "purpose" and aim.order:
                break
            _grammar(scene, sense)
        else:
            if not values.completes_tag(scene, sense):
                _content(scene, sense)
            scene.last, scene.negated = sense, scene.negated and isinstance(sense, Role)
    selection.exclude = [draft for draft in selection.exclude if draft or draft.nouns]


def _grammar(scene: Scene, word: Grammar) -> None:  # noqa: PLR0912 one line a class of words
    selection = scene.selection
    match word.role:
        case "except":
            _leave_out(scene)
        case "not":
            scene.negated = True
        case "every":
            selection.every |= not scene.excluding and not scene.negated
        case "everything":
            _everything(scene)
        case "some":
            selection.some |= not scene.excluding
        case "determiner" if word.word == "that" and isinstance(scene.before, Noun | Generic | Known | Word | Feature):
            scene.relative = True
        case "determiner":
            selection.pronoun |= word.word in ("those", "these") and not scene.excluding and not selection.has_head
            selection.indefinite |= word.word in ("a", "an") and not selection.has_head and not scene.excluding
        case "pronoun":
            selection.pronoun |= not scene.excluding
        case "preposition":
            scene.preposition, scene.related, scene.to = word.word, selection.has_head, False
        case "to":
            scene.preposition, scene.related, scene.to = word.word, selection.has_head, True
        case "relative":
            scene.relative = True
        case "conjunction":
            _join(scene, word.word)
        case _:
            pass


def _leave_out(scene: Scene) -> None:
    scene.selection.exclude.append(Draft())
    scene.excluding, scene.related, scene.preposition, scene.negated = True, False, "", False


def _everything(scene: Scene) -> None:
    if not scene.excluding and not scene.negated:
        scene.selection.every = scene.selection.everything = True


def _join(scene: Scene, word: str) -> None:
    """`and` and `or` go back to the thing itself, unless what they join belongs to another thing."""
    scene.joined, scene.negated = True, False
    names = Known | Literally | Word
    scene.selection.either |= (
        word == "or" and not scene.excluding and isinstance(scene.last, names) and isinstance(scene.after, names)
    )
    if scene.related and not isinstance(scene.last, Noun | Known | Literally | Word):
        scene.related = False
    last = scene.selection.exclude[-1] if scene.excluding and scene.selection.exclude else None
    if last is not None and (last or last.nouns):
        scene.selection.exclude.append(Draft())


def _content(scene: Scene, sense: Sense) -> None:
    match sense:
        case Noun():
            naming.noun(scene, sense)
        case Generic():
            naming.generic(scene, sense)
        case Role():
            naming.role(scene, sense)
        case Known():
            naming.known(scene, sense)
        case Literally():
            unlisted.literally(scene, sense.text)
        case Word():
            unlisted.word(scene, sense)
        case Feature():
            scene.selection.features.append(sense)
        case Topic():
            naming.topic(scene, sense)
        case SizeName() | Gib() | Span() | Number() | Amount() | Tagged():
            values.value(scene, sense)
            scene.settle()
        case _:
            _condition(scene, sense)
            scene.settle()


def _condition(scene: Scene, sense: Sense) -> None:
    if scene.to and scene.aim.sets:
        return  # `move it to us-west-2`: where it should go, not where it is
    match sense:
        case Place():
            _place(scene, sense)
        case ZoneIs():
            scene.filter("regions", sense.zone)
        case Environment():
            _environment(scene, sense)
        case ProviderIs():
            _provider(scene, sense)
        case Flag():
            _flag(scene, sense)
        case StateIs():
            _state(scene, sense)
        case Untagged():
            _untagged(scene, sense.key)
        case Compared():
            scene.draft().comparisons.append(sense.comparison)
        case When():
            _when(scene, sense)
        case Soft():
            _soft(scene, sense.word)
        case _:
            pass


def _untagged(scene: Scene, key: str) -> None:
    """Without one tag, the one spoken of, or without any: then at least those everybody uses are missing too."""
    assigned = scene.selection.assigned
    key = key or (assigned[-1].key if assigned else "*")
    scene.filter(
        "untagged", *((key, ENVIRONMENT_KEYS[0], OWNER_KEYS[0], APPLICATION_KEYS[0]) if key == "*" else (key,))
    )


def _place(scene: Scene, place: Place) -> None:
    providers = (scene.before.provider,) if isinstance(scene.before, ProviderIs) else tuple(scene.selection.providers)
    scene.filter("regions", *place.codes(providers, scene.aim.known_regions))


def _environment(scene: Scene, environment: Environment) -> None:
    if scene.role is not None and scene.role.field != "environments":
        unlisted.literally(scene, environment.said)
    elif environment.other and not scene.excluding:
        draft = Draft()
        draft.add("environments", environment.name)
        scene.selection.exclude.append(draft)
    else:
        scene.filter("environments", environment.name)


def _provider(scene: Scene, cloud: ProviderIs) -> None:
    """A cloud before a region belongs to that region alone: `us-east-1 or Azure West US`."""
    providers = scene.selection.providers
    if not isinstance(scene.after, Place) and not scene.excluding and cloud.provider not in providers:
        providers.append(cloud.provider)
    scene.selection.in_cloud |= not scene.excluding


def _flag(scene: Scene, flag: Flag) -> None:
    kinds = {
        sense.kind
        for sense in (*scene.selection.nouns, *(chunk.sense for chunk in scene.chunks))
        if isinstance(sense, Noun)
    }
    if not flag.sure and not kinds & _ATTACHABLE:
        _soft(scene, flag.said)
    elif scene.negated and not scene.excluding:
        scene.selection.main.flag(flag.field, not flag.value)
    else:
        scene.draft().flag(flag.field, flag.value)


def _state(scene: Scene, state: StateIs) -> None:
    if state.state == "available" and not isinstance(scene.after, Noun | Generic):
        return
    draft = scene.draft()
    draft.contradicts |= isinstance(scene.last, StateIs) and not scene.joined and scene.last.state != state.state
    draft.add("states", state.state)


def _when(scene: Scene, when: When) -> None:
    past = isinstance(scene.before, When) and scene.before.kind == "past"
    if past or (when.text in _OFTEN and isinstance(scene.after, Feature | Topic)):
        scene.selection.words += when.text.split()
    elif when.kind == "schedule":
        scene.selection.schedule = f"{scene.selection.schedule} {when.text}".strip()
    elif when.kind == "duration" and not OPEN_ENDED.match(when.text):
        scene.selection.lasts = when.text
    elif when.kind == "past":
        scene.selection.words += when.text.split()


def _soft(scene: Scene, word: str) -> None:
    scene.selection.soft.append(word)
    scene.selection.words.append(word)
