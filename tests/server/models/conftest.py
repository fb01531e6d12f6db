"""The real orchestrator over the packaged library; no test here reaches a provider."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from pydantic_ai import models

from escher.vectors.embedder import load_embedder
from escher_server.agents.modelled.adviser import Adviser
from escher_server.agents.playbook import PlaybookAgent
from escher_server.library.loader import Library
from escher_server.models.language import LanguageModel
from escher_server.orchestrator import Orchestrator


@pytest.fixture(autouse=True)
def _no_provider(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "ALLOW_MODEL_REQUESTS", False)


@pytest.fixture(scope="session")
def rules(library: Library) -> Orchestrator:
    """The agents without a model."""
    return Orchestrator(PlaybookAgent(library, load_embedder()))


@pytest.fixture
def advised(rules: Orchestrator) -> Callable[[LanguageModel], Orchestrator]:
    """The same agents with a model."""
    return lambda model: replace(rules, adviser=Adviser(model))
