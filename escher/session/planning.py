"""From a playbook filled in to what its plan is resolved from, with this session's accounts, programs and limits."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, get_args

from escher.contract.vocabulary import Provider
from escher.procedures.resolve import Resolution

if TYPE_CHECKING:
    from escher.contract.estate import Resource
    from escher.contract.plan import PlanTemplate
    from escher.procedures.bind import Value
    from escher.session.wiring import Parts

PROVIDERS: tuple[Provider, ...] = get_args(Provider)


def resolution(
    parts: Parts, question: str, template: PlanTemplate, values: Mapping[str, Value], targets: Sequence[Resource]
) -> Resolution:
    """What a new plan of this template on these targets is resolved from."""
    return Resolution(
        plan_id=f"plan-{secrets.token_hex(6)}",
        question=question,
        template=template,
        values=values,
        targets=tuple(targets),
        accounts=parts.accounts(),
        languages=parts.languages(),
        languages_of={cloud: parts.languages(cloud) for cloud in PROVIDERS},
        now=datetime.now(UTC),
        valid_for=timedelta(minutes=parts.settings.approval_minutes),
        few=parts.policies.policy().many_targets,
        error_budget=parts.settings.exec_error_percent / 100,
        max_concurrency=parts.settings.exec_max_concurrent,
    )
