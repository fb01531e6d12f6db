"""Buckets: changed and removed at once; their contents are not part of the demo."""

from __future__ import annotations

from escher.demo.clouds.gcp.call import Call
from escher.demo.clouds.gcp.completing import completed
from escher.demo.clouds.gcp.errors import ApiError
from escher.demo.clouds.gcp.registry import serves
from escher.demo.clouds.gcp.state import Json, stamp
from escher.demo.clouds.gcp.writing import merged


@serves("storage.buckets.insert")
def insert(call: Call) -> Json:
    """A new bucket; names are one room for everybody."""
    path = f"b/{call.body.get('name', '')}"
    if call.state.find("storage", path):
        message = "Your previous request to create the named bucket succeeded and you already own it."
        raise ApiError(409, message, "conflict")
    given = call.body | {"projectNumber": call.state.number(call.project)}
    given["location"] = str(given.get("location", "US")).upper()
    data = completed(call.document, path, given, call.now, call.state)
    call.put(data, path)
    return data


@serves("storage.buckets.patch", "storage.buckets.update")
def change(call: Call) -> Json:
    """Merge the body into a bucket; 412 if it is no longer of the generation that the caller read."""
    data = call.copy()
    wanted = call.option("ifMetagenerationMatch") or data["metageneration"]
    if wanted != data["metageneration"]:
        raise ApiError(412, "At least one of the pre-conditions you specified did not hold.", "conditionNotMet")
    changed = merged(data, call.body)
    generation = str(int(data["metageneration"]) + 1)
    call.put(changed | {"metageneration": generation, "updated": stamp(call.now), "etag": f"CA{generation}="})
    return call.copy()


@serves("storage.buckets.getIamPolicy")
def policy(call: Call) -> Json:
    """Only the project's owners."""
    name = call.path.split("/")[1]
    member = f"projectOwner:{call.project}"
    binding = {"role": "roles/storage.legacyBucketOwner", "members": [member]}
    return {
        "kind": "storage#policy",
        "resourceId": f"projects/_/buckets/{name}",
        "version": 1,
        "etag": "CAE=",
        "bindings": [binding],
    }
