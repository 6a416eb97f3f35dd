-- 流转记录 → core.incident_step, in the order of the hand-overs of each incident; those of one moment in the order in which work goes on.
INSERT INTO core.incident_step BY NAME
SELECT
    incident_id, row_number() OVER (PARTITION BY incident_id ORDER BY handed_at, a.sort_order NULLS LAST, file_row) AS step_no,
    action, nullif(action_code, 'unmatched') AS action_code, actor_id,
    from_department_code, to_department_code, handed_at, handed_at_is_day AS handed_is_day,
    CASE outcome_code WHEN 'returned' THEN true WHEN 'accepted' THEN false END AS is_returned,
    file_id, file_sheet, file_row
FROM current_incident_step
LEFT JOIN core.code a ON a.list = 'step_action' AND a.code = nullif(action_code, 'unmatched')
ORDER BY incident_id, step_no;
