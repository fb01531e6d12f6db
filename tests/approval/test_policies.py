"""Versions of the policy: saved by a person, kept for ever, in force in every process at once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from escher.approval.policies import Policies
from escher.approval.policy_text import read
from escher.contract.policy import Policy
from escher.errors import ConsentFromCell, InvalidInput, NotFound, PolicyDenied, RecordExists, StaleApproval
from escher.settings import Settings
from escher.store.policies import PolicyStore
from escher.store.vault import Store
from tests.approval.conftest import House, instance

DENY = '[[rules]]\nname = "never"\neffect = "deny"\nactions = ["aws ec2 stop-instances"]\n'
TYPED = 'type_from = "low"\n'
SAVE = """
import sys
from escher.approval.policies import Policies
from escher.approval.policy_text import read
from escher.ledger.ledger import Ledger
from escher.settings import load_settings
from escher.store.vault import Store
with Store.open(load_settings()) as store:
    print(Policies(store, Ledger(store)).save_at_terminal(read(sys.argv[1])).number)
"""


@pytest.fixture
def policies(house: House) -> Policies:
    """Nobody has changed the policy yet."""
    return Policies(house.store, house.ledger)


def test_every_change_is_a_version_and_in_the_trail(house: House, policies: Policies) -> None:
    """Numbered from 1; the old ones stay readable, and the trail says which is which."""
    assert (policies.current().number, policies.policy()) == (0, Policy())
    for text in (DENY, TYPED):
        policies.save_at_terminal(read(text))
    assert [one.number for one in policies.history()] == [2, 1]
    assert (policies.policy(), policies.version(1).policy) == (read(TYPED), read(DENY))
    events = [entry.event for entry in house.ledger.entries() if entry.event.type == "policy_changed"]
    assert [(one.subject, one.details["version"]) for one in events] == [
        ("policy 1", read(DENY).version),
        ("policy 2", read(TYPED).version),
    ]
    with pytest.raises(NotFound):
        policies.version(3)


def test_who_edited_an_older_version_is_told(policies: Policies) -> None:
    """Two people edit; the second one's change does not silently undo the first one's."""
    policies.save_at_terminal(read(DENY), based_on=0)
    with pytest.raises(RecordExists, match="version 1 is in force, yours is made from 0"):
        policies.save_at_terminal(read(TYPED), based_on=0)
    assert policies.current().number == 1


def test_many_at_once_lose_nothing(policies: Policies) -> None:
    """Eight threads save: eight versions, without a gap."""
    with ThreadPoolExecutor(8) as pool:
        saved = list(pool.map(lambda n: policies.save_at_terminal(read(f"many_targets = {n + 1}")).number, range(8)))
    assert sorted(saved) == list(range(1, 9))
    assert [one.number for one in policies.history()] == list(range(8, 0, -1))


def test_what_another_process_saves_counts_at_once(house: House, tmp_path: Path) -> None:
    """An approval that was given before no longer holds, and the next plan is denied."""
    policies = Policies(house.store, house.ledger)
    house.policy = policies.policy()
    plan = house.shown(instance(1))
    house.approvals.approve_at_terminal(plan.plan_id, plan.digest)
    environment = {
        "ESCHER_HOME": str(tmp_path),
        "ESCHER_KEY_FILE": str(tmp_path / "key"),
        "PATH": "/usr/bin",
    }
    done = subprocess.run(
        [sys.executable, "-c", SAVE, DENY], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "1"), done.stderr
    house.policy = policies.policy()
    with pytest.raises((PolicyDenied, StaleApproval)):
        house.approvals.consume(plan.plan_id, "run-1")
    with pytest.raises(PolicyDenied, match="'never'"):
        house.shown(instance(1))


def test_code_in_a_kernel_cannot_change_the_policy(policies: Policies, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it cannot approve; a click that no page made is none either."""
    monkeypatch.setenv("JPY_PARENT_PID", "1")
    with pytest.raises(ConsentFromCell):
        policies.save_at_terminal(read(DENY))
    with pytest.raises(ConsentFromCell):
        policies.save_click(Policies)  # type: ignore[arg-type] anything but a click
    assert policies.current().number == 0


def test_a_click_counts_once_it_is_redeemed(house: House) -> None:
    """The text that was signed is read as strictly as a file."""
    redeemed: list[Any] = []
    policies = Policies(house.store, house.ledger, redeem_click=redeemed.append)
    click = _Click(DENY, 0)
    assert (policies.save_click(click).channel, redeemed) == ("page", [click])
    with pytest.raises(InvalidInput):
        policies.save_click(_Click("rules = 1", 1))


class _Click:
    def __init__(self, text: str, based_on: int) -> None:
        self.text, self.based_on = text, based_on


def test_an_altered_version_is_not_read(house: House, policies: Policies) -> None:
    """A record that is no policy is never taken for the empty one."""
    from escher.errors import StoreTampered
    from escher.store.policies import POLICIES, policy_key
    from escher.store.records import Record

    policies.save_at_terminal(read(DENY))
    record = house.store.get(POLICIES, policy_key(1))
    assert record is not None
    with house.store.transaction() as within:
        within.put(POLICIES, Record(record.key, record.body | {"policy": {"rules": 3}}))
    with pytest.raises(StoreTampered):
        policies.policy()


def test_the_store_reads_it_after_it_was_opened_again(house: House, policies: Policies, tmp_path: Path) -> None:
    """The policy is on disk, encrypted as everything else."""
    policies.save_at_terminal(read(DENY))
    with Store.open(Settings(home=tmp_path, key_file=tmp_path / "key")) as again:
        assert PolicyStore(again).current().policy == read(DENY)
    assert b"never" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
