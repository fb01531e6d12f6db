"""Nouns, roles and known names: which things are meant by them, and which they only belong to."""

from __future__ import annotations

from dataclasses import replace

from escher.contract.understanding import TagFilter
from escher_server.agents.understanding.lexicon.conditions import Environment, Role
from escher_server.agents.understanding.lexicon.features import Feature, Topic
from escher_server.agents.understanding.lexicon.nouns import RESOURCE_GROUP, Noun
from escher_server.agents.understanding.roles import Clues, Meant, meaning
from escher_server.agents.understanding.scene import Scene
from escher_server.agents.understanding.senses import Generic, Known, Literally, Word

# Behind these stands what things are in.
PLACES = frozenset(("in", "inside", "within", "from", "under", "across"))


def noun(scene: Scene, sense: Noun) -> None:
    """A class of things: what is meant, what is left out, or what the things belong to."""
    selection = scene.selection
    if (
        isinstance(scene.after, Feature)
        and not sense.plural
        and not selection.nouns
        and (scene.aim.sets or scene.aim.describes)
    ):
        selection.modifiers.append(sense)
        return
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
        and not (scene.aim.describes or scene.aim.sets)
        and sense.subject == "detail"
        and scene.preposition in ("with", "by")
        and scene.selection.has_head
    ):
        scene.selection.unread.append(sense.word)


def role(scene: Scene, sense: Role) -> None:
    """`team`, `account`, `named`: what the name beside it is; behind a name it corrects what that was taken for."""
    if scene.at == scene.role_behind:
        return
    if _is_thing(scene, sense):
        noun(scene, replace(RESOURCE_GROUP, plural=sense.plural))
        return
    if sense.link or sense.field in ("names", "ids") or scene.excluding or not _corrected(scene, sense):
        scene.role = sense


def _is_thing(scene: Scene, sense: Role) -> bool:
    """`delete the resource group web`: no place, but what is meant."""
    selection = scene.selection
    return sense.field == "container" and not (scene.preposition or selection.nouns or scene.excluding)


def _corrected(scene: Scene, sense: Role) -> bool:
    """`the payments team`, `the sandbox account`."""
    before, values = scene.before, scene.selection.main.values
    said = before.alias if isinstance(before, Known) else before.text if isinstance(before, Word | Literally) else None
    kept = before.name if isinstance(before, Environment) else said
    taken = next((name for name, found in values.items() if found and found[-1] == kept and name != sense.field), None)
    if taken is None or (isinstance(before, Environment) and sense.field != "accounts"):
        return isinstance(before, Environment | Known)
    values[taken].pop()
    put(scene, of_role(scene, sense), before.said if isinstance(before, Environment) else said or "")
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
    own = scene.role
    behind = scene.takes_role() if own is None and not is_group_itself(scene) else None
    meant = meaning(sense, Clues(role=behind) if behind else clues)
    if meant.field == "names" and scene.preposition in PLACES and _holds_things(sense) and scene.selection.has_head:
        meant = Meant("tags", "resource_group")
    scene.selection.known |= meant.field in ("names", "ids") and any(mention.matches for mention in sense.mentions)
    if meant.open and not scene.excluding:
        scene.selection.ambiguous.append(sense.alias)
    put(scene, meant, sense.alias)


def is_group_itself(scene: Scene) -> bool:
    """Whether the role behind a name makes it a resource group that is itself meant."""
    return isinstance(scene.after, Role) and _is_thing(scene, scene.after)


def _holds_things(sense: Known) -> bool:
    """Whether the name is that of a resource group: what is said to be in it is meant."""
    return {kind for mention in sense.mentions for kind in mention.kinds} == {"resource_group"}


def of_role(scene: Scene, role: Role) -> Meant:
    """What a role says that the name beside it is."""
    if role.field == "container":
        return Meant("tags", role.key)
    if role.key == "project" and "gcp" in scene.selection.providers:
        return Meant("accounts")
    return Meant(role.field)


def put(scene: Scene, meant: Meant, value: str) -> None:
    """Put a value where it belongs: into a condition, or among what the things belong to."""
    selection = scene.selection
    if meant.field == "tags":
        scene.draft().tags.append(TagFilter(key=meant.key, values=(value,)))
    elif meant.field in ("names", "ids") and _is_related(scene):
        selection.related_names.append(value)
    else:
        scene.filter(meant.field, value)
    scene.settle()
    scene.placed = (scene.at, meant)


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
