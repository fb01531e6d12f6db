"""What is said when no one command is certain: which ones may be meant, of which type it is, or what nobody said. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from escher.contract.understanding import Understanding
from escher_server.agents.making.choosing import Choice
from escher_server.agents.making.clouds import order_in
from escher_server.agents.making.decision import Decision, ask_back
from escher_server.agents.making.identities import Identity
from escher_server.agents.understanding.lexicon.nouns import NOUN_TABLE
from escher_server.composer import wording

_MOST_ASKED = 4
_MOST_NAMED = 3


def ambiguous(understanding: Understanding, found: Sequence[Choice]) -> Decision:
    """Which of a few commands is meant, or whether the only one is."""
    pairs = [(choice.identity, call) for choice in found for call, _ in choice.calls][:_MOST_ASKED]
    named = " or ".join(f"`{call.words}`" for _, call in pairs)
    prompts = dict.fromkeys(f"{call.verb} {_things(understanding, identity)}" for identity, call in pairs)
    asked = f"Which command is meant: {named}?" if len(pairs) > 1 else f"Is it {named} that is meant?"
    return ask_back(f"No playbook of the library does that, and no command for sure. {asked}", tuple(prompts))


def which_type(understanding: Understanding, sure: Sequence[Choice]) -> Decision:
    """Of which type the things are, where something would be lost."""
    identities = [choice.identity for choice in sure][:_MOST_ASKED]
    named = " or ".join(phrase(identity) for identity in identities)
    clouds = {identity.provider for identity in identities}
    if len(clouds) == len(identities):
        prompts = [order_in(understanding, identity.provider) for identity in identities]
    else:
        prompts = [f"{understanding.action} {_things(understanding, identity)}" for identity in identities]
    return ask_back(f"No playbook does that, and something would be lost. Of which type: {named}?", prompts)


def _things(understanding: Understanding, identity: Identity) -> str:
    """What is meant, called as people call things of a type."""
    said = wording.things(understanding).replace("**", "")
    return said.replace(wording.nouns(understanding.kinds, plural=False), phrase(identity), 1)


def lacking(found: Sequence[Choice]) -> str:
    """The nearest command that cannot be filled, and what it needs; nothing when there is none."""
    first = next((one for choice in found for one in choice.lacking), None)
    if first is None:
        return ""
    needs = ", ".join(name.partition(" or ")[0] for name in first.parameters[:_MOST_NAMED])
    program = {"aws": "aws", "azure": "az", "gcp": "gcloud"}[first.identity.provider]
    command = f"{program} {first.identity.service} {first.operation}"
    return f" The nearest command is `{command}`; it needs {needs}, which would be a guess, so it is not planned."


def phrase(identity: Identity) -> str:
    """What people call a type of thing, in the singular."""
    own = (words for words, noun in NOUN_TABLE if noun.types == (identity.resource_type,) and not noun.plural)
    return next(own, identity.resource_type.replace("_", " "))
