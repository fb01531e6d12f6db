"""How well a playbook fits what is wanted: a sum of what speaks for it and against it, and what follows from the sum.

The weights are those of a softmax regression over requests and playbooks, with `nothing fits` as one of the choices,
rounded, and harder where a playbook is for another cloud; they were checked on requests that were left out. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from escher.contract.acts import nearness
from escher.contract.playbook import Metadata, Playbook
from escher.contract.understanding import Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS, Kind

Opening = Literal["access", "guard"]
_MEANING, _WORDS, _ACT = 12.6, 3.8, 0.2
_STRANGE, _ANOTHER_VERB = -2.4, -1.8
_ANOTHER_ACT = -1.8
# An order to stop or to delete is hardly ever meant for a setting; other verbs are.
_ANOTHER_THAN_SAID, _THAN_DESTROY = -4.0, -6.0
_PLAIN = frozenset({
    "start", "stop", "reboot", "delete", "release", "restore", "attach", "detach", "tag", "untag", "snapshot",
})  # fmt: skip
_CLOUD, _ANOTHER_CLOUD, _NOTHING_THERE = 3.1, -8.0, -3.0
_ANOTHER_KIND = -2.5
# What destroys is never taken for the same act on something else.
_ANOTHER_LOST = -8.0
_DESTROYS = frozenset({"delete", "release"})
# The very act on the very kind is more than the two alone.
_BOTH = 4.0
# What says only that some setting is to be another.
_SETTING = frozenset({"update", "enable", "disable"})
_ANOTHER_TYPE = -1.9
_ATTACHMENT, _UNSAID_ATTACHMENT, _OTHER_ATTACHMENT = 3.5, -2.1, -8.0
# An order to open something, or to leave it unguarded, is meant for nothing that does not.
_CLOSES = -12.0
_OPENING_NAMES: Mapping[str, frozenset[Opening]] = {
    "take": frozenset({"guard"}), "allow": frozenset({"access", "guard"}), "permit": frozenset({"access", "guard"}),
    "expose": frozenset({"access"}), "open": frozenset({"access"}), "unblock": frozenset({"access"}),
}  # fmt: skip
# What starts, stops or restarts is no setting: `turn off detailed monitoring` stops no machine.
_POWER, _NO_POWER = frozenset({"start", "stop", "reboot"}), -6.0
_POWERED: frozenset[Kind] = frozenset({"compute_instance", "database_instance", "container_cluster"})
# An order is hardly meant for what takes it back; though to disable an old way may be to enable the new one.
_OPPOSITES = {
    ("enable", "disable"): -6.0, ("disable", "enable"): -1.0, ("start", "stop"): -6.0, ("stop", "start"): -6.0,
    ("tag", "untag"): -6.0, ("untag", "tag"): -6.0, ("disable", "rotate"): -3.0, ("disable", "encrypt"): -3.0,
}  # fmt: skip
# To encrypt is an act that has words of its own, and is not meant where none of them is said.
_UNSAID = -5.0
# Something new is seldom a change of what is there.
_NOT_NEW, _NEW = -3.0, 0.5
# What the sum must exceed for a playbook to be more likely meant than none.
_BALANCE = 10.1
# Acts that are hardly anything else's neighbour count as none below this.
_HARDLY = 0.15
_SCALE = 20.0


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a text is to one playbook.

    By meaning (a cosine); by which share of its telling words is there, and which share no playbook has at all; and
    whether the verb is there that it begins with.
    """

    meaning: float
    words: float
    strange: float = 0.0
    verb: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a request asks for, as far as it decides between playbooks.

    `text` is its words, `telling` those of them that can be in a playbook's purpose, `verb` the
    one that it begins with, if that is a telling one; `acts` are those that may be meant,
    with how sure that is, from 0 to 1; `mentioned` are kinds that are named beside those that are meant; `estate` are
    the clouds in which there is anything at all; `opens` says that something is to be let in or made public (access), or
    left unprotected (guard). What is empty says nothing.
    """

    text: str
    telling: str
    verb: str
    acts: Mapping[str, float]
    kinds: frozenset[str]
    mentioned: frozenset[str]
    types: frozenset[str]
    providers: frozenset[str]
    estate: frozenset[str]
    attached: bool | None
    opens: frozenset[Opening] = frozenset()

    @property
    def understood(self) -> frozenset[str]:
        """The act that was understood for certain, if any was."""
        return frozenset(act for act, share in self.acts.items() if share == 1)

    def act(self, offered: str) -> float:
        """How far a playbook's act is what is asked for, from 0 to 1; a half when no act was said."""
        if not self.acts:
            return nearness("none", offered)
        return max(share * nearness(act, offered) for act, share in self.acts.items())


