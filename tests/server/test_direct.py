"""Short cuts of the server change nothing but the time: the same answers and refusals as by the long way."""

from __future__ import annotations

import json

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from escher.contract.aggregates import AlertRequest
from escher_server.routes.direct import DirectRoute
from escher_server.routes.shortcut import Shortcut

ALERTS = "/v1/alerts/analyse"
GOOD = AlertRequest(finding="public_storage", category="security", severity="high", production=True, affected=2)
BODIES = {
    "right": GOOD.model_dump_json().encode(),
    "spaced": json.dumps(GOOD.model_dump(mode="json"), indent=4).encode(),
    "utf-16": GOOD.model_dump_json().encode("utf-16"),
    "twice": b'{"affected": 1, ' + GOOD.model_dump_json().encode()[1:],
    "unknown field": GOOD.model_dump_json().encode()[:-1] + b', "zebra": 1}',
    "not a number": GOOD.model_dump_json().encode().replace(b'"affected":2', b'"affected":NaN'),
    "a boolean for a number": GOOD.model_dump_json().encode().replace(b'"affected":2', b'"affected":true'),
    "a fraction": GOOD.model_dump_json().encode().replace(b'"affected":2', b'"affected":2.0'),
    "half": GOOD.model_dump_json().encode()[:20],
    "a list": b"[]",
    "nothing": b"",
    "deep": b"[" * 2_000,
    "no text": b"\xff\xfe\xfa",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_a_document_is_read_as_by_the_framework(http: httpx.AsyncClient, body: bytes) -> None:
    """With a character set beside its type a body takes the long way; what comes back is the same, byte for byte."""
    answers = [
        await http.post(ALERTS, content=body, headers={"content-type": kind})
        for kind in ("application/json", "application/json; charset=utf-8")
    ]
    assert answers[0].status_code == answers[1].status_code
    assert answers[0].content == answers[1].content
    assert answers[0].headers == answers[1].headers


def test_a_route_that_takes_more_than_a_document_stays_as_it_is(app: FastAPI) -> None:
    """The caller, a path's parts or a stream are the framework's business."""
    direct = {
        route.path
        for route in app.routes
        if isinstance(route, DirectRoute) and route.get_route_handler().__qualname__.startswith("_direct")
    }
    assert {ALERTS, "/v1/reports/compose", "/v1/ui/enhance"} <= direct
    assert direct.isdisjoint({"/v1/chat", "/v1/validate", "/v1/playbooks/{playbook_id}/{version}"})


async def test_every_plain_path_is_found_at_once_and_no_other(app: FastAPI, http: httpx.AsyncClient) -> None:
    """Each with its methods; a wrong method is still told which are right, an unknown path is unknown."""
    [shortcut] = (route for route in app.routes if isinstance(route, Shortcut))
    plain = [route for route in app.routes if isinstance(route, APIRoute) and "{" not in route.path]
    for route in plain:
        for method in route.methods:
            _, found = shortcut.matches({"type": "http", "method": method, "path": route.path, "headers": []})
            assert found["route"].path == route.path
    wrong = await http.get(ALERTS)
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert (await http.get(f"{ALERTS}/more")).status_code == 404
