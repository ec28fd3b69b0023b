"""Progress: how far a long piece of work has come, told to whoever watches.

Readers and the audit count what they go through (pages, sheets, paragraphs, relations); a watcher hears of it. Nobody has
to pass a callback through every function on the way: the watcher holds for the work that is done while it is set, in its
own thread. A watcher that raises stops the work.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias, TypeVar

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Progress:
    """One step.

    Attributes:
        stage: What is being done.
        done: How many are done.
        total: How many there are; None if that is not known before the end.
        of: What is counted: `pages`, `sheets`, `paragraphs`, `relations`, `files`, `rows`.
    """

    stage: Literal["reading", "auditing"]
    done: int
    total: int | None
    of: str


Watcher: TypeAlias = Callable[[Progress], None]
_WATCHER: Final[ContextVar[Watcher | None]] = ContextVar("budgetaudit progress", default=None)


@contextmanager
def watched(watcher: Watcher | None) -> Generator[None]:
    """Let a watcher hear of the work that is done inside; None leaves whoever watches already."""
    if watcher is None:
        yield
        return
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


def tell(step: Progress) -> None:
    """Tell the watcher of a step, if somebody watches."""
    watcher = _WATCHER.get()
    if watcher is not None:
        watcher(step)


def counted(
    items: Iterable[Item], *, stage: Literal["reading", "auditing"], of: str, total: int | None = None
) -> Iterator[Item]:
    """The items, each told to the watcher when the work on it is done.

    Args:
        items: What is worked through.
        stage: What is being done.
        of: What the items are, in the plural.
        total: How many there are.

    >>> seen = []
    >>> with watched(seen.append):
    ...     letters = [letter for letter in counted("ab", stage="reading", of="letters", total=2)]
    >>> [(step.done, step.total) for step in seen]
    [(1, 2), (2, 2)]
    """
    for done, item in enumerate(items, 1):
        yield item
        tell(Progress(stage, done, total, of))
