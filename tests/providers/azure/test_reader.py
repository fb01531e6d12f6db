"""What the reader of Azure says when an answer is missing, refused, cut or wrong."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx
import pytest

from escher.contract.estate import Resource
from escher.errors import CredentialError
from escher.providers.azure.reader import AzureReader
from escher.providers.registry import resource_types
from escher.providers.source import Page, ReadFailed, Sighting
from tests.fixtures.azure_answers import (
    ACCOUNT,
    NOW,
    Answering,
    Answers,
    Way,
    answers_for,
    pages_of,
    reader_of,
    refused,
    unit_of,
)

TYPES = resource_types()
DISK, MACHINE, VAULT = (TYPES[f"azure_{name}"] for name in ("compute_disk", "compute_virtual_machine", "key_vault"))
CONTAINER, OTHER = TYPES["azure_storage_container"], TYPES["azure_other"]
ROOT = f"/subscriptions/{ACCOUNT.account_id}"
Row = dict[str, Any]


def row(number: int) -> Row:
    """A disk of the graph."""
    id_ = f"{ROOT}/resourceGroups/rg/providers/Microsoft.Compute/disks/d{number}"
    return {
        "id": id_,
        "name": f"d{number}",
        "type": "microsoft.compute/disks",
        "location": "westeurope",
        "properties": {},
    }


def graph_page(rows: list[Row], total: int, token: str = "", **more: Any) -> httpx.Response:
    """A page of the graph."""
    tokens = {"$skipToken": token} if token else {}
    body = {"totalRecords": total, "count": len(rows), "data": rows, "resultTruncated": "false"} | tokens | more
    return httpx.Response(200, json=body)


class Graph(Answering):
    """A cloud whose graph gives these answers, one after the other; the last one for ever."""

    def __init__(self, *pages: httpx.Response) -> None:
        super().__init__({})
        self.pages = list(pages)
        self.asked: list[dict[str, Any]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "POST":
            self.asked.append(json.loads(request.content))
            return self.pages.pop(0) if len(self.pages) > 1 else self.pages[0]
        return super().__call__(request)


def read(cloud: Answering, *names: str) -> tuple[dict[str, int], dict[str, ReadFailed]]:
    """How many records each type has, and which scopes failed."""
    pages = asyncio.run(pages_of(reader_of(cloud), *(TYPES[name] for name in names)))
    counts: dict[str, int] = {}
    for page in pages:
        for unit, records in page.records.items():
            counts[unit.declared.name] = counts.get(unit.declared.name, 0) + len(records)
    return counts, {unit.declared.name: failure for page in pages for unit, failure in page.failures.items()}


async def until_failure(reader: AzureReader) -> tuple[list[Page], ReadFailed]:
    """The pages of the disks up to the failure."""
    pages: list[Page] = []
    try:
        async for page in reader.pages((unit_of(DISK),)):
            pages.append(page)  # noqa: PERF401 what came before the failure is what is asked for
    except ReadFailed as failure:
        return pages, failure
    raise AssertionError("nothing failed")


def look(answers: Answers, way: Way = "arm") -> list[Sighting]:
    """The machines, each looked at."""

    async def looked() -> list[Sighting]:
        reader, unit = reader_of(Answering(answers, way)), unit_of(MACHINE)
        pages = [page async for page in reader.pages((unit,))]
        return [await reader.look(unit, record) for page in pages for record in page.records.get(unit, ())]

    return asyncio.run(looked())


def test_all_types_of_the_graph_are_one_batch() -> None:
    """A subscription costs a query, one for what nobody declares, and a list for each type that the graph lacks."""
    azure = [unit_of(declared) for declared in TYPES.values() if declared.provider == "azure"]
    together, *alone = reader_of(Answering({})).batches(azure)
    assert {unit.declared.name for (unit,) in alone} == {
        "azure_other",
        "azure_resource_group",
        "azure_role_assignment",
        "azure_storage_container",
        "azure_subnet",
    }
    assert len(together) == len(azure) - len(alone) > 40


def test_pages_of_the_graph_follow_its_token() -> None:
    """Each page is asked for with the token of the one before, and for one subscription."""
    cloud = Graph(graph_page([row(1)], 2, "next"), graph_page([row(2)], 2))
    assert read(cloud, "azure_compute_disk") == ({"azure_compute_disk": 2}, {})
    assert [asked["options"].get("$skipToken") for asked in cloud.asked] == [None, "next"]
    assert all(asked["subscriptions"] == [ACCOUNT.account_id] for asked in cloud.asked)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (refused(403, "AuthorizationFailed"), "AuthorizationFailed"),
        (refused(500, "InternalServerError"), "InternalServerError"),
        (graph_page([row(2)], 3, "next"), "MalformedAnswer"),
        (graph_page([row(2)], 1), "MalformedAnswer"),
        (graph_page([], 3), "MalformedAnswer"),
        (graph_page([row(2), row(3)], 3, resultTruncated="true"), "MalformedAnswer"),
        (httpx.Response(200, json={"totalRecords": 3}), "MalformedAnswer"),
        (httpx.Response(200, json={"totalRecords": 3, "data": ["x"]}), "MalformedAnswer"),
        (httpx.Response(200, text="<html>"), "MalformedAnswer"),
        (httpx.Response(200, json=[]), "MalformedAnswer"),
        (httpx.Response(302, headers={"Location": "https://elsewhere.example"}), "UnexpectedRedirect"),
    ],
    ids=[
        "denied",
        "broken",
        "circle",
        "shrunk",
        "short",
        "truncated",
        "no rows",
        "no objects",
        "html",
        "list",
        "redirect",
    ],
)
def test_a_page_that_must_not_be_believed_fails_the_scope(second: httpx.Response, code: str) -> None:
    """What was seen before is kept, and the scope is not complete."""
    pages, failure = asyncio.run(until_failure(reader_of(Graph(graph_page([row(1)], 3, "next"), second))))
    assert sum(len(records) for page in pages for records in page.records.values()) >= 1
    assert failure.native_code == code
    assert "canary" not in str(failure)


def test_what_the_roles_do_not_cover_is_reported_and_not_taken_for_empty() -> None:
    """The graph just has fewer rows for whom may not read a type."""
    answers = answers_for("azure_compute_disk")
    cloud = Answering(answers, actions=("Microsoft.Compute/*/read",))
    counts, failures = read(cloud, "azure_compute_disk", "azure_key_vault", "azure_other")
    assert counts["azure_compute_disk"] == 3
    assert {name: failure.permission for name, failure in failures.items()} == {
        "azure_key_vault": "Microsoft.KeyVault/vaults/read",
        "azure_other": "*/read",
    }


def test_without_the_graph_each_type_is_listed_and_fails_alone() -> None:
    """One list that is refused costs one scope, with the permission that it takes."""
    answers = answers_for("azure_compute_disk") | {
        f"{ROOT}/providers/Microsoft.KeyVault/vaults": [403, "AuthorizationFailed"],
        f"{ROOT}/providers/Microsoft.Compute/snapshots": [500, "InternalServerError"],
    }
    counts, failures = read(
        Answering(answers, "arm"), "azure_compute_disk", "azure_key_vault", "azure_compute_snapshot"
    )
    assert counts["azure_compute_disk"] == 3
    assert {name: (failure.native_code, failure.permission) for name, failure in failures.items()} == {
        "azure_key_vault": ("AuthorizationFailed", "Microsoft.KeyVault/vaults/read"),
        "azure_compute_snapshot": ("InternalServerError", ""),
    }


def test_who_may_not_ask_for_permissions_is_read_from_lists() -> None:
    """Only these say what they refuse; the list of everything does not, so it is never complete."""
    answers = answers_for("azure_compute_disk") | answers_for("azure_other")
    counts, failures = read(Answering(answers, actions=None), "azure_compute_disk", "azure_other")
    assert (counts["azure_compute_disk"], counts["azure_other"]) == (3, 3)
    assert {name: failure.permission for name, failure in failures.items()} == {
        "azure_other": "Microsoft.Authorization/permissions/read"
    }


def test_a_parent_that_is_gone_has_no_children_and_one_that_fails_costs_its_own() -> None:
    """The others' are kept."""
    answers = answers_for("azure_storage_container")
    broken, gone = [path for path in answers if path.endswith("containers")]
    assert read(Answering({path: answer for path, answer in answers.items() if path != gone}), CONTAINER.name) == (
        {CONTAINER.name: 2},
        {},
    )
    counts, failures = read(Answering(answers | {broken: [403, "AuthorizationFailed"]}), CONTAINER.name)
    assert counts == {CONTAINER.name: 2}
    assert failures[CONTAINER.name].permission == f"{CONTAINER.listing.permission}"


