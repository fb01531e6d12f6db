"""What surrounds a step: who it may talk to, what it sees, and that all of it ends."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from escher.contract.plan import Operation
from escher.errors import RunFailed
from escher.execution.sandbox.addresses import Address, admitted, may_connect
from escher.execution.sandbox.endpoints import endpoints
from escher.execution.sandbox.level import Protection
from tests.conftest import program_path
from tests.execution.steps import KEEPER, bubblewrap, run, step

_STRAYS = """
trap '' TERM
sleep 300.{mark} &
setsid sleep 300.{mark} &
( ( trap '' TERM; setsid bash -c 'trap "" TERM; sleep 300.{mark}; sleep 300.{mark}' & ) & )
python3 -c 'import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if not os.fork():
    os.setsid()
    if not os.fork():
        time.sleep(float("300.{mark}"))' &
sleep 0.3
echo started
"""


@pytest.fixture(params=("sandbox", "keeper"))
def using(request: pytest.FixtureRequest) -> Protection:
    """Each of the two levels of protection."""
    return bubblewrap() if request.param == "sandbox" else KEEPER


@dataclass
class Listener:
    """An HTTP server on this machine that remembers what it was asked."""

    port: int = 0
    heads: list[str] = field(default_factory=list[str])

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Remember a request and say hello."""
        self.heads.append((await reader.readuntil(b"\r\n\r\n")).decode())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nhello\n")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    """A server while the block runs."""
    program_path("curl", "curl")
    found = Listener()
    server = await asyncio.start_server(found.answer, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found


def _with(mark: str) -> list[psutil.Process]:
    """Processes whose arguments have a mark that no other process has, and which are not dead."""
    return [
        one
        for one in psutil.process_iter(["cmdline", "status"])
        if one.info["status"] != psutil.STATUS_ZOMBIE and any(mark in word for word in one.info["cmdline"] or ())
    ]


def _gone(mark: str) -> bool:
    """Whether none is left; init collects the dead when it likes."""
    deadline = time.monotonic() + 10
    while _with(mark) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not _with(mark)


async def test_a_step_reaches_its_endpoint_and_no_other(using: Protection) -> None:
    """The pinned endpoint answers; another on the same machine gets no request through the proxy, and that is told."""
    async with listening() as meant, listening() as other:
        script = f"curl -s {meant.url}/a?b=c; curl -s -o /dev/null -w '%{{http_code}}\\n' {other.url}/"
        found = await run(step(script, environment={"AWS_ENDPOINT_URL": meant.url}), using)
    assert found.lines == ["hello", "403"]
    assert meant.heads[0].startswith("GET /a?b=c HTTP/1.1\r\n") and not other.heads
    assert found.notes == [f"Escher refused a connection to 127.0.0.1:{other.port}: no endpoint of this step."]


async def test_a_tunnel_leads_to_the_endpoint_only(using: Protection) -> None:
    """CONNECT, as https uses it."""
    async with listening() as meant, listening() as other:
        script = f"curl -s -p {meant.url}/; curl -s -p -o /dev/null {other.url}/ || echo refused"
        found = await run(step(script, environment={"AWS_ENDPOINT_URL": meant.url}), using)
    assert found.lines == ["hello", "refused"] and not other.heads


async def test_the_accounts_proxy_is_the_next_hop(using: Protection) -> None:
    """What goes to the provider goes through the account's own proxy, with its password."""
    async with listening() as proxy:
        environment = {"HTTPS_PROXY": f"http://ana:secret@127.0.0.1:{proxy.port}"}
        operation = Operation(provider="aws", service="ec2", operation="describe-instances", effect="read")
        script = "curl -s -m 5 -o /dev/null https://ec2.us-east-1.amazonaws.com/; env | grep -c secret"
        found = await run(step(script, environment=environment, operations=(operation,)), using)
    assert proxy.heads[0].startswith("CONNECT ec2.us-east-1.amazonaws.com:443 HTTP/1.1\r\n")
    assert "Proxy-Authorization: Basic YW5hOnNlY3JldA==" in proxy.heads[0]
    assert found.lines[-1] == "0"


async def test_a_sandbox_has_no_other_network() -> None:
    """Past the proxy there is nothing: no address, no name service, no metadata server."""
    async with listening() as other:
        script = f"""
unset http_proxy https_proxy HTTP_PROXY HTTPS_PROXY
for url in {other.url} http://169.254.169.254/ http://[::1]:{other.port}/; do
  curl -s -m 3 $url || echo unreachable
done
getent hosts example.com || echo no name
"""
        found = await run(step(script), bubblewrap())
    assert found.lines == [*["unreachable"] * 3, "no name"] and not other.heads


