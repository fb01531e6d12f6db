"""How fast search, selectors and the embedder are, on an estate of 10 000 resources."""

from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter

import numpy as np

from escher.contract.estate import Resource
from escher.contract.ports import Point, VectorIndex
from escher.contract.understanding import Comparison, Filters, Selector
from escher.retrieval.conditions import Literally
from escher.retrieval.match import match_order
from escher.retrieval.nearest import nearest_names
from escher.retrieval.request import Request
from escher.vectors.canonical import canonical_text
from escher.vectors.embedder import load_embedder
from escher.vectors.index import open_index
from escher.vectors.memory import MemoryIndex

SIZE = 10_000
NOW = 1_800_000_000
REGIONS = ("us-east-1", "eu-west-1", "ap-south-1")
TEAMS = ("shop", "billing", "search", "identity", "mail", "reports", "media", "risk", "partners")
ENVIRONMENTS = ("dev", "test", "staging", "prod")


def benchmarks() -> Iterator[tuple[str, float, str, float | None]]:
    """Name, value, unit and target of each measurement; a target is a median that is not to be exceeded."""
    estate = [_resource(number) for number in range(SIZE)]
    yield from _searches(estate)
    yield from _selectors(estate)
    yield from _embedding(estate)


def _searches(estate: list[Resource]) -> Iterator[tuple[str, float, str, float | None]]:
    vectors = np.random.default_rng(1).standard_normal((SIZE, 384)).astype("<f4")
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    points = [_point(resource, vectors[number].tobytes()) for number, resource in enumerate(estate)]
    yield from _index("engine", open_index("bench", 384, expected_points=SIZE), points, 2.0)
    yield from _index("heap", MemoryIndex(384), points, 30.0)


def _index(
    name: str, index: VectorIndex, points: list[Point], target: float
) -> Iterator[tuple[str, float, str, float | None]]:
    start = perf_counter()
    index.upsert(points)
    yield f"index.{name}.load_10k", perf_counter() - start, "s", None
    vector, filters = points[7].vector, {"region": ["us-east-1"], "state": ["running"]}
    for what, words in (("hybrid", "web dev shop"), ("meaning", "")):
        search = _timed(lambda words=words: index.search(vector, words, filters, 20))
        yield f"index.{name}.filtered_{what}_search_10k_p50", search, "ms", target
    index.close()


def _selectors(estate: list[Resource]) -> Iterator[tuple[str, float, str, float | None]]:
    simple = Filters(environments=("dev",), regions=("us-east-1",))
    rich = Filters(
        applications=("shop",),
        states=("running",),
        comparisons=(Comparison(field="age_days", operator="gt", value=30),),
        exclude=(Filters(names=("web-*9",)),),
    )
    for name, filters in (("simple", simple), ("rich", rich)):
        selector = Selector(kinds=("compute_instance",), filters=filters)
        run = _timed(lambda selector=selector: match_order(_request(selector, estate), nearest_names), 20)
        yield f"selector.{name}_10k_p50", run, "ms", None


def _embedding(estate: list[Resource]) -> Iterator[tuple[str, float, str, float | None]]:
    texts = [canonical_text(r.kind, r.name, *(text for tag in r.tags.items() for text in tag)) for r in estate]
    yield "embedding.distinct_texts_share", 100 * len(set(texts)) / SIZE, "%", 20.0
    model = load_embedder()
    model.embed(["warm up"])
    batch = [f"{team} {text} resource" for text in sorted(set(texts)) for team in TEAMS][:512]
    start = perf_counter()
    model.embed(batch)
    yield "embedding.texts_per_second", len(batch) / (perf_counter() - start), "1/s", None
    queries = (f"every {environment} machine of team {n}" for n in range(50) for environment in ENVIRONMENTS)
    yield "embedding.query_p50", _timed(lambda: model.embed([next(queries)]), 50), "ms", None


def _timed(work: Callable[[], object], times: int = 100) -> float:
    """The median of `times` runs, in milliseconds."""
    taken: list[float] = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append((perf_counter() - start) * 1_000)
    return median(taken)


def _request(selector: Selector, estate: list[Resource]) -> Request:
    return Request(selector, Literally(), estate, (), {}, NOW)


def _resource(number: int) -> Resource:
    team, environment = TEAMS[number % 9], ENVIRONMENTS[number // 9 % 4]
    return Resource(
        provider="aws",
        account_id=f"{number % 5:012}",
        account_name=f"account-{number % 5}",
        region=REGIONS[number % 3],
        resource_type="aws_ec2_instance",
        kind="compute_instance",
        resource_id=f"arn:aws:ec2:::instance/i-{number:017x}",
        identifier=f"i-{number:017x}",
        name=f"web-{team}-{environment}-{number}",
        state=("running", "stopped")[number % 2],
        tags={"env": environment, "app": team, "owner": TEAMS[number % 7]},
        attributes={"created_at": NOW - number % 100 * 86_400, "instance_type": "t3.large"},
    )


def _point(resource: Resource, vector: bytes) -> Point:
    fields = ("provider", "resource_type", "kind", "account_id", "account_name", "region", "state")
    said = " ".join((resource.name, resource.identifier, resource.kind, resource.region, *resource.tags.values()))
    return Point(resource.natural_key, vector, said, {name: str(getattr(resource, name)) for name in fields})
