"""The user's own playbooks: kept in the store, worked on as copies, found beside the library's, published on purpose."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from escher.approval.consent import local_user
from escher.contract.agents import DraftAnswer
from escher.contract.lifecycle import Move, needs_reason, way_out
from escher.contract.playbook import Metadata, Playbook, Status, StorageStrategy
from escher.contract.publication import (
    Departure,
    LeavingFile,
    PlaybookRow,
    Publication,
    PublishAnswer,
    Standing,
    content_hash,
    row,
)
from escher.contract.quality import assess, flags_of
from escher.contract.ranking import success_rate
from escher.contract.references import reference_findings
from escher.contract.secrets import leaks
from escher.errors import ForbiddenContent, InvalidInput, PlanRefused
from escher.scripts.playbook_scripts import script_findings
from escher.session.loop import wait
from escher.session.playbook_files import read_files, write_files
from escher.vectors.private_folder import PrivateFolder, memory_root

if TYPE_CHECKING:
    from escher.session.wiring import Parts

OWN = "user-"
_ROOM = 4 * 1024 * 1024


class Playbooks:
    """`session.playbooks`: list, search, make, change and publish playbooks of one's own."""

    def __init__(self, parts: Parts) -> None:
        self._parts, self._store = parts, parts.playbooks

    # -- looking -------------------------------------------------------------------------------------------

    def all(self, status: Status | None = None) -> list[PlaybookRow]:
        """Every version that is kept, or those in one state."""
        found = (playbook.metadata for playbook in self._store.all())
        return [row(metadata, "local") for metadata in found if status in (None, metadata.status)]

    def search(self, words: str, limit: int = 10) -> list[PlaybookRow]:
        """The nearest of one's own by meaning and words, each in its best version. Nothing leaves for it."""
        self._embed()
        [vector] = self._parts.embedder.embed([words])
        return [row(playbook.metadata, "local", score) for playbook, score in self._store.search(words, vector, limit)]

    def get(self, playbook_id: str, version: str = "") -> Playbook:
        """One's own, the latest version unless one is named; else the library's, of which the version is named.

        Raises NotFound.
        """
        if version and not self._store.versions(playbook_id):
            return Playbook.model_validate_json(
                wait(self._parts.brain.fetch(f"/v1/playbooks/{playbook_id}/{version.removeprefix('v')}"))
            )
        plain = version.removeprefix("v")
        return self._store.get(playbook_id, plain) if plain else self._store.latest(playbook_id)

    def standing(self, playbook_id: str, version: str = "") -> Standing:
        """How a version stands: its state, how it came there, and how its runs went. Raises NotFound."""
        metadata = self._own(playbook_id, version).metadata
        history = self._store.history(metadata.playbook_id, metadata.version)
        shown = metadata.model_dump(include=set(Standing.model_fields))
        moves = tuple(Move.model_validate(one) for one in history)
        return Standing(**shown, success_rate=success_rate(metadata), history=moves)

    # -- working -------------------------------------------------------------------------------------------

    def create(self, playbook_id: str, based_on: str, version: str) -> PlaybookRow:
        """A draft of one's own, made from a playbook of one's own or of the library. Raises NotFound, InvalidInput."""
        start = self.get(based_on, version)
        of_library = start.metadata.author == "escher_library"
        now = datetime.now(UTC).isoformat(timespec="seconds")
        metadata = _with(
            start.metadata,
            playbook_id=playbook_id,
            version="1.0.0",
            author="user_custom",
            storage_strategy="local_only",
            status="draft",
            based_on_escher=of_library,
            escher_playbook_id=start.metadata.playbook_id if of_library else None,
            escher_version=start.metadata.version if of_library else None,
            created_at=now,
            updated_at=now,
        )
        return self._keep(start.model_copy(update={"metadata": metadata}))

    def draft(self, playbook_id: str, aim: str) -> PlaybookRow:
        """Keep a draft for an aim in words, which the server puts together. Raises NotFound, InvalidInput, RecordExists."""
        from escher.client.brain import body_of

        context, _ = self._parts.talk.context(aim)
        sent = wait(self._parts.brain.send("/v1/operations/draft", body_of(context)))
        answer = DraftAnswer.model_validate_json(sent)
        if answer.draft is None:
            choices = answer.clarification.choices if answer.clarification else ()
            raise InvalidInput(answer.text, hint=f"For example: {choices[0]}" if choices else "Say what it is for.")
        made = {
            "playbook_id": playbook_id,
            "storage_strategy": "local_only",
            "status": "draft",
            "author": "ai_generated",
        }
        metadata = _with(answer.draft.metadata, **made)
        return self._keep(answer.draft.model_copy(update={"metadata": metadata}))

    def import_(self, path: Path) -> PlaybookRow:
        """Keep a playbook that is in files, as a draft that stays here. Raises InvalidInput, RecordExists."""
        playbook = read_files(path)
        author = "ai_generated" if playbook.metadata.author == "ai_generated" else "user_custom"
        metadata = _with(playbook.metadata, author=author, storage_strategy="local_only", status="draft")
        return self._keep(playbook.model_copy(update={"metadata": metadata}))

    def export(self, playbook_id: str, version: str, folder: Path) -> Path:
        """Write a playbook into a new folder; from then on that copy is in clear. Raises NotFound, InvalidInput."""
        write_files(self.get(playbook_id, version), folder)
        return folder

    def edit(self, playbook_id: str, version: str, change: Callable[[Path], None]) -> PlaybookRow:
        """Let `change` work on a copy in memory, and keep what it made of it. Raises as `import_`."""
        playbook = self._own(playbook_id, version)
        root = memory_root(_ROOM)
        if root is None:
            raise InvalidInput("there is no memory file system to edit on.", hint="Use: escher playbook export, import")
        folder = PrivateFolder(root)
        try:
            copy = folder.part("playbook")
            write_files(playbook, copy)
            change(copy)
            edited = read_files(copy)
        finally:
            folder.remove()
        kept = playbook.metadata.model_dump(include={"author", "storage_strategy", "status"})
        return self._keep(edited.model_copy(update={"metadata": _with(edited.metadata, **kept)}))

    def check(self, playbook: Playbook) -> PublishAnswer:
        """What a server would say of it, as far as this machine can tell: quality, secrets, scripts, references."""
        known = {one.metadata.playbook_id: one.metadata.depends_on for one in self._store.all()}
        found = (*leaks(playbook), *reference_findings(playbook, known), *script_findings(playbook, self._parts.reader))
        quality = assess(playbook)
        return PublishAnswer(
            playbook_id=playbook.metadata.playbook_id,
            version=playbook.metadata.version,
            sha256=content_hash(playbook),
            status=playbook.metadata.status,
            score=quality.score,
            tier=quality.tier,
            improvements=quality.improvements,
            required_fixes=found,
            flags=flags_of(playbook),
        )

    def move(self, playbook_id: str, version: str, status: Status, why: str = "") -> Standing:
        """Move a version to another state. Raises NotFound, InvalidInput for a move that is none or must say why."""
        metadata = self._own(playbook_id, version).metadata
        if needs_reason(metadata.status, status) and not why.strip():
            raise InvalidInput(f"to make it {status}, say why.", hint="Add: --why TEXT")
        if status == "active" and metadata.status == "ready":
            self._require_sound(self._own(playbook_id, version))
        self._store.set_status(metadata.playbook_id, metadata.version, status, _now(), by=local_user(), why=why)
        return self.standing(metadata.playbook_id, metadata.version)

    def delete(self, playbook_id: str, version: str = "", why: str = "") -> Standing:
        """Take a version out of use by the shortest way; it is gone after 30 days. Raises NotFound."""
        metadata = self._own(playbook_id, version).metadata
        for status in way_out(metadata.author, metadata.status):
            self._store.set_status(
                metadata.playbook_id, metadata.version, status, _now(), by=local_user(), why=why or "deleted"
            )
        return self.standing(metadata.playbook_id, metadata.version)

    # -- publishing ----------------------------------------------------------------------------------------

    def departure(self, playbook_id: str, version: str = "", *, trusted: bool = False) -> Departure:
        """Exactly what publishing would send, and what speaks against it. Nothing is sent. Raises NotFound."""
        playbook = self._own(playbook_id, version)
        publication = _publication(playbook, _strategy(trusted=trusted))
        files = self._store.scripts(playbook.metadata.playbook_id, playbook.metadata.version)
        whole = publication.model_dump_json().encode()
        return Departure(
            playbook_id=playbook.metadata.playbook_id,
            version=playbook.metadata.version,
            server=self._parts.settings.server or "the server in this process",
            storage_strategy=_strategy(trusted=trusted),
            size=len(whole),
            files=(
                LeavingFile(name="playbook", size=len(whole), sha256=hashlib.sha256(whole).hexdigest()),
                *(
                    LeavingFile(name=f"{one['script']} ({one['language']})", size=one["size"], sha256=one["sha256"])
                    for one in files
                ),
            ),
            findings=leaks(playbook),
        )

    def publish(self, playbook_id: str, version: str = "", *, trusted: bool = False, why: str = "") -> PublishAnswer:
        """Send a playbook to the server, for review or as trusted. Raises ForbiddenContent before anything left.

        Raises PublicationRefused with all that the server wants mended, RecordExists, Unauthenticated.
        """
        playbook = self._own(playbook_id, version)
        if playbook.metadata.status != "ready":
            raise InvalidInput(
                f"only a playbook that is ready is published, and this one is {playbook.metadata.status}.",
                hint=f"First: escher playbook status {playbook.metadata.playbook_id} ready",
            )
        found = leaks(playbook)
        if found:
            raise ForbiddenContent(f"nothing was sent: {found[0]}.", hint="See: escher playbook validate")
        publication = _publication(playbook, _strategy(trusted=trusted), why)
        self._parts.record("playbook_published", playbook.metadata.playbook_id, sha256=content_hash(playbook))
        sent = wait(self._parts.brain.send("/v1/playbooks", publication.model_dump_json().encode()))
        answer = PublishAnswer.model_validate_json(sent)
        self._published(playbook.metadata, _strategy(trusted=trusted), answer.status, why)
        return answer

    def _published(self, metadata: Metadata, strategy: StorageStrategy, status: Status, why: str) -> None:
        """From now on the version stands here as it does there, and never changes."""
        key = metadata.playbook_id, metadata.version
        self._store.set_strategy(*key, strategy, _now())
        self._store.set_status(*key, status, _now(), by=local_user(), why=why or "published")

    # -- inside --------------------------------------------------------------------------------------------

    def _own(self, playbook_id: str, version: str) -> Playbook:
        plain = version.removeprefix("v")
        return self._store.get(playbook_id, plain) if plain else self._store.latest(playbook_id)

    def _keep(self, playbook: Playbook) -> PlaybookRow:
        metadata = playbook.metadata
        if metadata.playbook_id.startswith("escher-"):
            raise InvalidInput("only the library's own begin with 'escher-'.", hint=f"Name it {OWN}…")
        self._store.put(playbook, _now())
        return row(self._store.get(metadata.playbook_id, metadata.version).metadata, "local")

    def _require_sound(self, playbook: Playbook) -> None:
        """What is active can be planned, so its scripts must be readable. Raises PlanRefused."""
        found = script_findings(playbook, self._parts.reader)
        if found:
            raise PlanRefused(f"it cannot be used: {found[0]}.", hint="See: escher playbook validate")

    def _embed(self) -> None:
        missing = self._store.without_vectors()
        if missing:
            vectors = self._parts.embedder.embed([*missing.values()])
            self._store.set_vectors(dict(zip(missing, vectors, strict=True)))


def _publication(playbook: Playbook, strategy: StorageStrategy, why: str = "") -> Publication:
    metadata = _with(playbook.metadata, storage_strategy=strategy)
    return Publication(playbook=playbook.model_copy(update={"metadata": metadata}), why=why)


def _strategy(*, trusted: bool) -> StorageStrategy:
    return "uploaded_trusted" if trusted else "uploaded_for_review"


def _with(metadata: Metadata, **values: object) -> Metadata:
    return Metadata.model_validate(metadata.model_dump() | values)


def _now() -> int:
    return int(time.time())
