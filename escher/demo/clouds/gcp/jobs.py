"""Jobs of Cloud Scheduler: paused and resumed. None of them ever runs."""

from __future__ import annotations

from escher.demo.clouds.gcp.call import Call
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, stamp

# verb: the state that a job must have for it, and the one that it has afterwards
_SWITCH = {"pause": ("ENABLED", "PAUSED"), "resume": ("PAUSED", "ENABLED")}


@serves(*(f"cloudscheduler.projects.locations.jobs.{verb}" for verb in _SWITCH))
def switch(call: Call) -> Json:
    """Pause or resume; 400 for a job in another state, unless it already is as wanted."""
    data, (before, afterwards) = call.copy(), _SWITCH[call.method.name]
    if data["state"] not in (before, afterwards):
        raise ApiError(400, f"Job.state must be {before} for {call.method.name}.", "failedPrecondition")
    call.put(data | {"state": afterwards, "userUpdateTime": stamp(call.now)})
    return call.copy()
