"""The cases of the AWS playbooks on a cloud that answers: run, look, undo, look again; by sample, or in full."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from moto.server import ThreadedMotoServer

from escher.contract.playbook import Playbook
from escher.contract.vocabulary import Language
from escher_server.library.cases import Case
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.campaigns import FULL
from tests.server.case_cloud import REGION, CaseCloud
from tests.server.case_runs import assert_ends_as_it_says

pytestmark = pytest.mark.demo
_LANGUAGES: tuple[Language, ...] = ("bash", "python")
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "case", "AWS_SECRET_ACCESS_KEY": "case", "AWS_DEFAULT_REGION": REGION}
_PLAYBOOKS = [
    entry for entry in load(PACKAGED_LIBRARY).entries.values() if "aws" in entry.playbook.metadata.cloud_provider
]
# By default the first case of each playbook in Python, of every eighth in bash; all of both with ESCHER_CAMPAIGN=full.
_EVERY = 8
_CASES = [
    pytest.param(
        entry.playbook,
        case,
        language,
        id=f"{entry.playbook.metadata.playbook_id}-{number}-{language}",
        marks=pytest.mark.xdist_group(f"library-{language}"),
    )
    for place, entry in enumerate(_PLAYBOOKS)
    for number, case in enumerate(entry.cases.cases, start=1)
    for language in _LANGUAGES
    if FULL or (number == 1 and (language == "python" or place % _EVERY == 0))
]


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """A moto server of this process; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def cloud(moto: str, monkeypatch: pytest.MonkeyPatch) -> CaseCloud:
    """An empty cloud."""
    httpx.post(f"{moto}/moto-api/reset").raise_for_status()
    for name, value in _CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    return CaseCloud(moto)


@pytest.mark.parametrize(("playbook", "case", "language"), _CASES)
def test_a_case_ends_as_it_says(playbook: Playbook, case: Case, language: Language, cloud: CaseCloud) -> None:
    """The playbook takes exactly its targets, leaves the expected state, and its undo gives the former state back."""
    assert_ends_as_it_says(playbook, case, language, cloud, _CREDENTIALS)
