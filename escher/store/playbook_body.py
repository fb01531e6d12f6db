"""A playbook as a record's body: whole, and beside it the fields by which it is found and its files' hashes. Pure."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from escher.contract.lifecycle import SEARCHED
from escher.contract.playbook import Playbook
from escher.contract.publication import content_hash

_PLAIN = (
    "playbook_id", "version", "status", "storage_strategy", "author", "name", "description", "execution_count",
    "success_count", "deprecated_by", "deprecation_reason", "based_on_escher", "escher_playbook_id", "escher_version",
)  # fmt: skip
_LISTS = ("cloud_provider", "keywords", "resource_types")
_TIMES = ("created_at", "updated_at", "last_executed")


def body_of(playbook: Playbook) -> dict[str, Any]:
    """Every declared field; times as Unix seconds."""
    metadata = playbook.metadata
    return {
        **{name: getattr(metadata, name) for name in _PLAIN},
        **{name: list(getattr(metadata, name)) for name in _LISTS},
        **{name: _seconds(getattr(metadata, name)) for name in _TIMES},
        "content_hash": content_hash(playbook),
        "scripts": _files(playbook),
        "playbook": playbook.model_dump(mode="json"),
    }


def embedded_text(playbook: Playbook) -> str:
    """What is embedded of a playbook: name, description, use cases and keywords."""
    metadata = playbook.metadata
    return ". ".join((metadata.name, metadata.description, *metadata.use_cases, " ".join(metadata.keywords)))


def order_of(body: dict[str, Any]) -> tuple[int, tuple[int, ...]]:
    """Which of a playbook's versions is the better one: by state, then by version."""
    state = SEARCHED.index(body["status"]) if body["status"] in SEARCHED else -1
    return state, tuple(int(number) for number in body["version"].split("."))


def _files(playbook: Playbook) -> list[dict[str, Any]]:
    files = [
        (name, language, code.encode())
        for name, script in sorted(playbook.scripts.items())
        for language, code in sorted(script.code.items())
    ]
    return [
        {"script": name, "language": language, "size": len(code), "sha256": hashlib.sha256(code).hexdigest()}
        for name, language, code in files
    ]


def _seconds(iso: str | None) -> int | None:
    return int(datetime.fromisoformat(iso).timestamp()) if iso else None
