"""Read the chunks of a request's object, from left to right, into one selection."""

from __future__ import annotations

from collections.abc import Sequence

from escher.contract.environments import canonical_environment
from escher.contract.understanding import Comparison, TagFilter
from escher_server.agents.understanding import naming
from escher_server.agents.understanding.draft import Draft, Selection
from escher_server.agents.understanding.lexicon.conditions import Environment, Flag, Role, field_of_key
from escher_server.agents.understanding.lexicon.features import Feature, Topic
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.lexicon.regions import Place
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
    StateIs,
    Tagged,
    Untagged,
    When,
    Word,
    ZoneIs,
)

# Of these, unused means not attached; of a machine it is a judgement.
_ATTACHABLE = frozenset(("disk", "ip_address", "firewall"))


def read(chunks: Sequence[Chunk], selection: Selection, aim: Aim, *, excluding: bool = False) -> None:
    """Read one clause into the selection. `excluding`: the clause says what to leave alone."""
    scene = Scene(aim, selection, chunks, excluding=excluding)
    if excluding:
        selection.exclude.append(Draft())
    for scene.at, chunk in enumerate(chunks):
        sense = chunk.sense
        if isinstance(sense, Grammar):
            if sense.role == "purpose" and aim.order:
                break
            _grammar(scene, sense)
        else:
            if not _completes_tag(scene, sense):
                _content(scene, sense)
            scene.last, scene.negated = sense, False
    selection.exclude = [draft for draft in selection.exclude if draft]


def _grammar(scene: Scene, word: Grammar) -> None:
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
        case "determiner" if word.word == "that" and isinstance(scene.before, Noun | Generic | Known | Word):
            scene.relative = True
        case "determiner":
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
            _join(scene)
        case _:
            pass


def _leave_out(scene: Scene) -> None:
    scene.selection.exclude.append(Draft())
    scene.excluding, scene.related, scene.preposition, scene.negated = True, False, "", False


def _everything(scene: Scene) -> None:
    if not scene.excluding and not scene.negated:
        scene.selection.every = scene.selection.everything = True


def _join(scene: Scene) -> None:
    """`and` and `or` go back to the thing itself, unless what they join belongs to another thing."""
    scene.joined, scene.negated = True, False
    if scene.related and not isinstance(scene.last, Noun | Known | Literally | Word):
        scene.related = False
    if scene.excluding and scene.selection.exclude and scene.selection.exclude[-1]:
        scene.selection.exclude.append(Draft())


def _completes_tag(scene: Scene, sense: Sense) -> bool:
    """`set the owner tag of web-1 to ana`: the value comes behind the thing. `untag keep from …`: the key before it."""
    assigned = scene.selection.assigned
    if scene.to and scene.aim.sets and assigned and not assigned[-1].values and (value := _said(sense)):
        assigned[-1] = Tagged(assigned[-1].key, (value,), assigned[-1].lead)
    elif scene.to and scene.aim.sets and isinstance(sense, Word | Number) and scene.selection.features:
        pass  # the new value of a setting
    elif scene.aim.action == "untag" and isinstance(sense, Word | Literally) and not assigned and _before_from(scene):
        assigned.append(Tagged(sense.text, ()))
    else:
        return False
    scene.settle()
    return True


def _before_from(scene: Scene) -> bool:
    return isinstance(scene.after, Grammar) and scene.after.word in ("from", "off", "on")


def _said(sense: Sense) -> str:
    """A value as it was said, whatever else it could mean."""
    match sense:
        case Word() | Literally():
            return sense.text
        case Known():
            return sense.alias
        case Environment():
            return sense.name
        case Number():
            return str(sense.value)
        case _:
            return ""


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
            naming.literally(scene, sense.text)
        case Word():
            naming.word(scene, sense)
        case Feature():
            scene.selection.features.append(sense)
        case Topic():
            scene.selection.topics.append(sense)
            scene.role = None
        case SizeName() | Gib() | Number() | Amount() | Tagged():
            _value(scene, sense)
            scene.settle()
        case _:
            _condition(scene, sense)
            scene.settle()


