"""One Jupyter server and one Chromium for all browser tests; each test opens a notebook of its own."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, async_playwright

from tests.product.conftest import make_demo  # noqa: F401 the fixture is used here too

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
KERNEL = "escher-tests"
NEWS_SETTING = "@jupyterlab/apputils-extension:notification"


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Say which package is missing; in CI a missing browser is a failure."""
    if item.get_closest_marker("browser") and CHROMIUM is None:
        message = "Chromium is missing: install the package `chromium`"
        pytest.fail(message) if os.environ.get("CI") == "true" else pytest.skip(message)


@dataclass(frozen=True)
class Notebook:
    """A notebook that is open in the browser."""

    page: Page
    path: Path

    async def run(self, index: int, *, wait: bool = True, timeout_s: float = 30) -> None:
        """Run a cell; without `wait` only start it."""
        script = """async ([index, wait]) => {
            const notebook = jupyterapp.shell.currentWidget.content;
            notebook.deselectAll();
            notebook.activeCellIndex = index;
            const done = jupyterapp.commands.execute('notebook:run-cell');
            if (wait) await done;
        }"""
        await asyncio.wait_for(self.page.evaluate(script, [index, wait]), timeout_s)

    async def value(self, expression: str) -> Any:
        """What an expression is in the kernel, as JSON; asked on the shell channel, so it waits for a busy cell."""
        script = """async (code) => {
            const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
            const future = kernel.requestExecute({code, silent: false, store_history: false});
            let text = '';
            future.onIOPub = (message) => {
                if (message.header.msg_type === 'stream') text += message.content.text;
                if (message.header.msg_type === 'error') text += JSON.stringify({error: message.content.evalue});
            };
            await future.done;
            return text;
        }"""
        code = f"import json as _json\nprint(_json.dumps({expression}))"
        return json.loads(await asyncio.wait_for(self.page.evaluate(script, code), 30))

    async def expect_becomes(self, expression: str, expected: Any, timeout_s: float = 10) -> None:
        """Wait until an expression is what is expected."""
        seen = await self.value(expression)
        deadline = asyncio.get_running_loop().time() + timeout_s
        while seen != expected and asyncio.get_running_loop().time() < deadline:
            await asyncio.sleep(0.1)
            seen = await self.value(expression)
        assert seen == expected

    async def expect_stays(self, expression: str, expected: Any, seconds: float = 1.5) -> None:
        """An expression is, and after a while still is, what is expected."""
        assert await self.value(expression) == expected
        await asyncio.sleep(seconds)
        assert await self.value(expression) == expected

    def output(self, index: int) -> Locator:
        """What a cell has put out."""
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(index).locator(".jp-Cell-outputWrapper")

    async def save(self) -> str:
        """Save, and return the file's text."""
        await self.page.evaluate("jupyterapp.commands.execute('docmanager:save')")
        return self.path.read_text("utf-8")


class Lab:
    """JupyterLab in a browser."""

    def __init__(self, root: Path, kernels: Path, address: str, token: str, browser: Browser) -> None:
        self.root, self._kernels = root, kernels
        self._address, self._token, self._browser = address, token, browser
        self._pages: list[Page] = []

    def add_kernel(self, name: str, environment: Mapping[str, str]) -> None:
        """Register a kernel of this interpreter with an environment of its own."""
        write_kernel(self._kernels / name, environment)

    async def open(self, cells: Sequence[str], *, height: int = 1000, kernel: str = KERNEL) -> Notebook:
        """Write a notebook with these cells and open it, its kernel ready."""
        path = self.root / f"n{secrets.token_hex(4)}.ipynb"
        path.write_text(json.dumps(_document(cells, kernel)), "utf-8")
        page = await self._browser.new_page(
            viewport={"width": 1180, "height": height}, permissions=["clipboard-read", "clipboard-write"]
        )
        self._pages.append(page)
        await page.goto(f"{self._address}/lab/tree/{path.name}?token={self._token}&reset")
        ready = "globalThis.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
        await page.wait_for_function(ready, timeout=60_000)
        await page.evaluate("jupyterapp.shell.collapseLeft()")
        return Notebook(page, path)

    def set(self, plugin: str, **values: Any) -> None:
        """Change a setting of JupyterLab for the pages that are opened from now on."""
        body = json.dumps({"raw": json.dumps(values)}).encode()
        address = f"{self._address}/lab/api/settings/{plugin}"
        request = Request(address, body, {"Authorization": f"token {self._token}"}, method="PUT")
        with urlopen(request, timeout=10) as answer:
            assert answer.status == 204

    async def close_pages(self) -> None:
        """Close what a test has opened, and stop its kernels."""
        for page in self._pages:
            await page.evaluate("jupyterapp.shell.currentWidget?.sessionContext.shutdown()")
            await page.close()
        self._pages.clear()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def lab_session(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Lab]:
    """The shared server and browser."""
    home = tmp_path_factory.mktemp("lab")
    root = home / "notebooks"
    root.mkdir()
    shutil.copy(Path(__file__).with_name("stage.py"), root)
    write_kernel(home / "data" / "kernels" / KERNEL, {})
    port, token = _free_port(), secrets.token_hex(16)
    server = await _start_server(home, root, port, token)
    try:
        await _wait_for(port, server)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            opened = Lab(root, home / "data" / "kernels", f"http://127.0.0.1:{port}", token, browser)
            opened.set(NEWS_SETTING, fetchNews="false")
            yield opened
            await browser.close()
    finally:
        server.terminate()
        await server.wait()


@pytest_asyncio.fixture(loop_scope="session")
async def lab(lab_session: Lab) -> AsyncIterator[Lab]:
    """The browser, with the pages of this test closed at its end."""
    yield lab_session
    await lab_session.close_pages()


async def _start_server(home: Path, root: Path, port: int, token: str) -> asyncio.subprocess.Process:
    options = [
        f"--ServerApp.port={port}", "--ServerApp.port_retries=0", "--ServerApp.ip=127.0.0.1", "--no-browser",
        f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={root}", "--ServerApp.allow_root=True",
        "--LabApp.expose_app_in_browser=True", "--LabApp.news_url=",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # fmt: skip
    folders = {f"JUPYTER_{name}_DIR": str(home / name.lower()) for name in ("CONFIG", "DATA", "RUNTIME")} | {
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    log = (home / "server.log").open("wb")
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "jupyterlab", *options, env=os.environ | folders, stdout=log, stderr=log, cwd=home
    )


async def _wait_for(port: int, server: asyncio.subprocess.Process) -> None:
    for _ in range(600):
        assert server.returncode is None, "JupyterLab ended at once"
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    pytest.fail("JupyterLab did not start within a minute")


def write_kernel(folder: Path, environment: Mapping[str, str]) -> None:
    """A kernel spec: this interpreter, with these variables besides the server's."""
    folder.mkdir(parents=True)
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    spec = {"argv": argv, "display_name": folder.name, "language": "python", "env": dict(environment)}
    (folder / "kernel.json").write_text(json.dumps(spec))


def _document(cells: Sequence[str], kernel: str) -> dict[str, Any]:
    return {
        "cells": [
            {
                "cell_type": "code",
                "id": f"c{number}",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": cell,
            }
            for number, cell in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]
