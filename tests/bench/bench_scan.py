"""A scan beside what people write instead, of one estate over one wire, at 0, 80 and 300 ms a call (design.md section 6).

B is the CPU time of a warm sequential scan by boto3, C the least that any scan takes: the longest chain of calls, or all
calls through 200 that are open at once. Baselines of the budgets' rows are the budgets, so that a ratio up to 1 holds.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from escher.inventory.plan import Limits
from escher.providers.declarations import ResourceType, stages
from escher.providers.registry import resource_types
from tests.bench.cloud import ACCOUNTS, REGIONS

TYPES = (
    "aws_ebs_volume", "aws_ec2_instance", "aws_iam_role", "aws_lambda_function", "aws_rds_db_instance", "aws_s3_bucket",
    "aws_vpc_security_group",
)  # fmt: skip
SIZE = (200, 20, 49, 10, 20, 20, 20)
CHAIN = (0, 0, 0, 4_000, 0, 0, 0)
MANY = (1_640, 50, 50, 0, 0, 0, 0)
PROJECT = Path(__file__).parent.parent.parent
AIO = PROJECT / ".venv-aio/bin/python"
Row = tuple[str, float, str, float | None]
Figures = Mapping[str, Any]


def benchmarks() -> Iterator[Row]:
    """Scans at three distances, a chain of 40 pages, and 20 000 resources in one process."""
    with _wire(SIZE) as url:
        given = _given(url, ACCOUNTS, TYPES)
        _ours(given)
        yield from _against_the_others(url, given)
    yield from _chain()
    with _wire(MANY) as url:
        found = _ours(_given(url, ACCOUNTS, ("aws_ec2_instance", "aws_vpc_security_group")), warm=0)
        assert found["found"] >= 20_000, found
        yield f"memory of a scan of {found['found']:,} resources", found["peak_mb"], "MB", 400.0


def _against_the_others(url: str, given: Figures) -> Iterator[Row]:
    jobs = _jobs(given)
    sequential = _plain("seq", url, jobs)
    size = f"scan of {sequential['found']:,} resources"
    for delay_ms in (0, 80, 300):
        requests.get(f"{url}/__delay/{delay_ms}", timeout=10)
        ours = _ours(given)
        assert ours["complete"], ours["errors"]
        assert ours["found"] == sequential["found"], (ours, sequential)
        fastest = _fastest(ours["calls"], delay_ms)
        where = f"{size} at {delay_ms} ms"
        yield f"{where}, wall, against its budget", ours["wall"], "s", 1.5 * (fastest + sequential["cpu"] / 3)
        if delay_ms == 0:
            yield f"{where}, CPU, against half of sequential boto3", ours["cpu"], "s", 0.5 * sequential["cpu"]
            yield f"{where}, wall, sequential boto3", ours["wall"], "s", sequential["wall"]
        pools = {mode: _plain(mode, url, jobs)["wall"] for mode in ("pool32", "pool128")}
        best = min(pools.values())
        yield f"{where}, wall, 32 threads of boto3", ours["wall"], "s", pools["pool32"]
        yield f"{where}, wall, 128 threads of boto3", ours["wall"], "s", pools["pool128"]
        if delay_ms == 80:
            yield f"{where}, wall, against half of the best pool", ours["wall"], "s", 0.5 * best
        if AIO.exists():
            yield f"{where}, wall, aiobotocore", ours["wall"], "s", _plain("aio", url, jobs, AIO)["wall"]


def _chain() -> Iterator[Row]:
    """4 000 databases come in 40 pages, one after the other; nobody can be faster than the chain."""
    with _wire(CHAIN, accounts=1, regions=1) as url:
        given = _given(url, ACCOUNTS[:1], ("aws_rds_db_instance",), REGIONS[:1])
        _ours(given)
        sequential = _plain("seq", url, _jobs(given))
        requests.get(f"{url}/__delay/80", timeout=10)
        ours = _ours(given)
        assert ours["found"] == sequential["found"] == 4_000, (ours, sequential)
        yield (
            "chain of 40 pages at 80 ms, wall, against its budget",
            ours["wall"],
            "s",
            1.5 * (42 * 0.08 + sequential["cpu"] / 3),
        )


def _fastest(calls: int, delay_ms: int) -> float:
    """C: the longest chain that a scan cannot do without, or all calls through the cap, in seconds."""
    longest = max(1 + len(stages(resource_types()[name])) for name in TYPES)
    return max(2 + longest, calls / Limits().open_requests) * delay_ms / 1_000


def _given(url: str, accounts: tuple[str, ...], types: tuple[str, ...], regions: tuple[str, ...] = REGIONS) -> Figures:
    return {"endpoint": url, "accounts": accounts, "regions": regions, "types": types}


def _jobs(given: Figures) -> list[dict[str, Any]]:
    """The same calls as our declarations make, for those who know nothing of them."""
    declared = [resource_types()[name] for name in given["types"]]
    return [
        _job(one, account, region)
        for account in given["accounts"]
        for one in declared
        for region in (given["regions"] if one.reach == "regional" else ("us-east-1",))
    ]


def _job(declared: ResourceType, account: str, region: str) -> dict[str, Any]:
    listing = declared.listing
    details = [
        {"operation": one.operation, "arguments": dict(one.arguments), "result": one.result, "into": one.into}
        for one in declared.details
    ]
    return {
        "account": account, "region": region, "service": declared.service, "operation": listing.operation,
        "parameters": dict(listing.parameters), "page_size": listing.page_size, "result": listing.result,
        "home": declared.home, "details": details,
    }  # fmt: skip


def _ours(given: Figures, warm: int = 1) -> Figures:
    return _run([sys.executable, "-m", "tests.bench.our_scan"], {**given, "warm": warm})


def _plain(mode: str, url: str, jobs: list[dict[str, Any]], python: Path | None = None) -> Figures:
    script = str(Path(__file__).with_name("plain_scan.py"))
    return _run([str(python or sys.executable), script, mode], {"endpoint": url, "jobs": jobs})


def _run(command: list[str], given: Figures) -> Figures:
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, check=False, cwd=PROJECT,
        env=os.environ | keys | {"AWS_DEFAULT_REGION": "us-east-1"},
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-2_000:])
    return json.loads(done.stdout)


@contextmanager
def _wire(size: tuple[int, ...], accounts: int = 3, regions: int = 4) -> Iterator[str]:
    """An estate of a size behind a wire that gives answers again; its address."""
    where = [str(accounts), str(regions)]
    with (
        _process("tests.bench.cloud", *where, *map(str, size)) as cloud,
        _process("tests.bench.replay", f"http://127.0.0.1:{cloud}") as wire,
    ):
        yield f"http://127.0.0.1:{wire}"


@contextmanager
def _process(module: str, *arguments: str) -> Iterator[str]:
    """A process that prints its port when it is ready."""
    started = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=PROJECT,
    )
    try:
        assert started.stdout is not None
        port = started.stdout.readline().strip()
        assert port, f"{module} ended before it was ready"
        yield port
    finally:
        started.kill()
        started.wait()
