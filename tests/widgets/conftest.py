"""What the widget's tests share: the reply put together by hand, and a kernel whose front end is the test itself."""

from __future__ import annotations

import ast
import base64
import importlib.util
import queue
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from jupyter_client.blocking.client import BlockingKernelClient
from jupyter_client.manager import start_new_kernel

from escher.contract.messages import ApprovePlan

E2E = Path(__file__).parents[1] / "e2e"
SHOW = "from stage import *\nshown = plan()\nstage = Stage(reply(shown))"


@pytest.fixture(scope="session")
def stage() -> ModuleType:
    """The module that the browser tests' notebooks import."""
    spec = importlib.util.spec_from_file_location("stage", E2E / "stage.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["stage"] = module
    spec.loader.exec_module(module)
    return module


class Page:
    """A front end: the program that started the kernel. Signs as the page does."""

    def __init__(self, client: BlockingKernelClient) -> None:
        self.client = client
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.received: list[dict[str, Any]] = []

    def run(self, code: str) -> None:
        """Run code as a cell; raises what it raised."""
        reply = self.client.execute(code, reply=True, timeout=30)
        assert reply["content"]["status"] == "ok", "\n".join(reply["content"].get("traceback", []))

    def value(self, expression: str) -> Any:
        """What an expression is in the kernel."""
        reply = self.client.execute("", user_expressions={"x": expression}, reply=True, timeout=30)
        return ast.literal_eval(reply["content"]["user_expressions"]["x"]["data"]["text/plain"])

    def expect_becomes(self, expression: str, expected: object) -> None:
        """Wait until an expression is what is expected."""
        deadline = time.monotonic() + 10
        while self.value(expression) != expected and time.monotonic() < deadline:
            time.sleep(0.05)
        assert self.value(expression) == expected

    def send(self, content: dict[str, Any]) -> dict[str, Any]:
        """Send a message of the page to the view of `stage`; the message as sent."""
        body = {"comm_id": self.value("stage.widget.model_id"), "data": {"method": "custom", "content": content}}
        return self.client.session.send(self.client.shell_channel.socket, "comm_msg", body)

    def fetch(self, key: ec.EllipticCurvePrivateKey | None = None) -> None:
        """Ask for the view, with the public half of this page's key, and wait for it."""
        self.send({"v": 1, "type": "view.fetch", "id": uuid.uuid4().hex, "key": public(key or self.key)})
        self.wait_for("view.show")

    def approval(self, key: ec.EllipticCurvePrivateKey | None = None, **changes: str) -> dict[str, Any]:
        """A signed approval of the shown plan."""
        plan_id, digest = self.value("[shown.plan_id, shown.digest]")
        message = ApprovePlan(id=uuid.uuid4().hex, plan_id=plan_id, digest=digest)
        message = message.model_copy(update={"signature": sign(key or self.key, message.signed_bytes())})
        return message.model_dump(mode="json") | changes

    def wait_for(self, kind: str) -> dict[str, Any]:
        """The next message of this type to the page."""
        while True:
            try:
                message = self.client.get_iopub_msg(timeout=10)
            except queue.Empty:
                pytest.fail(f"no {kind} within ten seconds")
            content = message["content"].get("data", {}).get("content") if message["msg_type"] == "comm_msg" else None
            if content:
                self.received.append(content)
                if content["type"] == kind:
                    return content


def public(key: ec.EllipticCurvePrivateKey) -> str:
    """The public key as the page sends it."""
    point = key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return base64.b64encode(point).decode()


def sign(key: ec.EllipticCurvePrivateKey, content: bytes) -> str:
    """A signature as the page makes it."""
    r, s = utils.decode_dss_signature(key.sign(content, ec.ECDSA(hashes.SHA256())))
    return base64.b64encode(r.to_bytes(32) + s.to_bytes(32)).decode()


@pytest.fixture(scope="module")
def kernel() -> Iterator[BlockingKernelClient]:
    """A real kernel, started by this process."""
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(E2E))
    yield client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.fixture
def page(kernel: BlockingKernelClient) -> Page:
    """A page, and a fresh view in the kernel that nobody has shown yet."""
    opened = Page(kernel)
    opened.run(SHOW)
    return opened
