"""Which of some playbooks fit what is wanted: by rules and words first, and of those that still could, by meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from escher.contract.fitting import Wanted, fit
from escher.contract.playbook import Playbook
from escher.vectors.purposes import Purposes


def fitting(purposes: Purposes, playbooks: Sequence[Playbook], asked: Wanted) -> dict[int, float]:
    """The places of those that fit more likely than not, with the logarithm of how much more."""
    near = purposes.words(asked.telling, asked.verb)
    possible = [place for place, one in enumerate(playbooks) if fit(asked, one, near[place]) >= 0]
    meaning = purposes.meaning(asked.text, possible)
    odds = {place: fit(asked, playbooks[place], replace(near[place], meaning=meaning[place])) for place in possible}
    return {place: value for place, value in odds.items() if value >= 0}
