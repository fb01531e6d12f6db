"""Pages by botocore's paginators: their tokens and results, driven from an event loop, and stopped when a token repeats."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from botocore.exceptions import PaginationError

from escher.providers.aws.calls import Answer

Send = Callable[[Mapping[str, Any]], Awaitable[dict[str, Any]]]


async def pages_of(
    paginator: Any, send: Send, parameters: Mapping[str, Any], page_size: int | None = None
) -> AsyncIterator[Answer]:
    """The pages of an operation; its one answer where `paginator` is None. Raises PaginationError for a looping token.

    botocore sees a token that is given twice in a row; here one that was given before is found as well.
    """
    if paginator is None:
        yield await send(parameters)
        return
    sizes = {"PageSize": page_size} if page_size else {}
    rules = paginator.paginate(**parameters, PaginationConfig=sizes)
    asked: dict[str, Any] = rules._op_kwargs
    rules._inject_starting_params(asked)
    seen: set[str] = set()
    while True:
        answer = await send(asked)
        # What comes next is read first: whoever takes the page may change it.
        token = rules._get_next_token(answer)
        yield answer
        if all(part is None for part in token.values()):
            return
        if repr(token) in seen:
            raise PaginationError(message=f"The same next token was received twice: {token}")
        seen.add(repr(token))
        rules._inject_token_into_kwargs(asked, token)


async def full_result(paginator: Any, send: Send, parameters: Mapping[str, Any]) -> Answer:
    """The pages of an operation in one, put together as botocore does."""
    pages = [page async for page in pages_of(paginator, send, parameters)]
    replayed = iter(pages)
    rules = paginator.paginate(**parameters)

    def replay(**_: Any) -> Answer:
        return next(replayed)

    rules._method = replay
    return rules.build_full_result()