async def test_a_sandbox_shows_no_file_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither home nor temporary files nor processes of others are there; nothing shown can be written."""
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "secret").write_text("canary")
    script = f"""
cat {tmp_path}/secret 2>&1 | grep -o 'No such file.*'
ls -A "$HOME" "$TMPDIR" | wc -l
ls /proc | grep -c '^[0-9]'
touch /usr/canary 2>&1 | grep -o 'Read-only.*'
id -un
"""
    found = await run(step(script), bubblewrap())
    assert found.lines[0] == "No such file or directory"
    assert int(found.lines[2]) < 12
    assert found.lines[3:] == ["Read-only file system", "escher"]


async def test_a_sandbox_cannot_set_anything_of_the_kernel() -> None:
    """Also when Escher is root's: a setting may name a program that the kernel runs outside."""
    script = "for at in kernel/core_pattern vm/swappiness; do echo 1 > /proc/sys/$at; done; mount -o remount,rw /proc"
    found = await run(step(script), bubblewrap())
    assert [line.rpartition(": ")[2] for line in found.lines[:2]] == ["Read-only file system"] * 2
    assert found.ending.exit_code != 0


async def test_a_sandbox_has_no_line_past_its_namespaces() -> None:
    """The hypervisor's sockets, other processes' memory and the kernel's keys are refused; what tools need is not."""
    script = """
import ctypes, platform, socket
keyctl = {"x86_64": 250, "aarch64": 219}[platform.machine()]
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, 40):
    try:
        socket.socket(family, socket.SOCK_STREAM)
        print("made")
    except OSError as cause:
        print(cause.strerror)
print(ctypes.CDLL(None).ptrace(16, 1, 0, 0), ctypes.CDLL(None).syscall(keyctl, 0, -3, 0))
"""
    found = await run(step(script, language="python"), bubblewrap())
    assert found.lines == [*["made"] * 3, "Operation not permitted", "-1 -1"]


