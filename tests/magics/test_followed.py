"""`%escher runs follow`: a run that another notebook started, in a view of its own, which can pause and cancel it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from escher.magics.followed import FollowedView
from escher.session.session import Session
from tests.execution.supervised import acting, home
from tests.execution.test_supervisor import Held
from tests.execution.world import served


def test_a_followed_run_is_shown_paused_and_cancelled(tmp_path: Path) -> None:
    """Its tracker has the first step; the page's messages reach the supervisor; then the result is there."""
    cloud = Held()
    with home(tmp_path / "home") as mine, served(cloud) as endpoint:
        plan = mine.granted(acting(0, "slow", endpoint=endpoint), acting(1, "never", endpoint=endpoint))
        run_id = mine.runs.start(plan.plan_id)
        assert cloud.waiting.wait(30)
        followed = FollowedView(Session(mine.parts), run_id)
        _until(lambda: "progress_tracker" in _types(followed))
        for message in ({"type": "run.pause", "paused": True}, {"type": "run.cancel"}):
            followed.widget._handle_custom_msg({"v": 1, "id": "m", "run_id": run_id, **message}, [])
        assert mine.runs.wait_for(run_id).status == "cancelled"
        cloud.open.set()
        _until(lambda: "execution_result" in _types(followed))
    assert set(cloud.asked) <= {"slow"}


def _types(followed: FollowedView) -> list[object]:
    view = vars(followed)["_view"]
    return [document["type"] for document in view.documents()]


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
