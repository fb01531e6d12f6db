"""Nouns, names and unknown words: which things are meant by them, and which they only belong to."""

from __future__ import annotations

from escher.contract.environments import canonical_environment
from escher.contract.understanding import TagFilter
from escher_server.agents.understanding.lexicon.conditions import Environment, Role
from escher_server.agents.understanding.lexicon.features import Feature, Topic
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.roles import Clues, Meant, meaning
from escher_server.agents.understanding.scene import Scene
from escher_server.agents.understanding.senses import Generic, Known, Literally, Word
from escher_server.agents.understanding.verb_forms import VERB_WORDS

# Words that say nothing about which things are meant.
_EMPTY = words(
    "tagged labelled labeled now instead anymore maybe perhaps today though well sure fine else too so very only "
    "just even ever yet again there here more less ok up down off out over away back together myself yourself "
    "itself himself themselves bro mate dude guys man buddy pal friend sir everybody anybody own same other such "
    "like etc eg ie way bit lot kind sort type be being been not than then when what how new fresh another first "
    "current specified given associated related question mentioned desired i we you he she my me us everyone "
    "whatever whichever possible available single individual respective corresponding following above below "
    "entire total ones s t d m re ve ll yes no please hi hey hello can could would should will may must let make "
    "do does did done go going want need using use used via per each seconds second secs percent mbps iops file- "
    "based"
)


def noun(scene: Scene, sense: Noun) -> None:
    """A class of things: what is meant, what is left out, or what the things belong to."""
    selection = scene.selection
    if scene.excluding:
        selection.exclude[-1].nouns.append(sense)
    elif (scene.related and scene.preposition and selection.has_head and not _only_named(scene)) or (
        selection.nouns and ((scene.related and not scene.joined) or scene.relative or scene.negated)
    ):
        selection.related.append(sense)
    else:
        _head(scene, sense)
    if sense.provider and not scene.excluding and not scene.related and sense.provider not in selection.providers:
        selection.providers.append(sense.provider)


def _only_named(scene: Scene) -> bool:
    """`stop all of the dev instances`: the preposition leads to the thing itself."""
    return not scene.selection.nouns and scene.preposition == "of" and not scene.selection.has_names


def _head(scene: Scene, sense: Noun) -> None:
    selection = scene.selection
    selection.nouns.append(sense)
    selection.plural |= sense.plural
    if sense.engine:
        _engine(scene, sense)
    scene.related, scene.preposition, scene.to = False, "", False


def _engine(scene: Scene, sense: Noun) -> None:
    """A database's engine or a machine's system narrows the things; it is matched as if it were a tag."""
    if scene.aim.order:
        key = "engine" if sense.kind == "database_instance" else "platform"
        scene.draft().tags.append(TagFilter(key=key, values=(sense.engine,)))
    else:
        scene.selection.words.append(sense.engine)


def generic(scene: Scene, sense: Generic) -> None:
    """`resources`: anything; beside `everything else` nothing new."""
    if not scene.excluding and not scene.related:
        scene.selection.generic = True
        scene.selection.plural |= sense.plural
        scene.preposition = ""


def topic(scene: Scene, sense: Topic) -> None:
    """What one asks about; `with low cost` in an order would restrict, and cannot be decided."""
    scene.selection.topics.append(sense)
    scene.role = None
    if (
        scene.aim.order
        and sense.subject == "detail"
        and scene.preposition in ("with", "by")
        and scene.selection.has_head
    ):
        scene.selection.unread.append(sense.word)


def role(scene: Scene, sense: Role) -> None:
    """`team`, `account`, `named`: what the name beside it is; behind a name it corrects what that was taken for."""
    if sense.link or sense.field in ("names", "ids") or scene.excluding or not _corrected(scene, sense):
        scene.role = sense


