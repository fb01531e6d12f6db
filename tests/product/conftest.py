"""A demo cloud of its own for the tests that go the whole way, through the command line as a user would."""

from __future__ import annotations

import json
import os
import re
import shlex
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

_READS_AWS = re.compile(r"(Describe|List|Get|Head|Lookup|Search|Simulate|BatchGet|AssumeRole|GenerateCredentialReport)")
_READS = re.compile(r"ResourceGraph|tokeninfo|/token|testIamPermissions|:search|getIamPolicy", re.IGNORECASE)


@dataclass(frozen=True)
class Demo:
    """A running demo cloud: the environment that points at it, and what `escher demo status` says of it."""

    environment: dict[str, str]
    status: dict[str, Any]

    @property
    def accounts(self) -> list[dict[str, str]]:
        """The accounts of AWS."""
        return self.status["aws"]["accounts"]

    @property
    def endpoint(self) -> str:
        """Where AWS answers."""
        return self.status["endpoint"]

    def changes(self) -> list[str]:
        """Every call so far, in any of the clouds, that is no reading one."""
        aws = httpx.get(f"{self.endpoint}/_demo/calls").json()
        found = [one["operation"] for one in aws if not _READS_AWS.match(one["operation"])]
        azure, gcp = self.status.get("azure") or {}, self.status.get("gcp") or {}
        if azure.get("endpoint"):
            trusted = ssl.create_default_context(cafile=azure["certificate"])
            asked = httpx.get(f"{azure['endpoint']}/_demo/calls", verify=trusted).json()["calls"]
            found += [one["path"] for one in asked if one["method"] != "GET" and not _READS.search(one["path"])]
        if gcp.get("endpoint"):
            asked = httpx.get(f"{gcp['endpoint']}/_demo/calls").json()
            found += [one["path"] for one in asked if one["method"] != "GET" and not _READS.search(one["path"])]
        return found

    def escher(self, *words: str, code: int = 0) -> Any:
        """Run `escher … --json` in a process of its own; its document, or its list of lines for `run`."""
        done = self.raw(*words, "--json")
        assert done.returncode == code, f"{words}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        if words[0] == "run":
            return [json.loads(line) for line in done.stdout.splitlines()]
        return json.loads(done.stdout)

    def raw(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `escher …` and return what it printed."""
        return subprocess.run(
            [sys.executable, "-m", "escher.cli", *words],
            env=self.environment,
            text=True,
            check=False,
            capture_output=True,
            timeout=120,
        )

    def ec2(self, account: dict[str, str], region: str) -> Any:
        """A boto3 client of one demo account, independent of Escher's own access."""
        import boto3

        keys = boto3.client(
            "sts",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id="demo",
            aws_secret_access_key="demo",
        ).assume_role(RoleArn=account["role_arn"], RoleSessionName="check")["Credentials"]
        return boto3.client(
            "ec2",
            endpoint_url=self.endpoint,
            region_name=region,
            aws_access_key_id=keys["AccessKeyId"],
            aws_secret_access_key=keys["SecretAccessKey"],
            aws_session_token=keys["SessionToken"],
        )

    def instances(self, region: str, **filters: str) -> dict[str, str]:
        """Instance id → state, over all accounts, as boto3 sees them; filters by tag."""
        wanted = [{"Name": f"tag:{key}", "Values": [value]} for key, value in filters.items()]
        found: dict[str, str] = {}
        for account in self.accounts:
            pages = self.ec2(account, region).get_paginator("describe_instances").paginate(Filters=wanted)
            for page in pages:
                for reservation in page["Reservations"]:
                    found |= {one["InstanceId"]: one["State"]["Name"] for one in reservation["Instances"]}
        return found


@pytest.fixture(scope="session")
def make_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Demo]]:
    """Makes demo clouds that are taken down at the end."""
    made: list[dict[str, str]] = []

    def make() -> Demo:
        home = tmp_path_factory.mktemp("demo-home")
        plain = {"PATH": os.environ["PATH"], "HOME": str(home), "ESCHER_DEMO_HOME": str(home / "demo")}
        status = json.loads(_escher(plain, "demo", "up", "--json"))
        made.append(plain)
        environment = plain | dict(
            _exports(json.loads(_escher(plain, "demo", "status", "--export", "--json"))["export"])
        )
        return Demo(environment, status)

    yield make
    for plain in made:
        _escher(plain, "demo", "down", "--json")


@pytest.fixture(scope="session")
def demo(make_demo: Callable[[], Demo]) -> Demo:
    """One scanned demo cloud for the tests that change nothing in it."""
    cloud = make_demo()
    cloud.escher("scan")
    return cloud


def _escher(environment: dict[str, str], *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "escher.cli", *words],
        env=environment,
        text=True,
        check=False,
        capture_output=True,
        timeout=180,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _exports(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        (assignment,) = shlex.split(line)[1:] or [""]
        name, _, value = assignment.partition("=")
        yield name, value


def database(demo: Demo) -> Path:
    """The demo's store."""
    return Path(demo.escher("doctor")["store"])


@pytest.fixture(scope="module")
def kernel_name(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A kernel of this very interpreter, registered in a folder of its own."""
    from ipykernel.kernelspec import install

    folder = tmp_path_factory.mktemp("jupyter")
    install(prefix=str(folder), kernel_name="escher-tests")
    os.environ["JUPYTER_PATH"] = str(folder / "share" / "jupyter")
    return "escher-tests"
