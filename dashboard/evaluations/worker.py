"""The process that works evaluations out: python -m dashboard.evaluations.worker, started and spoken to by process.py.

It knows numbers only: no warehouse, no names of units.
"""

from __future__ import annotations

import os
import sys
from multiprocessing.connection import Connection
from typing import Any

from dashboard.statistics.evaluation import Asked, evaluated

PROGRESS, FOUND, FAILED, STOPPED = "progress", "found", "failed", "stopped"
STOP = "stop"


class _Stopped(Exception):
    """Nobody waits for the answer any more."""


def main(number: int) -> None:
    """Does what comes in through the connection of that number, until nobody is at its other end."""
    connection = Connection(number)
    if not connection.poll():  # whoever waits already is served first
        _warm()
    while True:
        try:
            asked = connection.recv()
            if isinstance(asked, Asked):  # else a stop that came when all was done
                connection.send(_answer(connection, asked))
        except (EOFError, OSError):
            os._exit(0)


def _answer(connection: Any, asked: Asked) -> tuple[str, Any]:
    def tell(share: float) -> None:
        if connection.poll() and connection.recv() == STOP:
            raise _Stopped
        connection.send((PROGRESS, share))

    try:
        return FOUND, evaluated(asked, tell)
    except _Stopped:
        return STOPPED, None
    except (ArithmeticError, ValueError) as error:  # numpy's LinAlgError is one
        return FAILED, f"{type(error).__name__}: {error}"


def _warm() -> None:
    """What would otherwise be imported while the first reader waits."""
    from statsmodels.genmod import families  # noqa: F401
    from statsmodels.genmod.generalized_linear_model import GLM  # noqa: F401
    from statsmodels.stats.sandwich_covariance import S_hac_simple  # noqa: F401


if __name__ == "__main__":
    main(int(sys.argv[1]))
