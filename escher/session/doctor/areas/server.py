"""The server: in this process, or where ESCHER_SERVER says."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from escher import __version__
from escher.errors import ServerUnavailable
from escher.session.doctor.check import Check, Look, Patient
from escher.settings import Settings

if TYPE_CHECKING:
    import httpx

SECONDS = 5.0


def _server(patient: Patient) -> Check:
    settings = patient.settings
    if not settings.server:
        return Check("server", "ok", "Embedded in this process, version {version}.", facts={"version": __version__})
    answer, private = ask(settings), {"server": settings.server}
    if answer.status_code in (401, 403):
        move = "Set ESCHER_API_KEY to the key of this server."
        return Check("server", "bad", "{server} wants another API key.", move, private=private)
    if not answer.is_success:
        facts = {"status": answer.status_code}
        return Check("server", "bad", "{server} answers {status}.", "Look at the server's own log.", facts, private)
    return Check("server", "ok", "{server} answers, version {version}.", facts=_version(answer), private=private)


def ask(settings: Settings) -> httpx.Response:
    """The remote server's answer to which version it is. Raises ServerUnavailable."""
    import httpx

    headers = {"authorization": f"Bearer {settings.api_key}"} if settings.api_key else {}
    try:
        verify = ssl.create_default_context(cafile=settings.ca_bundle or None)
        return httpx.get(f"{settings.server.rstrip('/')}/v1/version", headers=headers, timeout=SECONDS, verify=verify)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as cause:
        raise ServerUnavailable(
            f"{settings.server} does not answer ({type(cause).__name__}).",
            hint="Start it, or correct ESCHER_SERVER and ESCHER_CA_BUNDLE.",
        ) from cause


def _version(answer: httpx.Response) -> dict[str, str]:
    """The version in an answer; a server may say anything, so only what looks like one counts."""
    try:
        document = answer.json()
    except ValueError:
        document = {}
    said = str(document.get("server", "")) if isinstance(document, dict) else ""
    return {"version": said if said.replace(".", "").isalnum() and len(said) <= 20 else "unknown"}


LOOKS = (Look("server", _server),)