def _condition(scene: Scene, sense: Sense) -> None:
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
            scene.filter("untagged", sense.key or _tag_spoken_of(scene))
        case Compared():
            scene.draft().comparisons.append(sense.comparison)
        case When():
            _when(scene, sense)
        case Soft():
            _soft(scene, sense.word)
        case _:
            pass


def _tag_spoken_of(scene: Scene) -> str:
    assigned = scene.selection.assigned
    return assigned[-1].key if assigned else "*"


def _place(scene: Scene, place: Place) -> None:
    providers = (scene.before.provider,) if isinstance(scene.before, ProviderIs) else tuple(scene.selection.providers)
    scene.filter("regions", *place.codes(providers, scene.aim.known_regions))


def _environment(scene: Scene, environment: Environment) -> None:
    if scene.role is not None and scene.role.field != "environments":
        naming.literally(scene, environment.name)
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


def _flag(scene: Scene, flag: Flag) -> None:
    kinds = {sense.kind for sense in (*scene.selection.nouns, *(chunk.sense for chunk in scene.chunks)) if isinstance(sense, Noun)}
    if not flag.sure and not kinds & _ATTACHABLE:
        _soft(scene, "unused")
    elif scene.negated and not scene.excluding:
        scene.selection.main.flag(flag.field, not flag.value)
    else:
        scene.draft().flag(flag.field, flag.value)


def _state(scene: Scene, state: StateIs) -> None:
    if state.state != "available" or isinstance(scene.after, Noun | Generic):
        scene.draft().add("states", state.state)


def _when(scene: Scene, when: When) -> None:
    if when.kind == "schedule":
        scene.selection.schedule = f"{scene.selection.schedule} {when.text}".strip()
    elif when.kind == "past":
        scene.selection.words += when.text.split()


def _soft(scene: Scene, word: str) -> None:
    scene.selection.soft.append(word)
    scene.selection.words.append(word)


# -- values: to select by, or to set -----------------------------------------------------------------------


def _value(scene: Scene, sense: SizeName | Gib | Number | Amount | Tagged) -> None:
    selection = scene.selection
    match sense:
        case SizeName():
            _size(scene, sense.name)
        case Gib():
            _gib(scene, sense.gib)
        case Number():
            _number(scene, sense.value)
        case Amount():
            selection.limit = sense.number
            selection.words += sense.order.split()
        case Tagged():
            _tagged(scene, sense)


def _size(scene: Scene, name: str) -> None:
    if scene.to or scene.aim.creates or (scene.aim.sets and scene.preposition == "with"):
        scene.selection.size = name
    else:
        scene.filter("sizes", name)


def _gib(scene: Scene, gib: int) -> None:
    if scene.to or scene.aim.sets or scene.aim.creates:
        scene.selection.gib = gib
    else:
        scene.draft().comparisons.append(Comparison(field="size_gib", operator="eq", value=float(gib)))


def _number(scene: Scene, value: int) -> None:
    if value and not scene.to and not scene.selection.has_head and scene.noun_ahead(4):
        scene.selection.limit = value
    else:
        scene.selection.number = value


def _tagged(scene: Scene, tagged: Tagged) -> None:
    """A tag is set by an order that sets tags, unless `tagged` says that it selects; a key alone is what is set or taken."""
    selects = tagged.lead not in ("", "with", "having") or not (scene.aim.sets or scene.aim.creates)
    if not tagged.lead and not tagged.values:
        selects = False
    if not selects:
        scene.selection.assigned.append(tagged)
        return
    field = field_of_key(tagged.key)
    if field and tagged.values:
        values = tuple((canonical_environment(value) or value) if field == "environments" else value for value in tagged.values)
        scene.filter(field, *values)
    else:
        scene.draft().tags.append(TagFilter(key=tagged.key, values=tagged.values))
