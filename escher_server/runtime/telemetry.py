"""OpenTelemetry metrics and traces of requests, without content: route, status, duration, sizes, an opaque tenant.

Names are those of OpenTelemetry's semantic conventions for HTTP servers. Nothing that a client chose is ever an
attribute: no path, no query, no header, and a method only when it is a known one. A client's `traceparent` is not
followed, as its digits could say anything.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

from opentelemetry import metrics, trace

from escher.errors import MissingDependency

METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"})
_NAME = "escher_server"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10)
_ENDPOINTS = {
    "metrics": ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
    "traces": ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"),
}


class Observation(NamedTuple):
    """One request as it is counted. `tenant` is opaque, and empty where no key was asked for or none was right."""

    method: str
    route: str
    status: int
    tenant: str
    duration_s: float
    bytes_in: int
    bytes_out: int


class Telemetry:
    """Where observations go. Without providers it is OpenTelemetry's own global ones, which do nothing until set."""

    def __init__(
        self, meters: metrics.MeterProvider | None = None, tracers: trace.TracerProvider | None = None
    ) -> None:
        meter = metrics.get_meter(_NAME, meter_provider=meters)
        self._tracer = trace.get_tracer(_NAME, tracer_provider=tracers)
        self._active = meter.create_up_down_counter("http.server.active_requests", "{request}", "Requests in flight")
        self._duration = meter.create_histogram(
            "http.server.request.duration",
            "s",
            "Until the last byte of the answer",
            explicit_bucket_boundaries_advisory=_SECONDS,
        )
        self._read = meter.create_histogram("http.server.request.body.size", "By", "Bytes of requests")
        self._written = meter.create_histogram("http.server.response.body.size", "By", "Bytes of answers")

    def begun(self) -> None:
        """A request came in."""
        self._active.add(1)

    def ended(self, seen: Observation) -> None:
        """It is over: one span, and one value in each metric."""
        self._active.add(-1)
        attributes = _attributes(seen)
        self._duration.record(seen.duration_s, attributes)
        self._read.record(seen.bytes_in, attributes)
        self._written.record(seen.bytes_out, attributes)
        ended_at = time.time_ns()
        span = self._tracer.start_span(
            f"{attributes['http.request.method']} {seen.route}",
            context=trace.set_span_in_context(trace.INVALID_SPAN),
            kind=trace.SpanKind.SERVER,
            attributes={
                **attributes,
                "http.request.body.size": seen.bytes_in,
                "http.response.body.size": seen.bytes_out,
            },
            start_time=ended_at - int(seen.duration_s * 1e9),
        )
        if seen.status >= 500:
            span.set_status(trace.StatusCode.ERROR)
        span.end(ended_at)


def start_export(environment: Mapping[str, str]) -> bool:
    """Send what is observed over OTLP, when OpenTelemetry's own variables name an endpoint; whether it does.

    Raises MissingDependency when one is named and the extra `otel` is not installed.
    """
    wanted = {kind for kind, names in _ENDPOINTS.items() if any(environment.get(name) for name in names)}
    if not wanted:
        return False
    try:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as cause:
        raise MissingDependency(
            "telemetry is asked for (OTEL_EXPORTER_OTLP_…), and OpenTelemetry's SDK is not installed.",
            hint="pip install 'escher[otel]'",
        ) from cause
    resource = Resource.create({"service.name": "escher-server", "service.version": _version()})
    if "metrics" in wanted:
        reader = PeriodicExportingMetricReader(OTLPMetricExporter())
        metrics.set_meter_provider(MeterProvider([reader], resource))
    if "traces" in wanted:
        tracers = TracerProvider(resource=resource)
        tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        trace.set_tracer_provider(tracers)
    return True


def stop_export() -> None:
    """Send what is not sent yet, and end. Nothing happens where nothing was exported."""
    for provider in (metrics.get_meter_provider(), trace.get_tracer_provider()):
        end = getattr(provider, "shutdown", None)
        if callable(end):
            end()


def _attributes(seen: Observation) -> dict[str, str | int]:
    attributes: dict[str, str | int] = {
        "http.request.method": seen.method if seen.method in METHODS else "_OTHER",
        "http.route": seen.route,
        "http.response.status_code": seen.status,
        "escher.tenant.id": seen.tenant,
    }
    if seen.status >= 500:
        attributes["error.type"] = str(seen.status)
    return attributes


def _version() -> str:
    try:
        return version("escher")
    except PackageNotFoundError:
        return "source"
