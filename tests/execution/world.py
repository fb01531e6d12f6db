"""A world in which plans of a test's own are run: a real store, engine and processes, and a cloud of a few paths over HTTP."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, cast

from escher.approval.approvals import Approvals, Consumed
from escher.approval.grant import ApprovedPlan
from escher.approval.tools import Tool, find_tool
from escher.contract.estate import Account
from escher.contract.plan import Operation, Plan, Step
from escher.contract.runs import RunEvent, RunResult
from escher.execution.engine import Engine
from escher.ledger.ledger import Ledger
from escher.settings import Settings
from escher.store.operations import OperationStore
from escher.store.vault import Store
from tests.approval.conftest import ACCOUNT, FakeAws

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
# Asks the cloud for each path it is given; what the cloud says against it goes to stderr, as a CLI's error would.
ASKING = """
import os, sys, urllib.error, urllib.request
for path in sys.argv[1:]:
    try:
        with urllib.request.urlopen(os.environ["AWS_ENDPOINT_URL"] + "/" + path) as answer:
            print(path, answer.read().decode())
    except urllib.error.HTTPError as error:
        sys.exit(error.read().decode())
"""
THROTTLED = "An error occurred (Throttling) when calling the StopInstances operation: Rate exceeded"
BROKEN = "An error occurred (InternalError) when calling the StopInstances operation (reached max retries: 0)"
DENIED = "An error occurred (UnauthorizedOperation) when calling the StopInstances operation: not authorized"


class Cloud:
    """Counts what it is asked for. `against` says what it answers to a path the n-th time; empty: it does it."""

    def __init__(self, against: Callable[[str, int], str] = lambda path, number: "") -> None:
        self.against = against
        self.asked: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        self._lock = threading.Lock()

    def ask(self, path: str) -> str:
        """Note a request; what is said against it. What begins with `late:` is said after it was done all the same."""
        with self._lock:
            self.asked[path] += 1
            said = self.against(path, self.asked[path])
            if not said or said.startswith("late:"):
                self.done[path] += 1
            return said.removeprefix("late:")


@contextmanager
def served(cloud: Cloud) -> Iterator[str]:
    """The cloud's address while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            said = cloud.ask(self.path.strip("/"))
            self.send_response(503 if said else 200)
            self.end_headers()
            self.wfile.write((said or "done").encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Print nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def step(step_id: str, *paths: str, endpoint: str = "", operation: str = "", **given: Any) -> Step:
    """A step that asks the cloud for these paths; with an `operation` (`ec2 stop-instances`) it is a change."""
    service, _, name = operation.partition(" ")
    effect = "write" if operation else "read"
    about: dict[str, Any] = {
        "title": f"Step {step_id}",
        "number": int(step_id.partition(".")[0]),
        "script": ASKING,
        "language": "python",
        "arguments": paths,
        "phase": "change" if operation else "check",
        "effect": effect,
        "provider": "aws",
        "account_id": ACCOUNT.account_id,
        "region": "us-east-1",
        "targets": paths,
        "environment": {"AWS_ENDPOINT_URL": endpoint} if endpoint else {},
        "operations": (Operation(provider="aws", service=service, operation=name, effect=effect),) if operation else (),
    }
    return Step(step_id=step_id, **about | given)


def shell(step_id: str, script: str, **given: Any) -> Step:
    """A step that runs a script in bash."""
    return step(step_id, script=script, language="bash", **{"targets": ("one",)} | given)


def plan(*steps: Step, **given: Any) -> Plan:
    """A plan of these steps."""
    about: dict[str, Any] = {"plan_id": "plan-1", "question": "do it", "title": "Stop them", "playbook_id": "p"}
    about |= {"version": "1.0.0", "risk": "low", "effect": "write", "reversible": False, "policy_version": "1"}
    about |= {"created_at": NOW.isoformat(), "expires_at": NOW.isoformat(), "steps": steps}
    return Plan(**about | given).sealed()


class Runner:
    """An engine on a store of its own. `events` are those of the last run."""

    def __init__(self, store: Store, pace: float = 0.01, account: Account = ACCOUNT, **given: Any) -> None:
        self._ledger = Ledger(store)
        accounts = {account.account_id: account}
        # What these tests run was consumed already.
        approvals = cast("Approvals", None)
        self.engine = Engine(store, self._ledger, approvals, FakeAws(), lambda: accounts, pace=pace, **given)
        self.operations = OperationStore(store)
        self.events: list[RunEvent] = []

    def run(self, what: Plan, emit: Callable[[RunEvent], None] = lambda event: None) -> RunResult:
        """Run a plan to its end; `emit` is told each event too."""
        return asyncio.run(self.arun(what, emit))

    async def arun(self, what: Plan, emit: Callable[[RunEvent], None] = lambda event: None) -> RunResult:
        """`run`, to be awaited."""
        self.events = []

        def note(event: RunEvent) -> None:
            self.events.append(event)
            emit(event)

        return await self.engine.run_consumed(consumed(what), note)

    def told(self, type_: str) -> Sequence[Any]:
        """The events of one type."""
        return [event for event in self.events if event.type == type_]


def consumed(what: Plan) -> Consumed:
    """An approval of the plan that was just used up."""
    tools = tuple(Tool(name=name, path=find_tool(name) or "", sha256="") for name in ("bash", "python"))
    approved = ApprovedPlan.model_construct(
        channel="terminal",
        plan_id=what.plan_id,
        digest=what.digest,
        approver="ana",
        identities={one.account_id: f"{one.account_id} {FakeAws.principal}" for one in what.steps},
        tools=tools,
        expires_at=datetime(2100, 1, 1, tzinfo=UTC).isoformat(),
    )
    return Consumed(f"run-{what.plan_id.removeprefix('plan-')}", what, approved, 1, NOW)


@contextmanager
def runner(folder: Path, pace: float = 0.01, account: Account = ACCOUNT, **given: Any) -> Iterator[Runner]:
    """A runner on a new store in this folder; `given` goes to its engine."""
    secret = folder / "passphrase"
    secret.write_text("correct horse battery staple")
    secret.chmod(0o600)
    with Store.create(Settings(home=folder, passphrase_file=secret)) as store:
        yield Runner(store, pace, account, **given)
