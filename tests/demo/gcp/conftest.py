"""One GCP for each file of tests, and Google's own clients pointed at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from google.api_core.client_options import ClientOptions
from google.oauth2.credentials import Credentials

from tests.fixtures.gcp_cloud import GcpCloud, gcp_cloud


def pytest_configure(config: pytest.Config) -> None:
    """The mark of the tests that run the real gcloud."""
    config.addinivalue_line("markers", "gcloud: needs Google's gcloud; skipped where it is missing, in CI too")


@pytest.fixture(scope="module")
def cloud() -> Iterator[GcpCloud]:
    """A cloud that the tests of a file share; each touches resources of its own."""
    with gcp_cloud() as served:
        yield served


@pytest.fixture(scope="module")
def client_of(cloud: GcpCloud) -> Any:
    """`client_of(Class, path, **more)`: a client of Google's with a token of the demo, at the demo's address."""
    # A service account would ask Google itself, at Google's address, where it may be used.
    token = Credentials(cloud.token)

    def make(kind: Any, path: str = "", **more: Any) -> Any:
        return kind(credentials=token, client_options=ClientOptions(api_endpoint=cloud.url + path), **more)

    return make


@pytest.fixture(autouse=True)
def _no_faults_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whatever a test breaks or slows is whole again afterwards."""
    yield
    if "cloud" in request.fixturenames:
        served: GcpCloud = request.getfixturevalue("cloud")
        served.faults([])
        served.delay(0, 150)
