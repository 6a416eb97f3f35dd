-- 流转记录 → core.incident_step, in the order of the hand-overs of each incident.
INSERT INTO core.incident_step BY NAME
SELECT
    incident_id, row_number() OVER (PARTITION BY incident_id ORDER BY handed_at, file_row) AS step_no, action, actor_id,
    from_department_code, to_department_code, handed_at,
    CASE outcome_code WHEN 'returned' THEN true WHEN 'accepted' THEN false END AS is_returned,
    file_id, file_sheet, file_row
FROM current_incident_step
ORDER BY incident_id, step_no;
