-- 事件 → core.incident: grid by the moment of the report, deadlines by the working calendar, every flag a metric counts.
-- "counted" leaves out what never became a case of a department: void, not registered, parked, merged, settled on the spot.

-- Deadlines of incidents whose export gives the limit but not the moment (or only the extended one).
-- The clock starts at dispatch, else registration, else report.
CREATE TEMP TABLE incident_limit AS
SELECT
    incident_id, coalesce(dispatched_at, registered_at, reported_at) AS starts_at, limit_value, limit_unit_code
FROM current_incident
WHERE original_due_at IS NULL AND (due_at IS NULL OR is_extended OR extension_count > 0) AND limit_value > 0 AND limit_unit_code IN ('working_day', 'working_hour', 'natural_day', 'hour');

CREATE TEMP TABLE incident_limit_due AS
SELECT l.incident_id, due.day + TIME '23:59:59' AS limit_due_at
FROM incident_limit l
JOIN core.day start ON start.day = l.starts_at::DATE
JOIN core.day due ON due.is_working_day AND due.working_day_no = start.working_day_no + ceil(l.limit_value)::INTEGER
WHERE l.limit_unit_code = 'working_day'
UNION ALL
SELECT started.incident_id, s.opens_at + to_minutes(started.minute_no - s.minutes_before)
FROM (
    SELECT l.incident_id,
        s.minutes_before + least(date_diff('minute', s.opens_at, l.starts_at), s.minutes_open) + (l.limit_value * 60)::BIGINT AS minute_no
    FROM incident_limit l ASOF JOIN working_segment s ON l.starts_at >= s.opens_at
    WHERE l.limit_unit_code = 'working_hour'
) started
ASOF JOIN working_segment s ON started.minute_no > s.minutes_before
UNION ALL
SELECT incident_id,
    CASE limit_unit_code WHEN 'hour' THEN starts_at + to_minutes((limit_value * 60)::BIGINT)
        ELSE (starts_at::DATE + ceil(limit_value)::INTEGER) + TIME '23:59:59' END
FROM incident_limit
WHERE limit_unit_code IN ('natural_day', 'hour');

-- The same complainant, place and matter again within 30 days of closing.
CREATE TEMP TABLE incident_repeat AS
SELECT DISTINCT earlier.incident_id
FROM current_incident earlier
JOIN current_incident later
    ON later.complainant_id = earlier.complainant_id AND later.community_code = earlier.community_code
    AND later.subcategory = earlier.subcategory AND later.incident_id <> earlier.incident_id
    AND later.reported_at > earlier.closed_at AND later.reported_at <= earlier.closed_at + INTERVAL 30 DAY
WHERE earlier.closed_at IS NOT NULL;

-- Minutes of a working day's opening hours that come after a moment's time of day.
SET VARIABLE office_hours = (SELECT list({'opens': date_diff('minute', TIME '00:00', opens), 'closes': date_diff('minute', TIME '00:00', closes)}) FROM working_hour);
SET VARIABLE office_minutes = (SELECT sum(date_diff('minute', opens, closes))::BIGINT FROM working_hour);
CREATE TEMP MACRO office_minutes_after(moment) AS
    list_sum([greatest(0, h.closes - greatest(h.opens, date_part('hour', moment) * 60 + date_part('minute', moment))) FOR h IN getvariable('office_hours')]);

-- Minutes in which one department closed at least five cases and more than half of all that the town closed: a clump of its own.
-- A nightly job of the platform closes everybody's cases at once; nobody has more than half of those.
CREATE TEMP TABLE incident_batch AS
SELECT minute_no, arg_max(department_code, closings) AS department_code
FROM (
    SELECT epoch(closed_at)::BIGINT // 60 AS minute_no, department_code, count(*) AS closings
    FROM current_incident
    WHERE NOT closed_at_is_day AND epoch(closed_at)::BIGINT // 60 IN (
        SELECT epoch(closed_at)::BIGINT // 60 FROM current_incident WHERE closed_at IS NOT NULL GROUP BY 1 HAVING count(*) >= 5)
    GROUP BY 1, 2
)
GROUP BY minute_no
HAVING max(closings) >= 5 AND 2 * max(closings) > sum(closings);

