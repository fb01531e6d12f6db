"""The four uses of one language model, as the orchestrator asks for them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from escher.contract.context import RequestContext
from escher.contract.playbook import RankedPlaybook
from escher.contract.ui import Layout
from escher.contract.understanding import Understanding
from escher.contract.wire import Wire
from escher_server.agents.master import Answer
from escher_server.agents.modelled.arranging import arranged
from escher_server.agents.modelled.ordering import Candidate, ordered
from escher_server.agents.modelled.reading import read_again
from escher_server.agents.modelled.telling import summarised, told
from escher_server.models.language import LanguageModel


@dataclass(frozen=True, slots=True)
class Adviser:
    """What a model adds to the rules. Each of its answers is the rules' own when the model has none that counts."""

    model: LanguageModel

    async def understand(self, context: RequestContext, rules: Answer) -> Answer:
        """What a request means. An order is never a model's finding."""
        return await read_again(self.model, context, rules)

    async def rank(
        self, context: RequestContext, understanding: Understanding, candidates: Sequence[Candidate]
    ) -> tuple[RankedPlaybook, ...]:
        """The playbooks that fit, in their order."""
        return await ordered(self.model, context, understanding, candidates)

    async def arrange(self, understanding: Understanding, rules: Layout) -> Layout:
        """How the answer to a question looks."""
        return await arranged(self.model, understanding, rules)

    def tell(self, context: RequestContext, understanding: Understanding, rules: str) -> AsyncGenerator[str]:
        """The answer to a question in words, as they come."""
        return told(self.model, context, understanding, rules)

    async def summarise(self, counts: Wire, rules: str) -> str:
        """A summary of counts in words."""
        return await summarised(self.model, counts, rules)
