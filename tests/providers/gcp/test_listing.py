"""Lists by the services' own APIs: places, parents, and answers that are not whole."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from escher.errors import CredentialError
from escher.providers.gcp.reader import GcpReader
from escher.providers.registry import resource_types
from escher.providers.source import ReadFailed, Record
from tests.fixtures.gcp_answers import ACCOUNT, NUMBER, PROJECT, answers_for, reader_of, records_of, unit_of

DISKS = f"compute.googleapis.com/compute/v1/projects/{PROJECT}/aggregated/disks"


async def checked(answers: dict[str, Any]) -> GcpReader:
    """A reader that knows the project and has no inventory."""
    reader = reader_of(answers)
    await reader.check(ACCOUNT)
    return reader


async def seen(answers: dict[str, Any], name: str) -> tuple[list[Record], ReadFailed | None]:
    """The records of a type, and the failure at the end if there is one."""
    records: list[Record] = []
    unit = unit_of(resource_types()[name])
    try:
        async for page in (await checked(answers)).pages((unit,)):
            records += page.records[unit]
    except ReadFailed as cause:
        return records, cause
    return records, None


def off(consumer: str) -> Any:
    """An API that is off in a project."""
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "SERVICE_DISABLED",
        "metadata": {"consumer": f"projects/{consumer}", "service": "compute.googleapis.com"},
    }
    error = {"code": 403, "status": "PERMISSION_DENIED", "message": "compute.googleapis.com is off", "details": [info]}
    return lambda _: httpx.Response(403, json={"error": error})


@pytest.mark.parametrize("consumer", [NUMBER, PROJECT])
async def test_an_api_that_is_off_has_nothing(consumer: str) -> None:
    """Where the API is off in the project itself, the type is read whole: there is nothing of it."""
    assert await seen({DISKS: off(consumer)}, "gcp_compute_disk") == ([], None)


async def test_an_api_that_is_off_elsewhere_says_nothing() -> None:
    """The log-in's own project is another one: what this one holds is not known."""
    records, failure = await seen({DISKS: off("999999999999")}, "gcp_compute_disk")
    assert records == []
    assert failure is not None
    assert failure.native_code == "SERVICE_DISABLED"


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("gcp_compute_disk", {"unreachables": ["zones/us-central1-a"]}),
        ("gcp_kubernetes_cluster", {"missingZones": ["us-central1-a"]}),
        ("gcp_redis_instance", {"unreachable": ["projects/p/locations/us-central1-a"]}),
        ("gcp_bigtable_instance", {"failedLocations": ["projects/p/locations/us-central1-a"]}),
        ("gcp_sql_database_instance", {"warnings": [{"code": "REGION_UNREACHABLE", "region": "us-central1-a"}]}),
    ],
)
async def test_what_google_could_not_reach_is_a_failure(name: str, part: dict[str, Any]) -> None:
    """All that is there is given out, then the answer is called incomplete, with the place."""
    answers = answers_for(name)
    path, whole = next(iter(answers.items()))
    records, failure = await seen(answers | {path: whole | part}, name)
    assert len(records) == len((await seen(answers, name))[0]) > 0
    assert failure is not None
    assert (failure.native_code, "us-central1-a" in str(failure)) == ("IncompleteAnswer", True)


async def test_a_warning_of_a_zone_is_a_failure() -> None:
    """In a list over all zones each has a warning of its own; only an empty page is none."""
    answers = answers_for("gcp_compute_disk")
    items = answers[DISKS]["items"] | {"zones/us-east1-b": {"warning": {"code": "UNREACHABLE"}}}
    records, failure = await seen({DISKS: answers[DISKS] | {"items": items}}, "gcp_compute_disk")
    assert len(records) == 3
    assert failure is not None
    assert "us-east1-b UNREACHABLE" in str(failure)


async def test_one_location_that_fails_leaves_the_others() -> None:
    """What the other locations hold is given out before the failure."""
    answers = answers_for("gcp_cloud_run_service")
    del answers[f"run.googleapis.com/v2/projects/{PROJECT}/locations/europe-west1/services"]
    records, failure = await seen(answers, "gcp_cloud_run_service")
    assert [record["_short"] for record in records] == ["api"]
    assert failure is not None


async def test_what_is_gone_between_list_and_look_is_left_out() -> None:
    """A dataset that was deleted after it was named is no failure."""
    answers = answers_for("gcp_bigquery_dataset")
    del answers[f"bigquery.googleapis.com/bigquery/v2/projects/{PROJECT}/datasets/open"]
    records, failure = await seen(answers, "gcp_bigquery_dataset")
    assert ([record["_short"] for record in records], failure) == (["sales"], None)


@pytest.mark.parametrize("answer", [{"message": "hello"}, {"items": "none"}, {"items": ["a"]}])
async def test_an_answer_of_another_shape_is_malformed(answer: dict[str, Any]) -> None:
    """It is never taken for an empty list, which would delete what is known."""
    _, failure = await seen({DISKS: answer}, "gcp_compute_disk")
    assert failure is not None
    assert failure.native_code == "MalformedAnswer"


async def test_an_empty_list_is_empty() -> None:
    """Google leaves an empty list out of the answer."""
    assert await seen({DISKS: {"kind": "compute#diskAggregatedList", "id": "x"}}, "gcp_compute_disk") == ([], None)


async def test_refused_credentials_end_the_project() -> None:
    """A 401 that a new token does not mend is the log-in's failure."""
    answers = {DISKS: lambda _: httpx.Response(401, json={"error": {"code": 401, "status": "UNAUTHENTICATED"}})}
    reader = await checked(answers)
    with pytest.raises(CredentialError, match="no longer accepts"):
        await records_of(reader, unit_of(resource_types()["gcp_compute_disk"]))
