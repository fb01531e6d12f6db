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


def _language_model(patient: Patient) -> Check | None:
    """Who is given what is asked, besides the server."""
    settings = patient.settings
    try:
        seen_by = _seen_by(ask(settings, "/v1/capabilities")) if settings.server else settings.llm.partition(":")[0]
    except ServerUnavailable:  # which is said of the server itself
        return None
    if not seen_by:
        return None
    says = "The server asks a language model of {seen_by}, which sees what is sent."
    return Check("language_model", "ok", says, "See it before: escher context QUESTION.", private={"seen_by": seen_by})


def ask(settings: Settings, path: str = "/v1/version") -> httpx.Response:
    """The remote server's answer: to which version it is, if nothing else is asked. Raises ServerUnavailable."""
    import httpx

    headers = {"authorization": f"Bearer {settings.api_key}"} if settings.api_key else {}
    try:
        verify = ssl.create_default_context(cafile=settings.ca_bundle or None)
        return httpx.get(f"{settings.server.rstrip('/')}{path}", headers=headers, timeout=SECONDS, verify=verify)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as cause:
        raise ServerUnavailable(
            f"{settings.server} does not answer ({type(cause).__name__}).",
            hint="Start it, or correct ESCHER_SERVER and ESCHER_CA_BUNDLE.",
        ) from cause


def _version(answer: httpx.Response) -> dict[str, str]:
    """The version in an answer; a server may say anything, so only what looks like one counts."""
    said = _said(answer, "server")
    return {"version": said if said.replace(".", "").isalnum() and len(said) <= 20 else "unknown"}


def _seen_by(answer: httpx.Response) -> str:
    said = _said(answer, "llm_seen_by")
    return said if said.isprintable() and len(said) <= 100 else ""


def _said(answer: httpx.Response, field: str) -> str:
    try:
        document = answer.json()
    except ValueError:
        document = {}
    return str(document.get(field, "")) if isinstance(document, dict) else ""


LOOKS = (Look("server", _server), Look("language_model", _language_model))
