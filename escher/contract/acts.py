"""Which acts people mean by which: an order may name a neighbour of what a playbook calls its act. Data, read once; pure.

From 0 (something else) to 1 (the same). What starts, stops and deletes has few neighbours; settings have many.
"""

from __future__ import annotations

from collections.abc import Mapping

from escher.contract.vocabulary import CHANGE_ACTIONS

_TABLE = """
start: enable .5
stop: disable .5
delete: release .9 | untag .3
release: delete .9
snapshot: backup .8 | create .3
backup: snapshot .8 | enable .5 | update .3 | create .3
create: snapshot .3 | backup .3 | enable .3 | update .3 | tag .3
resize: scale .6 | update .6
scale: resize .7 | update .5
update: resize .6 | scale .6 | tag .6 | enable .6 | disable .6 | encrypt .6 | rotate .6 | block_public_access .6
update: backup .6 | untag .6
enable: encrypt .7 | backup .7 | update .7 | block_public_access .7 | rotate .7 | schedule .7 | start .4
disable: update .6 | delete .6 | stop .6 | block_public_access .6 | untag .6
block_public_access: update .7 | disable .6 | enable .5 | delete .2
encrypt: enable .8 | update .6 | rotate .2
rotate: enable .1 | update .3
schedule: start .3 | stop .3 | snapshot .3 | backup .3 | scale .3
tag: update .4
untag: update .4 | delete .2
"""
# What an act counts that nobody named: neither for a playbook nor against it.
_UNSAID = 0.5


def _parsed() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for line in _TABLE.split("\n"):
        act, _, others = line.partition(":")
        pairs = (other.split() for other in others.split("|") if other)
        found.setdefault(act, {}).update({name: float(share) for name, share in pairs})
    return found


_NEIGHBOURS = _parsed()


def nearness(wanted: str, offered: str) -> float:
    """How far what a playbook does is what an order asks for, from 0 to 1."""
    if wanted not in CHANGE_ACTIONS:
        return _UNSAID
    return 1.0 if wanted == offered else _NEIGHBOURS.get(wanted, {}).get(offered, 0.0)
