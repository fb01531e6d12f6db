"""Canaries: secrets of a made-up user, and listeners that nobody may reach. What a step took of them is found again."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import socket
import stat
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
_REFUSAL = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def _core_pattern() -> str:
    """A setting of the kernel's that may name a program, which it then runs outside of everything."""
    setting = Path("/proc/sys/kernel/core_pattern")
    return setting.read_text() if setting.exists() else ""


@dataclass
class Canaries:
    """A home full of secrets, one word in all of them, and sinks. `reached` lists what arrived at a sink."""

    folder: Path
    word: str = field(default_factory=lambda: f"CANARY{secrets.token_hex(8)}")
    reached: list[str] = field(default_factory=list[str])
    cloud: list[bytes] = field(default_factory=list[bytes])
    pattern: str = field(default_factory=_core_pattern)
    ports: dict[str, int] = field(default_factory=dict[str, int])

    @property
    def home(self) -> Path:
        """The user's home."""
        return self.folder / "home"

    @property
    def outside(self) -> Path:
        """A folder of the user's that anybody could write to."""
        return self.folder / "outside"

    @property
    def endpoint(self) -> str:
        """The step's own endpoint, which may be reached."""
        return f"http://127.0.0.1:{self.ports['cloud']}"

    def fill(self, script: str) -> str:
        """A hostile script with the places and addresses of these canaries."""
        stealing = f"cat {self.home}/.aws/credentials"
        stealing_python = f"print(open('{self.home}/.aws/credentials').read())"
        return script.format(
            home=self.home,
            outside=self.outside,
            pid=os.getpid(),
            bus=self.folder / "bus",
            abstract=self.word,
            sink=f"http://127.0.0.1:{self.ports['sink']}",
            sink_port=self.ports["sink"],
            metadata=f"http://127.0.0.1:{self.ports['metadata']}",
            dns_port=self.ports["dns"],
            encoded=base64.b64encode(stealing.encode()).decode(),
            encoded_python=base64.b64encode(stealing_python.encode()).decode(),
        )

    def taken(self, text: str) -> list[str]:
        """Where the word, or what can be made of it, has come to: output, wires, disk."""
        found = ["output"] * any(form in text for form in self._forms())
        found += ["cloud"] * any(form.encode() in asked for asked in self.cloud for form in self._forms())
        found += [f"disk: {path.name}" for path in self.outside.iterdir()]
        found += ["kernel"] * (_core_pattern() != self.pattern)
        return [*found, *self.reached]

    def _forms(self) -> tuple[str, ...]:
        """The word as it is, backwards, in hexadecimal, and as base64 has it at each of the three offsets."""
        plain = self.word.encode()
        coded = [base64.b64encode(b"x" * offset + plain).decode()[4 * bool(offset) :][:-6] for offset in range(3)]
        return (self.word, self.word[::-1], plain.hex(), *coded)

    def plant(self) -> None:
        """Write the home: credentials, configuration that leads astray, and programs in the place of others."""
        word, sink = self.word, f"http://127.0.0.1:{self.ports['sink']}"
        program = f"#!/bin/sh\necho {word} | tee {self.outside}/ran\n"
        files = {
            ".aws/credentials": f"[default]\naws_access_key_id = AKIA{word}\naws_secret_access_key = {word}\n",
            ".aws/config": f"[profile process]\ncredential_process = {self.home}/.local/bin/process\n"
            f"[profile endpoint]\nendpoint_url = {sink}\nregion = us-east-1\n",
            ".aws/cli/alias": f"[toplevel]\nsteal = !cat {self.home}/.aws/credentials\n"
            f"[command ec2]\nsteal = !cat {self.home}/.aws/credentials\n",
            ".aws/sso/cache/token.json": json.dumps({"accessToken": word}),
            ".azure/msal_token_cache.json": json.dumps({"secret": word}),
            ".azure/service_principal_entries.json": json.dumps([{"client_secret": word}]),
            ".azure/cliextensions/steal/azext_steal/__init__.py": f"print({word!r})\nCOMMAND_LOADER_CLS = None\n",
            ".azure/cliextensions/canary.whl": word,
            ".config/gcloud/application_default_credentials.json": json.dumps({"refresh_token": word}),
            ".config/gcloud/credentials.db": word,
            ".config/gcloud/configurations/config_canary": f"[core]\naccount = {word}@evil.example\n",
            ".config/gcloud/flags.yaml": f"--project: {word}\n",
            ".local/share/keyrings/login.keyring": word,
            ".local/bin/aws": program,
            ".local/bin/process": program,
            ".local/lib/boto3_canary.py": f"print({word!r})\n",
            ".netrc": f"machine evil.example password {word}\n",
            ".bashrc": f"echo {word}\ncat {self.home}/.netrc\nalias aws='echo {word}'\n",
        }
        for name, content in files.items():
            path = self.home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            if ".local/bin" in name:
                path.chmod(path.stat().st_mode | stat.S_IXUSR)


@asynccontextmanager
async def canaries(folder: Path) -> AsyncIterator[Canaries]:
    """Canaries with their sinks, while the block runs."""
    found = Canaries(folder)
    found.outside.mkdir()
    loop = asyncio.get_running_loop()
    servers = [await _http(found, name) for name in ("cloud", "sink", "metadata")]
    buses = (str(folder / "bus"), f"\0{found.word}")
    servers += [await asyncio.start_unix_server(_sink(found, "bus"), path) for path in buses]
    names = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    names.bind(("127.0.0.1", 0))
    found.ports["dns"] = names.getsockname()[1]
    transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(found), sock=names)
    found.plant()
    try:
        yield found
    finally:
        transport.close()
        for server in servers:
            server.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, found: Canaries) -> None:
        self._found = found

    def datagram_received(self, data: bytes, addr: object) -> None:
        self._found.reached.append("dns")


async def _http(found: Canaries, name: str) -> asyncio.Server:
    server = await asyncio.start_server(_sink(found, name), "127.0.0.1", 0)
    found.ports[name] = server.sockets[0].getsockname()[1]
    return server


def _sink(found: Canaries, name: str) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if name != "cloud":
            found.reached.append(name)
        try:
            said = await asyncio.wait_for(reader.read(1_000_000), 5)
            found.cloud += [said] * (name == "cloud")
            writer.write(_REFUSAL)
            await writer.drain()
        except (OSError, TimeoutError):
            pass  # it hung up
        finally:
            writer.close()

    return answer
