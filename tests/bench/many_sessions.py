"""Makes 20 accounts ready to call EC2: seconds and megabytes, as JSON. `boto3` as most scripts do, or `escher`."""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import boto3

from escher.contract.estate import Account
from escher.providers.aws.session import AwsAccess
from escher.providers.aws.wire.calls import LeanCalls
from escher.providers.aws.wire.endpoints import endpoint
from escher.providers.aws.wire.keys import KeyRing
from escher.providers.aws.wire.request import build
from escher.providers.aws.wire.signing import signed_headers
from escher.providers.pacing import Pacer

ACCOUNTS = [f"{number:012d}" for number in range(1, 21)]


def by_boto3() -> Any:
    """A session and a client for each."""
    return [boto3.Session(profile_name=f"a{one}").client("ec2", "us-east-1") for one in ACCOUNTS]


def by_escher() -> Any:
    """Credentials, endpoint, signed request and reader for each."""
    access = AwsAccess()
    return LeanCalls(access, Pacer()), asyncio.run(_ready(KeyRing(access)))


async def _ready(ring: KeyRing) -> list[Any]:
    made: list[Any] = [ring]
    for one in ACCOUNTS:
        keys = await ring.keys(Account("aws", one, one, profile=f"a{one}"))
        where = endpoint("ec2", "us-east-1", "", f"a{one}")
        headers = signed_headers(build(where, "DescribeInstances", {}), keys, time.time())
        made.append((headers, where.service.reader("DescribeInstances")))
    return made


def megabytes() -> float:
    """What this process holds in memory."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["VmRSS"].split()[0]) / 1_000


profiles = [f"[profile a{one}]\naws_access_key_id = k{one}\naws_secret_access_key = s\n" for one in ACCOUNTS]
Path(sys.argv[2]).write_text("".join(profiles))
os.environ |= {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": sys.argv[2]}
# Importing is paid once by each program, not by an account.
before, start = megabytes(), time.perf_counter()
held = {"boto3": by_boto3, "escher": by_escher}[sys.argv[1]]()
print(json.dumps({"seconds": time.perf_counter() - start, "mb": megabytes() - before, "made": len(held)}))
