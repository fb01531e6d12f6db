"""Which model is configured: each provider can be made of its configuration, without a request to anybody."""

from __future__ import annotations

import subprocess
import sys

import pytest
from fastapi.testclient import TestClient

from escher.errors import ConfigurationError, MissingDependency
from escher_server.app import create_app
from escher_server.models import building
from escher_server.models.choice import model_choice
from escher_server.settings import ServerSettings, load_settings

CONFIGURED = {
    "openai:gpt-5-mini": "OpenAI",
    "anthropic:claude-sonnet-4-5": "Anthropic",
    "bedrock:anthropic.claude-3-haiku-20240307-v1:0": "AWS Bedrock",
    "google:gemini-2.5-flash": "Google",
    "openai-compatible:smollm2": "127.0.0.1",
}


def _settings(llm: str, **more: str) -> ServerSettings:
    variables = {"ESCHER_LLM": llm, "ESCHER_LLM_KEY": "sk-canary", "ESCHER_LLM_URL": "http://127.0.0.1:9/v1", **more}
    return load_settings(variables)


@pytest.mark.parametrize("llm", CONFIGURED)
def test_each_provider_is_made_of_its_configuration(llm: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name and a key are enough to make a model, and it says who would see what it is given."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    choice = model_choice(_settings(llm))
    assert choice is not None
    assert (building.language_model(choice).seen_by, "sk-canary" in repr(choice)) == (CONFIGURED[llm], False)


@pytest.mark.parametrize(
    ("llm", "url"),
    [
        ("gpt-5", ""),
        ("openai:", ""),
        ("mistral:large", ""),
        ("openai-compatible:x", ""),
        ("openai-compatible:x", "http://models.example.com/v1"),
        ("openai-compatible:x", "ftp://127.0.0.1"),
        ("openai-compatible:x", "http://user:word@127.0.0.1/"),
        ("openai-compatible:x", "http://[::1"),
    ],
)
def test_a_wrong_configuration_is_told(llm: str, url: str) -> None:
    """What names no model, or an address that others could listen to, stops the server from starting."""
    with pytest.raises(ConfigurationError) as refused:
        create_app(_settings(llm, ESCHER_LLM_URL=url))
    assert "ESCHER_LLM" in str(refused.value) and "sk-canary" not in str(refused.value)


@pytest.mark.parametrize("provider", ["openai", "anthropic", "google"])
def test_a_missing_key_is_told_at_the_start(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a key the server says which variable it wants."""
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    choice = model_choice(_settings(f"{provider}:some-model", ESCHER_LLM_KEY=""))
    assert choice is not None
    with pytest.raises(ConfigurationError, match=r"ESCHER_LLM_KEY or [A-Z]+_API_KEY"):
        building.language_model(choice)


def test_a_missing_package_is_told_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the extra, a configured model names what to install."""
    monkeypatch.setitem(sys.modules, "pydantic_ai.exceptions", None)
    choice = model_choice(_settings("openai:gpt-5-mini"))
    assert choice is not None
    with pytest.raises(MissingDependency, match=r"escher\[llm\]"):
        building.language_model(choice)


def test_capabilities_tell_whose_model_sees_what_is_asked() -> None:
    """A client can ask who else is given its questions, before it sends one."""
    apps = [create_app(), create_app(_settings("openai:gpt-5-mini"))]
    told = [TestClient(app).get("/v1/capabilities").json() for app in apps]
    assert [(one["llm"], one["llm_seen_by"]) for one in told] == [(False, ""), (True, "OpenAI")]


def test_nothing_of_a_model_is_imported_without_one() -> None:
    """A server without a model loads no package for it, and none of our own."""
    code = (
        "import sys; from escher_server.app import create_app; create_app();"
        "print([one for one in sys.modules if one.startswith(('pydantic_ai', 'openai', 'anthropic', 'google.genai',"
        " 'escher_server.agents.modelled', 'escher_server.models.building', 'escher_server.models.language'))])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout.strip() == "[]"
