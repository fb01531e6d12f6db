"""The cases of the GCP playbooks on the demo's Google Cloud: run, look, undo, look again; by sample, or in full."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.contract.playbook import Playbook
from escher.contract.vocabulary import Language
from escher.providers.gcp.access import GcpAccess
from escher_server.library.cases import Case
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.campaigns import FULL
from tests.fixtures.gcp_cloud import GcpCloud, gcp_cloud
from tests.server.case_runs import assert_ends_as_it_says
from tests.server.gcp_case_cloud import GcpCaseCloud

pytestmark = pytest.mark.demo
# By default the first case of each playbook in Python, and of these in bash; all of both with ESCHER_CAMPAIGN=full.
_IN_BASH = frozenset({"escher-gcp-vm-stop", "escher-gcp-firewall-close-ssh"})
_CASES = [
    (playbook_id, number, entry.playbook, case)
    for (playbook_id, _), entry in load(PACKAGED_LIBRARY).entries.items()
    if "gcp" in entry.playbook.metadata.cloud_provider
    for number, case in enumerate(entry.cases.cases, start=1)
]


def _of(language: Language) -> list[object]:
    sampled = [one for one in _CASES if FULL or (one[1] == 1 and (language == "python" or one[0] in _IN_BASH))]
    group = pytest.mark.xdist_group(f"library-gcp-{language}")
    return [
        pytest.param(playbook, case, id=f"{playbook_id}-{number}", marks=group)
        for playbook_id, number, playbook, case in sampled
    ]


@pytest.fixture(scope="module")
def google() -> Iterator[GcpCloud]:
    """The demo's Google Cloud in a process of its own."""
    with gcp_cloud() as running:
        yield running


@pytest.fixture
def cloud(google: GcpCloud, monkeypatch: pytest.MonkeyPatch) -> GcpCaseCloud:
    """A cloud that this machine is logged in to by the demo's key file only."""
    for name in [name for name in os.environ if name.startswith(("CLOUDSDK_", "GOOGLE_"))]:
        monkeypatch.delenv(name)
    return GcpCaseCloud(google)


@pytest.fixture
def gcloud(tmp_path: Path) -> dict[str, str]:
    """A home of its own for gcloud, as a step has. Without gcloud the test is skipped."""
    if shutil.which("gcloud") is None:
        pytest.skip("gcloud is missing. Install Google's Cloud SDK")
    return {"HOME": str(tmp_path)}


@pytest.mark.parametrize(("playbook", "case"), _of("python"))
def test_a_case_ends_as_it_says_in_python(playbook: Playbook, case: Case, cloud: GcpCaseCloud) -> None:
    """The playbook takes exactly its targets, leaves the expected state, and its undo gives the former state back."""
    assert_ends_as_it_says(playbook, case, "python", cloud, login(cloud))


@pytest.mark.gcloud
@pytest.mark.parametrize(("playbook", "case"), _of("bash"))
def test_a_case_ends_as_it_says_in_bash(
    playbook: Playbook, case: Case, cloud: GcpCaseCloud, gcloud: dict[str, str]
) -> None:
    """The same with the command-line tool."""
    assert_ends_as_it_says(playbook, case, "bash", cloud, login(cloud) | gcloud)


def login(cloud: GcpCaseCloud) -> dict[str, str]:
    """What a run is given to log in with: a token, wherever it came from."""
    return GcpAccess().environment(cloud.account, "us-central1")
