"""What is said when a playbook is published, moved, counted or synced; and the hash of what never changes in it. Pure."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, StrictBool

from escher.contract.lifecycle import Move
from escher.contract.playbook import SLUG, VERSION, Author, Metadata, Playbook, Source, Status, StorageStrategy
from escher.contract.runs import RunStatus
from escher.contract.wire import Wire, digest

Tier = Literal["featured", "normal", "warned", "refused"]

# What may change in a version that is published: its state, and what is counted.
LIVING = frozenset({
    "status", "needs_update", "storage_strategy", "deprecated_by", "deprecation_reason", "updated_at",
    "execution_count", "success_count", "last_executed", "avg_duration_seconds",
})  # fmt: skip


def content_hash(playbook: Playbook) -> str:
    """SHA-256 over all that a published version never changes."""
    return digest(playbook.model_dump(mode="json", exclude={"metadata": set(LIVING)}))


class Publication(Wire):
    """A playbook on its way to the server, whole: its scripts are in it. `why` is kept with its first state."""

    playbook: Playbook
    why: str = Field(default="", max_length=500)


class Finding(Wire):
    """What stands against a publication, and where: `scripts.user-stop@1.0.0.bash`, line 4. Never the value itself."""

    place: str
    line: int = 0
    message: str

    def __str__(self) -> str:
        at = f", line {self.line}" if self.line else ""
        return f"{self.place}{at}: {self.message}"


class Flags(Wire):
    """Which virtues a playbook has."""

    idempotency: StrictBool
    error_handling: StrictBool
    documentation: StrictBool
    security: StrictBool
    testing: StrictBool
    performance: StrictBool


class PublishAnswer(Wire):
    """What became of a publication. With `required_fixes` nothing was stored, and `status` is `draft`."""

    playbook_id: str
    version: str
    sha256: str
    status: Status
    score: int = Field(ge=0, le=100)
    tier: Tier
    strengths: tuple[str, ...] = ()
    improvements: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    required_fixes: tuple[Finding, ...] = ()
    flags: Flags


class StatusMove(Wire):
    """Where a version should go, and why. `needs_update` flags an active one, or takes the flag off."""

    status: Status
    why: str = Field(default="", max_length=500)
    needs_update: StrictBool | None = None


class RunOutcome(Wire):
    """How a run of a playbook ended: no target, no output."""

    status: RunStatus
    duration_seconds: float = Field(ge=0)


class Standing(Wire):
    """How a version stands for one tenant: its state, how it came there, and how its runs went."""

    playbook_id: str
    version: str
    status: Status
    needs_update: StrictBool = False
    execution_count: int = 0
    success_count: int = 0
    success_rate: float = 0
    avg_duration_seconds: float | None = None
    last_executed: str | None = None
    history: tuple[Move, ...] = ()


class UploadRequest(Wire):
    """Which version is about to be uploaded."""

    playbook_id: str = Field(pattern=SLUG)
    version: str = Field(pattern=VERSION)


class UploadTicket(Wire):
    """Where it may be put, without a key, until `expires_at` (Unix seconds), once."""

    path: str
    expires_at: int


class SyncReport(Wire):
    """What a sync of the library brought. `refused` says file, line and cause of what was left as it was."""

    marker: str
    added: tuple[str, ...] = ()
    unchanged: int = 0
    refused: tuple[str, ...] = ()


class PlaybookRow(Wire):
    """One version of a playbook in a list. `score` is how well it fits the words of a search, from 0 to 1."""

    playbook_id: str
    version: str
    name: str
    status: Status
    storage_strategy: StorageStrategy
    author: Author
    source: Source
    updated_at: str
    execution_count: int = 0
    success_count: int = 0
    score: float | None = None


class LeavingFile(Wire):
    """One of the files that would leave."""

    name: str
    size: int
    sha256: str


class Departure(Wire):
    """Exactly what would leave for a server: every file with its size in bytes and SHA-256, and what speaks against it."""

    playbook_id: str
    version: str
    server: str
    storage_strategy: StorageStrategy
    size: int
    files: tuple[LeavingFile, ...]
    findings: tuple[Finding, ...] = ()


def row(metadata: Metadata, source: Source, score: float | None = None) -> PlaybookRow:
    """A playbook in a list."""
    shown = metadata.model_dump(include=set(PlaybookRow.model_fields))
    return PlaybookRow(**shown, source=source, score=score)