def test_a_machine_is_asked_whether_it_runs_only_where_the_list_does_not_say() -> None:
    """The graph knows, a list does not."""
    answers = answers_for("azure_compute_virtual_machine")
    cloud = Answering(answers)

    async def states() -> list[str]:
        reader, unit = reader_of(cloud), unit_of(MACHINE)
        pages = [page async for page in reader.pages((unit,))]
        seen = [await reader.look(unit, record) for page in pages for record in page.records.get(unit, ())]
        return [one.resource.native_state for one in seen if one.resource]

    assert asyncio.run(states()) == ["PowerState/running", "PowerState/deallocated", "Deleting"]
    assert [path for path in cloud.calls if path.endswith("instanceview")] == [_view(answers)]


def test_a_machine_that_cannot_be_asked_is_neither_running_nor_stopped() -> None:
    """The missing permission is reported."""
    answers = answers_for("azure_compute_virtual_machine")
    running, asked, _ = look(answers | {_view(answers): [403, "AuthorizationFailed"]})
    assert running.failures == ()
    assert isinstance(asked.resource, Resource)
    assert (asked.resource.state, asked.resource.native_state) == ("unknown", "Succeeded")
    assert [failure.permission for failure in asked.failures] == ["Microsoft.Compute/virtualMachines/instanceView/read"]


