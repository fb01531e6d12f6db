"""Words that no list knows, quoted text and placeholders: names where one can stand, else what is to be set."""

from __future__ import annotations

import re

from escher.contract.environments import canonical_environment
from escher_server.agents.understanding.lexicon.conditions import Role
from escher_server.agents.understanding.lexicon.features import Feature
from escher_server.agents.understanding.lexicon.measures import SKU
from escher_server.agents.understanding.lexicon.nouns import Noun
from escher_server.agents.understanding.lexicon.phrases import words
from escher_server.agents.understanding.naming import PLACES, is_group_itself, of_role, put
from escher_server.agents.understanding.roles import Meant
from escher_server.agents.understanding.scene import Scene
from escher_server.agents.understanding.senses import Generic, Grammar, Known, Word
from escher_server.agents.understanding.verb_forms import VERB_WORDS

# Words that say nothing about which things are meant.
_EMPTY = words(
    "tagged labelled labeled now instead anymore maybe perhaps today though well sure fine else too so very only "
    "just even ever yet again there here more less ok up down off out over away back together myself yourself "
    "itself himself themselves bro mate dude guys man buddy pal friend sir everybody anybody own same other such "
    "like etc eg ie way bit lot kind sort type be being been not after than then when what how new fresh another first "
    "current specified given associated related question mentioned desired i we you he she my me us everyone "
    "whatever whichever possible available single individual respective corresponding following above below "
    "entire total ones s t d m re ve ll yes no please hi hey hello can could would should will may must let make "
    "do does did done go going want need using use used via per each seconds second secs percent mbps iops file- "
    "based"
)
_ADDRESS = re.compile(r"<(?:address|host|email)>|(?:\d{1,3}\.){3}\d{1,3}")
# Behind these, before the thing itself, stands what a setting is set to.
_VALUES = frozenset(("", "from", "with", "by", "against"))
_GROUP_NAME = re.compile(r"^<?rg[-_]|[-_]rg\d*>?$|resource.?group", re.IGNORECASE)


def literally(scene: Scene, text: str) -> None:
    """A quoted name or a placeholder."""
    role = scene.role if is_group_itself(scene) else scene.takes_role()
    if role is not None:
        put(scene, of_role(scene, role), text)
    elif _ADDRESS.fullmatch(text) and _is_of_rule(scene):
        scene.selection.features.append(Feature("rule", text, "firewall"))
    elif _is_settings_name(scene):
        scene.selection.words.append(text)
    elif scene.goes_on:
        put(scene, scene.goes_on, text)
    elif scene.to and scene.aim.measures and scene.selection.has_head:
        scene.selection.unread.append(text)
    else:
        put(scene, _of_place(scene, text) or Meant("names"), text)


def word(scene: Scene, sense: Word) -> None:
    """A word nobody knows: a name where one can stand; elsewhere for search, or a restriction not understood."""
    text = sense.text
    empty = text.lower() in _EMPTY or text.lower() in VERB_WORDS or (text.lower().endswith("ly") and text.isalpha())
    role = scene.role if empty or is_group_itself(scene) else scene.takes_role()
    if role is None and scene.goes_on and sense.is_name:
        put(scene, scene.goes_on, text)
    elif role is not None:
        put(scene, of_role(scene, role), canonical_environment(text) or text if role.field == "environments" else text)
    elif empty:
        return
    elif _ADDRESS.fullmatch(text) and _is_of_rule(scene):
        scene.selection.features.append(Feature("rule", text, "firewall"))
    elif scene.to and scene.aim.sets and SKU.fullmatch(text.lower()):
        scene.selection.size = text
    elif _is_described(scene, sense) or _is_settings_name(scene):
        scene.selection.words.append(text.lower())
    elif sense.is_name or _in_name_slot(scene):
        put(scene, _of_place(scene, text) or Meant("names"), text)
    elif scene.aim.order:
        # Beside a name, an unknown word changes nothing about which thing is meant.
        scene.selection.unread += [text] if scene.to or not scene.selection.has_names else []
    else:
        scene.selection.words.append(text.lower())
        scene.selection.unknown.append(text)


def _is_settings_name(scene: Scene) -> bool:
    """`set the application setting X on …`: which setting, and no thing."""
    before = scene.before
    return scene.aim.order and isinstance(before, Feature) and before.setting == "setting" and scene.object_ahead()


def _is_of_rule(scene: Scene) -> bool:
    """Whether an address is what a rule lets through, and no thing's own."""
    firewall = any(noun.kind == "firewall" for noun in (*scene.selection.nouns, *scene.selection.modifiers))
    rule = any(feature.setting == "rule" for feature in scene.selection.features)
    ahead = any(isinstance(chunk.sense, Noun) and chunk.sense.kind == "firewall" for chunk in scene.chunks)
    return scene.aim.order and (firewall or rule or ahead)


def _of_place(scene: Scene, text: str) -> Meant | None:
    """`the VMs in rg-labs`: a name behind `in` is the account, or the resource group, that the things are in."""
    if scene.preposition not in PLACES or not scene.related or scene.excluding or not scene.selection.has_head:
        return None
    if scene.selection.related:
        return None
    if _GROUP_NAME.search(text):
        return Meant("tags", "resource_group")
    return Meant("accounts") if scene.selection.nouns and not text.isalpha() else None


def _is_described(scene: Scene, sense: Word) -> bool:
    """Whether an unknown word says what is to be set: `set the x of web-1 to y`, `a rule that lets z in`."""
    if not scene.aim.order or scene.excluding:
        return False
    if scene.relative and scene.selection.features and not scene.selection.nouns:
        return not (sense.is_name and scene.preposition)
    if not scene.aim.describes:
        return False
    if scene.to:
        return (scene.selection.has_head or bool(scene.selection.features)) and not isinstance(scene.before, Noun)
    if scene.relative and isinstance(scene.last, Feature):
        return True
    plain = sense.text.isalpha() or sense.text.lower().replace("-", "").isalpha()
    apart = not isinstance(scene.before, Noun) and not isinstance(scene.after, Noun | Generic | Known)
    return plain and apart and scene.preposition in _VALUES and not scene.selection.has_head and scene.object_ahead()


def _in_name_slot(scene: Scene) -> bool:
    """Whether an unknown word stands where an order names its object: beside the noun, or right behind the verb."""
    if scene.aim.order and not scene.excluding and isinstance(scene.before, Noun) and not scene.before.plural:
        return not scene.aim.creates
    if not scene.aim.order or scene.aim.creates or scene.related or scene.relative or scene.excluding:
        return scene.aim.order and scene.excluding and not scene.relative
    if _is_common(scene):
        return False
    if scene.selection.has_names and not scene.joined:
        return isinstance(scene.before, Word) and scene.before.text in scene.selection.main.values.get("names", ())
    if scene.selection.plural and not isinstance(scene.before, Noun):
        return False
    return not scene.preposition or scene.preposition == "of"


def _text(scene: Scene) -> str:
    sense = scene.chunks[scene.at].sense
    return sense.text if isinstance(sense, Word) else ""


def _is_common(scene: Scene) -> bool:
    """`the junk`: with an article and no noun beside it, a word nobody knows is no name."""
    before, alone = scene.before, not isinstance(scene.after, Noun | Generic | Word | Role)
    article = isinstance(before, Grammar) and before.role == "determiner"
    return article and alone and not scene.selection.nouns and _text(scene).islower()