-- The same title, description and address by the same grid worker on the same day, once more: all but the first.
CREATE TEMP TABLE incident_copy AS
SELECT incident_id
FROM current_incident
JOIN (
    SELECT worker_id, reported_at::DATE AS day, title FROM current_incident
    WHERE worker_id IS NOT NULL AND title IS NOT NULL GROUP BY ALL HAVING count(*) > 1
) said ON said.worker_id = current_incident.worker_id AND said.day = reported_at::DATE AND said.title = current_incident.title
QUALIFY row_number() OVER (
    PARTITION BY current_incident.worker_id, reported_at::DATE, current_incident.title, description, address ORDER BY reported_at, incident_id) > 1;

CREATE TEMP VIEW incident_state AS
SELECT
    i.* EXCLUDE (status_code, due_at, original_due_at, closed_at, is_parked, is_self_disposed, is_duplicate, is_extended, is_reworked,
        extension_count, rework_count, return_count, category_code, community_code),
    coalesce(i.status_code, 'unmatched') AS status_code,
    coalesce(nullif(i.category_code, 'unmatched'), i.subcategory_code, 'unmatched') AS category_code,
    coalesce(nullif(i.community_code, 'unmatched'), g.community_code, 'unmatched') AS community_code,
    g.grid_id,
    -- a deadline given as a day lasts to the end of that day
    CASE WHEN i.due_at_is_day THEN i.due_at::DATE + TIME '23:59:59' ELSE coalesce(i.due_at, l.limit_due_at) END AS due_at,
    CASE WHEN i.original_due_at_is_day THEN i.original_due_at::DATE + TIME '23:59:59' ELSE coalesce(i.original_due_at, l.limit_due_at) END AS original_due_at,
    greatest(coalesce(i.extension_count, 0), coalesce(i.is_extended, false)::INTEGER) AS extension_count,
    greatest(coalesce(i.rework_count, 0), coalesce(i.is_reworked, false)::INTEGER) AS rework_count,
    coalesce(i.return_count, 0) AS return_count,
    coalesce(i.is_parked, false) OR coalesce(i.status_code = 'parked', false) AS is_parked,
    coalesce(i.is_self_disposed, false) AS is_self_disposed,
    coalesce(i.is_duplicate, false) AS is_duplicate,
    coalesce(i.status_code IN ('void', 'rejected'), false) AS is_void,
    -- the status decides what is closed; where it is unknown the moment does
    CASE WHEN coalesce(i.status_code, 'unmatched') IN ('unmatched') THEN i.closed_at IS NOT NULL ELSE i.status_code = 'closed' END AS has_closed,
    CASE WHEN i.status_code = 'closed' OR coalesce(i.status_code, 'unmatched') = 'unmatched' THEN i.closed_at END AS closed_at
FROM current_incident i
LEFT JOIN incident_limit_due l USING (incident_id)
LEFT JOIN core.grid g
    ON g.grid_code = i.grid AND i.reported_at::DATE >= g.valid_from AND (g.valid_to IS NULL OR i.reported_at::DATE <= g.valid_to);

CREATE TEMP VIEW incident_counted AS
SELECT *,
    has_registered AND NOT (is_void OR is_parked OR is_duplicate OR is_self_disposed) AS is_counted
FROM (
    SELECT *,
        registered_at IS NOT NULL OR status_code IN ('registered', 'dispatched', 'processing', 'checking', 'closed', 'parked')
            OR (status_code = 'unmatched' AND has_closed) AS has_registered,
        dispatched_at IS NOT NULL OR (NOT is_self_disposed AND NOT is_duplicate AND status_code IN ('dispatched', 'processing', 'checking', 'closed')) AS has_dispatched,
        has_closed OR disposed_at IS NOT NULL OR status_code = 'checking' AS has_disposed,
        coalesce(original_due_at, CASE WHEN extension_count = 0 THEN due_at END) AS first_due_at
    FROM incident_state
);

