"""The cases of the Azure playbooks on the demo's Azure: run, look, undo, look again; by sample, or in full."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.contract.playbook import Playbook
from escher.contract.vocabulary import Language
from escher_server.library.cases import Case
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.campaigns import FULL
from tests.fixtures.azure_cloud import AzureCloud, az_path, azure_cloud
from tests.server.azure_case_cloud import AzureCaseCloud
from tests.server.case_runs import assert_ends_as_it_says

pytestmark = pytest.mark.demo
_LOGIN = ("AZURE_CONFIG_DIR", "AZURE_CORE_COLLECT_TELEMETRY", "AZURE_CORE_NO_COLOR", "IDENTITY_ENDPOINT", "IDENTITY_HEADER", "NO_PROXY")  # fmt: skip
# By default the first case of each playbook in Python, and of these in bash; all of both with ESCHER_CAMPAIGN=full.
_IN_BASH = frozenset({"escher-azure-nsg-close-ssh", "escher-azure-storage-require-tls"})
_CASES = [
    (playbook_id, number, entry.playbook, case)
    for (playbook_id, _), entry in load(PACKAGED_LIBRARY).entries.items()
    if "azure" in entry.playbook.metadata.cloud_provider
    for number, case in enumerate(entry.cases.cases, start=1)
]


def _of(language: Language) -> list[object]:
    sampled = [one for one in _CASES if FULL or (one[1] == 1 and (language == "python" or one[0] in _IN_BASH))]
    group = pytest.mark.xdist_group(f"library-azure-{language}")
    return [
        pytest.param(playbook, case, id=f"{playbook_id}-{number}", marks=group)
        for playbook_id, number, playbook, case in sampled
    ]


@pytest.fixture(scope="module")
def azure() -> Iterator[AzureCloud]:
    """The demo's Azure in a process of its own."""
    with azure_cloud() as running:
        yield running


@pytest.fixture
def cloud(azure: AzureCloud, monkeypatch: pytest.MonkeyPatch) -> AzureCaseCloud:
    """A resource group without anything, in a cloud that this machine is logged in to by a managed identity only."""
    for name in [name for name in os.environ if name.startswith(("AZURE_", "MSI_", "ARM_"))]:
        monkeypatch.delenv(name)
    for name, value in login(azure).items():
        monkeypatch.setenv(name, value)
    return AzureCaseCloud(azure)


@pytest.fixture(scope="module")
def az(azure: AzureCloud) -> Path:
    """The folder of an `az` that is logged in. Without `az` the test is skipped, and fails when `CI=true`."""
    program = az_path()
    if program is None:
        message = "az is missing: python3 -m venv .venv-az && .venv-az/bin/pip install azure-cli"
        if os.environ.get("CI") == "true":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)
    azure.login()
    return Path(program).parent


def login(azure: AzureCloud) -> dict[str, str]:
    """What a script finds in its environment to log in with."""
    return {name: value for name, value in azure.environment().items() if name in _LOGIN}


@pytest.mark.parametrize(("playbook", "case"), _of("python"))
def test_a_case_ends_as_it_says_in_python(
    playbook: Playbook, case: Case, azure: AzureCloud, cloud: AzureCaseCloud
) -> None:
    """The playbook takes exactly its targets, leaves the expected state, and its undo gives the former state back."""
    assert_ends_as_it_says(playbook, case, "python", cloud, login(azure))


@pytest.mark.az
@pytest.mark.parametrize(("playbook", "case"), _of("bash"))
def test_a_case_ends_as_it_says_in_bash(
    playbook: Playbook, case: Case, azure: AzureCloud, cloud: AzureCaseCloud, az: Path
) -> None:
    """The same with the command-line tool."""
    assert_ends_as_it_says(playbook, case, "bash", cloud, login(azure) | {"PATH": f"{az}:{os.environ['PATH']}"})
