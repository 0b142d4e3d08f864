"""Items in runs of neighbours that stay within a limit: of seconds, of bytes, of items."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


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
