"""The request context: all that ever leaves the machine for a question. Built from this allow-list, nothing else.

Spec: contracts.md section 9. An alias is one letter for its role and random digits: `r4821` a resource, `a0377` an
account, `t9113` a tag value. Aliases are new in every conversation and resolved only by the client.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StrictBool

from escher.contract.data_requests import MOST_RESULTS, DataResult
from escher.contract.vocabulary import Action, Kind, Provider, State
from escher.contract.wire import Whole, Wire

LIMIT_PROMPT = 4_000
LIMIT_BYTES = 256 * 1024
LIMIT_DIGEST = 500
"""The most bytes that one turn of the conversation may take."""
Alias = str


class Mention(Wire):
    """A known thing that the user typed by name or id, standing in the prompt as its alias.

    `matches` is how many resources bear that name (in buckets from five on), so that the server may ask. `role` says
    what the words can mean; a word such as `api` may be a resource's name and an application at once: then there are
    two mentions with the same alias.
    """

    alias: Alias
    role: Literal["resource_name", "resource_id", "account", "environment", "application", "owner", "tag_value"]
    tag_key: str | None = None
    matches: Whole = 1
    kinds: tuple[Kind, ...] = ()


class AliasedResource(Wire):
    """A resource the prompt may mean: what it is, never which."""

    alias: Alias
    provider: Provider
    kind: Kind
    resource_type: str
    region: str
    state: State
    environment: str | None = None
    denied: tuple[Action, ...] = Field(default=(), description="What the user is known not to be allowed to do with it")
    dependants: Whole = Field(default=0, description="How many things hang on it, in the buckets of `Count`")
    backed_up: StrictBool | None = Field(
        default=None, description="Whether a backup of it is known; None: nobody looked"
    )


class Count(Wire):
    """A count in buckets (1, 5, 10, 20, 50, 100, 200, 500 …, rounded down)."""

    value: str
    count: Whole


class EstateSummary(Wire):
    """Counts only. Values are providers, types, regions and environments from an allow-list."""

    providers: tuple[Count, ...] = ()
    resource_types: tuple[Count, ...] = ()
    regions: tuple[Count, ...] = ()
    environments: tuple[Count, ...] = ()
    oldest_scan_hours: Whole | None = None


class Digest(Wire):
    """One turn of the conversation in a sentence, written on the client; aliases instead of names."""

    role: Literal["user", "assistant"]
    content: str = Field(max_length=LIMIT_DIGEST)
    action: Action = "none"


def shortened(text: str) -> str:
    """A turn's text in at most 500 bytes; a word that would be cut in two is left out."""
    data = text.encode()
    if len(data) <= LIMIT_DIGEST:
        return text
    kept = data[:LIMIT_DIGEST].decode(errors="ignore")
    whole, _, rest = kept.rpartition(" ")
    return whole if whole and not text[len(kept)].isspace() and rest else kept


def _brief(history: tuple[Digest, ...]) -> tuple[Digest, ...]:
    if any(len(turn.content.encode()) > LIMIT_DIGEST for turn in history):
        raise ValueError(f"a turn takes at most {LIMIT_DIGEST} bytes")
    return history


class RequestContext(Wire):
    """One question, complete in itself: the server keeps nothing between two of them."""

    version: Literal["1"] = "1"
    message_id: str
    client_version: str
    type: Literal["chat"] = "chat"
    prompt: str = Field(max_length=LIMIT_PROMPT)
    mentions: tuple[Mention, ...] = Field(default=(), max_length=60)
    resources: tuple[AliasedResource, ...] = Field(default=(), max_length=20)
    data_result: tuple[DataResult, ...] = Field(default=(), max_length=MOST_RESULTS)
    summary: EstateSummary = EstateSummary()
    history: Annotated[tuple[Digest, ...], AfterValidator(_brief)] = Field(default=(), max_length=20)
    blocked_actions: tuple[Action, ...] = ()
    languages: tuple[Literal["bash", "python"], ...] = ("python",)
    locale: str = "en"
    time_zone: str = "UTC"
    padding: str = Field(default="", description="Spaces that hide the length of the rest")
