"""Which clouds an order is about, and the order for one of them alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from escher.contract.context import RequestContext
from escher.contract.understanding import Understanding
from escher.contract.vocabulary import Provider
from escher_server.agents.making.identities import KIND_OF, cloud_of, cloud_of_size
from escher_server.agents.understanding.lexicon.regions import REGIONS
from escher_server.composer import wording

NAMES: Mapping[Provider, str] = {"aws": "AWS", "azure": "Azure", "gcp": "GCP"}

_BRANDS = re.compile(
    r"\b(?:aws|amazon web services|amazon|microsoft azure|azure|google cloud platform|google cloud|gcp|gcloud)\b",
    re.IGNORECASE,
)


def clouds_meant(context: RequestContext, understanding: Understanding) -> tuple[Provider, ...]:
    """The clouds that were named; else where what is named is; else where there is anything of these kinds at all.

    A region or a size that only one cloud has leaves that one.
    """
    if understanding.providers:
        return understanding.providers
    told = _told(understanding)
    return tuple(cloud for cloud in _where(context, understanding) if not told or cloud in told)


def _where(context: RequestContext, understanding: Understanding) -> tuple[Provider, ...]:
    if understanding.resource_types:
        return _clouds_of(understanding.resource_types)
    named = {*understanding.filters.names, *understanding.filters.ids}
    if named:
        return _clouds_of([one.resource_type for one in context.resources if one.alias in named])
    kinds = set(understanding.kinds)
    return _clouds_of([one.value for one in context.summary.resource_types if KIND_OF.get(one.value) in kinds])


def _told(understanding: Understanding) -> frozenset[str]:
    """The clouds that have such regions and sizes; none when nothing of that sort was said."""
    places = (REGIONS.match([region], 0) for region in understanding.filters.regions)
    found = {cloud for place in places if place for cloud, _ in place[1].regions}
    wanted = understanding.parameters.instance_type
    sizes = (*understanding.filters.sizes, *([str(wanted.value)] if wanted and wanted.value else []))
    return frozenset((*found, *map(cloud_of_size, sizes)))


def _clouds_of(types: Iterable[str]) -> tuple[Provider, ...]:
    found: dict[Provider, None] = {cloud: None for name in types if (cloud := cloud_of(name))}
    return tuple(found)


def only_in(
    context: RequestContext, understanding: Understanding, cloud: Provider
) -> tuple[RequestContext, Understanding]:
    """The same request in one cloud, as if no other had been named."""
    prompt = _BRANDS.sub(NAMES[cloud], context.prompt)
    return context.model_copy(update={"prompt": prompt}), understanding.model_copy(update={"providers": (cloud,)})


def order_in(understanding: Understanding, cloud: Provider) -> str:
    """The order for one cloud alone, as a prompt that says it."""
    return f"{wording.order(understanding, plain=True)} in {NAMES[cloud]}"
