"""The operations agent: what an order comes to. A playbook filled in, several put together, one made, or a question back.

Nothing fits: a plan of one checked command of the provider's, marked as generated, never for what is not certain. An
order for later is never planned for now. By rules alone; the same request, the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from escher.contract.context import RequestContext
from escher.contract.events import Proposed
from escher.contract.playbook import Playbook, RankedPlaybook
from escher.contract.understanding import Understanding
from escher.contract.vocabulary import Kind, Provider
from escher_server.agents.making import timed
from escher_server.agents.making.choosing import Choice, choices, is_certain, types_meant
from escher_server.agents.making.clouds import NAMES, clouds_meant, only_in, order_in
from escher_server.agents.making.composed import Title, all_take, composed, goes_together
from escher_server.agents.making.decision import Decision, ask_back
from escher_server.agents.making.generated import MARK, generated
from escher_server.agents.making.wordings import ambiguous, lacking, which_type
from escher_server.agents.playbook import PlaybookAgent, fill
from escher_server.agents.validation import Verdict, validate
from escher_server.composer import wording

_SHOWN = 3
_NOT_MADE = " New things are not planned from the command reference: their settings would be guesses."
Fitting = Callable[[RequestContext, Understanding], tuple[RankedPlaybook, ...]]


@dataclass(frozen=True, slots=True)
class OperationsAgent:
    """Decides on orders for one tenant; `fitting` ranks the playbooks for an order, best first."""

    playbooks: PlaybookAgent
    tenant: str
    fitting: Fitting

    def decide(self, context: RequestContext, understanding: Understanding) -> Decision:
        """What becomes of an order that was understood for certain."""
        if understanding.for_later:
            return self._later(context, understanding)
        return self._across(context, understanding) or self._here(context, understanding)

    # -- one playbook --------------------------------------------------------------------------------------

    def _here(self, context: RequestContext, understanding: Understanding) -> Decision:
        ranked = self._for_types(self.fitting(context, understanding), understanding.resource_types)
        return self._propose(context, understanding, ranked) if ranked else self._make(context, understanding)

    def _for_types(self, ranked: tuple[RankedPlaybook, ...], types: Sequence[str]) -> tuple[RankedPlaybook, ...]:
        """Of playbooks for the kind, those for the very types that are meant, where that is known."""
        meant = set(types)
        return tuple(
            one
            for one in ranked
            if not meant or meant & {*self.playbooks.get(one, self.tenant).orchestration.targets.resource_types}
        )

    def _propose(
        self, context: RequestContext, understanding: Understanding, ranked: tuple[RankedPlaybook, ...]
    ) -> Decision:
        found = [self.playbooks.get(each, self.tenant) for each in ranked]
        kinds = uncovered(found, understanding)
        if len(kinds) == 1 and _can_only_mean_one(understanding):
            return self._here(context, understanding.model_copy(update={"kinds": kinds, "resource_types": ()}))
        if kinds and not _names_the_unknown(context, understanding):
            return _one_at_a_time(understanding, kinds)
        return self._planned(context, understanding, found[0], ranked, stored=True)

    def _planned(
        self,
        context: RequestContext,
        understanding: Understanding,
        playbook: Playbook,
        ranked: tuple[RankedPlaybook, ...],
        *,
        stored: bool = False,
    ) -> Decision:
        template = fill(playbook, understanding)
        verdict = validate(template, context, self.playbooks.known(self.tenant), stored=stored)
        proposed = Proposed(playbooks=ranked, template=template if verdict.offerable else None)
        return Decision("plan" if verdict.offerable else "nothing_fits", _about(playbook, verdict), proposed=proposed)

    # -- several clouds ------------------------------------------------------------------------------------

    def _across(self, context: RequestContext, understanding: Understanding) -> Decision | None:
        """One plan over the clouds that are meant; None when it is about one, or only one has a playbook for it."""
        clouds = clouds_meant(context, understanding)
        if len(clouds) < 2:
            return None
        ranks = self._ranked_by_cloud(context, understanding, clouds)
        firsts: dict[Provider, Playbook] = {
            cloud: self.playbooks.get(ranked[0], self.tenant) for cloud, ranked in ranks.items() if ranked
        }
        if not firsts or (len(firsts) == 1 and understanding.providers):
            return _only_there(understanding, tuple(firsts)) if firsts else None
        parts = _distinct(firsts.values())
        if len({part.metadata.action for part in parts}) > 1 or not (
            goes_together(parts) and all_take(parts, understanding.parameters)
        ):
            return _cloud_by_cloud(understanding, tuple(firsts))
        whole = composed(parts, _title(parts, understanding)) if len(parts) > 1 else parts[0]
        if kinds := uncovered([whole], understanding):
            return _one_at_a_time(understanding, kinds) if len(parts) > 1 else None
        ranked = (*(ranks[cloud][0] for cloud in firsts), *(one for cloud in firsts for one in ranks[cloud][1:]))
        decision = self._planned(context, understanding, whole, ranked[:_SHOWN], stored=len(parts) == 1)
        return _naming_what_is_left_out(decision, [cloud for cloud in clouds if cloud not in firsts])

    def _ranked_by_cloud(
        self, context: RequestContext, understanding: Understanding, clouds: Sequence[Provider]
    ) -> dict[Provider, tuple[RankedPlaybook, ...]]:
        """For each cloud the playbooks that fit there and are for it."""
        found: dict[Provider, tuple[RankedPlaybook, ...]] = {}
        for cloud in clouds:
            ranked = self.fitting(*only_in(context, understanding, cloud))
            found[cloud] = tuple(
                one for one in ranked if cloud in self.playbooks.get(one, self.tenant).metadata.cloud_provider
            )
        return found

    # -- later ---------------------------------------------------------------------------------------------

    def _later(self, context: RequestContext, understanding: Understanding) -> Decision:
        """What would run and when; a plan only of a playbook that keeps time itself."""
        ranked = self.fitting(context, understanding)
        if ranked and self.playbooks.get(ranked[0], self.tenant).keeps_time:
            return self._propose(context, understanding, ranked)
        order = timed.inner(understanding)
        if order is None:
            return Decision("nothing_fits", timed.told(understanding, None, None), proposed=Proposed())
        if asked := timed.asked_back(understanding, order):
            return Decision("clarification", asked.question, clarification=asked)
        plain = wording.order(order, plain=True)
        now = self.decide(context.model_copy(update={"prompt": plain}), order)
        if now.clarification is not None:
            return now
        proposed = now.proposed or Proposed()
        playbook = proposed.template.playbook if proposed.template else None
        text = timed.told(understanding, playbook, order)
        return Decision("nothing_fits", text, proposed=Proposed(playbooks=proposed.playbooks))

    # -- nothing fits --------------------------------------------------------------------------------------

    def _make(self, context: RequestContext, understanding: Understanding) -> Decision:
        """A plan out of the provider's own commands, the question which of them, or an honest no."""
        if understanding.action == "create":
            return self._nothing_fits(understanding, _NOT_MADE)
        types = types_meant(context, understanding)
        found = choices(types, understanding, context.prompt, self.playbooks.embedder)
        sure = tuple(choice for choice in found if choice.best)
        calls = tuple(choice.best for choice in sure if choice.best)
        if calls and all(is_certain(choice, understanding, alone=len(types) == 1) for choice in sure):
            playbook = generated(calls, understanding)
            return self._planned(context, understanding, playbook, ())
        return _unsure(understanding, sure, found) or self._nothing_fits(understanding, lacking(found))

    def _nothing_fits(self, understanding: Understanding, more: str = "") -> Decision:
        offered = self.playbooks.purposes(understanding.kinds, self.tenant)
        subject = wording.nouns(understanding.kinds, plural=True)
        instead = f" For {subject} there is: {'; '.join(offered)}." if offered else ""
        return Decision("nothing_fits", f"No playbook of the library does that.{more}{instead}", proposed=Proposed())


