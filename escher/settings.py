"""Where Escher lives and whom it talks to: from the environment, then `settings.toml` in its home, then defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from escher.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Settings:
    """`server` empty = the embedded server; `passphrase_file` set = the store's key is wrapped by that passphrase."""

    home: Path
    server: str = ""
    api_key: str = ""
    ca_bundle: str = ""
    passphrase_file: Path | None = None
    llm: str = ""
    language: str = ""
    approval_minutes: int = 15

    @property
    def store_path(self) -> Path:
        """The one durable file."""
        return self.home / "data" / "escher.db"


_ENVIRONMENT = {
    "ESCHER_SERVER": "server",
    "ESCHER_API_KEY": "api_key",
    "ESCHER_PASSPHRASE_FILE": "passphrase_file",
    "ESCHER_LLM": "llm",
    "ESCHER_LANGUAGE": "language",
    "ESCHER_CA_BUNDLE": "ca_bundle",
}
_FILE_KEYS = frozenset(_ENVIRONMENT.values()) - {"api_key"} | {"approval_minutes"}


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings for this process. Raises ConfigurationError for a file that cannot be read or a wrong value."""
    env = os.environ if environment is None else environment
    home = Path(env.get("ESCHER_HOME") or Path.home() / ".escher").expanduser().absolute()
    values = _from_file(home / "settings.toml")
    values |= {field: env[name] for name, field in _ENVIRONMENT.items() if env.get(name)}
    if values.get("passphrase_file"):
        values["passphrase_file"] = Path(values["passphrase_file"]).expanduser().absolute()
    if not isinstance(values.get("approval_minutes", 15), int) or not 1 <= values.get("approval_minutes", 15) <= 60:
        raise ConfigurationError("approval_minutes must be a whole number from 1 to 60.", hint="Correct settings.toml.")
    if values.get("language", "") not in ("", "bash", "python"):
        raise ConfigurationError("language must be bash or python.", hint="Correct settings.toml or ESCHER_LANGUAGE.")
    return Settings(home=home, **values)


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as cause:
        raise ConfigurationError(f"cannot read {path}: {cause}.", hint="Correct or remove the file.") from cause
    unknown = set(values) - _FILE_KEYS
    if unknown:
        raise ConfigurationError(f"{path} has unknown settings: {', '.join(sorted(unknown))}.", hint="Remove them.")
    return values
