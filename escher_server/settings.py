"""What a server needs to know: where things lie, and its limits. Read once, at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from escher.errors import ConfigurationError

API = "/v1"
PACKAGED_LIBRARY = Path(__file__).parent / "library" / "playbooks"
PER_MINUTE = 60
REQUEST_S = 60
LLM_S = 10
# The variables that set a number, with the least and the most it may be.
_NUMBERS: Mapping[str, tuple[int, int, int]] = {
    "ESCHER_SERVER_PER_MINUTE": (PER_MINUTE, 0, 1_000_000),
    "ESCHER_SERVER_REQUEST_SECONDS": (REQUEST_S, 1, 3_600),
    "ESCHER_LLM_SECONDS": (LLM_S, 1, 60),
}


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The defaults are those of the embedded server, reached by nobody but its own process: no key, no limit, no home.

    `home` holds keys and tenants' playbooks, `source` is where the library is synchronised from. `per_minute` is what a
    tenant may ask (0: no limit), `shared_counts` the file by which workers count together. `request_s` is how long one
    request may take. `llm` names a language model (`provider:model`; empty: none), `llm_url` and `llm_key` are its address
    and key where its provider has none of its own, `llm_seconds` is how long one use of it may take.
    """

    api_keys: tuple[str, ...] = ()
    home: Path | None = None
    library: Path = PACKAGED_LIBRARY
    source: str = ""
    per_minute: int = 0
    shared_counts: Path | None = None
    request_s: float = REQUEST_S
    telemetry: bool = False
    llm: str = ""
    llm_url: str = ""
    llm_key: str = field(default="", repr=False)
    llm_seconds: float = LLM_S


def load_settings(environment: Mapping[str, str] | None = None) -> ServerSettings:
    """Settings of a server on a port, from its environment. Raises ConfigurationError.

    `ESCHER_API_KEY` names the key of the default tenant, or two with a comma while one is replaced; keys of others are
    made by `escher server keys` under `ESCHER_SERVER_HOME`.
    """
    env = os.environ if environment is None else environment
    shared = env.get("ESCHER_SERVER_SHARED_COUNTS", "")
    return ServerSettings(
        api_keys=tuple(key.strip() for key in env.get("ESCHER_API_KEY", "").split(",") if key.strip()),
        home=server_home(env),
        source=env.get("ESCHER_SERVER_LIBRARY", ""),
        per_minute=_number(env, "ESCHER_SERVER_PER_MINUTE"),
        shared_counts=Path(shared) if shared else None,
        request_s=_number(env, "ESCHER_SERVER_REQUEST_SECONDS"),
        telemetry=True,
        llm=env.get("ESCHER_LLM", ""),
        llm_url=env.get("ESCHER_LLM_URL", ""),
        llm_key=env.get("ESCHER_LLM_KEY", ""),
        llm_seconds=_number(env, "ESCHER_LLM_SECONDS"),
    )


def server_home(environment: Mapping[str, str] | None = None) -> Path:
    """The folder of keys and tenants' playbooks: `ESCHER_SERVER_HOME`, else one in the user's data folder."""
    env = os.environ if environment is None else environment
    data = env.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(env.get("ESCHER_SERVER_HOME") or f"{data}/escher-server").expanduser().absolute()


def _number(env: Mapping[str, str], name: str) -> int:
    usual, least, most = _NUMBERS[name]
    text = env.get(name, "") or str(usual)
    if not text.isdecimal() or not least <= int(text) <= most:
        raise ConfigurationError(f"{name} must be a whole number from {least} to {most}.", hint="Correct or unset it.")
    return int(text)
