"""Items in runs of neighbours that stay within a limit: of seconds, of bytes, of items."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from typing import TypeVar

Item = TypeVar("Item")
FINEST = 1e12  # parts of a whole, whatever limit is asked for


def chunks(items: Iterable[Item], limit: float, cost: Callable[[Item], float] = lambda item: 1) -> Iterator[list[Item]]:
    """Yield the items in order, in lists whose costs sum to at most `limit`; an item that exceeds it comes alone."""
    chunk: list[Item] = []
    total = 0.0
    for item in items:
        price = cost(item)
        if chunk and total + price > limit:
            yield chunk
            chunk, total = [], 0.0
        chunk.append(item)
        total += price
    if chunk:
        yield chunk


def even_chunks(items: Sequence[Item], limit: float, cost: Callable[[Item], float]) -> list[list[Item]]:
    """The items in order, in as few lists as costs of `limit` each allow, of costs as even as they go: an item is in that list
    in whose share of the whole its middle falls, so that a list may exceed the limit by half an item."""
    prices = [cost(item) for item in items]
    parts = max(1, math.ceil(min(sum(prices) / limit, FINEST)))
    share = sum(prices) / parts or 1
    places = [
        min(int((end - price / 2) / share), parts - 1) for end, price in zip(accumulate(prices), prices, strict=True)
    ]
    together = groupby(zip(places, items, strict=True), key=lambda pair: pair[0])
    return [[item for _, item in chunk] for _, chunk in together]
