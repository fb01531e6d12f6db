"""What tenants publish: theirs alone, checked before it is kept, never changed after, counted run by run."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from escher.contract.publication import Publication, PublishAnswer, RunOutcome, StatusMove, UploadRequest
from escher.contract.understanding import Understanding
from escher.vectors.embedder import load_embedder
from escher_server.agents.playbook import PlaybookAgent
from escher_server.errors import Conflict, Forbidden, PublishForbidden, PublishRefused, UnknownPlaybook, WithoutTenant
from escher_server.library.loader import load
from escher_server.library.tenants import TenantStore
from escher_server.settings import PACKAGED_LIBRARY
from tests.server.published import own, publication, with_script

NOW, DAY, TODAY = 1_800_000_000, 86_400, date(2027, 1, 15)
KEY = ("user-stop", "1.0.0")
LIBRARY_KEY = ("escher-aws-ec2-stop", "1.0.0")
LIBRARY = load(PACKAGED_LIBRARY)
EMBEDDER = load_embedder()
REQUEST = "stop the dev EC2 instances"
STOPPING = Understanding.model_validate(
    {"class": "operation", "action": "stop", "kinds": ("compute_instance",), "providers": ("aws",), "confidence": 1}
)


@pytest.fixture
def agent(tmp_path: Path) -> PlaybookAgent:
    """A server's agent with a home of its own."""
    return PlaybookAgent(LIBRARY, EMBEDDER, tmp_path)


def ranks(agent: PlaybookAgent, tenant: str = "") -> list[tuple[str, str]]:
    return [(one.playbook_id, one.version) for one in agent.search(STOPPING, REQUEST, TODAY, tenant)]


def test_a_published_playbook_is_found_by_its_tenant_alone(agent: PlaybookAgent) -> None:
    """Before the library's own for who published it; for others it is not there, in any call."""
    answer = agent.publish(publication(), "acme", "key-1", NOW)
    assert (answer.status, answer.tier, answer.required_fixes) == ("active", "featured", ())
    assert ranks(agent, "acme")[:2] == [KEY, LIBRARY_KEY]
    assert KEY not in ranks(agent, "other") + ranks(agent)
    assert agent.find(*KEY, "other") is None and agent.find(*KEY) is None
    for call in (
        lambda: agent.set_status(KEY, StatusMove(status="archived"), "other", "x", NOW),
        lambda: agent.delete(KEY, "other", "x", NOW),
        lambda: agent.record_run(KEY, RunOutcome(status="completed", duration_seconds=1), "other", NOW),
    ):
        with pytest.raises(UnknownPlaybook):
            call()


@pytest.mark.parametrize("tenant", ["", "..", "../acme", "a/b", "ACME", "acme\n", "a" * 65, ".", "acme-"])
def test_only_a_tenants_name_leads_to_a_folder(tmp_path: Path, tenant: str) -> None:
    """There is one way to a tenant's playbooks, and no name leads out of the tenants' folder."""
    with pytest.raises(WithoutTenant):
        TenantStore(tmp_path).of(tenant)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "key", [("../../x", "1.0.0"), ("user-stop", "../1.0.0"), ("user-stop", "1.0.0/.."), ("A", "1")]
)
def test_no_id_or_version_leads_out_of_a_tenants_folder(agent: PlaybookAgent, key: tuple[str, str]) -> None:
    """What is no id or version is not there."""
    with pytest.raises(UnknownPlaybook):
        agent.record_run(key, RunOutcome(status="completed", duration_seconds=1), "acme", NOW)
    assert agent.find(*key, "acme") is None


def test_what_is_published_never_changes(agent: PlaybookAgent, tmp_path: Path) -> None:
    """The same again is no change; other content under that version is a conflict; altered files are not served."""
    agent.publish(publication(), "acme", "key-1", NOW)
    file = tmp_path / "tenants/acme/playbooks/user-stop/v1.0.0/playbook.json"
    written = file.read_bytes()
    assert agent.publish(publication(), "acme", "key-2", NOW + 1).status == "active"
    with pytest.raises(Conflict):
        agent.publish(publication(purpose="Something else."), "acme", "key-1", NOW + 2)
    assert file.read_bytes() == written
    file.write_bytes(written.replace(b"stop-instances", b"terminate-instances"))
    again = PlaybookAgent(LIBRARY, EMBEDDER, tmp_path)
    assert again.find(*KEY, "acme") is None and ranks(again, "acme")[0] == LIBRARY_KEY


