"""Which playbooks may clear what a step failed over, ranked. Pure: the server ranks its own with it, the client the user's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from escher.contract.failures import ErrorKind
from escher.contract.playbook import Metadata
from escher.contract.risk import RISKS
from escher.contract.vocabulary import Action

MOST = 3


@dataclass(frozen=True, slots=True)
class _Remedy:
    """Playbooks of an action, about something in their category or name where that is given, and why they may help."""

    action: Action
    because: str
    about: str = ""


_UNPROTECT = _Remedy("disable", "It takes off the protection that stood against the step.", "protection")
_STOP = _Remedy("stop", "The step needs it stopped.")
_START = _Remedy("start", "The step needs it running.")
_FREE = (
    _Remedy("release", "It frees what nobody uses, which counts against the quota.", "cost waste"),
    _Remedy("delete", "It frees what nobody uses, which counts against the quota.", "cost waste"),
)
_DETACH = _Remedy("detach", "It takes off what still uses it.")
_BY_STATE: Mapping[Action, tuple[_Remedy, ...]] = {
    "resize": (_STOP,),
    "delete": (_STOP,),
    "stop": (_START,),
    "reboot": (_START,),
    "update": (_START,),
    "enable": (_START,),
    "snapshot": (_START,),
    "backup": (_START,),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A playbook that may help, and why."""

    metadata: Metadata
    reason: str


def candidates(
    error: ErrorKind, action: Action, types: Sequence[str], playbooks: Iterable[Metadata]
) -> tuple[Candidate, ...]:
    """At most three, the mildest first: for one of the types that the failed step was about.

    `action` is what the failed playbook does; `none` where that is not known.
    """
    wanted, found = _wanted(error, action), list[Candidate]()
    for one in playbooks:
        remedy = next((each for each in wanted if _is(each, one)), None)
        if remedy and set(types) & set(one.resource_types):
            found.append(Candidate(one, remedy.because))
    return tuple(sorted(found, key=_order)[:MOST])


def _wanted(error: ErrorKind, action: Action) -> tuple[_Remedy, ...]:
    if error == "protected":
        return (_UNPROTECT,)
    if error == "quota":
        return _FREE
    if error == "dependency":
        return (_DETACH,)
    return _BY_STATE.get(action, ()) if error == "wrong_state" else ()


def _is(remedy: _Remedy, one: Metadata) -> bool:
    return one.action == remedy.action and (
        not remedy.about or remedy.about in f"{one.tags.category} {one.name}".lower()
    )


def _order(one: Candidate) -> tuple[int, str, str]:
    return RISKS.index(one.metadata.tags.risk_level), one.metadata.playbook_id, one.metadata.version
