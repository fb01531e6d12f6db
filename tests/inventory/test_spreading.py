"""A scan on the workers of a Dask cluster, over TLS, finds what a scan in one process finds."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from escher.inventory.scan import Scanner
from escher.providers.clouds import Clouds
from escher.settings import Settings
from escher.store.estate import EstateStore
from escher.store.vault import Store
from tests.fixtures.moto_cloud import DATA, SHOP, MotoCloud, Refusal, failing
from tests.inventory.resources import SMALL_SCAN, only

distributed = pytest.importorskip("distributed", reason="Dask is missing: pip install 'escher[dask]'")


@pytest.fixture
def client(cloud: MotoCloud) -> Iterator[object]:
    """A cluster of two workers in processes of their own, each with its own credentials, and TLS between them."""
    security = distributed.Security.temporary()
    environment = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, security=security, dashboard_address=None,
            env=environment | {"PYTHONPATH": os.pathsep.join(sys.path)}, host="127.0.0.1",
        ) as cluster,
        distributed.Client(cluster, security=security) as client,
    ):  # fmt: skip
        assert client.scheduler.address.startswith("tls://")
        yield client


@pytest.fixture
def other(tmp_path: Path, cloud: MotoCloud) -> Iterator[EstateStore]:
    """A second store with the same accounts."""
    passphrase = tmp_path / "other-passphrase"
    passphrase.touch(mode=0o600)
    passphrase.write_text("correct horse battery staple")
    with Store.create(Settings(home=tmp_path / "other", passphrase_file=passphrase)) as store:
        estate = EstateStore(store)
        estate.put_account(cloud.account(SHOP, "shop"))
        estate.put_account(cloud.account(DATA, "data"))
        yield estate


def test_workers_find_the_same(
    seeded: MotoCloud, scanner: Scanner, estate: EstateStore, other: EstateStore, client: object
) -> None:
    """Resource by resource, scope by scope; failures come back with their permission or next move."""
    seeded.faults.append(failing("DescribeVolumes", Refusal("UnauthorizedOperation"), region="eu-west-1"))
    seeded.faults.append(failing("DescribeAddresses", Refusal("RequestTimeTooSkewed"), region="us-east-1"))
    here = scanner.scan(SMALL_SCAN)
    assert any("Set the clock" in scope.error for scope in here.scopes)
    spread = Scanner(other, Clouds()).scan(SMALL_SCAN, executor=client)  # pyright: ignore[reportArgumentType] Dask has no types
    assert _known(other) == _known(estate)
    assert [(one.key, one.status, one.count, one.error, one.missing_permission) for one in spread.scopes] == [
        (one.key, one.status, one.count, one.error, one.missing_permission) for one in here.scopes
    ]
    assert spread.counts == here.counts


def test_a_second_spread_scan_takes_out_what_is_gone(seeded: MotoCloud, other: EstateStore, client: object) -> None:
    """Storing is the same code, whoever read."""
    ec2 = seeded.client("ec2", SHOP)
    volume = ec2.create_volume(Size=1, AvailabilityZone="us-east-1a")["VolumeId"]
    scanner = Scanner(other, Clouds())
    scanner.scan(only("aws_ebs_volume"), executor=client)  # pyright: ignore[reportArgumentType] Dask has no types
    ec2.delete_volume(VolumeId=volume)
    report = scanner.scan(only("aws_ebs_volume"), executor=client)  # pyright: ignore[reportArgumentType] Dask has no types
    assert report.deleted == 1


def test_without_dask_nothing_loads_it() -> None:
    """It is an extra; a scan of one process does without."""
    code = "import sys, escher.inventory.scan; sys.exit('distributed' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def _known(estate: EstateStore) -> dict[str, object]:
    return {
        key: (one.resource_id, one.name, one.state, one.tags, one.attributes, one.relations, one.constraints)
        for key, one in estate.snapshot().resources.items()
    }
