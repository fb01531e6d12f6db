"""Where Escher lives and whom it talks to: from the environment, then `settings.toml` in its home, then defaults."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from escher.errors import ConfigurationError


@dataclass(frozen=True, slots=True)
class Settings:
    """`server` empty = the embedded server; `passphrase_file` set = the store's key is wrapped by that passphrase.

    `master_key` (base64) and `key_file` (a file of mode 0600 that holds one) are for tests, CI and containers.
    `audit_copy` is a folder that is there, on a disk that others keep, to which each checkpoint of the trail is appended.
    `llm` names the language model of the embedded server (`provider:model`), `llm_url` its address where it needs one.
    `backup_target` is `s3://bucket/prefix`, `az://account/container/prefix` or `gs://bucket/prefix`. Zero means never
    for `lock_idle_minutes`, `lock_after_hours` and `backup_every_hours`. `exec_…` are spec/execution.md section 6: how
    long a command of one's own may run, how many steps at once, and after how many failed targets in a hundred a change
    of many stops.
    """

    home: Path
    server: str = ""
    api_key: str = ""
    ca_bundle: str = ""
    passphrase_file: Path | None = None
    key_file: Path | None = None
    master_key: str = ""
    llm: str = ""
    llm_url: str = ""
    llm_key: str = field(default="", repr=False)
    language: str = ""
    approval_minutes: int = 15
    lock_idle_minutes: int = 30
    lock_after_hours: int = 8
    qdrant_url: str = ""
    qdrant_api_key: str = ""
    backup_target: str = ""
    backup_every_hours: int = 24
    backup_keep_days: int = 30
    chat_days: int = 90
    cost_report_days: int = 90
    audit_report_days: int = 365
    audit_copy: Path | None = None
    exec_default_timeout_ms: int = 120_000
    exec_max_timeout_ms: int = 600_000
    exec_stream_output: bool = True
    exec_max_concurrent: int = 10
    exec_error_percent: int = 5

    @property
    def store_path(self) -> Path:
        """The one durable file."""
        return self.home / "data" / "escher.db"

    @property
    def snapshots(self) -> Path:
        """The folder of local backups."""
        return self.home / "snapshots"


_ENVIRONMENT = {
    "ESCHER_SERVER": "server",
    "ESCHER_API_KEY": "api_key",
    "ESCHER_PASSPHRASE_FILE": "passphrase_file",
    "ESCHER_KEY_FILE": "key_file",
    "ESCHER_MASTER_KEY": "master_key",
    "ESCHER_LLM": "llm",
    "ESCHER_LLM_URL": "llm_url",
    "ESCHER_LLM_KEY": "llm_key",
    "ESCHER_LANGUAGE": "language",
    "ESCHER_CA_BUNDLE": "ca_bundle",
    "ESCHER_QDRANT_URL": "qdrant_url",
    "ESCHER_QDRANT_API_KEY": "qdrant_api_key",
    "ESCHER_BACKUP_TARGET": "backup_target",
    "ESCHER_AUDIT_COPY": "audit_copy",
    "ESCHER_EXEC_DEFAULT_TIMEOUT_MS": "exec_default_timeout_ms",
    "ESCHER_EXEC_MAX_TIMEOUT_MS": "exec_max_timeout_ms",
    "ESCHER_EXEC_STREAM_OUTPUT": "exec_stream_output",
    "ESCHER_EXEC_MAX_CONCURRENT": "exec_max_concurrent",
    "ESCHER_EXEC_ERROR_PERCENT": "exec_error_percent",
}
_SECRETS = frozenset({"api_key", "llm_key", "master_key", "qdrant_api_key"})
_FILES = ("passphrase_file", "key_file", "audit_copy")
# The least and the most of each whole number.
_RANGES = {
    "approval_minutes": (1, 60),
    "lock_idle_minutes": (0, 1_440),
    "lock_after_hours": (0, 168),
    "backup_every_hours": (0, 168),
    "backup_keep_days": (1, 3_650),
    "chat_days": (1, 3_650),
    "cost_report_days": (1, 3_650),
    "audit_report_days": (1, 36_500),
    "exec_default_timeout_ms": (1_000, 7_200_000),
    "exec_max_timeout_ms": (1_000, 7_200_000),
    "exec_max_concurrent": (1, 50),
    "exec_error_percent": (0, 100),
}
_YES_OR_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_FILE_KEYS = (frozenset(_ENVIRONMENT.values()) | _RANGES.keys()) - _SECRETS


def load_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Settings for this process. Raises ConfigurationError for a file that cannot be read or a wrong value."""
    env = os.environ if environment is None else environment
    home = Path(env.get("ESCHER_HOME") or Path.home() / ".escher").expanduser().absolute()
    values = _from_file(home / "settings.toml")
    values |= {field: _plain(field, env[name]) for name, field in _ENVIRONMENT.items() if env.get(name)}
    values |= {name: Path(values[name]).expanduser().absolute() for name in _FILES if values.get(name)}
    for name, (least, most) in _RANGES.items():
        number = values.get(name, least)
        if type(number) is not int or not least <= number <= most:
            raise ConfigurationError(
                f"{name} must be a whole number from {least} to {most}.", hint="Correct settings.toml."
            )
    if values.get("language", "") not in ("", "bash", "python"):
        raise ConfigurationError("language must be bash or python.", hint="Correct settings.toml or ESCHER_LANGUAGE.")
    settings = Settings(home=home, **values)
    _check_execution(settings, env)
    return settings


def _plain(field: str, text: str) -> str | int | bool:
    """A value of the environment as the file would hold it."""
    if field == "exec_stream_output":
        return _YES_OR_NO.get(text.lower(), text)
    return int(text) if field in _RANGES and text.isascii() and text.isdigit() else text


def _check_execution(settings: Settings, env: Mapping[str, str]) -> None:
    """Raises ConfigurationError where the settings of execution do not go together."""
    if env.get("ESCHER_EXEC_LOG_DIR"):
        raise ConfigurationError(
            "ESCHER_EXEC_LOG_DIR is not supported: output is kept encrypted in the store.", hint="See: escher runs"
        )
    if settings.exec_stream_output not in (True, False):
        raise ConfigurationError("exec_stream_output must be true or false.", hint="Correct it.")
    default, most = settings.exec_default_timeout_ms, settings.exec_max_timeout_ms
    if default > most:
        raise ConfigurationError(
            f"the default time-out ({default} ms) is above the longest ({most} ms).",
            hint="Lower exec_default_timeout_ms, or raise exec_max_timeout_ms.",
        )


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
