"""Nothing readable lies under ESCHER_HOME: 50 canaries in names, tags and chat, and the raw bytes of their vectors."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.contract.estate import Account, Resource, Scope
from escher.session.session import Session
from escher.session.wiring import create
from escher.settings import Settings
from escher.store.estate import ScopeResult

ACCOUNT = "415263748596"
CANARIES = [f"zebrafinch-{number:02d}-quokka" for number in range(50)]


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    """A session on an estate of 50 resources that bear the canaries."""
    secret = tmp_path / "passphrase"
    secret.write_text("correct horse battery staple")
    secret.chmod(0o600)
    with Session(create(Settings(home=tmp_path / "home", passphrase_file=secret))) as made:
        made.accounts.keep(Account(provider="aws", account_id=ACCOUNT, name=CANARIES[0]))
        scope = Scope("aws", ACCOUNT, "us-east-1", "aws_ec2_instance", "complete", len(CANARIES), 1)
        made._parts.estate.apply([ScopeResult(scope, [_instance(number) for number in range(50)])])
        made._parts.index.embed_pending()
        yield made


def test_no_canary_and_no_vector_is_readable_under_the_home(session: Session, caplog: pytest.LogCaptureFixture) -> None:
    """After embedding, orders, questions and plans on all of them: 0 hits in every file, and none in the log."""
    caplog.set_level(logging.DEBUG)
    for number in (1, 7, 23):
        assert session.ask(f"stop {CANARIES[number]}").plan is not None
        session.ask(f"who owns {CANARIES[number]}?")
    vectors = [*session._parts.estate.snapshot().vectors.values()]
    assert len(vectors) == len(CANARIES)
    home = session.settings.home
    files = [path for path in home.rglob("*") if path.is_file()]
    assert files
    for path in files:
        data = path.read_bytes()
        assert not [canary for canary in CANARIES if canary.encode() in data], path
        assert ACCOUNT.encode() not in data, path
        assert not any(vector[start : start + 16] in data for vector in vectors for start in (0, 512, 1024)), path
    assert not [canary for canary in CANARIES if canary in caplog.text]


def _instance(number: int) -> Resource:
    identifier = f"i-0a41c8e2d3f4a5b{number:02d}"
    return Resource(
        provider="aws",
        account_id=ACCOUNT,
        region="us-east-1",
        resource_type="aws_ec2_instance",
        kind="compute_instance",
        resource_id=f"arn:aws:ec2:us-east-1:{ACCOUNT}:instance/{identifier}",
        identifier=identifier,
        name=CANARIES[number],
        state="running",
        tags={"Name": CANARIES[number], "owner": CANARIES[-number], "env": "dev"},
    )
