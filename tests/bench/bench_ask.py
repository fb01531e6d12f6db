"""Orders and questions, warm, embedded server, 10 000 resources: first text and whole reply (design.md section 6)."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from escher.contract.estate import Account, Resource, Scope
from escher.contract.reply import Reply
from escher.session.session import Session
from escher.session.wiring import create
from escher.settings import Settings
from escher.store.estate import ScopeResult

RESOURCES = 10_000
ASKED = 200
REGIONS = ("us-east-1", "eu-west-1", "us-west-2")
ENVIRONMENTS = ("dev", "staging", "prod")
ACCOUNT = "415263748596"
QUESTIONS = (
    "which instances are in {}?",
    "how many dev instances are there?",
    "what is the status of my instances in {}?",
)


def benchmarks() -> Iterator[tuple[str, float, str, float | None]]:
    """First text and whole reply in ms, with their budgets as baselines."""
    with tempfile.TemporaryDirectory() as folder, _session(Path(folder)) as session:
        session.ask("stop web-00001")
        orders = [session.ask(f"stop web-{number:05d}") for number in range(3, 3 + ASKED)]
        asked = [QUESTIONS[number % 3].format(REGIONS[number % 3]) for number in range(ASKED // 4)]
        questions = [session.ask(words) for words in asked]
    assert all(reply.plan is not None or reply.clarification is not None for reply in orders)
    assert all(reply.plan is None and reply.targets for reply in questions)
    yield from _told("ask", orders)
    yield from _told("ask: a question with thousands of matches", questions)


def _told(name: str, replies: Sequence[Reply]) -> Iterator[tuple[str, float, str, float | None]]:
    """The middle and the slow end of some replies."""
    first = [reply.timings_ms["first_text"] for reply in replies]
    whole = [reply.timings_ms["total"] for reply in replies]
    yield f"{name}: first text, 10 000 resources, p50", statistics.median(first), "ms", 50
    yield f"{name}: whole reply, 10 000 resources, p50", statistics.median(whole), "ms", 250
    yield f"{name}: whole reply, 10 000 resources, p99", statistics.quantiles(whole, n=100)[98], "ms", 500


def _session(home: Path) -> Session:
    secret = home / "passphrase"
    secret.write_text("benchmark")
    secret.chmod(0o600)
    session = Session(create(Settings(home=home, passphrase_file=secret, language="python")))
    session.accounts.keep(Account(provider="aws", account_id=ACCOUNT, name="main"))
    instances = [instance(number) for number in range(RESOURCES)]
    for region in REGIONS:
        mine = [instance for instance in instances if instance.region == region]
        scope = Scope("aws", ACCOUNT, region, "aws_ec2_instance", "complete", len(mine), 1)
        session._parts.estate.apply([ScopeResult(scope, mine)])
    return session


def instance(number: int) -> Resource:
    """The n-th of many instances."""
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
