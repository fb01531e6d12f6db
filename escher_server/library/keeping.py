"""What is done with playbooks besides searching them: publish, move, delete, count. Everything is one tenant's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from escher.contract.lifecycle import Change, move, way_out
from escher.contract.playbook import Playbook
from escher.contract.ports import ScriptReader
from escher.contract.publication import (
    Publication,
    PublishAnswer,
    RunOutcome,
    Standing,
    StatusMove,
    UploadRequest,
    UploadTicket,
)
from escher.scripts.reader import Reader
from escher_server.errors import Conflict, Forbidden, WithoutTenant
from escher_server.library.loader import Library
from escher_server.library.publishing import faults, judged, require_publishable, state_of
from escher_server.library.standing import as_it_stands, counted, moved, of_library, published, replaced, standing
from escher_server.library.tenants import Changes, Holding, Key, TenantShelf, TenantStore, VersionState, unknown
from escher_server.library.tickets import VALID_S, Grant, Tickets
from escher_server.settings import API

NOTHING = Holding((0, 0), {}, {})


class Keeping:
    """The playbooks of tenants beside those of the library. Without a home nothing is kept, and all writing refused."""

    def __init__(self, home: Path | None, library: Callable[[], Library], reader: ScriptReader | None = None) -> None:
        self._tenants = TenantStore(home) if home else None
        self._tickets = Tickets(home) if home else None
        self._library = library
        self._reader = reader or Reader()

    def holding(self, tenant: str) -> Holding:
        """All that is kept for a tenant; nothing for the caller that has none."""
        return self._shelf(tenant).holding() if tenant and self._tenants else NOTHING

    def find(self, playbook_id: str, version: str, tenant: str) -> Playbook | None:
        """A version as it stands for a tenant: its own, or the library's; None when there is none, or no longer."""
        held, key = self.holding(tenant), (playbook_id, version)
        found = held.playbooks.get(key) or self._library().find(*key)
        state = held.states.get(key)
        if found is None or (state is not None and state.status == "deleted"):
            return None
        return found.model_copy(update={"metadata": as_it_stands(found.metadata, state)}) if state else found

    def get(self, playbook_id: str, version: str, tenant: str) -> Playbook:
        """The same. Raises UnknownPlaybook."""
        found = self.find(playbook_id, version, tenant)
        if found is None:
            raise unknown()
        return found

    def known(self, tenant: str) -> dict[str, tuple[str, ...]]:
        """The playbooks that there are for a tenant, by id, with what they depend on."""
        return self._known(self.holding(tenant))

    def publish(self, publication: Publication, tenant: str, by: str, now: int) -> PublishAnswer:
        """Check a playbook, score it and keep it. The same again changes nothing. Raises PublishRefused, Conflict."""
        shelf, playbook = self._shelf(tenant), publication.playbook
        answer = judged(playbook, faults(playbook, self._reader, self._known(shelf.holding())))
        require_publishable(answer, playbook)
        key = playbook.metadata.playbook_id, playbook.metadata.version
        first = move("ready", state_of(playbook), Change(now, by, publication.why))
        with shelf.changing() as changes:
            changes.expire(now)
            if changes.add(key, playbook, published(playbook, answer, first)):
                _deprecate_others(changes, key, now)
            return answer.model_copy(update={"status": changes.states[key].status})

    def set_status(self, key: Key, wanted: StatusMove, tenant: str, by: str, now: int) -> Standing:
        """Move a version. Raises UnknownPlaybook, Conflict."""
        with self._shelf(tenant).changing() as changes:
            changes.expire(now)
            changes.put(key, moved(self._state(changes, key), wanted, now, by))
            _deprecate_others(changes, key, now)
            return standing(key, changes.states[key])

    def delete(self, key: Key, tenant: str, by: str, now: int) -> Standing:
        """Move a version out of use by the shortest way that there is. Raises UnknownPlaybook, Conflict."""
        with self._shelf(tenant).changing() as changes:
            changes.expire(now)
            state = changes.state(key)
            way = way_out(state.author, state.status)
            if not way:
                raise Conflict("it cannot be deleted.", hint="A version of the library can be archived.")
            for to in way:
                state = moved(state, StatusMove(status=to, why="deleted"), now, by)
            changes.put(key, state)
            return standing(key, state)

    def record_run(self, key: Key, outcome: RunOutcome, tenant: str, now: int) -> Standing:
        """Count a run that ended. Raises UnknownPlaybook."""
        with self._shelf(tenant).changing() as changes:
            changes.put(key, counted(self._state(changes, key), outcome, now))
            return standing(key, changes.states[key])

    def uploads(self, wanted: UploadRequest, tenant: str, by: str, now: int) -> UploadTicket:
        """A ticket for one version. Raises WithoutTenant, Conflict when that version is there."""
        if (wanted.playbook_id, wanted.version) in self._shelf(tenant).holding().states:
            raise Conflict("that version is published.", hint="Give it a higher version.")
        grant = Grant(
            tenant=tenant, by=by, playbook_id=wanted.playbook_id, version=wanted.version, expires_at=now + VALID_S
        )
        token = self._signing().sign(grant)
        return UploadTicket(path=f"{API}/playbooks/uploads/{token}", expires_at=grant.expires_at)

    def receive(self, token: str, publication: Publication, now: int) -> PublishAnswer:
        """Publish with a ticket. Raises Forbidden, and as `publish`."""
        grant, metadata = self._signing().read(token, now), publication.playbook.metadata
        if (metadata.playbook_id, metadata.version) != (grant.playbook_id, grant.version):
            raise Forbidden("this ticket is for another version.", hint="Ask for one for this version.")
        if state_of(publication.playbook) == "active":
            raise Forbidden("with a ticket a playbook is uploaded for review.", hint="Publish it with a key.")
        return self.publish(publication, grant.tenant, grant.by, now)

    def holder(self, token: str, now: int) -> str | None:
        """The tenant for whom a ticket is good now; None when it is for nobody. Asked before an upload is read."""
        try:
            return self._signing().read(token, now).tenant
        except (Forbidden, WithoutTenant):
            return None

    def _shelf(self, tenant: str) -> TenantShelf:
        if self._tenants is None:
            raise WithoutTenant("this server keeps no playbooks.", hint="Set ESCHER_SERVER_HOME on the server.")
        return self._tenants.of(tenant)

    def _signing(self) -> Tickets:
        if self._tickets is None:
            raise WithoutTenant("this server keeps no playbooks.", hint="Set ESCHER_SERVER_HOME on the server.")
        return self._tickets

    def _state(self, changes: Changes, key: Key) -> VersionState:
        """How a version stands; for one of the library that was never touched, how it comes. Raises UnknownPlaybook."""
        entry = self._library().entries.get(key)
        if key in changes.states or entry is None:
            return changes.state(key)
        return of_library(entry.playbook.metadata, entry.quality.score)

    def _known(self, held: Holding) -> dict[str, tuple[str, ...]]:
        playbooks = (*(entry.playbook for entry in self._library().entries.values()), *held.playbooks.values())
        return {one.metadata.playbook_id: one.metadata.depends_on for one in playbooks}


def _deprecate_others(changes: Changes, key: Key, now: int) -> None:
    for other, state in replaced(changes.states, key, now).items():
        changes.put(other, state)
