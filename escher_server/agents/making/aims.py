"""What people want a playbook for: by which words they say it, and which of the library's playbooks serve it. Data."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from escher.contract.playbook import Playbook
from escher.contract.vocabulary import Action


@dataclass(frozen=True, slots=True)
class Aim:
    """One aim. Playbooks serve it whose category and act are among these; `known` says what is known of its figures."""

    name: str
    said: re.Pattern[str]
    categories: Collection[str]
    actions: Collection[Action]
    known: str


def _aim(name: str, said: str, categories: str, actions: Collection[Action], known: str) -> Aim:
    return Aim(name, re.compile(rf"\b(?:{said})", re.IGNORECASE), categories.split("|"), actions, known)


AIMS: tuple[Aim, ...] = (
    _aim(
        "disaster recovery",
        r"disaster|recovery|dr\b|business continuity|backups?\b|back up",
        "backup|backups|protection",
        ("snapshot", "backup", "enable"),
        "Recovery point: as old as its last run. Recovery time: not known, as restoring is not part of it. Cost: the storage "
        "of the copies, not known beforehand.",
    ),
    _aim(
        "hardening",
        r"harden|secur|complian|lock(?:ing)? down|exposure|encrypt",
        "public exposure|open ports|encryption|security|key hygiene|credential hygiene",
        ("block_public_access", "enable", "update", "disable", "rotate", "start", "encrypt"),
        "Cost: none that is known. What relies on what it closes stops working.",
    ),
    _aim(
        "scheduled shutdown",
        r"shut(?:s|ting)?[ -]?\w* ?down|shutdown|turn(?:s|ing)? \w* ?off|power(?:s|ing)? \w* ?(?:off|down)|stop(?:s|ping)?\b",
        "power",
        ("stop",),
        "It saves the hours for which things are stopped; the price of an hour is not known here. Keeping to a time is the "
        "work of automation.",
    ),
    _aim(
        "start in the morning",
        r"start(?:s|ing)? \w+|turn(?:s|ing)? \w* ?on\b|power(?:s|ing)? \w* ?(?:on|up)",
        "power",
        ("start",),
        "It costs the hours for which things run; the price of an hour is not known here.",
    ),
    _aim(
        "cost saving",
        r"costs?\b|saving|save money|spend|waste|cheap|budget",
        "cost waste",
        ("delete", "release", "update"),
        "What it saves depends on what is found: sizes times the price of storage, which is not known here.",
    ),
    _aim(
        "tidying up",
        r"tidy|tidies|clean|housekeeping|unused|orphan|leftover",
        "cost waste|security",
        ("delete", "release"),
        "What it saves depends on what is found, which is not known here.",
    ),
)


def aim_of(text: str) -> Aim | None:
    """The aim that a request names first; None when it names none."""
    found = [(match.start(), aim) for aim in AIMS if (match := aim.said.search(text))]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def serves(playbook: Playbook, aim: Aim) -> bool:
    """Whether a playbook of the library serves an aim, and needs no value that only a person can give."""
    metadata = playbook.metadata
    needs = any(spec.required and spec.default is None for spec in playbook.parameters)
    return not needs and metadata.tags.category in aim.categories and metadata.action in aim.actions
