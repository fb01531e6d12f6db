"""What people write instead: scans by boto3, one call after the other or in a pool of threads, and by aiobotocore.

`python plain_scan.py seq|pool32|pool128|aio < jobs.json` prints wall and CPU seconds, and how many records it found. It
scans twice and measures the second time: everything is loaded by then. Needs no Escher, so that it runs in the
environment of aiobotocore, too. A job is one scope: a list call with its pages, and the details of each record.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AsyncExitStack
from importlib import import_module
from typing import Any

import botocore.session
import jmespath
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

LOADER = botocore.session.get_session().get_component("data_loader")
Job = dict[str, Any]


def session_for(endpoint: str, account: str) -> Any:
    """A session in an account, through its role, that shares what is loaded from disk."""
    base = botocore.session.get_session()
    base.register_component("data_loader", LOADER)
    sts = base.create_client("sts", "us-east-1", endpoint_url=endpoint)
    keys = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/escher", RoleSessionName="plain")["Credentials"]
    session = botocore.session.get_session()
    session.register_component("data_loader", LOADER)
    session.set_credentials(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    return session


class Threads:
    """A scan by botocore's clients; with one worker, one call after the other."""

    def __init__(self, endpoint: str, workers: int) -> None:
        self.endpoint, self.workers = endpoint, workers
        self.found: list[Any] = []
        self._config = Config(max_pool_connections=max(10, workers), retries={"mode": "standard"})
        self._sessions: dict[str, Any] = {}
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(workers) if workers > 1 else None
        self._details: list[Future[None]] = []

    def scan(self, jobs: list[Job]) -> int:
        """Everything, and how many records that is."""
        for account in sorted({job["account"] for job in jobs}):
            self._sessions[account] = session_for(self.endpoint, account)
        if self._pool is None:
            for job in jobs:
                self._job(job)
            return len(self.found)
        for future in [self._pool.submit(self._job, job) for job in jobs]:
            future.result()
        for future in self._details:
            future.result()
        self._pool.shutdown()
        return len(self.found)

    def _client(self, account: str, region: str, service: str) -> Any:
        key = (account, region, service)
        if key not in self._clients:
            with self._lock:
                if key not in self._clients:
                    self._clients[key] = self._sessions[account].create_client(
                        service, region, endpoint_url=self.endpoint, config=self._config
                    )
        return self._clients[key]

    def _job(self, job: Job) -> None:
        client = self._client(job["account"], job["region"], job["service"])
        method = xform_name(job["operation"])
        if client.can_paginate(method):
            size = {"PageSize": job["page_size"]} if job["page_size"] else {}
            pages = client.get_paginator(method).paginate(**job["parameters"], PaginationConfig=size)
        else:
            pages = [getattr(client, method)(**job["parameters"])]
        for page in pages:
            for record in jmespath.search(job["result"], page) or []:
                if job["details"] and self._pool is not None:
                    self._details.append(self._pool.submit(self._look, job, record))
                else:
                    self._look(job, record)

    def _look(self, job: Job, record: Any) -> None:
        for detail in job["details"]:
            region = (jmespath.search(job["home"], record) if job["home"] else "") or job["region"]
            client = self._client(job["account"], region, job["service"])
            arguments = {name: jmespath.search(path, record) for name, path in detail["arguments"].items()}
            try:
                answer = getattr(client, xform_name(detail["operation"]))(**arguments)
                record[detail["into"]] = jmespath.search(detail["result"], answer)
            except ClientError:
                record[detail["into"]] = {}
        self.found.append(record)


class Aio:
    """The same by aiobotocore."""

    def __init__(self, endpoint: str) -> None:
        # It pins another botocore than ours, so it is there in an environment of its own only.
        config = import_module("aiobotocore.config")
        self.endpoint = endpoint
        self.found: list[Any] = []
        self._config = config.AioConfig(max_pool_connections=256, retries={"mode": "standard"})
        self._clients: dict[tuple[str, str, str], Any] = {}
        self._keys: dict[str, Any] = {}
        self._room = asyncio.Semaphore(256)

    async def scan(self, jobs: list[Job]) -> int:
        """Everything, and how many records that is."""
        async with AsyncExitStack() as stack:
            self._stack, self._session = stack, import_module("aiobotocore.session").get_session()
            self._session.register_component("data_loader", LOADER)
            sts = await stack.enter_async_context(
                self._session.create_client("sts", region_name="us-east-1", endpoint_url=self.endpoint)
            )
            for account in sorted({job["account"] for job in jobs}):
                role = f"arn:aws:iam::{account}:role/escher"
                self._keys[account] = (await sts.assume_role(RoleArn=role, RoleSessionName="plain"))["Credentials"]
            await asyncio.gather(*map(self._job, jobs))
        return len(self.found)

    async def _client(self, account: str, region: str, service: str) -> Any:
        key = (account, region, service)
        if key not in self._clients:
            self._clients[key] = asyncio.get_running_loop().create_future()
            keys = self._keys[account]
            made = await self._stack.enter_async_context(
                self._session.create_client(
                    service, region_name=region, endpoint_url=self.endpoint, config=self._config,
                    aws_access_key_id=keys["AccessKeyId"], aws_secret_access_key=keys["SecretAccessKey"],
                    aws_session_token=keys["SessionToken"],
                )
            )  # fmt: skip
            self._clients[key].set_result(made)
        return await self._clients[key]

    async def _job(self, job: Job) -> None:
        client = await self._client(job["account"], job["region"], job["service"])
        method = xform_name(job["operation"])
        looks: list[Any] = []
        if client.can_paginate(method):
            size = {"PageSize": job["page_size"]} if job["page_size"] else {}
            pages = client.get_paginator(method).paginate(**job["parameters"], PaginationConfig=size)
            async for page in pages:
                looks += [self._look(job, record) for record in jmespath.search(job["result"], page) or []]
        else:
            async with self._room:
                page = await getattr(client, method)(**job["parameters"])
            looks += [self._look(job, record) for record in jmespath.search(job["result"], page) or []]
        await asyncio.gather(*looks)

    async def _look(self, job: Job, record: Any) -> None:
        for detail in job["details"]:
            region = (jmespath.search(job["home"], record) if job["home"] else "") or job["region"]
            client = await self._client(job["account"], region, job["service"])
            arguments = {name: jmespath.search(path, record) for name, path in detail["arguments"].items()}
            try:
                async with self._room:
                    answer = await getattr(client, xform_name(detail["operation"]))(**arguments)
                record[detail["into"]] = jmespath.search(detail["result"], answer)
            except ClientError:
                record[detail["into"]] = {}
        self.found.append(record)


def scan(mode: str, endpoint: str, jobs: list[Job]) -> int:
    """One scan in one of the manners; how many records were found."""
    if mode == "aio":
        return asyncio.run(Aio(endpoint).scan(jobs))
    return Threads(endpoint, 1 if mode == "seq" else int(mode.removeprefix("pool"))).scan(jobs)


def main(mode: str) -> None:
    """Scan twice; print what the second time took."""
    given = json.load(sys.stdin)
    scan(mode, given["endpoint"], given["jobs"])
    wall, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
    found = scan(mode, given["endpoint"], given["jobs"])
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": cpu, "found": found}))


if __name__ == "__main__":
    main(sys.argv[1])
