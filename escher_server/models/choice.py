"""Which language model the configuration names, and who would see what it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args
from urllib.parse import urlsplit

from escher.errors import ConfigurationError
from escher_server.settings import ServerSettings

ModelProvider = Literal["openai", "openai-compatible", "anthropic", "bedrock", "google"]
PROVIDERS: tuple[ModelProvider, ...] = get_args(ModelProvider)
_OWNERS: Mapping[ModelProvider, str] = {
    "openai": "OpenAI",
    "openai-compatible": "",
    "anthropic": "Anthropic",
    "bedrock": "AWS Bedrock",
    "google": "Google",
}
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model by its provider's name for it. `url` is only set for `openai-compatible`; `key` never shows itself.

    `seconds` is how long one use of it may take, its repair included.
    """

    provider: ModelProvider
    name: str
    url: str = ""
    key: str = field(default="", repr=False)
    seconds: float = 10

    @property
    def seen_by(self) -> str:
        """Who sees what the model is given: `OpenAI`, or the host of an address."""
        return _OWNERS[self.provider] or urlsplit(self.url).hostname or ""


def model_choice(settings: ServerSettings) -> ModelChoice | None:
    """The configured model; None without one. Raises ConfigurationError, which names no key."""
    if not settings.llm:
        return None
    prefix, _, name = settings.llm.partition(":")
    provider: ModelProvider | None = next((one for one in PROVIDERS if one == prefix), None)
    if provider is None or not name.strip():
        known = ", ".join(f"{one}:MODEL" for one in PROVIDERS)
        raise ConfigurationError("ESCHER_LLM names no model that is known.", hint=f"Set it to one of: {known}.")
    url = _address(settings.llm_url) if provider == "openai-compatible" else ""
    return ModelChoice(provider, name.strip(), url, settings.llm_key, settings.llm_seconds)


def _address(url: str) -> str:
    """The address, when what is sent there can be read by nobody in between. Raises ConfigurationError."""
    hint = "For example http://127.0.0.1:8080/v1, or an https address."
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as cause:
        raise ConfigurationError("ESCHER_LLM_URL is no address.", hint=hint) from cause
    if parts.username or not host or parts.scheme not in ("http", "https"):
        raise ConfigurationError("openai-compatible needs the address of the server in ESCHER_LLM_URL.", hint=hint)
    if parts.scheme == "http" and host not in _LOOPBACK:
        raise ConfigurationError(
            "ESCHER_LLM_URL must be an https address.", hint="Plain http is for this machine only."
        )
    return url
