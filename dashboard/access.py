"""Who is looking, and what they may see."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """One reader. communities: codes the reader may see; empty = the whole township · may_load: may send files and have them loaded."""

    name: str
    communities: tuple[str, ...] = ()
    may_load: bool = False

    @property
    def scope(self) -> tuple[object, ...]:
        """What a cached page may be shared by: readers with equal scope see equal numbers and the same buttons."""
        return self.communities, self.may_load


LOCAL = Reader(name="local", may_load=True)
"""The reader at the machine itself; the server answers nobody else while there are no accounts."""


def is_loopback(host: str) -> bool:
    """Whether a name or address means this machine itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
