"""A store that the first version wrote, brought to this one."""

from __future__ import annotations

import json
import lzma
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from escher.errors import MigrationError, StoreTampered
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store import migration
from escher.store.chat import ChatStore
from escher.store.estate import EstateStore
from escher.store.operations import OperationStore
from escher.store.root import SCHEMA, Root
from escher.store.vault import Store

ROOT = Path(__file__).parent.parent.parent
FIXTURE = ROOT / "tests" / "fixtures" / "store_v1" / "escher.db.xz"
HELD = {
    "cloud_estate": 38,
    "chat_history": 13,
    "executed_operations": 3,
    "immutable_reports": 25,
    "alerts_events": 3,
    "user_playbooks": 1,
}


FULL_DISK = """
import json, shutil, sys
from pathlib import Path
from escher.errors import StoreError
from escher.settings import Settings
from escher.store.vault import Store

disk, fixture, secret = map(Path, sys.argv[1:])
settings, found = Settings(home=disk / "home", passphrase_file=secret), []
settings.store_path.parent.mkdir(parents=True)
shutil.copy(fixture, settings.store_path)
whole, ballast = settings.store_path.read_bytes(), disk / "ballast"
for room in range(0, 12_000_000, 150_000):
    ballast.unlink(missing_ok=True)
    ballast.write_bytes(bytes(shutil.disk_usage(disk).free - room))
    try:
        with Store.open(settings) as store:
            counts = {name: len(list(store.records(name))) for name in store._sealers}
            found.append([room, store.migrated_from, counts])
        break
    except StoreError as refusal:
        found.append([room, refusal.hint, refusal.message])
    assert settings.store_path.read_bytes() == whole
    left = [*settings.store_path.parent.glob("escher.db.v*")]
    assert not left, (room, left)
print(json.dumps(found))
"""
OPEN = """
import sys
from pathlib import Path
from escher.settings import Settings
from escher.store.vault import Store

print("ready", flush=True)
Store.open(Settings(home=Path(sys.argv[1]), passphrase_file=Path(sys.argv[2])))
"""


@pytest.fixture
def old(tmp_path: Path) -> Settings:
    """Settings of a store that the first version wrote."""
    return _old(tmp_path)


def _old(folder: Path) -> Settings:
    secret = folder / "passphrase"
    secret.touch(mode=0o600)
    secret.write_text("the passphrase of version one\n")
    settings = Settings(home=folder / "home", passphrase_file=secret)
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
    assert [path.name for path in old.store_path.parent.glob("escher.db*")] == ["escher.db"]


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


def test_on_a_full_disk_it_waits_for_room(old: Settings, requires: Callable[[str, str], str], tmp_path: Path) -> None:
    """With too little room for the copy, or for the work, nothing is changed or left behind; with enough it is done."""
    disk = tmp_path / "disk"
    disk.mkdir()
    bwrap = [requires("bwrap", "bubblewrap"), "--dev-bind", "/", "/", "--size", "12000000", "--tmpfs", str(disk)]
    words = [sys.executable, "-c", FULL_DISK, str(disk), str(old.store_path), str(old.passphrase_file)]
    done = subprocess.run([*bwrap, *words], capture_output=True, text=True, cwd=ROOT, check=True)
    *refused, (room, migrated_from, counts) = json.loads(done.stdout)
    assert len(refused) > 2 and room > 0
    assert all("Free some space" in hint for _, hint, _ in refused)
    assert {text.split(":")[0] for _, _, text in refused} >= {"cannot copy the store before its migration"}
    assert (migrated_from, counts) == (1, HELD)


@pytest.mark.parametrize("share", [0.2, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
def test_killed_at_any_moment_it_is_done_by_the_next(old: Settings, share: float, migration_seconds: float) -> None:
    """Kill -9 leaves the old store or the new one, and what the next opening leaves is the store alone."""
    command = [sys.executable, "-c", OPEN, str(old.home), str(old.passphrase_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(share * migration_seconds)
        process.kill()
    with Store.open(old) as store:
        assert store.migrated_from in (1, None)
        assert {name: store.count(name) for name in HELD} == HELD
        assert len(list(store.records("executed_operations"))) == 3
    assert [path.name for path in old.store_path.parent.glob("escher.db*")] == ["escher.db"]


@pytest.fixture(scope="module")
def migration_seconds(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long an opening with a migration takes here."""
    settings = _old(tmp_path_factory.mktemp("timed"))
    start = time.monotonic()
    Store.open(settings).close()
    return time.monotonic() - start


def test_what_a_killed_migration_left_goes(old: Settings) -> None:
    """A copy that lies there after the migration was committed goes when everything was read."""
    Store.open(old).close()
    left = old.store_path.with_name("escher.db.v1-2026-01-01T00-00-00-abcd")
    left.write_bytes(b"a copy")
    with Store.open(old) as store:
        assert store.migrated_from is None
    assert not left.exists()


def test_a_newer_store_is_refused(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of a version that is not known yet is neither read nor changed."""
    _in_version(settings, SCHEMA + 1, monkeypatch)
    with pytest.raises(MigrationError, match="Upgrade Escher"):
        Store.open(settings)


def test_a_newer_root_with_more_in_it_is_refused_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a later version adds to the root is not taken for an altered one."""
    encode = Root.encode
    with monkeypatch.context() as later:
        later.setattr(Root, "encode", lambda root: encode(root).replace(b'"records"', b'"more":1,"records"'))
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
