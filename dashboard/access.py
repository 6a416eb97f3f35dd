"""Who is looking, and what they may see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """One reader. communities: codes the reader may see; empty = the whole township."""

    name: str
    communities: tuple[str, ...] = ()

    @property
    def scope(self) -> tuple[str, ...]:
        """What a cached answer may be shared by: readers with equal scope see equal numbers."""
        return self.communities


LOCAL = Reader(name="local")
"""The reader at the machine itself; the server answers nobody else while there are no accounts."""