async def test_the_environment_is_closed(using: Protection, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fixed PATH, a home of its own; nothing of this process's environment, and no start-up file of bash."""
    monkeypatch.setenv("BASH_ENV", "/etc/profile")
    monkeypatch.setenv("AWS_PROFILE", "canary")
    monkeypatch.setenv("LD_PRELOAD_CANARY", "canary")
    found = await run(step('env; echo "$PATH"'), using)
    assert "canary" not in found.text and "BASH_ENV" not in found.text
    assert found.lines[-1].endswith(":/usr/bin") or found.lines[-1].endswith("/usr/bin:/bin")


async def test_no_value_of_the_environment_is_in_an_argument(using: Protection) -> None:
    """Who lists processes sees no credential."""
    canary = "canary-6f1a"
    script = "tr '\\0' ' ' < /proc/1/cmdline; tr '\\0' ' ' < /proc/$PPID/cmdline; echo; sleep 0.2"
    before = {one.pid for one in _with(canary)}
    found = await run(step(script), using, credentials={"AWS_SECRET_ACCESS_KEY": canary})
    assert found.ending.exit_code == 0 and canary not in found.text and not before


async def test_a_cancelled_step_leaves_nobody(using: Protection) -> None:
    """Not a child that ignores TERM, not one of another session, not a grandchild whose parent is gone."""
    mark = f"{os.getpid()}1"
    found = await run(step(_STRAYS.format(mark=mark) + "sleep 300"), using, cancel_on="started")
    assert found.ending.cancelled and found.lines[0] == "started"
    assert _gone(f"300.{mark}")


async def test_an_ended_step_leaves_nobody(using: Protection) -> None:
    """What a script left in the background ends with it; the exit code is the script's."""
    mark = f"{os.getpid()}2"
    found = await run(step(_STRAYS.format(mark=mark) + "exit 7"), using)
    assert (found.ending.exit_code, found.lines) == (7, ["started"])
    assert _gone(f"300.{mark}")


async def test_a_step_that_takes_too_long_leaves_nobody(using: Protection) -> None:
    """The same at the time-out."""
    mark = f"{os.getpid()}3"
    found = await run(step(f"(setsid sleep 300.{mark} &); sleep 300.{mark}"), using, timeout_s=0.3)
    assert found.ending.timed_out and _gone(f"300.{mark}")


async def test_a_step_may_end_by_itself_when_it_is_asked(using: Protection) -> None:
    """TERM reaches the script, which has time to put things right."""
    script = "trap 'echo put right; exit 0' TERM; echo ready; sleep 300 & wait"
    found = await run(step(script), using, cancel_on="ready")
    assert found.lines == ["ready", "put right"] and found.ending.cancelled


@pytest.mark.parametrize("level", ["bubblewrap", "process_group"])
def test_nothing_outlives_a_killed_supervisor(level: str) -> None:
    """Who started the step dies by KILL: every process of the step dies as well."""
    if level == "bubblewrap":
        bubblewrap()
    mark = f"{os.getpid()}4{len(level)}"
    code = f"""
import asyncio, sys
from tests.execution.steps import KEEPER, run, step
from escher.execution.sandbox.level import protection
using = protection() if {level!r} == "bubblewrap" else KEEPER
asyncio.run(run(step({_STRAYS.format(mark=mark) + "sleep 300"!r}), using))
"""
    root = Path(__file__).parents[2]
    starter = subprocess.Popen([sys.executable, "-c", code], cwd=root, stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 30
    while len(_with(f"sleep 300.{mark}")) + len(_with(f"300.{mark}")) < 6 and time.monotonic() < deadline:
        time.sleep(0.05)
    starter.send_signal(signal.SIGKILL)
    starter.wait()
    assert _gone(f"300.{mark}")


async def test_a_bundle_of_certificates_is_nothing_else(tmp_path: Path) -> None:
    """A file that is none is not shown in the sandbox: it could be anything of the user's."""
    secret = tmp_path / "credentials"
    secret.write_text("[default]\naws_secret_access_key = canary\n")
    with pytest.raises(RunFailed, match="is no bundle of certificates"):
        await run(step("true", environment={"AWS_CA_BUNDLE": str(secret)}), KEEPER)


async def test_what_protects_a_step_is_told() -> None:
    """In sentences: with a sandbox and without."""
    operation = Operation(provider="aws", service="ec2", operation="stop-instances", effect="write")
    inside = await run(step("true", operations=(operation,)), bubblewrap())
    outside = await run(step("true", operations=(operation,)), KEEPER)
    assert "Network: only ec2.us-east-1.amazonaws.com." in inside.protections
    assert outside.protections[0].startswith("No sandbox: this test wants none.")


def test_an_address_is_admitted_exactly() -> None:
    """Another port, a longer name or a name's part is another address."""
    allowed = (Address("ec2.us-east-1.amazonaws.com", 443),)
    assert admitted("EC2.us-east-1.amazonaws.com.", 443, allowed)
    for host, port in (
        ("ec2.us-east-1.amazonaws.com", 80),
        ("ec2.us-east-1.amazonaws.com.evil.example", 443),
        ("us-east-1.amazonaws.com", 443),
        ("x.ec2.us-east-1.amazonaws.com", 443),
    ):
        assert admitted(host, port, allowed) is None


@pytest.mark.parametrize(
    "numeric", ["127.0.0.1", "10.0.0.7", "192.168.1.1", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:10.0.0.7"]
)
def test_a_public_name_never_leads_to_a_private_address(numeric: str) -> None:
    """A name service that was tampered with cannot lead a step into the user's own network."""
    assert not may_connect(Address("ec2.us-east-1.amazonaws.com", 443), numeric)


def test_a_pinned_endpoint_may_be_private_but_no_metadata_server() -> None:
    """A gateway in the user's network is meant; the machine's own credentials never are."""
    assert may_connect(Address("gateway.internal", 443, pinned=True), "10.0.0.7")
    assert not may_connect(Address("gateway.internal", 443, pinned=True), "169.254.169.254")


def _hosts(provider: str, region: str, *operations: tuple[str, str, dict[str, object]], **environment: str) -> set[str]:
    found = [
        Operation.model_validate(
            {"provider": provider, "service": service, "operation": name, "parameters": given, "effect": "read"}
        )
        for service, name, given in operations
    ]
    asked = step("true", provider=provider, region=region, operations=tuple(found), environment=environment)
    return {str(one) for one in endpoints(asked.provider, asked.region, asked)}


def test_endpoints_are_those_of_the_operations() -> None:
    """A service's host in its region, a bucket's own, Google's APIs, the Resource Manager; or what is pinned, alone."""
    stop = ("ec2", "stop-instances", {})
    bucket = ("s3api", "put-bucket-versioning", {"Bucket": "my-bucket"})
    assert _hosts("aws", "eu-west-1", stop) == {"ec2.eu-west-1.amazonaws.com"}
    assert _hosts("aws", "cn-north-1", stop) == {"ec2.cn-north-1.amazonaws.com.cn"}
    assert _hosts("aws", "eu-west-1", bucket) == {"s3.eu-west-1.amazonaws.com", "my-bucket.s3.eu-west-1.amazonaws.com"}
    assert _hosts("gcp", "us-central1", ("sql", "instances patch", {})) == {"sqladmin.googleapis.com"}
    assert _hosts("azure", "westeurope", ("vm", "deallocate", {})) == {"management.azure.com"}
    assert _hosts("aws", "eu-west-1", stop, AWS_ENDPOINT_URL="http://127.0.0.1:5000") == {"127.0.0.1:5000"}
