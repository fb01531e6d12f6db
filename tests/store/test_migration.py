"""A store that the first version wrote, brought to this one."""

from __future__ import annotations

import lzma
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from escher.errors import MigrationError, StoreTampered
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store import migration, vault
from escher.store.chat import ChatStore
from escher.store.estate import EstateStore
from escher.store.operations import OperationStore
from escher.store.root import SCHEMA
from escher.store.vault import Store

FIXTURE = Path(__file__).parent.parent / "fixtures" / "store_v1" / "escher.db.xz"
HELD = {
    "cloud_estate": 38,
    "chat_history": 13,
    "executed_operations": 3,
    "immutable_reports": 25,
    "alerts_events": 3,
    "user_playbooks": 1,
}


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """Settings of a store that the first version wrote."""
    secret = tmp_path / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("the passphrase of version one\n")
    settings = Settings(home=tmp_path / "home", passphrase_file=secret)
    settings.store_path.parent.mkdir(parents=True, mode=0o700)
    settings.store_path.touch(mode=0o600)
    settings.store_path.write_bytes(lzma.decompress(FIXTURE.read_bytes()))
    return settings


def test_everything_is_there_afterwards(old: Settings) -> None:
    """Every record of every collection, the trail and the run, which is listed under its new name."""
    with Store.open(old) as store:
        assert store.migrated_from == 1
        assert {name: store.count(name) for name in HELD} == HELD
        assert len(EstateStore(store).snapshot().vectors) == 30
        assert ChatStore(store).history("conversation-1")[-1].content == "turn 11"
        assert Ledger(store).verify().status == "ok"
        [run] = OperationStore(store).list_runs()
        assert (run.run_id, run.status) == ("run-1", "completed")
        assert OperationStore(store).get("approval", "plan-1") == {
            "record": "approval", "state": "used", "approved": {"plan_id": "plan-1"},
        }  # fmt: skip
    assert [path.name for path in old.store_path.parent.iterdir()] == ["escher.db"]


def test_it_is_done_once(old: Settings) -> None:
    """A second opening finds nothing to do, and the store takes new records."""
    Store.open(old).close()
    with Store.open(old) as store:
        assert store.migrated_from is None
        store.rotate()
        assert {name: store.count(name) for name in HELD} == HELD


def test_two_that_open_at_once_migrate_once(old: Settings) -> None:
    """Processes that open an old store at the same moment all find it whole."""
    script = (
        "import sys; from pathlib import Path\n"
        "from escher.settings import Settings; from escher.store.vault import Store\n"
        "with Store.open(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2]))) as store:\n"
        "    print(store.migrated_from, store.count('executed_operations'))\n"
    )
    command = [sys.executable, "-c", script, str(old.home), str(old.passphrase_file)]
    with ThreadPoolExecutor() as pool:
        said = list(
            pool.map(lambda _: subprocess.run(command, capture_output=True, text=True, check=True).stdout, range(3))
        )
    assert sorted(said) == ["1 3\n", "None 3\n", "None 3\n"]


def test_a_failed_migration_leaves_the_store_as_it_was(old: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a step raises is raised, nothing is half done, and the next opening does it."""

    def fail(body: object) -> dict[str, object]:
        raise MigrationError("a step failed.")

    with monkeypatch.context() as broken:
        broken.setattr(migration, "operation_v2", fail)
        with pytest.raises(MigrationError, match="a step failed"):
            Store.open(old)
    with Store.open(old) as store:
        assert store.migrated_from == 1
        assert store.count("executed_operations") == 3


def test_without_room_for_a_copy_nothing_is_done(old: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy that is kept while a store is migrated comes first; without it the store stays as it is."""
    before = old.store_path.read_bytes()
    monkeypatch.setattr(vault, "copy_path", lambda path, schema: path.with_name("nowhere") / "missing" / "deep")
    old.store_path.with_name("nowhere").touch()
    with pytest.raises(MigrationError, match="cannot copy"):
        Store.open(old)
    assert old.store_path.read_bytes() == before


def test_a_newer_store_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of a version that is not known yet is neither read nor changed."""
    _in_version(settings, SCHEMA + 1, monkeypatch)
    with pytest.raises(MigrationError, match="Upgrade Escher"):
        Store.open(settings)


def test_a_version_turned_back_is_noticed(settings: Settings, execute: Callable[..., None]) -> None:
    """What the file says of its version, in clear, must be what its sealed root says."""
    execute(settings, "PRAGMA user_version = 1")
    with Store.open(settings) as store, pytest.raises(StoreTampered, match="version"):
        store.count("chat_history")


def _in_version(settings: Settings, schema: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with Store.open(settings) as store, store.transaction() as within:
        within.root.schema = schema
        within.changed = True
