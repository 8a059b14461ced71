"""Shrinking: of a list that fails, what is enough to fail."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def shrink(items: Sequence[T], fails: Callable[[Sequence[T]], bool], *, tries: int = 400) -> Sequence[T]:
    """A shorter list that still fails: parts of it are left out, larger ones first, as long as it does.

    Args:
        items: a list that fails.
        fails: whether a list does.
        tries: how often that is asked at the most.

    Source: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input (2002), without its subsets.
    """
    left, size = list(items), max(len(items) // 2, 1)
    while size and tries > 0:
        at, shorter = 0, False
        while at < len(left) and tries > 0:
            without = left[:at] + left[at + size :]
            tries -= 1
            if fails(without):
                left, shorter = without, True
            else:
                at += size
        if size == 1 and not shorter:
            break
        size = max(size // 2, 1) if size > 1 or shorter else 0
    return left
