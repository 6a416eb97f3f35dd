"""Which metrics tell a topic, where screen and paper tell it alike."""

from __future__ import annotations

CALLBACK_STEPS = (
    ("due", "callbacks_due", "numerator"),
    ("attempted", "callback_coverage", "numerator"),
    ("reached", "callback_reach_rate", "numerator"),
    ("complete", "callback_response_rate", "numerator"),
    ("satisfied", "satisfaction_rate:lenient", "numerator"),
)
"""From due to satisfied; a step is named callback.<name>, and is a metric and which of its parts counts it."""
AGES = ("backlog_under_7_days", "backlog_7_to_30_days", "backlog_30_to_90_days", "backlog_over_90_days")
"""How long the stock has been open, the youngest first."""
