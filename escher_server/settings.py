"""What a server needs to know: who may ask, and where the library lies. Read once, at the start."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

API = "/v1"
PACKAGED_LIBRARY = Path(__file__).parent / "library" / "playbooks"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`key_hashes` empty = no key is asked for: the embedded server, reached by nobody but its own process."""

    key_hashes: frozenset[str] = frozenset()
    library: Path = PACKAGED_LIBRARY


def load_settings(environment: Mapping[str, str] | None = None) -> ServerSettings:
    """Settings of a server on a port: `ESCHER_API_KEY` names the accepted key, or two with a comma while one is replaced."""
    env = os.environ if environment is None else environment
    keys = (key.strip() for key in env.get("ESCHER_API_KEY", "").split(","))
    return ServerSettings(key_hashes=frozenset(hash_key(key) for key in keys if key))


def hash_key(key: str) -> str:
    """The form in which a key is held: SHA-256, hexadecimal. Keys are long and random, so no salt is needed."""
    return hashlib.sha256(key.encode()).hexdigest()