def wanted_of(understanding: Understanding, text: str) -> Wanted:
    """What a request asks for by its understanding alone."""
    known = understanding.action in CHANGE_ACTIONS
    return Wanted(
        text=text,
        telling=text,
        verb="",
        acts={understanding.action: 1.0} if known else {},
        kinds=frozenset(understanding.kinds),
        mentioned=frozenset(),
        types=frozenset(understanding.resource_types),
        providers=frozenset(understanding.providers),
        estate=frozenset(),
        attached=understanding.filters.attached,
    )


def fit(wanted: Wanted, playbook: Playbook, near: Nearness) -> float:
    """How much more likely a playbook is meant than none, as a logarithm of the odds: 0 is even."""
    metadata, targets = playbook.metadata, playbook.orchestration.targets
    act = wanted.act(metadata.action)
    speaks = _MEANING * near.meaning + _WORDS * near.words + _STRANGE * near.strange + _ACT * act
    speaks += _ANOTHER_VERB if act < 1 and not near.verb else 0.0
    if wanted.acts and act < _HARDLY:
        speaks += _ANOTHER_ACT + _another_than(wanted.understood)
    speaks += _either(wanted.providers, metadata.cloud_provider, _CLOUD, _ANOTHER_CLOUD)
    speaks += _kind(wanted, metadata)
    speaks += _both(wanted, metadata, near) if act == 1 and _is_of(wanted.kinds, metadata) else 0.0
    speaks += _either(wanted.types, targets.resource_types, 0.0, _ANOTHER_TYPE)
    if not wanted.providers:
        speaks += _either(wanted.estate, metadata.cloud_provider, 0.0, _NOTHING_THERE)
    speaks += _CLOSES if wanted.opens and not wanted.opens & _opens(metadata) else 0.0
    speaks += _otherwise(wanted.understood, wanted.acts, act, metadata)
    return speaks + _attachment(wanted.attached, targets.require.attached) - _BALANCE


def confidence(odds: float) -> float:
    """The probability that belongs to logarithmic odds."""
    return 1 / (1 + math.exp(-odds))


def odds_of(probability: float) -> float:
    """The logarithmic odds of a probability; of one that was rounded to certainty, what it can have been."""
    bounded = min(max(probability, 0.005), 0.995)
    return math.log(bounded / (1 - bounded))


def similarity(odds: float) -> float:
    """The odds as the ranking arithmetic wants them, from 0 to 1; even odds are a half. Differences are kept."""
    return min(max(0.5 + odds / _SCALE, 0.0), 1.0)


def _either(wanted: Collection[str], offered: Collection[str], met: float, missed: float) -> float:
    if not wanted:
        return 0.0
    return met if set(wanted) & set(offered) else missed


def _kind(wanted: Wanted, metadata: Metadata) -> float:
    """What the kinds say; one that is mentioned beside those that are meant speaks neither for nor against."""
    if not wanted.kinds or wanted.kinds & set(metadata.kinds):
        return 0.0
    if metadata.action in _DESTROYS:
        return _ANOTHER_LOST
    return 0.0 if wanted.mentioned & set(metadata.kinds) else _ANOTHER_KIND


def _both(wanted: Wanted, metadata: Metadata, near: Nearness) -> float:
    """What the very act on the very kind is worth; to change a setting says little without the word for the setting."""
    return _BOTH * (1 - near.strange) if metadata.action in _SETTING else _BOTH


def _is_of(kinds: frozenset[str], metadata: Metadata) -> bool:
    """Whether a playbook is for these kinds; what tags takes all there are."""
    return bool(kinds & set(metadata.kinds)) or (not kinds and metadata.action in ("tag", "untag"))


def _opens(metadata: Metadata) -> frozenset[Opening]:
    """Whether a playbook lets something in, or takes a guard away: by the verb of its name."""
    closes = metadata.action == "block_public_access"
    return frozenset() if closes else _OPENING_NAMES.get(metadata.name.lower().split(" ")[0], frozenset())


def _another_than(understood: frozenset[str]) -> float:
    """What it costs that another act was said for certain."""
    if understood & _DESTROYS:
        return _THAN_DESTROY
    return _ANOTHER_THAN_SAID if understood & _PLAIN else 0.0


def _otherwise(understood: frozenset[str], acts: Collection[str], act: float, metadata: Metadata) -> float:
    """What it costs that the very opposite, a setting, or something new was said for certain, or nothing of the act."""
    costs = _UNSAID if metadata.action == "encrypt" and acts and "encrypt" not in acts else 0.0
    costs += sum(_OPPOSITES.get((one, metadata.action), 0.0) for one in understood)
    if understood & _SETTING and metadata.action in _POWER and _POWERED & set(metadata.kinds):
        costs += _NO_POWER
    return costs + (_NOT_NEW if "create" in understood and act < _NEW else 0.0)


def _attachment(wanted: bool | None, required: bool | None) -> float:
    """`unattached` speaks for what takes only those; what takes only those is hardly meant by `all`."""
    if wanted is None:
        return _UNSAID_ATTACHMENT if required is False else 0.0
    if required is None:
        return 0.0
    return _ATTACHMENT if wanted == required else _OTHER_ATTACHMENT
