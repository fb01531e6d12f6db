"""A user's own playbooks: they stay here, are planned like the library's, and leave on purpose only, seen before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from escher.client.brain import EMBEDDED_URL, HttpBrain
from escher.client.embedded import EmbeddedTransport
from escher.errors import ForbiddenContent, InvalidInput, PlanRefused, PublicationRefused, RecordExists, ScanError
from escher.providers.source import Source
from escher.session.session import Session
from escher.session.wiring import Parts, assemble
from escher.settings import Settings
from escher_server.app import create_app
from escher_server.settings import ServerSettings
from tests.approval.conftest import ACCOUNT, FakeAws, instance

LIBRARY = "escher-aws-ec2-stop"
KEY = "a-long-random-key"


class Cloud(FakeAws):
    """A cloud of which only the identity is made up; nothing in it can be read."""

    def source(self, *_: object) -> Source:
        raise ScanError("there is nothing to read here.")


@pytest.fixture
def session(settings: Settings) -> Iterator[Session]:
    """A session with one instance in its estate; only the cloud's identity is made up."""
    parts = assemble(settings)
    vars(parts)["access"] = Cloud()
    vars(parts)["look"] = lambda targets: parts.estate.snapshot().by_id
    parts.estate.upsert([instance(1)])
    parts.estate.put_account(ACCOUNT)
    with Session(parts) as opened:
        yield opened


def parts_of(session: Session) -> Parts:
    return vars(session)["_open_parts"]


def made(session: Session, *states: str, playbook_id: str = "user-stop-mine") -> str:
    """A playbook of one's own, made from the library's, moved through these states."""
    session.playbooks.create(playbook_id, LIBRARY, "1.0.0")
    for state in states:
        session.playbooks.move(playbook_id, "", state)  # type: ignore[arg-type] the tests name states
    return playbook_id


def change(file: str, before: str, after: str) -> Callable[[Path], None]:
    def work(folder: Path) -> None:
        path = min(folder.rglob(file), key=lambda found: len(found.parts))
        path.write_text(path.read_text().replace(before, after))

    return work


def test_an_order_is_planned_with_ones_own_playbook(session: Session) -> None:
    """It stands before the library's of the same purpose, marked as local; as a draft it does not count."""
    own = made(session)
    before = session.ask("stop all dev EC2 instances")
    assert before.plan is not None and before.plan.playbook_id == LIBRARY
    session.playbooks.move(own, "", "ready")
    session.playbooks.move(own, "", "active")
    after = session.ask("stop all dev EC2 instances")
    assert after.plan is not None and after.plan.playbook_id == own
    assert [(one.playbook_id, one.source) for one in after.playbooks][:2] == [(own, "local"), (LIBRARY, "library")]


def test_nothing_of_a_local_playbook_leaves(session: Session) -> None:
    """Neither its name nor its text is in any byte that is sent."""
    sent: list[bytes] = []
    own = made(session, "ready", "active", playbook_id="user-secret-sauce")
    brain = parts_of(session).brain
    vars(brain)["_on_send"] = sent.append
    session.ask("stop all dev EC2 instances")
    session.playbooks.search("secret sauce")
    assert sent and not any(own.encode() in body for body in sent)


def test_one_that_does_something_else_is_not_offered(session: Session) -> None:
    """A user's own is planned for what it is for, and for nothing else."""
    own = made(session, "ready", "active")
    reply = session.ask("start all dev EC2 instances")
    assert own not in [one.playbook_id for one in reply.playbooks]


def test_a_copy_is_edited_in_memory_and_a_broken_one_is_not_taken(session: Session) -> None:
    """What the editor made of it is kept; with a broken file all stays as it was, and the file is named."""
    own = made(session)
    session.playbooks.edit(own, "", change("metadata.json", "Stop EC2 instances", "Stop my instances"))
    assert session.playbooks.get(own).metadata.name == "Stop my instances"
    with pytest.raises(InvalidInput, match=r"metadata\.json, line 2"):
        session.playbooks.edit(own, "", change("metadata.json", "{\n", "{\n{"))
    assert session.playbooks.get(own).metadata.name == "Stop my instances"


def test_files_go_out_and_come_back_in(session: Session, tmp_path: Path) -> None:
    """The same playbook, under another name, as a draft that stays here."""
    own = made(session, "ready", "active")
    folder = session.playbooks.export(own, "", tmp_path / "files")
    change("metadata.json", own, "user-other")(folder)
    assert session.playbooks.import_(folder).playbook_id == "user-other"
    one, other = session.playbooks.get(own), session.playbooks.get("user-other")
    assert (other.scripts, other.orchestration) == (one.scripts, one.orchestration)
    assert (other.metadata.status, other.metadata.storage_strategy) == ("draft", "local_only")
    assert all(file.stat().st_mode & 0o077 == 0 for file in folder.rglob("*.json"))


