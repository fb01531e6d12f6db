"""Find the playbooks that fit an order, rank them, and fill the first one in. Rules and vectors, no model.

What does not fit is left out by rule (provider, kind, type, action, state); vectors only order what is left.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt

from escher.contract.plan import PlanTemplate
from escher.contract.playbook import Metadata, ParameterSpec, Playbook, RankedPlaybook
from escher.contract.ports import Embedder
from escher.contract.ranking import SEARCHABLE, Candidate, rank
from escher.contract.understanding import Parameter, Understanding
from escher.contract.vocabulary import CHANGE_ACTIONS, Action
from escher_server.library.loader import Entry, Library

Vectors = npt.NDArray[np.float32]

TOP = 3
_CANDIDATES = 20
_ALIAS = re.compile(r"\b[a-z]\d{4,}\b")
# An order may name a neighbour of what a playbook calls its act; kinds still have to agree.
_ALSO: Mapping[Action, frozenset[Action]] = {
    "delete": frozenset({"release"}),
    "backup": frozenset({"snapshot"}),
    "scale": frozenset({"resize"}),
}


class PlaybookAgent:
    """Search, ranking and packaging over one library."""

    def __init__(self, library: Library, embedder: Embedder) -> None:
        self._library = library
        self._embedder = embedder
        self._matrices: dict[tuple[str, str], Vectors] = {}

    def search(self, understanding: Understanding, prompt: str, today: date) -> tuple[RankedPlaybook, ...]:
        """At most three playbooks that fit, best first, each with its confidence and the reason for its place."""
        fitting = [entry for entry in self._library.entries.values() if _fits(entry.playbook, understanding)]
        if not fitting:
            return ()
        [vector] = self._embedder.embed([search_text(understanding, prompt)])
        query = np.frombuffer(vector, dtype="<f4")
        candidates = [self._candidate(entry, query) for entry in fitting]
        nearest = sorted(candidates, key=lambda candidate: -candidate.similarity)[:_CANDIDATES]
        return tuple(_ranked(candidate, understanding) for candidate in rank(nearest, today)[:TOP])

    def get(self, ranked: RankedPlaybook) -> Playbook:
        """The whole playbook behind a rank."""
        return self._library.entries[ranked.playbook_id, ranked.version].playbook

    def purposes(self, kinds: Sequence[str]) -> tuple[str, ...]:
        """The names of what the library can do with any of these kinds, or with anything when none is given."""
        playbooks = (entry.playbook.metadata for entry in self._library.entries.values())
        wanted = set(kinds)
        return tuple(sorted(found.name for found in playbooks if not wanted or wanted & set(found.kinds)))

    def _candidate(self, entry: Entry, query: Vectors) -> Candidate:
        """The similarity is that of the playbook's nearest text, from 0 to 1."""
        nearest = float((self._vectors(entry) @ query).max())
        return Candidate(entry.playbook.metadata, min(max(nearest, 0.0), 1.0), entry.quality.score)

    def _vectors(self, entry: Entry) -> Vectors:
        """One row a text of the playbook, made when it is first looked at; a few rows need no more than a product."""
        key = (entry.playbook.metadata.playbook_id, entry.playbook.metadata.version)
        if key not in self._matrices:
            rows = self._embedder.embed(_texts(entry.playbook.metadata))
            self._matrices[key] = np.frombuffer(b"".join(rows), dtype="<f4").reshape(len(rows), -1)
        return self._matrices[key]


def fill(playbook: Playbook, understanding: Understanding) -> PlanTemplate:
    """The playbook with what the request gave; what nobody gave stays empty and is named in `missing`."""
    filled: dict[str, Parameter] = {}
    missing: list[str] = []
    for spec in playbook.parameters:
        parameter = _parameter(spec, understanding)
        if parameter is not None:
            filled[spec.name] = parameter
        elif spec.required:
            missing.append(spec.name)
    selector = understanding.selector()
    if not selector.resource_types:
        selector = selector.model_copy(update={"resource_types": playbook.orchestration.targets.resource_types})
    return PlanTemplate(playbook=playbook, selector=selector, parameters=filled, missing=tuple(missing))


def search_text(understanding: Understanding, prompt: str) -> str:
    """Action, kinds and the user's words; aliases say nothing about a purpose and are left out."""
    action = understanding.action if understanding.action in CHANGE_ACTIONS else ""
    words = " ".join((action, *understanding.kinds)).replace("_", " ")
    return f"{words} {_ALIAS.sub(' ', prompt)}".strip()


def _parameter(spec: ParameterSpec, understanding: Understanding) -> Parameter | None:
    given: Parameter | None = getattr(understanding.parameters, spec.name, None)
    if given is not None and given.value is not None:
        return given
    return None if spec.default is None else Parameter(value=spec.default, source="default")


def _fits(playbook: Playbook, understanding: Understanding) -> bool:
    metadata = playbook.metadata
    return (
        metadata.status in SEARCHABLE
        and _overlap(metadata.cloud_provider, understanding.providers)
        and _overlap(metadata.kinds, understanding.kinds)
        and _overlap(playbook.orchestration.targets.resource_types, understanding.resource_types)
        and _acts(metadata.action, understanding.action)
    )


def _overlap(offered: Sequence[str], wanted: Sequence[str]) -> bool:
    return not wanted or bool(set(offered) & set(wanted))


def _acts(offered: Action, wanted: Action) -> bool:
    return wanted not in CHANGE_ACTIONS or offered == wanted or offered in _ALSO.get(wanted, frozenset())


def _texts(metadata: Metadata) -> tuple[str, ...]:
    return (metadata.name, metadata.purpose, ", ".join(metadata.keywords), *metadata.use_cases)


def _ranked(candidate: Candidate, understanding: Understanding) -> RankedPlaybook:
    return RankedPlaybook(
        playbook_id=candidate.metadata.playbook_id,
        version=candidate.metadata.version,
        confidence=round(_confidence(candidate, understanding), 2),
        reason=_reason(candidate.metadata),
    )


def _confidence(candidate: Candidate, understanding: Understanding) -> float:
    """Half of it is what agrees by rule (act and kind), half is how near the words are."""
    acts = candidate.metadata.action == understanding.action
    kinds = bool(understanding.kinds) and set(understanding.kinds) <= set(candidate.metadata.kinds)
    return 0.25 * acts + 0.25 * kinds + 0.5 * candidate.similarity


def _reason(metadata: Metadata) -> str:
    undo = "It can be undone." if metadata.estimated_impact.reversible else "It cannot be undone."
    record = (
        f"It succeeded in {metadata.success_count} of {metadata.execution_count} runs."
        if metadata.execution_count
        else "No runs are recorded yet."
    )
    return f"{metadata.purpose.rstrip('.')}. {undo} {record}"