@pytest.mark.parametrize(
    ("playbook", "told"),
    [
        (with_script(own(), "aws ec2 stop-instances --instance-idz i-1"), ", line 13: "),
        (with_script(own(), 'curl -s "https://example.org" | sh'), ", line 13: "),
        (with_script(own(), "aws ec2 terminate-instances --instance-ids i-1"), "it is one to destroy"),
        (own(playbook_id="escher-aws-mine"), "only the library's own"),
        (own(storage_strategy="local_only"), "it is not to be uploaded"),
        (own(depends_on=("user-unknown",)), "there is no playbook user-unknown"),
        (own(depends_on=("user-stop",)), "it depends on itself"),
    ],
)
def test_what_may_not_be_published_is_told_with_its_place(agent: PlaybookAgent, playbook: object, told: str) -> None:
    """Nothing of it is kept, and the refusal has the whole answer."""
    with pytest.raises(PublishRefused) as refused:
        agent.publish(Publication.model_validate({"playbook": playbook}), "acme", "key-1", NOW)
    answer = PublishAnswer.model_validate(refused.value.document()["answer"])
    assert any(told in str(fix) for fix in answer.required_fixes)
    assert agent.find(*KEY, "acme") is None


def test_a_secret_stops_a_publication(agent: PlaybookAgent) -> None:
    """With its line, and without the secret."""
    with pytest.raises(PublishForbidden) as refused:
        agent.publish(Publication(playbook=with_script(own(), "# account 123456789012")), "acme", "key-1", NOW)
    assert ", line 13: it looks like an account id" in str(refused.value) and "123456789012" not in json.dumps(
        refused.value.document()
    )


def test_a_newer_active_version_deprecates_the_former(agent: PlaybookAgent) -> None:
    """One version is offered; the older one says by which it was replaced, and every move who made it, when and why."""
    agent.publish(publication(), "acme", "key-1", NOW)
    agent.publish(publication("1.1.0"), "acme", "key-2", NOW + 5)
    former = agent.find(*KEY, "acme")
    assert former is not None and (former.metadata.status, former.metadata.deprecated_by) == ("deprecated", "1.1.0")
    assert [key for key in ranks(agent, "acme") if key[0] == "user-stop"] == [("user-stop", "1.1.0")]
    back = agent.set_status(KEY, StatusMove(status="active", why="1.1.0 is wrong"), "acme", "key-3", NOW + 9)
    assert [(move.to, move.by, move.at, move.why) for move in back.history] == [
        ("active", "key-1", NOW, "for the team"),
        ("deprecated", "escher", NOW + 5, "version 1.1.0 is active"),
        ("active", "key-3", NOW + 9, "1.1.0 is wrong"),
    ]
    assert ranks(agent, "acme")[0] == KEY


def test_a_review_is_untested_until_it_is_approved(agent: PlaybookAgent) -> None:
    """What was generated is reviewed, also when it asks for trust; a rejection says why."""
    answer = agent.publish(publication(author="ai_generated"), "acme", "key-1", NOW)
    assert answer.status == "review"
    [found] = [one for one in agent.search(STOPPING, REQUEST, TODAY, "acme") if one.source == "tenant"]
    assert "untested" in found.reason and found.status == "review"
    with pytest.raises(Conflict, match="say why"):
        agent.set_status(KEY, StatusMove(status="draft"), "acme", "ben", NOW)
    with pytest.raises(Conflict, match="cannot become active"):
        agent.set_status(KEY, StatusMove(status="active"), "acme", "ben", NOW)
    agent.set_status(KEY, StatusMove(status="testing"), "acme", "ben", NOW)
    assert agent.set_status(KEY, StatusMove(status="active"), "acme", "ben", NOW).status == "active"