CREATE TEMP VIEW incident_judged AS
SELECT *,
    is_counted AND has_disposed AS is_disposed,
    is_counted AND has_closed AS is_closed,
    is_counted AND (has_disposed OR coalesce(coalesce(due_at, first_due_at) < getvariable('as_of')::TIMESTAMP, false)) AS is_due,
    coalesce(due_at, first_due_at) AS deadline_at,
    -- the moment of closing is known to the minute
    is_counted AND has_closed AND closed_at IS NOT NULL AND NOT closed_at_is_day AS has_closing_moment,
    coalesce(dispatched_at, registered_at, reported_at) AS starts_at,
    CASE WHEN dispatched_at IS NOT NULL THEN dispatched_at_is_day WHEN registered_at IS NOT NULL THEN registered_at_is_day ELSE reported_at_is_day END AS starts_at_is_day
FROM incident_counted;

INSERT INTO core.incident BY NAME
SELECT
    i.incident_id, coalesce(i.title, i.description) AS title,
    coalesce(i.channel_code, 'unmatched') AS channel_code, coalesce(i.level_code, 'unmatched') AS level_code, i.status_code, i.category_code,
    i.subcategory, coalesce(i.department_code, 'unmatched') AS department_code, i.first_department_code, i.community_code,
    i.grid AS grid_code, i.grid_id, i.worker_id, i.complainant_id,
    i.reported_at, i.registered_at, i.dispatched_at, i.disposed_at, i.checked_at, i.closed_at,
    i.first_due_at AS original_due_at, coalesce(i.due_at, i.first_due_at) AS due_at,
    i.reported_at_is_day AS reported_is_day, i.disposed_at_is_day AS disposed_is_day, i.closed_at_is_day AS closed_is_day,
    i.extension_count, i.rework_count, i.return_count, i.void_reason,
    i.is_duplicate, i.has_registered AS is_registered, i.has_dispatched AS is_dispatched,
    CASE WHEN i.has_dispatched AND i.first_department_code NOT IN ('unmatched') AND i.department_code NOT IN ('unmatched')
        THEN i.first_department_code = i.department_code END AS is_accurately_dispatched,
    i.is_void, i.is_parked, i.is_self_disposed, i.is_counted, i.is_disposed, i.is_closed, i.is_counted AND NOT i.has_closed AS is_open, i.is_due,
    -- a closing known to have happened but without its moment proves nothing either way
    CASE WHEN i.is_due AND NOT (i.is_closed AND i.closed_at IS NULL) AND coalesce(i.due_at, i.first_due_at) IS NOT NULL
        THEN coalesce(i.closed_at <= coalesce(i.due_at, i.first_due_at), false) END AS is_on_time,
    CASE WHEN i.is_due AND NOT (i.is_closed AND i.closed_at IS NULL) AND i.first_due_at IS NOT NULL
        THEN coalesce(i.closed_at <= i.first_due_at, false) END AS is_on_time_original,
    CASE WHEN i.is_due AND NOT (i.is_disposed AND coalesce(i.disposed_at, i.closed_at) IS NULL) AND coalesce(i.due_at, i.first_due_at) IS NOT NULL
        THEN coalesce(coalesce(i.disposed_at, i.closed_at) <= coalesce(i.due_at, i.first_due_at), false) END AS is_disposed_on_time,
    i.is_due AND NOT i.is_disposed AS is_open_overdue,
    i.is_counted AND NOT i.has_disposed AND NOT i.is_due AS is_open_not_due,
    i.extension_count > 0 AS is_extended, i.rework_count > 0 AS is_reworked,
    i.is_counted AND (i.checked_at IS NOT NULL OR i.rework_count > 0) AS is_checked,
    i.source_on_time AS source_is_on_time,
    i.is_closed AND coalesce(ch.is_callback_required, false) AND coalesce(i.has_contact, true) AS is_callback_due,
    coalesce(i.is_closed AND i.complainant_id IS NOT NULL AND i.closed_at <= getvariable('as_of')::TIMESTAMP - INTERVAL 30 DAY, false) AS is_repeat_observable,
    rep.incident_id IS NOT NULL AS is_repeated,
    -- null where a moment is known to the day only, or the closing lies before the report
    CASE WHEN i.has_closing_moment AND NOT i.reported_at_is_day AND date_diff('second', i.reported_at, i.closed_at) > -60
        THEN date_diff('second', i.reported_at, i.closed_at) < 300 END AS is_closed_at_once,
    -- the last twentieth of the allowed time; of a limit that runs to the end of a working day, of its office hours
    CASE WHEN i.has_closing_moment AND i.deadline_at > i.starts_at THEN CASE
        WHEN i.closed_at > i.deadline_at THEN false
        WHEN i.deadline_at::TIME >= TIME '23:59:00' AND due_day.is_working_day AND start_day.is_working_day IS NOT NULL THEN i.closed_at::DATE = due_day.day
            AND office_minutes_after(i.closed_at) * 20 <= (due_day.working_day_no - start_day.working_day_no) * getvariable('office_minutes')
                + CASE WHEN start_day.is_working_day THEN office_minutes_after(i.starts_at) ELSE 0 END
        WHEN NOT i.starts_at_is_day THEN date_diff('second', i.closed_at, i.deadline_at) * 20 <= date_diff('second', i.starts_at, i.deadline_at)
        END END AS is_closed_at_deadline,
    CASE WHEN i.has_closing_moment AND i.department_code <> 'unmatched' THEN b.minute_no IS NOT NULL END AS is_closed_in_batch,
    copy.incident_id IS NOT NULL AS is_copy,
    elapsed_hours(i.reported_at, i.registered_at, i.reported_at_is_day OR i.registered_at_is_day) AS hours_to_register,
    elapsed_hours(i.registered_at, i.dispatched_at, i.registered_at_is_day OR i.dispatched_at_is_day) AS hours_to_dispatch,
    elapsed_hours(i.dispatched_at, i.disposed_at, i.dispatched_at_is_day OR i.disposed_at_is_day) AS hours_to_dispose,
    elapsed_hours(i.disposed_at, i.checked_at, i.disposed_at_is_day OR i.checked_at_is_day) AS hours_to_check,
    elapsed_hours(i.checked_at, i.closed_at, i.checked_at_is_day OR i.closed_at_is_day) AS hours_to_archive,
    CASE WHEN i.is_closed THEN elapsed_hours(i.reported_at, i.closed_at, i.reported_at_is_day OR i.closed_at_is_day) END AS hours_to_close,
    CASE WHEN i.is_counted AND NOT i.has_closed THEN elapsed_hours(i.reported_at, getvariable('as_of')::TIMESTAMP, false) END AS hours_open,
    CASE WHEN i.first_due_at >= i.reported_at THEN date_diff('second', i.reported_at, i.first_due_at) / 3600.0 END AS hours_allowed,
    i.reported_at::DATE AS reported_on, date_trunc('week', i.reported_at)::DATE AS reported_week,
    date_trunc('month', i.reported_at)::DATE AS reported_month, isodow(i.reported_at) AS reported_dow,
    CASE WHEN NOT i.reported_at_is_day THEN hour(i.reported_at) END AS reported_hour,
    i.closed_at::DATE AS closed_on, date_trunc('week', i.closed_at)::DATE AS closed_week, date_trunc('month', i.closed_at)::DATE AS closed_month,
    coalesce(i.due_at, i.first_due_at)::DATE AS due_on,
    s.exported_at, i.file_id, i.file_sheet, i.file_row
FROM incident_judged i
JOIN loaded_sheet s USING (sheet_no)
LEFT JOIN core.code ch ON ch.list = 'channel' AND ch.code = i.channel_code
LEFT JOIN incident_repeat rep ON rep.incident_id = i.incident_id
LEFT JOIN core.day due_day ON due_day.day = i.deadline_at::DATE
LEFT JOIN core.day start_day ON start_day.day = i.starts_at::DATE
LEFT JOIN incident_batch b ON b.minute_no = epoch(i.closed_at)::BIGINT // 60 AND b.department_code = i.department_code
LEFT JOIN incident_copy copy ON copy.incident_id = i.incident_id
ORDER BY reported_on, i.community_code, i.grid_id;
