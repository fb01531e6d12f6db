"""The stores of tests/store, and a way to run a command on one as a user would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from escher.commands.command import Invocation, Outcome, commands, parser
from escher.session.session import Session
from escher.session.wiring import assemble
from escher.settings import Settings
from tests.store.conftest import desktop, empty_home, keychain_settings, resource, settings, store

__all__ = ["desktop", "empty_home", "keychain_settings", "resource", "settings", "store"]
Escher = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def escher(settings: Settings) -> Escher:
    """`escher(*words, **environment)`: the command line in a process of its own, on the home of this test."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        own = {"ESCHER_HOME": str(settings.home), "ESCHER_PASSPHRASE_FILE": str(settings.passphrase_file)}
        command = [sys.executable, "-m", "escher.cli", *words]
        return subprocess.run(
            command, env=os.environ | own | environment, text=True, capture_output=True, check=False, timeout=60
        )

    return run


@pytest.fixture
def at_terminal(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Outcome]:
    """`at_terminal(words, *answers)`: a command in this process, with a person who types these answers."""
    monkeypatch.setenv("ESCHER_HOME", str(settings.home))
    monkeypatch.setenv("ESCHER_PASSPHRASE_FILE", str(settings.passphrase_file))

    def run(words: str, *answers: str) -> Outcome:
        options = parser().parse_args(words.split())
        typed = iter(answers)
        with Session(assemble(settings)) as session:
            call = Invocation(options, lambda: session, prompt=lambda question: next(typed))
            return commands()[options.command].run(call)

    return run


def document(done: subprocess.CompletedProcess[str]) -> Any:
    """The one JSON document on stdout."""
    return json.loads(done.stdout)
