"""What is known of departments besides their numbers: who gives out the cases, and how long one may take to sign for them."""

from __future__ import annotations

from dashboard.warehouse import Snapshot


def dispatchers(snapshot: Snapshot) -> frozenset[str]:
    """Departments that gave out at least a tenth of the assignments whose giver is known: command centres, once a build."""
    sql = """SELECT assigned_by_code FROM core.assignment WHERE assigned_by_code IS NOT NULL AND assigned_by_code <> 'unmatched' GROUP BY 1
             HAVING 10 * count(*) >= (SELECT count(*) FROM core.assignment WHERE assigned_by_code IS NOT NULL)"""
    return snapshot.remembered("dispatchers", lambda: frozenset(code for (code,) in snapshot.rows(sql)))


def answer_hours(snapshot: Snapshot) -> float | None:
    """Working hours within which an assignment has to be signed for; None where the town has set no such limit. Once a build."""
    sql = "SELECT max(working_hours) FROM core.time_limit WHERE limit_code = 'answer'"
    found: float | None = snapshot.remembered("answer_hours", lambda: snapshot.rows(sql)[0][0])
    return found
