"""Faults, delays and the tally of calls; and the server as a process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import psutil
import pytest

from tests.fixtures.azure_cloud import AzureCloud, azure_cloud

SUBSCRIPTIONS = "/subscriptions"


@pytest.fixture(autouse=True)
def clean(cloud: AzureCloud) -> Iterator[None]:
    """No test leaves its faults to another."""
    yield
    cloud.clear_faults()


def statuses(cloud: AzureCloud, number: int) -> Counter[int]:
    return Counter(cloud.send("GET", SUBSCRIPTIONS).status_code for _ in range(number))


def test_a_fault_strikes_so_many_times(cloud: AzureCloud) -> None:
    """Throttling says when to come again, in ARM's form."""
    cloud.faults({"match": "^/subscriptions", "status": 429, "times": 2, "retry_after": 3})
    first = cloud.send("GET", SUBSCRIPTIONS)
    assert (first.status_code, first.headers["Retry-After"]) == (429, "3")
    assert first.json()["error"]["code"] == "TooManyRequests"
    assert statuses(cloud, 3) == {429: 1, 200: 2}


def test_a_fault_strikes_a_share(cloud: AzureCloud) -> None:
    """By a seeded chance, so it is the same at every run."""
    cloud.faults({"match": "subscriptions", "status": 500, "share": 0.3})
    seen = statuses(cloud, 200)
    cloud.clear_faults()
    cloud.faults({"match": "subscriptions", "status": 500, "share": 0.3})
    assert statuses(cloud, 200) == seen
    assert 30 <= seen[500] <= 90


def test_a_fault_keeps_to_its_path_and_method(cloud: AzureCloud) -> None:
    """Other calls are answered."""
    cloud.faults({"match": "Microsoft.Compute/disks", "status": 403, "code": "AuthorizationFailed", "method": "GET"})
    root = f"/subscriptions/{cloud.subscriptions['web-shop']}/providers/Microsoft.Compute"
    denied = cloud.send("GET", f"{root}/disks")
    assert (denied.status_code, denied.json()["error"]["code"]) == (403, "AuthorizationFailed")
    assert cloud.send("GET", f"{root}/snapshots").status_code == 200
    assert cloud.send("POST", f"{root}/disks").status_code != 403


def test_a_fault_can_be_a_broken_answer(cloud: AzureCloud) -> None:
    """Any text in place of JSON."""
    cloud.faults({"match": "subscriptions", "status": 200, "body": '{"value": [', "times": 1})
    assert cloud.send("GET", SUBSCRIPTIONS).text == '{"value": ['


def test_a_fault_that_is_none_is_refused(cloud: AzureCloud) -> None:
    """So a test does not wait for what cannot come."""
    assert cloud.http.post("/_demo/faults", json=[{"status": 500}]).status_code == 400
    assert cloud.http.post("/_demo/faults", json=[{"match": "(", "status": 500}]).status_code == 400


def test_calls_are_told(cloud: AzureCloud) -> None:
    """Method and path in order, those that a fault struck too; the demo's own are not counted."""
    cloud.reset_calls()
    cloud.faults({"match": "tenants", "status": 500, "times": 1})
    cloud.send("GET", SUBSCRIPTIONS)
    cloud.send("GET", "/tenants")
    assert cloud.calls() == [("GET", SUBSCRIPTIONS), ("GET", "/tenants")]


def test_answers_can_be_slow(cloud: AzureCloud) -> None:
    """Each waits at least so long."""
    cloud.steer(ms=150)
    slow = cloud.send("GET", SUBSCRIPTIONS).elapsed.total_seconds()
    cloud.steer(ms=0)
    assert slow >= 0.15


def test_pages_can_be_small(cloud: AzureCloud) -> None:
    """So that paging is met in a small estate."""
    cloud.steer(page_size=5)
    page = cloud.send("GET", f"/subscriptions/{cloud.subscriptions['web-shop']}/resources").json()
    cloud.steer(page_size=100)
    assert len(page["value"]) == 5
    assert "nextLink" in page


def test_it_stays_small(cloud: AzureCloud) -> None:
    """Under 120 MB after everything was listed."""
    for _ in range(5):
        cloud.graph("resources")
    pid = json.loads((cloud.folder / "azure.json").read_text("utf-8"))["pid"]
    assert psutil.Process(pid).memory_info().rss < 120 * 1024**2


def test_it_leaves_when_told() -> None:
    """With connections still open; its announcement goes with it, and its key was private."""
    with azure_cloud() as running:
        running.send("GET", SUBSCRIPTIONS)
        announcement = running.folder / "azure.json"
        process = psutil.Process(json.loads(announcement.read_text("utf-8"))["pid"])
        assert (running.folder / "key.pem").stat().st_mode & 0o077 == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert not announcement.exists()


def test_a_folder_is_needed() -> None:
    """Without one the process says so and fails."""
    done = subprocess.run(
        [sys.executable, "-m", "escher.demo.clouds.azure"], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "FOLDER" in done.stderr
