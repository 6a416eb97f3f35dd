-- 回访记录 → core.callback (one row a call) and core.callback_case (one row an incident due for a callback or called).
-- An unreached resident is neither satisfied nor dissatisfied. The first complete call of round 1 decides.
INSERT INTO core.callback BY NAME
SELECT
    callback_id, incident_id, coalesce(round, 1) AS round, called_at, coalesce(result_code, 'unmatched') AS result_code,
    coalesce(c.is_reached, false) AS is_reached, contacted AS is_contacted,
    nullif(solved_code, 'unmatched') AS solved_code, nullif(satisfaction_code, 'unmatched') AS satisfaction_code, reason,
    rehandled AS is_rehandled, escalated AS is_escalated,
    coalesce(c.is_reached, false) AND contacted IS NOT NULL AND nullif(solved_code, 'unmatched') IS NOT NULL
        AND nullif(satisfaction_code, 'unmatched') IS NOT NULL AS is_complete,
    file_id, file_sheet, file_row
FROM current_callback
LEFT JOIN core.code c ON c.list = 'callback_result' AND c.code = result_code
ORDER BY incident_id, round, called_at;

INSERT INTO core.callback_case BY NAME
SELECT
    i.incident_id, i.community_code, i.grid_id, i.category_code, i.department_code, i.channel_code, i.level_code,
    i.closed_on, i.closed_week, i.closed_month,
    i.is_callback_due AS is_due,
    coalesce(first.is_attempted, false) AS is_attempted, coalesce(first.is_reached, false) AS is_reached,
    coalesce(first.is_complete, false) AS is_complete,
    coalesce(answer.is_contacted, false) AS is_contacted, answer.solved_code, solved.credit AS solved_credit,
    answer.satisfaction_code, satisfaction.credit AS satisfaction_credit,
    coalesce(answer.satisfaction_code IN ('dissatisfied', 'very_dissatisfied'), false) AS is_dissatisfied, answer.reason,
    coalesce(second.is_attempted, false) AS is_second_round, coalesce(second.is_reached, false) AS is_second_round_reached,
    coalesce(second.is_dissatisfied, false) AS is_second_round_dissatisfied,
    coalesce(every.is_rehandled, false) AS is_rehandled, coalesce(every.is_escalated, false) AS is_escalated,
    i.is_repeat_observable, i.is_repeated,
    elapsed_hours(i.closed_at, first.first_called_at, i.closed_is_day) AS hours_to_first_call
FROM core.incident i
LEFT JOIN (
    SELECT incident_id, true AS is_attempted, bool_or(is_reached) AS is_reached, bool_or(is_complete) AS is_complete, min(called_at) AS first_called_at
    FROM core.callback WHERE round = 1 GROUP BY incident_id
) first USING (incident_id)
LEFT JOIN (
    SELECT incident_id, arg_min({'is_contacted': is_contacted, 'solved_code': solved_code, 'satisfaction_code': satisfaction_code, 'reason': reason}, called_at) AS a
    FROM core.callback WHERE round = 1 AND is_complete GROUP BY incident_id
) complete USING (incident_id)
LEFT JOIN LATERAL (SELECT a.is_contacted, a.solved_code, a.satisfaction_code, a.reason) answer ON true
LEFT JOIN (
    SELECT incident_id, true AS is_attempted, bool_or(is_reached) AS is_reached,
        bool_or(is_reached AND coalesce(satisfaction_code IN ('dissatisfied', 'very_dissatisfied'), false)) AS is_dissatisfied
    FROM core.callback WHERE round >= 2 GROUP BY incident_id
) second USING (incident_id)
LEFT JOIN (
    SELECT incident_id, bool_or(coalesce(is_rehandled, false)) AS is_rehandled, bool_or(coalesce(is_escalated, false)) AS is_escalated
    FROM core.callback GROUP BY incident_id
) every USING (incident_id)
LEFT JOIN core.code solved ON solved.list = 'solved' AND solved.code = answer.solved_code
LEFT JOIN core.code satisfaction ON satisfaction.list = 'satisfaction' AND satisfaction.code = answer.satisfaction_code
WHERE i.closed_on IS NOT NULL AND i.is_closed AND (i.is_callback_due OR first.is_attempted OR second.is_attempted)
ORDER BY i.closed_on, i.community_code;