def test_an_unreadable_script_cannot_become_active(session: Session) -> None:
    """What is active can be planned; the check names script and line."""
    own = made(session)
    session.playbooks.edit(own, "", change("main.sh", "set -euo pipefail", "set -euo pipefail\neval x"))
    [fix] = [fix for fix in session.playbooks.check(session.playbooks.get(own)).required_fixes if fix.line == 3]
    assert "(bash)" in fix.place
    session.playbooks.move(own, "", "ready")
    with pytest.raises(PlanRefused, match="line 3"):
        session.playbooks.move(own, "", "active")


@pytest.fixture
def team(session: Session, tmp_path: Path) -> list[bytes]:
    """The session's server is one with a home; gives the bodies that were sent to it."""
    app = create_app(ServerSettings(api_keys=(KEY,), home=tmp_path / "server"))
    client = httpx.AsyncClient(
        transport=EmbeddedTransport(app),
        base_url=EMBEDDED_URL,
        headers={"authorization": f"Bearer {KEY}", "content-type": "application/json"},
    )
    sent: list[bytes] = []
    vars(parts_of(session))["brain"] = HttpBrain(client, sent.append)
    return sent


def test_what_is_published_is_what_was_shown(session: Session, team: list[bytes]) -> None:
    """Byte for byte; from then on it is under review here too, and never changes."""
    own = made(session, "ready")
    shown = session.playbooks.departure(own)
    answer = session.playbooks.publish(own, why="for the team")
    assert (answer.status, answer.score >= 50) == ("review", True)
    assert shown.findings == () and shown.storage_strategy == "uploaded_for_review"
    assert abs(len(team[-1]) - shown.size) == len("for the team")
    metadata = session.playbooks.get(own).metadata
    assert (metadata.status, metadata.storage_strategy) == ("review", "uploaded_for_review")
    with pytest.raises(RecordExists):
        session.playbooks.edit(own, "", change("metadata.json", "Stop EC2", "Start EC2"))


def test_a_trusted_one_is_ranked_by_the_server(session: Session, team: list[bytes]) -> None:
    """It is active at once, and an order finds it as the team's."""
    own = made(session, "ready")
    assert session.playbooks.publish(own, trusted=True).status == "active"
    reply = session.ask("stop all dev EC2 instances")
    assert [(one.playbook_id, one.source) for one in reply.playbooks][:1] == [(own, "tenant")]
    assert reply.plan is not None and reply.plan.playbook_id == own and len(team) == 2


def test_a_secret_stays_here(session: Session, team: list[bytes]) -> None:
    """Nothing is sent, and the place is named."""
    own = made(session)
    session.playbooks.edit(own, "", change("metadata.json", "Stops EC2", "For 123456789012. Stops EC2"))
    session.playbooks.move(own, "", "ready")
    assert [fix.place for fix in session.playbooks.departure(own).findings] == ["playbook.metadata.purpose"]
    with pytest.raises(ForbiddenContent, match=r"nothing was sent: playbook\.metadata\.purpose"):
        session.playbooks.publish(own)
    assert team == []


def test_what_the_server_wants_mended_is_told(session: Session, team: list[bytes]) -> None:
    """With its place; here it stays as it was."""
    own = made(session)
    session.playbooks.edit(own, "", change("metadata.json", '"depends_on": []', '"depends_on": ["user-unknown"]'))
    session.playbooks.move(own, "", "ready")
    with pytest.raises(PublicationRefused) as refused:
        session.playbooks.publish(own)
    assert refused.value.fixes == ("playbook.metadata.depends_on: there is no playbook user-unknown",)
    assert session.playbooks.get(own).metadata.status == "ready" and len(team) == 1


def test_a_run_of_ones_own_is_counted(session: Session) -> None:
    """By how it ended and how long it took; here the cloud refuses made-up credentials or cannot be reached."""
    own = made(session, "ready", "active")
    plan = session.ask("stop all dev EC2 instances").plan
    assert plan is not None
    session.approve(plan.plan_id, plan.digest)
    result = session.run(plan.plan_id)
    standing = session.playbooks.standing(own)
    assert (result.status, standing.execution_count, standing.success_count) == ("failed", 1, 0)
    assert standing.avg_duration_seconds is not None and standing.status == "active"