def uncovered(found: Sequence[Playbook], understanding: Understanding) -> tuple[Kind, ...]:
    """The kinds to choose from when no one playbook acts on all that is meant; empty when the first one does."""
    first = set(found[0].metadata.kinds)
    wanted = set(understanding.kinds) or {kind for playbook in found for kind in playbook.metadata.kinds}
    offered = {kind for playbook in found for kind in playbook.metadata.kinds}
    return () if wanted <= first else tuple(sorted(wanted & offered))


def _can_only_mean_one(understanding: Understanding) -> bool:
    """Whether a name alone was typed, whose bearers' kinds were not asked for; what destroys is always asked about."""
    return bool(understanding.filters.names) and understanding.action not in ("delete", "release")


def _names_the_unknown(context: RequestContext, understanding: Understanding) -> bool:
    """Whether a name was typed that nothing bears: then the client, which knows the names, asks about that first."""
    return bool({*understanding.filters.names} - {mention.alias for mention in context.mentions})


def _one_at_a_time(understanding: Understanding, kinds: Sequence[Kind]) -> Decision:
    prompts = [
        wording.order(understanding.model_copy(update={"kinds": (kind,), "resource_types": ()}), plain=True)
        for kind in kinds
    ]
    which = " or ".join(wording.nouns((kind,), plural=True) for kind in kinds)
    question = f"Which first: {which}?" if len(kinds) > 1 else f"Only to {which}?"
    return ask_back(f"No one playbook does that to all of them. {question}", prompts)


