-- core.assignment: one row each time a department is given a case – by its 派遣, 改派 and 返工 steps; an incident without any, by itself.

-- Every step as the department's that acts in it (a 签收 may name it on either side). turn: how often it was given the case so far.
CREATE TEMP TABLE assignment_step AS
SELECT *, sum(is_opening::INTEGER) OVER (PARTITION BY incident_id, department_code ORDER BY step_no, NOT is_opening) AS turn
FROM (
    SELECT incident_id, step_no, action_code, from_department_code, coalesce(to_department_code, 'unmatched') AS department_code,
        handed_at, handed_is_day, is_returned, file_id, true AS is_opening
    FROM core.incident_step WHERE action_code IN ('dispatched', 'reassigned', 'reworked')
    UNION ALL
    SELECT incident_id, step_no, action_code, NULL, unnest(CASE WHEN action_code = 'answered'
            THEN list_distinct([coalesce(from_department_code, to_department_code), to_department_code])
            ELSE [coalesce(from_department_code, to_department_code, 'unmatched')] END),
        handed_at, handed_is_day, NULL, file_id, false
    FROM core.incident_step WHERE action_code IN ('answered', 'returned', 'disposed')
);

CREATE TEMP TABLE assignment_turn AS
SELECT *,
    row_number() OVER w AS assignment_no,
    lead(department_code) OVER w AS next_department_code,
    min(assigned_at) FILTER (WHERE opening_code = 'reassigned') OVER (w ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS reassigned_at,
    lead(opening_code) OVER own AS again_code,
    lead(assigned_at) OVER own AS again_at
FROM (
    SELECT
        incident_id, department_code, turn, min(step_no) AS step_no,
        max(action_code) FILTER (WHERE is_opening) AS opening_code, max(from_department_code) FILTER (WHERE is_opening) AS assigned_by_code,
        max(handed_at) FILTER (WHERE is_opening) AS assigned_at,
        min(handed_at) FILTER (WHERE action_code = 'answered') AS signed_at,
        min(handed_at) FILTER (WHERE action_code = 'returned') AS returned_at,
        max(handed_at) FILTER (WHERE action_code = 'disposed') AS disposed_at,
        bool_or(handed_is_day) AS is_day,
        coalesce(bool_or(is_returned), false) OR bool_or(action_code = 'returned') AS is_returned,
        max(file_id) FILTER (WHERE is_opening) AS file_id
    FROM assignment_step WHERE turn > 0
    GROUP BY incident_id, department_code, turn
)
WINDOW w AS (PARTITION BY incident_id ORDER BY step_no), own AS (PARTITION BY incident_id, department_code ORDER BY turn);

-- Until when an assignment has to be answered, in files that record 签收 at all; the clock runs in office hours.
CREATE TEMP TABLE assignment_answer_due AS
SELECT started.incident_id, started.step_no, s.opens_at + to_minutes(started.minute_no - s.minutes_before) AS answer_due_at
FROM (
    SELECT t.incident_id, t.step_no, s.minutes_before + least(date_diff('minute', s.opens_at, t.assigned_at), s.minutes_open)
        + (SELECT (60 * working_hours)::BIGINT FROM core.time_limit WHERE limit_code = 'answer') AS minute_no
    FROM assignment_turn t ASOF JOIN working_segment s ON t.assigned_at >= s.opens_at
    WHERE t.file_id IN (SELECT file_id FROM core.incident_step WHERE action_code = 'answered')
) started
ASOF JOIN working_segment s ON started.minute_no > s.minutes_before;

CREATE TEMP VIEW assignment_given AS
SELECT
    t.incident_id, t.assignment_no, t.department_code, t.assigned_by_code, t.next_department_code, t.assigned_at, due.answer_due_at,
    t.signed_at, t.returned_at, t.reassigned_at, t.disposed_at AS own_disposed_at, t.again_at, t.again_code, t.is_day, t.is_returned,
    t.opening_code = 'reworked' AS is_rework, true AS has_steps, t.again_at IS NULL AND t.department_code = i.department_code AS is_last,
    i.community_code, i.grid_id, i.category_code, i.channel_code, i.level_code, i.due_at, i.is_counted, i.is_open AS i_is_open,
    i.is_disposed AS i_is_disposed, i.is_closed AS i_is_closed, i.disposed_at AS i_disposed_at, i.closed_at AS i_closed_at, i.hours_to_dispose
FROM assignment_turn t
JOIN core.incident i USING (incident_id)
LEFT JOIN assignment_answer_due due USING (incident_id, step_no)
UNION ALL
SELECT
    incident_id, 1, department_code, NULL, NULL, coalesce(dispatched_at, registered_at, reported_at), NULL,
    NULL, NULL, NULL, NULL, NULL, NULL, false, NULL,
    false, false, true,
    community_code, grid_id, category_code, channel_code, level_code, due_at, is_counted, is_open,
    is_disposed, is_closed, disposed_at, closed_at, hours_to_dispose
FROM core.incident ANTI JOIN assignment_turn USING (incident_id)
WHERE is_dispatched;

-- The last department finishes when the incident does, where its own step is missing; a rework shows that something had been finished.
CREATE TEMP VIEW assignment_ended AS
SELECT *,
    own_disposed_at IS NOT NULL OR is_finished OR again_code IS NOT DISTINCT FROM 'reworked' AS is_done,
    coalesce(own_disposed_at, CASE WHEN is_finished THEN coalesce(
        CASE WHEN i_disposed_at >= assigned_at THEN i_disposed_at END, CASE WHEN i_closed_at >= assigned_at THEN i_closed_at END) END) AS done_at
FROM (
    SELECT *,
        is_last AND NOT coalesce(is_returned, false) AND i_is_disposed
            AND (i_is_closed OR coalesce(i_disposed_at >= assigned_at, true)) AS is_finished
    FROM assignment_given
);

CREATE TEMP VIEW assignment_judged AS
SELECT *,
    i_is_open AND NOT (is_done OR was_returned OR passed_on_at IS NOT NULL) AND (is_last OR NOT i_is_disposed) AS is_open
FROM (
    SELECT *,
        coalesce(is_returned, false) AS was_returned,
        CASE WHEN NOT (is_done OR is_last OR coalesce(is_returned, false)) THEN coalesce(reassigned_at, again_at) END AS passed_on_at,
        coalesce(signed_at, least(returned_at, done_at)) AS answered_at
    FROM assignment_ended
);

INSERT INTO core.assignment BY NAME
SELECT
    incident_id, assignment_no, department_code, assigned_by_code, next_department_code,
    community_code, grid_id, category_code, channel_code, level_code,
    assigned_at, answer_due_at, answered_at, returned_at, passed_on_at, done_at, due_at,
    is_rework, signed_at IS NOT NULL AS is_accepted_explicitly,
    CASE
        WHEN answer_due_at IS NULL THEN NULL
        WHEN answered_at IS NOT NULL THEN CASE WHEN is_day THEN answered_at::DATE <= answer_due_at::DATE ELSE answered_at <= answer_due_at END
        WHEN passed_on_at > answer_due_at OR (is_open AND answer_due_at < getvariable('as_of')::TIMESTAMP) THEN false
    END AS is_accepted_in_time,
    is_returned, passed_on_at IS NOT NULL AS is_passed_on, is_done, is_due,
    CASE WHEN is_due THEN CASE WHEN done_at IS NOT NULL THEN done_at <= due_at WHEN NOT is_done THEN false WHEN again_at <= due_at THEN true END END AS is_on_time,
    is_open, is_open AND coalesce(due_at < getvariable('as_of')::TIMESTAMP, false) AS is_open_overdue,
    CASE WHEN has_steps THEN elapsed_hours(assigned_at, answered_at, is_day) ELSE hours_to_dispose END AS hours_to_answer,
    CASE WHEN has_steps THEN elapsed_hours(assigned_at, done_at, is_day) ELSE hours_to_dispose END AS hours_to_done,
    assigned_at::DATE AS assigned_on, date_trunc('week', assigned_at)::DATE AS assigned_week, date_trunc('month', assigned_at)::DATE AS assigned_month,
    ended_at::DATE AS ended_on, date_trunc('week', ended_at)::DATE AS ended_week, date_trunc('month', ended_at)::DATE AS ended_month
FROM (
    SELECT *,
        coalesce(is_counted AND due_at >= assigned_at AND (is_done OR is_open AND due_at < getvariable('as_of')::TIMESTAMP), false) AS is_due,
        CASE WHEN is_done THEN coalesce(done_at, again_at) ELSE coalesce(returned_at, passed_on_at) END AS ended_at
    FROM assignment_judged
)
ORDER BY assigned_on, community_code, grid_id;
