"""Which commands' verbs do what an order asks for, and which verb takes another's effect back. Data.

A verb that an order says itself (`promote`, `hibernate`) counts too. What is not here is not taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from escher.contract.vocabulary import Action

_DOES = """
start: start resume poweron restore
stop: stop deallocate suspend pause poweroff
reboot: reboot restart reset
delete: delete terminate remove deregister
release: release delete
detach: detach disassociate unassign remove
enable: enable monitor resume activate
disable: disable unmonitor suspend deactivate pause
snapshot: create snapshot
backup: create backup
restore: restore cancel undelete recover
rotate: rotate renew
scale: scale set resize update
resize: resize scale update modify
"""
VERBS: Mapping[str, frozenset[str]] = {
    action: frozenset(verbs.split())
    for action, _, verbs in (line.partition(": ") for line in _DOES.split("\n") if line)
}
_PAIRS = (
    "start stop|start deallocate|enable disable|attach detach|associate disassociate|monitor unmonitor|suspend resume|"
    "pause resume|activate deactivate|lock unlock|undelete delete|restore delete"
)
INVERSES: Mapping[str, tuple[str, ...]] = {
    verb: tuple(other for pair in _PAIRS.split("|") for one, other in (pair.split(), pair.split()[::-1]) if one == verb)
    for verb in _PAIRS.replace("|", " ").split()
}
# Of these verbs nothing is known but that something is set: what it is set to has to be said.
SETTING = frozenset({"update", "modify", "set", "put", "create", "change", "configure", "scale", "resize", "add"})
# What an order asks for beyond the act itself; a command that has no word for it is not what was meant.
PARTICULAR = frozenset({"hibernat", "forc", "failover", "gracefully", "permanently", "immediat"})
_ENDINGS = re.compile(r"(?:ing|es|ed|e|s)$")


def does(verb: str, action: Action, said: frozenset[str]) -> bool:
    """Whether a command with this verb does what was ordered; `said` are the request's words, as `stem` leaves them.

    A word that was said for another reason (`turn monitoring off`) never makes the opposite of what was ordered.
    """
    own = VERBS.get(action, frozenset())
    opposite = {other for one in own for other in INVERSES.get(one, ())}
    return verb in own or (verb not in opposite and stem(verb) in said)


def stem(word: str) -> str:
    """A word without its ending: `rebooting`, `reboots` → `reboot`."""
    short = _ENDINGS.sub("", word)
    return short if len(short) > 2 else word