def _only_there(understanding: Understanding, clouds: Sequence[Provider]) -> Decision:
    named = " and ".join(NAMES[cloud] for cloud in clouds)
    asked = f"Only in {named} there is a playbook that does that. Only there?"
    return ask_back(asked, [order_in(understanding, cloud) for cloud in clouds])


def _naming_what_is_left_out(decision: Decision, without: Sequence[Provider]) -> Decision:
    """The same; what is meant in clouds that no playbook is for is not left out silently, but named as left out."""
    template = decision.proposed.template if decision.proposed else None
    if not without or template is None or decision.proposed is None:
        return decision
    orchestration, selector = template.playbook.orchestration, template.selector
    because = f"in {' or '.join(NAMES[cloud] for cloud in without)}, where no playbook does this"
    told = " or ".join(filter(None, (orchestration.targets.skipped_because, because)))
    targets = orchestration.targets.model_copy(update={"skipped_because": told})
    playbook = template.playbook.model_copy(
        update={"orchestration": orchestration.model_copy(update={"targets": targets})}
    )
    wide = template.model_copy(
        update={"playbook": playbook, "selector": selector.model_copy(update={"resource_types": ()})}
    )
    return replace(decision, proposed=decision.proposed.model_copy(update={"template": wide}))


def _cloud_by_cloud(understanding: Understanding, clouds: Sequence[Provider]) -> Decision:
    named = " or ".join(NAMES[cloud] for cloud in clouds)
    asked = f"That is done differently in each cloud, so not in one plan. Which first: {named}?"
    return ask_back(asked, [order_in(understanding, cloud) for cloud in clouds])


def _unsure(understanding: Understanding, sure: Sequence[Choice], found: Sequence[Choice]) -> Decision | None:
    """The question which of a few commands, or which type of thing, is meant; None when nothing may be."""
    likely = [choice for choice in found if choice.calls]
    if len(sure) > 1 or (len(likely) > 1 and all(len(choice.calls) == 1 for choice in likely)):
        return which_type(understanding, sure if len(sure) > 1 else likely)
    return ambiguous(understanding, likely) if likely else None


def _title(parts: Sequence[Playbook], understanding: Understanding) -> Title:
    first, verb = parts[0].metadata, wording.verb(parts[0].metadata.action)
    names = [part.metadata.name for part in parts]
    clouds = " and ".join(NAMES[cloud] for part in parts for cloud in part.metadata.cloud_provider)
    return Title(
        playbook_id=f"together-{first.action}-{'-'.join(first.kinds)}".replace("_", "-")[:100],
        name=f"{verb[:1].upper()}{verb[1:]} {wording.nouns(understanding.kinds, plural=True)}"[:100],
        description=f"Does in one plan what these playbooks do, each in its own cloud: {', '.join(names)}."[:500],
        purpose=f"In {clouds} at once.",
        category=first.tags.category,
    )


def _distinct(playbooks: Iterable[Playbook]) -> list[Playbook]:
    return [*{(one.metadata.playbook_id, one.metadata.version): one for one in playbooks}.values()]


def _about(playbook: Playbook, verdict: Verdict) -> str:
    """What will be proposed, or why not, in a few sentences."""
    if not verdict.offerable:
        return " ".join(verdict.blocking)
    if playbook.metadata.author == "ai_generated":
        first = f"No playbook of the library does that. **{playbook.metadata.name}** would. {MARK} Risk {verdict.risk}."
    else:
        first = f"**{playbook.metadata.name}** fits best, risk {verdict.risk}."
    return " ".join((first, *verdict.warnings, "Nothing is changed before you approve."))
