"""Metrics and traces of requests: the field's names, an opaque tenant, and no content."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from escher.client.embedded import EmbeddedTransport
from escher_server.app import create_app
from escher_server.runtime.key_file import KeyFile
from escher_server.runtime.telemetry import Telemetry, start_export
from escher_server.settings import ServerSettings
from tests.server.conftest import context
from tests.server.requests import ROUTES, ask_everything
from tests.server.served import asking, serving


class Observed:
    """An application whose telemetry stays in memory."""

    def __init__(self, home: Path) -> None:
        self.reader, self.spans = InMemoryMetricReader(), InMemorySpanExporter()
        tracers = TracerProvider()
        tracers.add_span_processor(SimpleSpanProcessor(self.spans))
        self.key, self.record = KeyFile(home).create("acme", ("admin",))
        telemetry = Telemetry(MeterProvider([self.reader]), tracers)
        self.app = create_app(ServerSettings(home=home, api_keys=()), telemetry=telemetry)

    def client(self) -> httpx.AsyncClient:
        """Asks with the key of the tenant `acme`."""
        return httpx.AsyncClient(
            transport=EmbeddedTransport(self.app),
            base_url="http://x",
            headers={"authorization": f"Bearer {self.key}"},
        )

    def everything(self) -> str:
        """All that was observed, as text."""
        data = self.reader.get_metrics_data()
        return "\n".join(
            [data.to_json() if data else "", *(span.to_json() for span in self.spans.get_finished_spans())]
        )


@pytest.fixture
def observed(tmp_path: Path) -> Observed:
    """A new one."""
    return Observed(tmp_path)


async def test_a_request_is_one_span_and_one_value_in_each_metric(observed: Observed) -> None:
    """Named as OpenTelemetry names them; the tenant is the opaque word of the key file."""
    async with observed.client() as client:
        await client.post("/v1/intent", json=context("list all buckets").model_dump(mode="json"))
    [span] = observed.spans.get_finished_spans()
    assert (span.name, span.kind.name) == ("POST /v1/intent", "SERVER")
    assert span.attributes is not None
    told = {"http.request.method": "POST", "http.route": "/v1/intent", "http.response.status_code": 200}
    assert told.items() <= dict(span.attributes).items()
    assert span.attributes["escher.tenant.id"] == observed.record.opaque
    metrics = {
        metric["name"]: metric["data"]["data_points"]
        for scope in json.loads(observed.everything().split("\n{")[0])["resource_metrics"][0]["scope_metrics"]
        for metric in scope["metrics"]
    }
    assert set(metrics) == {
        "http.server.request.duration",
        "http.server.active_requests",
        "http.server.request.body.size",
        "http.server.response.body.size",
    }
    assert metrics["http.server.request.duration"][0]["count"] == 1
    assert metrics["http.server.active_requests"][0]["value"] == 0


async def test_no_canary_reaches_a_metric_or_a_trace(observed: Observed) -> None:
    """Twenty of them in bodies, headers, paths, queries, methods and trace headers of every route; nor does the tenant."""
    async with observed.client() as client:
        await ask_everything(client)
        await client.request("ZEBRA", "/v1/health")
        await client.get("/v1/version", headers={"traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01", "baggage": "k=zebra"})
    everything = observed.everything()
    assert "zebra" not in everything.lower() and "acme" not in everything and "ab" * 16 not in everything
    assert {route for route in ROUTES if route not in everything} == set()


async def test_nothing_is_exported_where_no_endpoint_is_named() -> None:
    """Without OpenTelemetry's own variables there is no provider, so nothing is sent anywhere."""
    assert start_export({"PATH": "/bin"}) is False


def test_an_exporting_server_sends_what_it_saw_before_it_ends(tmp_path: Path) -> None:
    """Over OTLP, in a process of its own as providers are global; what arrives holds the route and no canary."""
    received: list[tuple[str, bytes]] = []

    class Collector(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append((self.path, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    collector = HTTPServer(("127.0.0.1", 0), Collector)
    Thread(target=collector.serve_forever, daemon=True).start()
    endpoint = f"http://127.0.0.1:{collector.server_port}"
    environment = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_COMPRESSION": "none"}
    with serving(tmp_path, **environment) as server, asking(server) as client:
        client.post("/v1/intent", json=context("stop canary-zebra").model_dump(mode="json"))
    collector.shutdown()
    assert {path for path, _ in received} == {"/v1/metrics", "/v1/traces"}
    assert all(b"/v1/intent" in body and b"zebra" not in body for _, body in received)
