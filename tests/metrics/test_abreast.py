"""Questions asked side by side."""

import threading
from functools import partial

import pytest

from dashboard.metrics.abreast import abreast, both


def test_answers_come_in_the_order_of_the_questions() -> None:
    assert abreast([partial(pow, number, 2) for number in range(20)]) == [number * number for number in range(20)]
    assert abreast([]) == []
    assert both(lambda: "one", lambda: 2) == ("one", 2)


def test_two_stand_side_by_side() -> None:
    meeting = threading.Barrier(2, timeout=10)
    assert sorted(abreast([meeting.wait, meeting.wait])) == [0, 1]


def test_questions_inside_questions_do_not_wait_for_each_other() -> None:
    def deep(level: int) -> int:
        return sum(abreast([lambda: deep(level - 1)] * 3)) if level else 1

    assert deep(4) == 81


def test_what_one_raises_is_raised() -> None:
    def fails() -> int:
        raise LookupError("no such thing")

    with pytest.raises(LookupError, match="no such thing"):
        abreast([lambda: 1, fails, lambda: 3])
