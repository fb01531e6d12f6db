"""One order, warm, embedded server, 10 000 resources: first text and whole reply (design.md section 6)."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from escher.contract.estate import Account, Resource, Scope
from escher.session.session import Session
from escher.session.wiring import create
from escher.settings import Settings
from escher.store.estate import ScopeResult

RESOURCES = 10_000
ASKED = 60
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")
ENVIRONMENTS = ("dev", "staging", "prod")
ACCOUNT = "415263748596"


def benchmarks() -> Iterator[tuple[str, float, str, float | None]]:
    """First text and whole reply in ms, with their budgets as baselines."""
    with tempfile.TemporaryDirectory() as folder, _session(Path(folder)) as session:
        session.ask("stop web-00001")
        replies = [session.ask(f"stop web-{number:05d}") for number in range(3, 3 + ASKED)]
    assert all(reply.plan is not None or reply.clarification is not None for reply in replies)
    first = [reply.timings_ms["first_text"] for reply in replies]
    whole = sorted(reply.timings_ms["total"] for reply in replies)
    yield "ask: first text, 10 000 resources, p50", statistics.median(first), "ms", 50
    yield "ask: whole reply, 10 000 resources, p50", statistics.median(whole), "ms", 250
    yield "ask: whole reply, 10 000 resources, worst of 60", whole[-1], "ms", 500


def _session(home: Path) -> Session:
    secret = home / "passphrase"
    secret.write_text("benchmark")
    secret.chmod(0o600)
    session = Session(create(Settings(home=home, passphrase_file=secret, language="python")))
    session.accounts.keep(Account(provider="aws", account_id=ACCOUNT, name="main"))
    instances = [_instance(number) for number in range(RESOURCES)]
    for region in REGIONS:
        mine = [instance for instance in instances if instance.region == region]
        scope = Scope("aws", ACCOUNT, region, "aws_ec2_instance", "complete", len(mine), 1)
        session._parts.estate.apply([ScopeResult(scope, mine)])
    return session


def _instance(number: int) -> Resource:
    identifier = f"i-{number:017x}"
    region = REGIONS[number % len(REGIONS)]
    return Resource(
        provider="aws",
        account_id=ACCOUNT,
        region=region,
        resource_type="aws_ec2_instance",
        kind="compute_instance",
        resource_id=f"arn:aws:ec2:{region}:{ACCOUNT}:instance/{identifier}",
        identifier=identifier,
        name=f"web-{number:05d}",
        state="running",
        tags={"Name": f"web-{number:05d}", "env": ENVIRONMENTS[number % 3], "owner": f"team-{number % 40}"},
    )
