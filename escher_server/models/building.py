"""The configured model as an object of pydantic-ai: made from the configuration alone, without a request to anybody."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from escher.errors import ConfigurationError, MissingDependency
from escher_server.models.choice import ModelChoice, ModelProvider
from escher_server.models.language import LanguageModel

if TYPE_CHECKING:
    from pydantic_ai.models import Model

# These answer by a schema of their own accord; the others by calling a tool that has it.
_NATIVE: frozenset[ModelProvider] = frozenset({"openai", "openai-compatible", "google"})
# Their lines hold what is sent and answered when somebody turns them up.
_TALKATIVE: Mapping[ModelProvider, str] = {
    "openai": "openai",
    "openai-compatible": "openai",
    "anthropic": "anthropic",
    "bedrock": "botocore",
    "google": "google_genai",
}


def language_model(choice: ModelChoice) -> LanguageModel:
    """The model of a choice, ready to be asked. Raises MissingDependency, ConfigurationError."""
    try:
        from pydantic_ai.exceptions import UserError

        model = _make(choice, UserError)
    except ImportError as cause:
        raise MissingDependency(
            f"a language model needs the package {cause.name}.", hint="Run: pip install 'escher[llm]'"
        ) from cause
    for name in ("pydantic_ai", _TALKATIVE[choice.provider]):
        logging.getLogger(name).setLevel(logging.WARNING)
    return LanguageModel(model, choice.seen_by, choice.seconds, native=choice.provider in _NATIVE)


def _make(choice: ModelChoice, refused: type[Exception]) -> Model:
    try:
        return _MAKERS[choice.provider](choice)
    except refused as cause:
        raise ConfigurationError(
            f"{choice.provider} needs {_NEEDS[choice.provider]}.", hint="Set it, or unset ESCHER_LLM."
        ) from cause


def _openai(choice: ModelChoice) -> Model:
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    # Another address never gets OPENAI_API_KEY: a key goes to nobody but the one it is for.
    its_own: dict[str, Any] = {"base_url": choice.url, "api_key": choice.key or "none"} if choice.url else _key(choice)
    provider = OpenAIProvider(**its_own)
    provider.client.max_retries = 0  # what is tried again, and for how long, is for `LanguageModel` to say
    return OpenAIChatModel(choice.name, provider=provider)


def _anthropic(choice: ModelChoice) -> Model:
    from pydantic_ai.models.anthropic import AnthropicModel
    from pydantic_ai.providers.anthropic import AnthropicProvider

    provider = AnthropicProvider(**_key(choice))
    provider.client.max_retries = 0
    return AnthropicModel(choice.name, provider=provider)


def _bedrock(choice: ModelChoice) -> Model:
    from pydantic_ai.models.bedrock import BedrockConverseModel
    from pydantic_ai.providers.bedrock import BedrockProvider

    limits: dict[str, Any] = {"aws_read_timeout": choice.seconds, "aws_connect_timeout": choice.seconds}
    return BedrockConverseModel(choice.name, provider=BedrockProvider(**_key(choice), **limits))


def _google(choice: ModelChoice) -> Model:
    from pydantic_ai.models.google import GoogleModel
    from pydantic_ai.providers.google import GoogleProvider

    return GoogleModel(choice.name, provider=GoogleProvider(**_key(choice)))


def _key(choice: ModelChoice) -> dict[str, Any]:
    """The key that was given; without one the provider's own variable counts."""
    return {"api_key": choice.key} if choice.key else {}


_MAKERS: Mapping[ModelProvider, Callable[[ModelChoice], Model]] = {
    "openai": _openai,
    "openai-compatible": _openai,
    "anthropic": _anthropic,
    "bedrock": _bedrock,
    "google": _google,
}
_NEEDS: Mapping[ModelProvider, str] = {
    "openai": "a key in ESCHER_LLM_KEY or OPENAI_API_KEY",
    "openai-compatible": "its address in ESCHER_LLM_URL",
    "anthropic": "a key in ESCHER_LLM_KEY or ANTHROPIC_API_KEY",
    "bedrock": "a region in AWS_DEFAULT_REGION, and AWS credentials or a key in ESCHER_LLM_KEY",
    "google": "a key in ESCHER_LLM_KEY or GOOGLE_API_KEY",
}
