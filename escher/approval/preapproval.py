"""What a person allowed beforehand: one playbook as it is, with pinned values, on some things, up to a limit, for a time.

Pure. A pre-approval narrows what its playbook could do and never widens it: what a person would have to type, what
destroys, what nobody reviewed, and what needs two people is never covered.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from pydantic import Field

from escher.contract.estate import Resource
from escher.contract.plan import Plan
from escher.contract.playbook import ParameterSpec, Playbook
from escher.contract.risk import RISKS
from escher.contract.vocabulary import Risk
from escher.contract.wire import Whole, Wire, canonical
from escher.errors import InvalidInput

MOST_TARGETS = 1_000
LONGEST_DAYS = 30
_COVERED = ("read", "write")

Value = str | int | float | bool | None


class Pin(Wire):
    """What a parameter may be: one of some values, or a number within bounds; a bound that is None is none."""

    options: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def holds(self, value: Value) -> bool:
        """Whether the value is within the pin."""
        if self.options:
            return _word(value) in self.options
        if isinstance(value, bool) or not isinstance(value, int | float):
            return False
        low, high = self.minimum, self.maximum
        return (low is None or low <= value) and (high is None or value <= high)


class Where(Wire):
    """Which things: each must be of one of the kinds, in one of the regions and accounts, and bear all the tags."""

    kinds: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    tags: dict[str, str] = {}

    def holds(self, target: Resource) -> bool:
        """Whether a thing is meant."""
        fits = (not self.kinds or target.kind in self.kinds) and (not self.regions or target.region in self.regions)
        accounts = {target.account_id, target.account_name}
        return fits and self.tells(target.tags) and (not self.accounts or bool(accounts & set(self.accounts)))

    def tells(self, tags: dict[str, str]) -> bool:
        """Whether all the tags are there."""
        return all(tags.get(key) == value for key, value in self.tags.items())


class PreApproval(Wire):
    """One pre-approval, signed by the store of the person who gave it; times are UTC, ISO 8601.

    `playbook_sha256` is the content hash of the playbook with its scripts, `at_most` is how many targets it may act on in 24 hours.
    """

    preapproval_id: str
    playbook_id: str
    version: str
    playbook_sha256: str
    pins: dict[str, Pin]
    where: Where
    at_most: Whole = Field(ge=1, le=MOST_TARGETS)
    max_risk: Risk
    until: str
    made_by: str
    made_at: str
    signature: str = ""

    def signed_bytes(self) -> bytes:
        """Canonical bytes of all that is signed."""
        return canonical(self.model_dump(mode="json", exclude={"signature"}))


def pins_for(playbook: Playbook, given: dict[str, Pin]) -> dict[str, Pin]:
    """A pin for each parameter: the given one, else its default alone.

    Raises InvalidInput for an unknown parameter, a pin that the playbook's own rules do not allow, and a parameter that
    has neither pin nor default.
    """
    specs = {spec.name: spec for spec in playbook.parameters}
    unknown = sorted(given.keys() - specs.keys())
    if unknown:
        known = ", ".join(specs) or "none"
        raise InvalidInput(
            f"{playbook.metadata.playbook_id} has no parameter {unknown[0]!r}.", hint=f"It has: {known}."
        )
    return {name: _pin_for(spec, given.get(name)) for name, spec in specs.items()}


def misfits(
    allowed: PreApproval, plan: Plan, targets: Sequence[Resource], now: datetime, used_today: int
) -> Iterator[str]:
    """All in which a plan is not what was allowed; nothing when it fits. `used_today`: targets of the last 24 hours."""
    if (plan.playbook_id, plan.version) != (allowed.playbook_id, allowed.version):
        yield f"it is {plan.playbook_id} {plan.version}"
    if plan.playbook_sha256 != allowed.playbook_sha256:
        yield "the playbook is not, byte for byte, the one that was allowed"
    if plan.effect not in _COVERED or plan.generated:
        yield "it was generated" if plan.generated else f"its effect is {plan.effect}"
    if plan.confirmation or plan.approvals_required > 1:
        yield "a person has to type its confirmation" if plan.confirmation else "it needs two people"
    if RISKS.index(plan.risk) > RISKS.index(allowed.max_risk):
        yield f"its risk is {plan.risk}, at most {allowed.max_risk} is allowed"
    if now >= datetime.fromisoformat(allowed.until):
        yield f"it was allowed until {allowed.until}"
    if not targets or len(targets) + used_today > allowed.at_most:
        before = f" after {used_today} in the last 24 hours" if used_today else ""
        yield f"it acts on {len(targets)} targets{before}, at most {allowed.at_most} are allowed"
    yield from _value_misfits(allowed, plan)
    outside = [target for target in targets if not allowed.where.holds(target)]
    if outside:
        yield f"{len(outside)} of its targets are not among those that were allowed"


def _value_misfits(allowed: PreApproval, plan: Plan) -> Iterator[str]:
    if plan.parameters.keys() != allowed.pins.keys():
        yield "its parameters are not those of the playbook that was allowed"
    for name in plan.parameters.keys() & allowed.pins.keys():
        if not allowed.pins[name].holds(plan.parameters[name]):
            yield f"{name} is {plan.parameters[name]!r}"


def _pin_for(spec: ParameterSpec, given: Pin | None) -> Pin:
    if given is None:
        if spec.default is None and spec.required:
            raise InvalidInput(f"{spec.name} has no value of its own.", hint=f"Pin it: --pin {spec.name}=…")
        return Pin(options=(_word(spec.default),))
    rule = spec.validation
    strange = [one for one in given.options if rule.options and one not in rule.options]
    if strange:
        raise InvalidInput(f"{spec.name} cannot be {strange[0]!r}.", hint=f"One of: {', '.join(rule.options)}.")
    if not given.options and spec.type != "integer":
        raise InvalidInput(f"{spec.name} is no number.", hint=f"Pin it to values: --pin {spec.name}={{a,b}}")
    if given.options:
        return given
    # Bounds beyond the playbook's own are the playbook's own.
    low = max((one for one in (given.minimum, rule.minimum) if one is not None), default=None)
    high = min((one for one in (given.maximum, rule.maximum) if one is not None), default=None)
    return Pin(minimum=low, maximum=high)


def _word(value: Value) -> str:
    """A value as it is written in a pin; no value is the empty word."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