def _corrected(scene: Scene, sense: Role) -> bool:
    """`the payments team`, `the sandbox account`."""
    before, values = scene.before, scene.selection.main.values
    said = before.alias if isinstance(before, Known) else before.text if isinstance(before, Word | Literally) else None
    kept = before.name if isinstance(before, Environment) else said
    taken = next((name for name, found in values.items() if found and found[-1] == kept and name != sense.field), None)
    if taken is None or (isinstance(before, Environment) and sense.field != "accounts"):
        return isinstance(before, Environment | Known)
    values[taken].pop()
    _put(scene, _of_role(sense), before.said if isinstance(before, Environment) else said or "")
    return True


def known(scene: Scene, sense: Known) -> None:
    """An alias: by its roles and its surroundings."""
    ahead = scene.after
    clues = Clues(
        role=scene.role,
        preposition=scene.preposition,
        after_head=scene.selection.has_head,
        before_plural=isinstance(ahead, Noun | Generic) and ahead.plural,
        before_singular=isinstance(ahead, Noun | Generic) and not ahead.plural,
        every=scene.selection.every,
    )
    behind = ahead if isinstance(ahead, Role) and not ahead.link and ahead.field not in ("names", "ids") else None
    meant = meaning(sense, Clues(role=behind) if behind else clues)
    scene.selection.known |= meant.field in ("names", "ids") and any(mention.matches for mention in sense.mentions)
    if meant.open and not scene.excluding:
        scene.selection.ambiguous.append(sense.alias)
    _put(scene, meant, sense.alias)


def literally(scene: Scene, text: str) -> None:
    """A quoted name or a placeholder."""
    if scene.role is not None:
        _put(scene, _of_role(scene.role), text)
    else:
        _put(scene, Meant("names"), text)


def word(scene: Scene, sense: Word) -> None:
    """A word nobody knows: a name where one can stand; elsewhere for search, or a restriction not understood."""
    text = sense.text
    if scene.role is not None:
        _put(
            scene,
            _of_role(scene.role),
            canonical_environment(text) or text if scene.role.field == "environments" else text,
        )
    elif text.lower() in _EMPTY or text.lower() in VERB_WORDS or (text.lower().endswith("ly") and text.isalpha()):
        return
    elif sense.is_name or _in_name_slot(scene):
        _put(scene, Meant("names"), text)
    elif scene.aim.order:
        # Beside a name, an unknown word changes nothing about which thing is meant.
        scene.selection.unread += [text] if scene.to or not scene.selection.has_names else []
    else:
        scene.selection.words.append(text.lower())
        scene.selection.unknown.append(text)


def _of_role(role: Role) -> Meant:
    return Meant("tags", role.key) if role.field == "container" else Meant(role.field)


def _in_name_slot(scene: Scene) -> bool:
    """Whether an unknown word stands where an order names its object: beside the noun, or right behind the verb."""
    if not scene.aim.order or scene.aim.creates or scene.related or scene.relative or scene.excluding:
        return scene.aim.order and scene.excluding and not scene.relative
    if scene.selection.has_names and not scene.joined:
        return isinstance(scene.before, Word) and scene.before.text in scene.selection.main.values.get("names", ())
    if scene.selection.plural and not isinstance(scene.before, Noun):
        return False
    return not scene.preposition or scene.preposition == "of"


def _put(scene: Scene, meant: Meant, value: str) -> None:
    selection = scene.selection
    if meant.field == "tags":
        scene.draft().tags.append(TagFilter(key=meant.key, values=(value,)))
    elif meant.field in ("names", "ids") and _is_related(scene):
        selection.related_names.append(value)
    else:
        scene.filter(meant.field, value)
    scene.settle()


def _is_related(scene: Scene) -> bool:
    """Whether a name behind a preposition is that of the thing the others belong to."""
    if (
        scene.excluding
        or not scene.related
        or (scene.role is not None and scene.role.field == "names" and not scene.selection.related)
    ):
        return False
    if scene.preposition in ("of", "for") and isinstance(scene.last, Topic | Feature):
        return False
    return scene.selection.has_head and scene.last is not None
