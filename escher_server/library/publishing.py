"""What a playbook must be before it is published, and how it is scored. Pure but for the reader, which runs nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from escher.contract.playbook import Playbook, Status
from escher.contract.ports import ScriptReader
from escher.contract.publication import Finding, PublishAnswer, content_hash
from escher.contract.quality import Quality, assess, flags_of
from escher.contract.references import reference_findings
from escher.contract.secrets import leaks
from escher.scripts.playbook_scripts import script_findings
from escher_server.errors import PublishForbidden, PublishRefused
from escher_server.library.cases import Cases

RESERVED = "escher-"
_STRENGTHS: Mapping[str, str] = {
    "idempotency": "checks before it changes, and what is done already is left alone",
    "error_handling": "every change has an undo or says why not",
    "documentation": "every step is explained",
    "security": "permissions are named, and nothing of yours is in it",
    "testing": "it comes with cases",
    "performance": "acts on many targets in one call",
}


def faults(playbook: Playbook, reader: ScriptReader, known: Mapping[str, Sequence[str]]) -> tuple[Finding, ...]:
    """All that stands against publishing a tenant's playbook; what would leak comes first.

    `known` are the playbooks it may depend on, by id, each with those that it depends on itself.
    """
    found = (*_origin(playbook), *reference_findings(playbook, known), *script_findings(playbook, reader))
    return (*leaks(playbook), *found)


def judged(playbook: Playbook, found: Sequence[Finding], cases: Cases | None = None) -> PublishAnswer:
    """The answer to a publication, with what was found against it as `required_fixes`."""
    quality = assess(playbook, cases.cases if cases else ())
    flags = flags_of(playbook, tested=cases is not None and len(cases.cases) > 1)
    return PublishAnswer(
        playbook_id=playbook.metadata.playbook_id,
        version=playbook.metadata.version,
        sha256=content_hash(playbook),
        status="draft",
        score=quality.score,
        tier=quality.tier,
        strengths=tuple(told for name, told in _STRENGTHS.items() if getattr(flags, name)),
        improvements=quality.improvements,
        warnings=tuple(_warnings(playbook, quality)),
        required_fixes=tuple(found),
        flags=flags,
    )


def require_publishable(answer: PublishAnswer, playbook: Playbook) -> None:
    """Raises PublishForbidden when something would leave that may not, PublishRefused for all else."""
    if not answer.required_fixes and answer.tier != "refused":
        return
    first = str(answer.required_fixes[0]) if answer.required_fixes else f"its quality is {answer.score}, below 50"
    kind = PublishForbidden if leaks(playbook) else PublishRefused
    raise kind(f"the playbook is not published: {first}.", hint="Mend it and publish again.", answer=_document(answer))


def state_of(playbook: Playbook) -> Status:
    """The state in which a publication starts: trusted ones are active, and what was generated is reviewed first."""
    metadata = playbook.metadata
    trusted = metadata.storage_strategy == "uploaded_trusted" and metadata.author != "ai_generated"
    return "active" if trusted else "review"


def _document(answer: PublishAnswer) -> dict[str, object]:
    return answer.model_dump(mode="json")


def _origin(playbook: Playbook) -> Iterator[Finding]:
    metadata = playbook.metadata
    if metadata.author == "escher_library" or metadata.playbook_id.startswith(RESERVED):
        yield Finding(place="playbook.metadata", message=f"only the library's own begin with {RESERVED!r}")
    if metadata.storage_strategy in ("local_only", "using_default"):
        yield Finding(place="playbook.metadata.storage_strategy", message="it is not to be uploaded")


def _warnings(playbook: Playbook, quality: Quality) -> Iterator[str]:
    if quality.tier == "warned":
        yield f"a quality of {quality.score} ranks it lower"
    if playbook.metadata.author == "ai_generated":
        yield "it was generated, so it is reviewed before anybody runs it"
    if any(script.metadata.effect == "destroy" for script in playbook.scripts.values()):
        yield "it destroys something"