def test_a_machine_deleted_after_it_was_listed_is_simply_gone() -> None:
    """That is no failure."""
    answers = answers_for("azure_compute_virtual_machine")
    seen = look(answers | {_view(answers): [404, "ResourceNotFound"]})[1]
    assert (seen.resource, seen.failures) == (None, ())


def test_a_record_that_makes_no_sense_is_reported() -> None:
    """One malformed record costs only itself."""
    answers = answers_for("azure_compute_virtual_machine")
    (records,) = [answer["value"] for answer in answers.values() if "value" in answer]
    records[0]["properties"]["timeCreated"] = "once"
    wrong, *others = look(answers)
    assert (wrong.resource, [failure.native_code for failure in wrong.failures]) == (None, ["MalformedAnswer"])
    assert all(seen.resource for seen in others)


def test_a_refused_log_in_ends_the_scan_of_the_account() -> None:
    """A token that is refused even when it is new says so, with the next move."""
    cloud = Answering({path: [401, "ExpiredAuthenticationToken"] for path in answers_for("azure_subnet")})
    with pytest.raises(CredentialError, match="az login"):
        read(cloud, "azure_subnet")


def test_allowed_takes_a_call_a_group() -> None:
    """However many resources it has; a group that cannot be read leaves its resources unknown."""
    group, other = f"{ROOT}/resourcegroups/shop-rg", f"{ROOT}/resourcegroups/closed"
    rights = "/providers/Microsoft.Authorization/permissions"
    cloud = Answering({})
    cloud.answers = {}

    def answer(request: httpx.Request) -> httpx.Response:
        cloud.calls.append(request.url.path)
        if request.url.path == group + rights:
            return httpx.Response(200, json={"value": [{"actions": ["Microsoft.Compute/*"], "notActions": []}]})
        return refused(403, "AuthorizationFailed")

    ids = [f"{base}/providers/microsoft.compute/disks/d{number}" for base in (group, other) for number in range(20)]
    verdicts = run(lambda reader: reader.allowed(ACCOUNT, [_disk(id_) for id_ in ids]), answer)
    assert set(verdicts) == set(ids[:20])
    assert verdicts[ids[0]]["Microsoft.Compute/disks/write"] is True
    assert len(cloud.calls) == 2


def test_allowed_says_what_is_missing_when_nothing_can_be_told() -> None:
    """Nothing is allowed by default."""
    with pytest.raises(ReadFailed) as caught:
        run(
            lambda reader: reader.allowed(ACCOUNT, [_disk(row(1)["id"].lower())]),
            lambda _: refused(403, "AuthorizationFailed"),
        )
    assert caught.value.permission == "Microsoft.Authorization/permissions/read"


def test_changes_that_cannot_be_told_are_blind() -> None:
    """Neither the graph's record nor the Activity Log may be read."""
    found = run(lambda reader: reader.changes(ACCOUNT, (), NOW - 60), lambda _: refused(403, "AuthorizationFailed"))
    assert found.blind == {"global"}


def test_a_change_that_no_record_goes_back_to_is_blind() -> None:
    """Nobody keeps records for a year, so nobody is asked."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return refused(403, "AuthorizationFailed")

    found = run(lambda reader: reader.changes(ACCOUNT, (), NOW - 365 * 86_400), answer)
    assert (found.blind, asked) == ({"global"}, [])


def run(
    work: Callable[[AzureReader], Coroutine[Any, Any, Any]], answer: Callable[[httpx.Request], httpx.Response]
) -> Any:
    """Work with a reader whose cloud is a function."""

    async def working() -> Any:
        reader = reader_of(httpx.MockTransport(answer))
        return await work(reader)

    return asyncio.run(working())


def _disk(id_: str) -> Resource:
    return Resource("azure", ACCOUNT.account_id, "westeurope", DISK.name, "disk", id_, id_, id_, "available")


def _view(answers: Answers) -> str:
    (path,) = [path.lower() for path in answers if path.endswith("instanceView")]
    return path


def test_a_cancelled_reading_leaves_nothing_behind() -> None:
    """The lists of all types were being read at once."""
    hanging: list[str] = []

    async def hang(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/permissions"):
            return refused(403, "AuthorizationFailed")
        hanging.append(request.url.path)
        await asyncio.sleep(3_600)
        raise AssertionError("nobody waits that long")

    async def cancelled() -> set[asyncio.Task[Any]]:
        reader = reader_of(httpx.MockTransport(hang))
        reading = asyncio.create_task(pages_of(reader, DISK, VAULT, MACHINE))
        while len(hanging) < 3:
            await asyncio.sleep(0)
        reading.cancel()
        await asyncio.wait([reading])
        return {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}

    assert asyncio.run(cancelled()) == set()
