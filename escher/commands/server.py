"""`escher server`: the same brain that answers inside this process, on a port for others; and the keys that open it."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.table import Table

from escher.commands.command import Command, Invocation, Outcome
from escher.errors import ConfigurationError, InvalidInput

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SCOPES = ("user", "publisher", "reviewer", "admin")
_SHUTDOWN_S = 30
_NOTES = """
keys:
  escher server keys create --tenant acme --scope user    a key is shown once, and kept as a salted hash
  ESCHER_API_KEY                                          one key (or two, with a comma) of the default tenant
environment:
  ESCHER_SERVER_HOME          keys and tenants' playbooks (default ~/.local/share/escher-server)
  ESCHER_SERVER_LIBRARY       folder or https address that the library is synchronised from
  OTEL_EXPORTER_OTLP_ENDPOINT where metrics and traces go (extra 'otel'); they hold no content
"""


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8370, help="port to listen on (default 8370)")
    parser.add_argument("--workers", type=int, default=1, help="processes that answer (default 1)")
    parser.add_argument("--certfile", type=Path, help="certificate chain for TLS, PEM; TLS 1.3 is the least")
    parser.add_argument("--keyfile", type=Path, help="private key of the certificate, PEM")
    parser.add_argument("--per-minute", type=int, metavar="N", help="requests a tenant may send a minute (default 60)")
    parser.epilog = f"{parser.epilog or ''}\n{_NOTES}"
    groups = parser.add_subparsers(dest="group", metavar="keys")
    keys = groups.add_parser("keys", help="create, list, revoke and rotate API keys")
    actions = keys.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, help_ in (("create", "a new key, shown once"), ("rotate", "a new key beside the old; of two, one goes")):
        action = actions.add_parser(name, help=help_)
        action.add_argument("--tenant", required=True, help="whose key it is")
        action.add_argument(
            "--scope", required=True, action="append", choices=SCOPES, help="what it may do; repeatable"
        )
    actions.add_parser("list", help="every key, without the key").add_argument("--tenant", help="of one tenant only")
    actions.add_parser("revoke", help="take a key out of use, for good").add_argument("key_id", metavar="KEY_ID")


def _run(call: Invocation) -> Outcome:
    if call.options.group == "keys":
        actions = {"create": _create, "rotate": _create, "list": _list, "revoke": _revoke}
        return actions[call.options.action](call)
    return _serve(call)


def _serve(call: Invocation) -> Outcome:
    import uvicorn

    from escher.session.wiring import server_keys

    options = call.options
    if options.host not in LOOPBACK and not os.environ.get("ESCHER_API_KEY") and not server_keys().records():
        raise ConfigurationError(
            f"listening on {options.host} without a key would serve everybody.",
            hint="First: escher server keys create --tenant … --scope user (or set ESCHER_API_KEY).",
        )
    tls = _tls(options)
    if options.host not in LOOPBACK and not tls:
        print(
            "Without --certfile keys cross the network in clear, unless something before this ends TLS.",
            file=sys.stderr,
        )
    with _settings(options), _ended_by_signal():
        uvicorn.run(
            "escher.session.wiring:server_app",
            factory=True,
            host=options.host,
            port=options.port,
            workers=max(1, options.workers),
            log_config=_LOGGING,
            access_log=False,
            server_header=False,
            ws_ping_interval=15,
            ws_max_size=1024 * 1024,
            timeout_graceful_shutdown=_SHUTDOWN_S,
            **tls,
        )
    return Outcome({"host": options.host, "port": options.port, "status": "stopped"}, "The server has stopped.")


# One line a request on stderr, as JSON; the framework's own words only when something is wrong.
_LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {
        "escher_server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
    },
}


def _tls(options: argparse.Namespace) -> Mapping[str, Any]:
    """What makes it listen with TLS; empty for plain HTTP. Raises ConfigurationError for a file that is not there."""
    import ssl

    if not options.certfile and not options.keyfile:
        return {}
    missing = [path for path in (options.certfile, options.keyfile) if path and not path.is_file()]
    if not options.certfile or missing:
        raise ConfigurationError(
            f"TLS needs a certificate that is there{f'; not {missing[0]}' if missing else ''}.",
            hint="Give --certfile, and --keyfile when the key is in a file of its own.",
        )

    def at_least_1_3(_config: object, usual: Any) -> ssl.SSLContext:
        context: ssl.SSLContext = usual()
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        return context

    return {"ssl_certfile": options.certfile, "ssl_keyfile": options.keyfile, "ssl_context_factory": at_least_1_3}


@contextmanager
def _settings(options: argparse.Namespace) -> Generator[None]:
    """The options as environment, which is what workers read; they count requests together in a file of zeros."""
    if options.per_minute is not None:
        os.environ["ESCHER_SERVER_PER_MINUTE"] = str(options.per_minute)
    if options.workers <= 1:
        yield
        return
    with tempfile.NamedTemporaryFile(prefix="escher-counts-", dir=_memory_folder()) as counts:
        os.environ["ESCHER_SERVER_SHARED_COUNTS"] = counts.name
        try:
            yield
        finally:
            del os.environ["ESCHER_SERVER_SHARED_COUNTS"]


@contextmanager
def _ended_by_signal() -> Generator[None]:
    """SIGTERM is how a server is meant to end: the framework sends it on once all is answered, and then it does nothing."""
    try:
        before = signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    except ValueError:  # not in the main thread, where no signal arrives
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _memory_folder() -> str | None:
    """Where small files cost nothing; None is the usual folder for temporary files."""
    return next((folder for folder in ("/dev/shm",) if os.access(folder, os.W_OK)), None)  # noqa: S108 mode 0600 there


def _create(call: Invocation) -> Outcome:
    from escher.session.wiring import server_keys

    if call.goes_on:
        raise InvalidInput("a key that is shown in a notebook is saved with it.", hint="Use a terminal.")
    options = call.options
    keys = server_keys()
    make = keys.rotate if options.action == "rotate" else keys.create
    key, record = make(options.tenant, tuple(options.scope))
    text = f"{key}\nKey {record.key_id} of {record.tenant} ({', '.join(record.scopes)}). It is shown this once: keep it safe."
    return Outcome({"key": key, **_told(record)}, text)


def _list(call: Invocation) -> Outcome:
    from escher.session.wiring import server_keys

    wanted = call.options.tenant
    records = [record for record in server_keys().records() if not wanted or record.tenant == wanted]
    table = Table("key", "tenant", "in logs", "scopes", "created", "revoked", box=None)
    for record in records:
        told = _told(record)
        table.add_row(*(", ".join(cell) if isinstance(cell, tuple) else cell or "" for cell in told.values()))
    return Outcome([_told(record) for record in records], table if records else "There are no keys.")


def _revoke(call: Invocation) -> Outcome:
    from escher.session.wiring import server_keys

    record = server_keys().revoke(call.options.key_id)
    return Outcome(_told(record), f"Key {record.key_id} of {record.tenant} opens nothing any more.")


def _told(record: Any) -> dict[str, Any]:
    """A key's record without salt and hash."""
    return {
        "key_id": record.key_id,
        "tenant": record.tenant,
        "opaque": record.opaque,
        "scopes": record.scopes,
        "created_at": record.created_at,
        "revoked_at": record.revoked_at,
    }


COMMAND = Command(
    "server",
    "Serve the brain on a port: questions in, plans out, nothing kept.",
    _run,
    _configure,
    examples=(
        "escher server --port 8370",
        "escher server --host 0.0.0.0 --workers 4 --certfile chain.pem --keyfile key.pem",
        "escher server keys create --tenant acme --scope publisher",
        "ESCHER_SERVER=http://127.0.0.1:8370 escher ask …",
    ),
)