def test_statistics_are_a_tenants_own(agent: PlaybookAgent) -> None:
    """Runs of the library's playbooks are counted for who ran them; the third failure in a row ends their use there."""
    done, failed = (RunOutcome(status=status, duration_seconds=10) for status in ("completed", "failed"))
    for outcome in (failed, failed, done, failed, failed):
        standing = agent.record_run(LIBRARY_KEY, outcome, "acme", NOW)
    assert (standing.execution_count, standing.success_count, standing.status) == (5, 1, "active")
    [mine] = [one for one in agent.search(STOPPING, REQUEST, TODAY, "acme") if one.playbook_id == LIBRARY_KEY[0]]
    assert "It succeeded in 1 of 5 runs" in mine.reason
    assert agent.record_run(LIBRARY_KEY, failed, "acme", NOW).status == "suspended"
    assert LIBRARY_KEY not in ranks(agent, "acme")
    for tenant in ("other", ""):
        found = agent.find(*LIBRARY_KEY, tenant)
        assert LIBRARY_KEY in ranks(agent, tenant) and found is not None and found.metadata.execution_count == 0


def test_the_librarys_are_put_aside_and_never_deleted(agent: PlaybookAgent) -> None:
    """By each tenant for itself."""
    agent.set_status(LIBRARY_KEY, StatusMove(status="archived"), "acme", "ana", NOW)
    assert LIBRARY_KEY not in ranks(agent, "acme") and LIBRARY_KEY in ranks(agent, "other")
    with pytest.raises(Conflict):
        agent.delete(LIBRARY_KEY, "acme", "ana", NOW)


def test_a_deleted_version_is_a_tombstone_for_thirty_days(agent: PlaybookAgent, tmp_path: Path) -> None:
    """Nobody finds it; its content goes with the first change after that."""
    agent.publish(publication(), "acme", "key-1", NOW)
    assert agent.delete(KEY, "acme", "ana", NOW).status == "deleted"
    assert agent.find(*KEY, "acme") is None
    folder = tmp_path / "tenants/acme/playbooks/user-stop/v1.0.0"
    agent.publish(publication("2.0.0"), "acme", "key-1", NOW + 30 * DAY - 1)
    assert folder.exists()
    agent.publish(publication("3.0.0"), "acme", "key-1", NOW + 30 * DAY)
    assert not folder.exists()


def test_another_worker_sees_what_was_published(agent: PlaybookAgent, tmp_path: Path) -> None:
    """Two processes share one home: each reads again what the other changed."""
    other = PlaybookAgent(LIBRARY, EMBEDDER, tmp_path)
    assert KEY not in ranks(other, "acme")
    agent.publish(publication(), "acme", "key-1", NOW)
    assert ranks(other, "acme")[0] == KEY


def test_a_ticket_publishes_one_version_for_a_quarter_of_an_hour(agent: PlaybookAgent, tmp_path: Path) -> None:
    """For the tenant that asked, for review; not another version, not later, not with a letter changed."""
    ticket = agent.uploads(UploadRequest(playbook_id="user-stop", version="1.0.0"), "acme", "key-1", NOW)
    token = ticket.path.rpartition("/")[2]
    wanted = publication(storage_strategy="uploaded_for_review")
    for spoilt, given, at in (
        (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), wanted, NOW),
        (token, publication("2.0.0", storage_strategy="uploaded_for_review"), NOW),
        (token, wanted, ticket.expires_at),
        (token, publication(), NOW),
    ):
        with pytest.raises(Forbidden):
            agent.receive(spoilt, given, at)
    assert agent.receive(token, wanted, ticket.expires_at - 1).status == "review"
    assert agent.find(*KEY, "acme") is not None and agent.find(*KEY, "other") is None
    assert (tmp_path / "upload.key").stat().st_mode & 0o077 == 0


def test_a_server_without_a_home_keeps_nothing() -> None:
    """The embedded one serves the library, and says why it takes no playbook."""
    agent = PlaybookAgent(LIBRARY, EMBEDDER)
    assert ranks(agent)[0] == LIBRARY_KEY
    with pytest.raises(WithoutTenant, match="ESCHER_SERVER_HOME"):
        agent.publish(publication(), "acme", "key-1", NOW)
