"""Schemathesis over every route of the OpenAPI document, with all its checks: whatever comes, no 5xx and no surprise."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from escher_server.app import create_app
from escher_server.runtime.key_file import KeyFile
from escher_server.settings import API, ServerSettings
from tests.server.requests import OPERATIONS

# A playbook can follow the schema and still not be good enough, and a server without a source has nothing to sync.
_MAY_REFUSE = {"/v1/playbooks", "/v1/playbooks/uploads/{token}", "/v1/playbooks/sync", "/v1/playbooks/register"}


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory) -> tuple[schemathesis.BaseSchema, dict[str, str]]:
    """The document of a server with a tenant, and the header with the key of its admin."""
    home = tmp_path_factory.mktemp("home")
    key, _ = KeyFile(home).create("acme", ("admin",))
    app = create_app(ServerSettings(home=home))
    headers = {"Authorization": f"Bearer {key}"}
    return schemathesis.openapi.from_asgi(f"{API}/openapi.json", app, headers=dict(headers)), headers


@pytest.mark.campaign
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_no_request_is_a_surprise(
    campaign: Callable[[int], int], described: tuple[schemathesis.BaseSchema, dict[str, str]], method: str, path: str
) -> None:
    """A thousand of each operation, half of them against its schema."""
    schema, headers = described
    operation = schema[path][method]
    excluded = [positive_data_acceptance] if path in _MAY_REFUSE else []
    statuses: list[int] = []
    takes_something = "{" in path or bool(operation.body)
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)[: 2 if takes_something else 1]:

        @settings(
            max_examples=max(1, campaign(1_000) // 2),
            deadline=None,
            database=None,
            derandomize=True,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: schemathesis.Case) -> None:
            case.headers.update(headers)  # of the case, so that the check of authentication can leave it out
            statuses.append(case.call_and_validate(excluded_checks=excluded).status_code)

        holds()
    assert statuses and max(statuses) < 500
