"""What a made playbook does on a cloud that answers: what it says, to what it was for, and back again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from escher.contract.estate import Account, Resource
from escher.contract.plan import Plan, PlanTemplate
from escher.contract.understanding import Selector
from escher.contract.vocabulary import Kind, Language
from escher.procedures.resolve import Resolution, resolve
from escher.scripts.reader import Reader
from escher.vectors.embedder import load_embedder
from escher_server.agents.master import understand
from escher_server.agents.playbook import PlaybookAgent
from escher_server.library.loader import Library
from escher_server.orchestrator import Orchestrator
from tests.server.case_runs import run
from tests.server.conftest import context

pytestmark = pytest.mark.demo
REGION, ACCOUNT_ID = "us-east-1", "123456789012"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "case", "AWS_SECRET_ACCESS_KEY": "case", "AWS_DEFAULT_REGION": REGION}
Client = Callable[[str], Any]


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A moto server of this module's own; its address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(scope="module")
def client(endpoint: str) -> Client:
    """Makes clients that are independent of Escher."""
    keys = {"aws_access_key_id": "case", "aws_secret_access_key": "case"}
    return lambda service: boto3.client(service, region_name=REGION, endpoint_url=endpoint, **keys)  # type: ignore[call-overload] any service


@pytest.fixture(scope="module")
def orchestrator(library: Library) -> Orchestrator:
    """All agents over the packaged library."""
    return Orchestrator(PlaybookAgent(library, load_embedder(0)))


def owned(resource_type: str, kind: Kind, service: str, identifier: str) -> Resource:
    """A thing as a scan would see it."""
    return Resource(
        provider="aws", account_id=ACCOUNT_ID, region=REGION, resource_type=resource_type, kind=kind,
        resource_id=f"arn:aws:{service}:{REGION}:{ACCOUNT_ID}:{identifier}", identifier=identifier, name=identifier,
        state="available",
    )  # fmt: skip


def plan_for(orchestrator: Orchestrator, text: str, target: Resource, endpoint: str, language: Language) -> Plan:
    """The plan that the client makes of what the server made for a request."""
    asked = context(text)
    proposed = orchestrator.decide(asked, *understand(asked)).proposed
    assert proposed is not None and proposed.template is not None
    given = Resolution(
        plan_id="plan-1",
        question=text,
        template=PlanTemplate(playbook=proposed.template.playbook, selector=Selector()),
        values={},
        targets=(target,),
        accounts={ACCOUNT_ID: Account(provider="aws", account_id=ACCOUNT_ID, name="case", endpoint_url=endpoint)},
        languages=(language,),
        now=datetime.now(UTC),
        valid_for=timedelta(minutes=15),
    )
    return resolve(given, Reader())


@pytest.mark.parametrize("language", ["bash", "python"])
def test_a_made_plan_does_what_it_says_and_back(
    orchestrator: Orchestrator, endpoint: str, client: Client, language: Language
) -> None:
    """A key is disabled, and its undo enables it again."""
    kms = client("kms")
    key = kms.create_key()["KeyMetadata"]["KeyId"]
    target = owned("aws_kms_key", "key", "kms", key)
    (step,) = plan_for(orchestrator, "disable the KMS key old-key", target, endpoint, language).steps
    run(step, CREDENTIALS)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"] is False
    assert step.rollback is not None
    run(step.rollback, CREDENTIALS)
    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"] is True


def test_a_made_plan_reaches_only_its_target(orchestrator: Orchestrator, endpoint: str, client: Client) -> None:
    """Of two tables, the one that was named is deleted."""
    dynamodb = client("dynamodb")
    for name in ("sessions", "orders"):
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    target = owned("aws_dynamodb_table", "nosql_table", "dynamodb", "sessions")
    plan = plan_for(orchestrator, "delete the DynamoDB table sessions", target, endpoint, "python")
    assert (plan.generated, plan.effect, plan.reversible) == (True, "destroy", False)
    for step in plan.steps:
        run(step, CREDENTIALS)
    assert dynamodb.list_tables()["TableNames"] == ["orders"]
