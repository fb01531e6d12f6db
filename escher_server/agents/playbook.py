"""Find the playbooks that fit a request, rank them, fill the first one in; and keep what tenants publish.

Four steps: the intent comes from the master agent; search gives ten of the library and ten of the tenant's; the ranking
arithmetic orders them; the best three are packed. Rules and vectors, no model; what fits badly is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from escher.contract.filling import fill
from escher.contract.fitting import confidence
from escher.contract.playbook import Metadata, Playbook, RankedPlaybook, Source
from escher.contract.ports import Embedder
from escher.contract.publication import (
    Publication,
    PublishAnswer,
    RunOutcome,
    Standing,
    StatusMove,
    SyncReport,
    UploadRequest,
    UploadTicket,
)
from escher.contract.ranking import Candidate, rank, reason
from escher.contract.understanding import Understanding
from escher_server.agents.finding.shelf import Found, Shelf, TenantShelves
from escher_server.agents.finding.wanted import bluntly, wanted
from escher_server.errors import WithoutTenant
from escher_server.library.keeping import Keeping
from escher_server.library.loader import Library
from escher_server.library.standing import as_it_stands
from escher_server.library.sync import LibrarySync
from escher_server.library.tenants import Key

__all__ = ["TOP", "PlaybookAgent", "fill"]
TOP = 3


class PlaybookAgent:
    """Search, ranking and packaging over the library and the playbooks of one tenant; and their keeping."""

    def __init__(
        self,
        library: Library,
        embedder: Embedder,
        home: Path | None = None,
        sync: LibrarySync | None = None,
    ) -> None:
        self._embedder = embedder
        self._sync = sync
        self._keeping = Keeping(home, lambda: self.library)
        self._serving = library, Shelf.of_library(library, embedder)
        self._tenants = TenantShelves(embedder)

    @property
    def library(self) -> Library:
        """The library that is served now; another one after a sync, also after one of another worker."""
        return self._served()[0]

    def _served(self) -> tuple[Library, Shelf]:
        fresh = self._sync.fresh() if self._sync is not None else None
        if fresh is not None:
            self._serving = fresh, Shelf.of_library(fresh, self._embedder)
        return self._serving

    @property
    def embedder(self) -> Embedder:
        """What turns texts into vectors here; it remembers none."""
        return self._embedder

    def search(
        self, understanding: Understanding, prompt: str, today: date, tenant: str = "", estate: Sequence[str] = ()
    ) -> tuple[RankedPlaybook, ...]:
        """At most three playbooks that fit, best first, each with its confidence and the reason for its place.

        `estate` are the clouds in which the asker has anything; none: not known. No playbook is an answer too.
        """
        asked = wanted(understanding, prompt, estate)
        held = self._keeping.holding(tenant)
        shelves = [self._served()[1], *([self._tenants.of(tenant, held)] if held.playbooks else ())]
        found = [one for shelf in shelves for way in (asked, *bluntly(asked)) for one in shelf.search(way, held.states)]
        found = sorted(found, key=lambda one: one.odds)
        by_key = {(one.metadata.playbook_id, one.metadata.version): one for one in found}
        candidates = (Candidate(one.metadata, one.similarity, one.quality) for one in by_key.values())
        ranked = rank(candidates, today)[:TOP]
        return tuple(_ranked(by_key[one.metadata.playbook_id, one.metadata.version]) for one in ranked)

    def get(self, ranked: RankedPlaybook, tenant: str = "") -> Playbook:
        """The whole playbook behind a rank. Raises UnknownPlaybook when it is gone since."""
        return self._keeping.get(ranked.playbook_id, ranked.version, tenant)

    def find(self, playbook_id: str, version: str, tenant: str = "") -> Playbook | None:
        """The playbook of exactly this version as it stands for a tenant, or None."""
        return self._keeping.find(playbook_id, version, tenant)

    def known(self, tenant: str = "") -> Mapping[str, Sequence[str]]:
        """The playbooks that there are for a tenant, by id, with what they depend on."""
        return self._keeping.known(tenant)

    def purposes(self, kinds: Sequence[str], tenant: str = "") -> tuple[str, ...]:
        """The names of what can be done with any of these kinds, or with anything when none is given."""
        own = self._keeping.holding(tenant).playbooks.values()
        playbooks = (*(entry.playbook for entry in self.library.entries.values()), *own)
        wanted_kinds = set(kinds)
        fitting = (one.metadata for one in playbooks if not wanted_kinds or wanted_kinds & set(one.metadata.kinds))
        return tuple(sorted({metadata.name for metadata in fitting}))

    def active(self, tenant: str = "") -> tuple[tuple[Source, Metadata], ...]:
        """Whatever may run, the library's and the tenant's own, with whose it is."""
        held = self._keeping.holding(tenant)
        library = {key: entry.playbook for key, entry in self.library.entries.items()}
        sources: tuple[tuple[Source, Mapping[Key, Playbook]], ...] = ("library", library), ("tenant", held.playbooks)
        found: Iterator[tuple[Source, Metadata]] = (
            (source, as_it_stands(one.metadata, held.states[key]) if key in held.states else one.metadata)
            for source, playbooks in sources
            for key, one in playbooks.items()
        )
        return tuple(one for one in found if one[1].status == "active")

    # -- keeping -------------------------------------------------------------------------------------------

    def publish(self, publication: Publication, tenant: str, by: str, now: int) -> PublishAnswer:
        """Keep a tenant's playbook. Raises PublishRefused with the whole answer, Conflict, WithoutTenant."""
        return self._keeping.publish(publication, tenant, by, now)

    def set_status(self, key: tuple[str, str], move: StatusMove, tenant: str, by: str, now: int) -> Standing:
        """Move a version for a tenant. Raises UnknownPlaybook, Conflict, WithoutTenant."""
        return self._keeping.set_status(key, move, tenant, by, now)

    def delete(self, key: tuple[str, str], tenant: str, by: str, now: int) -> Standing:
        """Take a tenant's version out of use; it stays as a tombstone for 30 days. Raises as `set_status`."""
        return self._keeping.delete(key, tenant, by, now)

    def record_run(self, key: tuple[str, str], outcome: RunOutcome, tenant: str, now: int) -> Standing:
        """Count a run for a tenant, of its own playbooks and of the library's. Raises UnknownPlaybook, WithoutTenant."""
        return self._keeping.record_run(key, outcome, tenant, now)

    def uploads(self, wanted: UploadRequest, tenant: str, by: str, now: int) -> UploadTicket:
        """A ticket to publish one version once, within 15 minutes, without a key. Raises WithoutTenant."""
        return self._keeping.uploads(wanted, tenant, by, now)

    def receive(self, token: str, publication: Publication, now: int) -> PublishAnswer:
        """Publish with a ticket. Raises Forbidden for one that is not ours, is over or is for another version."""
        return self._keeping.receive(token, publication, now)

    def holder(self, token: str, now: int) -> str | None:
        """The tenant of a ticket; None when it is not ours, or over."""
        return self._keeping.holder(token, now)

    def sync(self, now: int) -> SyncReport:
        """Fetch what is new in the library's source, and serve it. Raises InvalidRequest, SyncFailed."""
        return self._synced().run(now)

    def register(self, playbook_id: str, version: str) -> PublishAnswer:
        """Fetch one version of the source, and serve it. Raises UnknownPlaybook, BrokenPlaybook, SyncFailed."""
        return self._synced().register(playbook_id, version)

    def _synced(self) -> LibrarySync:
        if self._sync is None:
            raise WithoutTenant("this server keeps no library of its own.", hint="Set ESCHER_SERVER_HOME on it.")
        return self._sync


def _ranked(found: Found) -> RankedPlaybook:
    return RankedPlaybook(
        playbook_id=found.metadata.playbook_id,
        version=found.metadata.version,
        confidence=round(confidence(found.odds), 2),
        reason=reason(found.metadata),
        source=found.source,
        status=found.metadata.status,
        quality=found.quality,
    )
