"""Cloud SQL: started and stopped by `activationPolicy`, restarted, backed up."""

from __future__ import annotations

from escher.demo.clouds.gcp.call import Call
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, digits, stamp
from escher.demo.clouds.gcp.writing import begin, merged


@serves("sql.instances.patch", "sql.instances.update")
def change(call: Call) -> Json:
    """Merge the body into an instance. A stopped one still says RUNNABLE; its `activationPolicy` tells."""
    changed = merged(call.copy(), call.body)
    settings = changed.get("settings", {})
    changed["settings"] = settings | {"settingsVersion": str(int(settings.get("settingsVersion", 1)) + 1)}
    return begin(call, "update", lambda: call.put(changed) and None)


@serves("sql.instances.restart")
def restart(call: Call) -> Json:
    """Restart a running instance."""
    path = call.path.rpartition("/")[0]
    if call.copy(path).get("settings", {}).get("activationPolicy") == "NEVER":
        raise ApiError(400, "The instance is not running.", "instanceNotRunning")
    return begin(call, "restart", lambda: None, path)


@serves("sql.instances.delete")
def delete(call: Call) -> Json:
    """400 while it is protected."""
    if call.copy().get("settings", {}).get("deletionProtectionEnabled"):
        message = "The instance is protected. Please disable the deletion protection and try again."
        raise ApiError(400, message, "invalid")
    return begin(call, "delete", lambda: call.state.remove("sqladmin", call.path))


@serves("sql.backupRuns.insert")
def back_up(call: Call) -> Json:
    """A backup on demand."""
    instance = call.path.rpartition("/")[0]
    call.resource(instance)
    number = digits(f"{instance}{stamp(call.now)}", 13)
    data: Json = {
        "kind": "sql#backupRun",
        "id": number,
        "status": "SUCCESSFUL",
        "type": "ON_DEMAND",
        "instance": instance.rpartition("/")[2],
        "enqueuedTime": stamp(call.now),
        "endTime": stamp(call.now),
        "selfLink": f"https://sqladmin.googleapis.com/sql/v1beta4/{call.path}/{number}",
    }
    return begin(call, "backup_volume", lambda: call.put(data, f"{call.path}/{number}") and None, instance)
