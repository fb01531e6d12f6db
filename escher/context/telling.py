"""What one conversation has told the server of its estate: a budget, and results that leave only after they were shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from escher.context.counting import Counting
from escher.contract.data_requests import BUDGET, MOST_RESULTS, DataRequest, DataResult


class Telling:
    """The data requests of one conversation. `counting` is only asked for when there is something to count."""

    def __init__(self) -> None:
        self._answered = 0
        self._shown: dict[DataRequest, DataResult] = {}

    def count(self, requests: Iterable[DataRequest], counting: Callable[[], Counting]) -> tuple[DataResult, ...]:
        """The results to show, in order. One that repeats costs as much; beyond the budget nothing is counted."""
        within = list(requests)[: max(0, BUDGET - self._answered)]
        self._answered += len(within)
        return tuple(counting().answer(request) for request in within)

    def shown(self, results: Iterable[DataResult]) -> None:
        """The user has these results before their eyes, so the next question may take them along."""
        for result in results:
            self._shown.pop(result.request, None)
            self._shown[result.request] = result

    def to_send(self) -> tuple[DataResult, ...]:
        """The newest results that were shown, oldest first."""
        return tuple(self._shown.values())[-MOST_RESULTS:]
