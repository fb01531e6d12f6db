"""Which scripts came with this client and only read, by their bytes: those reads are its own, whoever sends them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path


def reading_scripts(library: Path) -> frozenset[str]:
    """The SHA-256 digests, in hexadecimal digits, of every form of the scripts in a library's folder that only read."""
    described = library.glob("*/v*/scripts/*/v*/metadata.json")
    reading = (path.parent for path in described if json.loads(path.read_text("utf-8")).get("effect") == "read")
    return frozenset(
        hashlib.sha256(code.read_bytes()).hexdigest() for folder in reading for code in folder.glob("code/*/main.*")
    )
