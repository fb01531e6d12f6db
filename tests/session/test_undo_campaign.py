"""Every reversible playbook of the three clouds done and undone: afterwards the cloud says what it said before."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator

import httpx
import pytest

from escher.contract.playbook import Playbook
from escher.contract.vocabulary import Provider
from escher.demo.clouds.aws.front import Front
from escher.demo.clouds.aws.server import serve
from escher.session.wiring import Parts, assemble
from escher.settings import Settings
from escher_server.library.cases import Case
from escher_server.library.loader import load
from escher_server.settings import PACKAGED_LIBRARY
from tests.campaigns import FULL
from tests.fixtures.azure_cloud import azure_cloud
from tests.fixtures.gcp_cloud import gcp_cloud
from tests.server.azure_case_cloud import AzureCaseCloud
from tests.server.case_cloud import REGION, CaseCloud
from tests.server.gcp_case_cloud import GcpCaseCloud
from tests.session.done_and_undone import done_and_undone

pytestmark = [pytest.mark.campaign, pytest.mark.demo]
SAMPLE = {"aws": 1, "azure": 1, "gcp": 1}
Report = Callable[[str, object], None]


@pytest.fixture
def parts(settings: Settings) -> Iterator[Parts]:
    """The parts of a new session."""
    with assemble(settings) as made:
        yield made


def cases_of(provider: Provider) -> list[tuple[Playbook, Case]]:
    """The cases of a cloud's reversible playbooks, or a sample of them."""
    cases = [
        (entry.playbook, case)
        for entry in load(PACKAGED_LIBRARY).entries.values()
        if provider in entry.playbook.metadata.cloud_provider
        for case in entry.cases.cases
        if case.restored
    ]
    return cases if FULL else random.Random(provider).sample(cases, SAMPLE[provider])


def test_undo_gives_aws_its_former_state_back(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, record_property: Report
) -> None:
    """Also what the scripts did not mention, of everything of the types that a case is about."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "case")
    monkeypatch.setenv("AWS_DEFAULT_REGION", REGION)
    url = serve(Front())

    def cloud() -> CaseCloud:
        httpx.post(f"{url}/moto-api/reset").raise_for_status()
        return CaseCloud(url)

    assert _left_over(parts, "aws", cloud, REGION, record_property) == {}


def test_undo_gives_azure_its_former_state_back(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, record_property: Report
) -> None:
    """The same in Azure."""
    for name in [name for name in os.environ if name.startswith(("AZURE_", "MSI_", "ARM_"))]:
        monkeypatch.delenv(name)
    with azure_cloud() as azure:
        for name in ("IDENTITY_ENDPOINT", "IDENTITY_HEADER", "NO_PROXY", "AZURE_CONFIG_DIR"):
            monkeypatch.setenv(name, azure.environment()[name])
        made: list[str] = []

        def cloud() -> AzureCaseCloud:
            # Names of storage accounts and servers are one subscription's once, and cases use the same ones.
            azure.steer(ends_ms=0)
            for group in made:
                azure.send("DELETE", group).raise_for_status()
            new = AzureCaseCloud(azure)
            made[:] = [new.group]
            return new

        assert _left_over(parts, "azure", cloud, "westeurope", record_property) == {}


def test_undo_gives_google_cloud_its_former_state_back(
    parts: Parts, monkeypatch: pytest.MonkeyPatch, record_property: Report
) -> None:
    """The same in Google Cloud."""
    for name in [name for name in os.environ if name.startswith(("CLOUDSDK_", "GOOGLE_"))]:
        monkeypatch.delenv(name)
    with gcp_cloud() as google:
        assert _left_over(parts, "gcp", lambda: GcpCaseCloud(google), "us-central1", record_property) == {}


def _left_over(
    parts: Parts,
    provider: Provider,
    cloud: Callable[[], CaseCloud | AzureCaseCloud | GcpCaseCloud],
    region: str,
    record_property: Report,
) -> dict[str, list[str]]:
    """By playbook and case what its undo left different, and the plan did not say that it would."""
    cases = cases_of(provider)
    record_property("cases", len(cases))
    record_property("playbooks", len({playbook.metadata.playbook_id for playbook, _ in cases}))
    left: dict[str, list[str]] = {}
    told = 0
    for number, (playbook, case) in enumerate(cases):
        found = done_and_undone(parts, playbook, case, "python", cloud(), region, number)
        if found and any(step.irreversible_because for step in playbook.orchestration.steps):
            told += 1
        elif found:
            left[f"{playbook.metadata.playbook_id}: {case.title}"] = found
    record_property("not_restored_as_said", told)
    return left
