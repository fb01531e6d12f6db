"""`escher server`: the same brain that answers inside this process, on a port for others."""

from __future__ import annotations

import argparse
import os

from escher.commands.command import Command, Invocation, Outcome
from escher.errors import ConfigurationError

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def _configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=8370, help="port to listen on (default 8370)")


def _run(call: Invocation) -> Outcome:
    import uvicorn

    from escher.session.wiring import server_app

    options = call.options
    if options.host not in LOOPBACK and not os.environ.get("ESCHER_API_KEY"):
        raise ConfigurationError(
            f"listening on {options.host} without a key would serve everybody.", hint="Set ESCHER_API_KEY first."
        )
    uvicorn.run(server_app(), host=options.host, port=options.port, log_level="warning", access_log=False)
    return Outcome({"host": options.host, "port": options.port, "status": "stopped"}, "The server has stopped.")


COMMAND = Command(
    "server",
    "Serve the brain on a port: questions in, plans out, nothing kept.",
    _run,
    _configure,
    examples=("escher server --port 8370", "ESCHER_SERVER=http://127.0.0.1:8370 escher ask …"),
)
