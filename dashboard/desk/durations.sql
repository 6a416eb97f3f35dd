-- Takes out of coarse rows what would give the day back. Nothing lies after the as-of: a row with 330 hours was reported at least 330 hours
-- before it, and an open one that is not overdue within its limit. What is taken out depends on the length and the shown period alone.

CREATE MACRO ends_at(day, precision) AS
    CASE precision WHEN 'week' THEN day + INTERVAL 7 DAY WHEN 'month' THEN day + INTERVAL 1 MONTH
        WHEN 'quarter' THEN day + INTERVAL 3 MONTH WHEN 'none' THEN TIMESTAMP 'infinity' END;

-- Whether a row that was followed for so long, up to some moment by the as-of, could not have been reported late in its period. Two days
-- of slack: hours are rounded, and days given as 24 hours.
CREATE MACRO would_narrow(day, precision, started_at, last_at, more) AS
    coalesce(build_as_of - INTERVAL 2 DAY - more - greatest(last_at - started_at, INTERVAL 0 DAY) < ends_at(day, precision), false);

CREATE TABLE last_moment AS
SELECT incident_id, max(moment) AS last_at
FROM (
    SELECT incident_id, unnest([registered_at, dispatched_at, disposed_at, checked_at, closed_at]) AS moment FROM warehouse.core.incident
    UNION ALL SELECT incident_id, handed_at FROM warehouse.core.incident_step
    UNION ALL SELECT incident_id, unnest([assigned_at, answered_at, returned_at, passed_on_at, done_at]) FROM warehouse.core.assignment
    UNION ALL SELECT incident_id, called_at FROM warehouse.core.callback
)
GROUP BY incident_id;

-- is_late_hidden: whether an open or parked case is late would tell when its limit began.
CREATE OR REPLACE TABLE incident AS
SELECT incident.*,
       would_narrow(reported_on, reported_precision, reported_at, coalesce(last_at, reported_at), INTERVAL 0 DAY) AS are_hours_hidden,
       is_closed AND would_narrow(reported_on, reported_precision, reported_at, coalesce(last_at, reported_at), INTERVAL 30 DAY) AS is_repeat_hidden,
       (is_open OR is_parked) AND reported_precision <> 'day' AS is_late_hidden,
       reported_precision <> 'day' AND hours_allowed IS NOT NULL
           AND count(DISTINCT reported_at::DATE) OVER (PARTITION BY reported_on, reported_precision, hours_allowed) < getvariable('least')
           AS is_limit_telling
FROM incident LEFT JOIN last_moment USING (incident_id) CROSS JOIN (SELECT as_of AS build_as_of FROM warehouse.meta.build);

CREATE OR REPLACE TABLE incident AS
SELECT * EXCLUDE (is_repeat_hidden, is_limit_telling) REPLACE (
    CASE WHEN NOT are_hours_hidden THEN hours_to_register END AS hours_to_register,
    CASE WHEN NOT are_hours_hidden THEN hours_to_dispatch END AS hours_to_dispatch,
    CASE WHEN NOT are_hours_hidden THEN hours_to_dispose END AS hours_to_dispose,
    CASE WHEN NOT are_hours_hidden THEN hours_to_check END AS hours_to_check,
    CASE WHEN NOT are_hours_hidden THEN hours_to_archive END AS hours_to_archive,
    CASE WHEN NOT are_hours_hidden THEN hours_to_close END AS hours_to_close,
    -- a limit in working days that spans a holiday tells the day before it
    CASE WHEN NOT is_late_hidden AND NOT is_limit_telling THEN hours_allowed END AS hours_allowed,
    CASE WHEN NOT is_late_hidden THEN is_due END AS is_due,
    CASE WHEN NOT is_late_hidden THEN is_on_time END AS is_on_time,
    CASE WHEN NOT is_late_hidden THEN is_on_time_original END AS is_on_time_original,
    CASE WHEN NOT is_late_hidden THEN is_open_overdue END AS is_open_overdue,
    CASE WHEN NOT is_repeat_hidden THEN is_repeat_observable END AS is_repeat_observable)
FROM incident;

-- Hours beside working days tell weekends and holidays between them: only where five days of the period look the same.
CREATE OR REPLACE TABLE service_case AS
SELECT service_case.*,
       would_narrow(applied_on, applied_precision, applied_at, coalesce(done_at, applied_at), INTERVAL 0 DAY) AS are_hours_hidden,
       NOT is_done AND applied_precision <> 'day' AS is_late_hidden,
       applied_precision <> 'day' AND hours_to_done IS NOT NULL
           AND count(DISTINCT applied_at::DATE) OVER (
               PARTITION BY applied_on, applied_precision, promised_working_days, is_on_promise, hours_to_done, working_days_to_done
           ) < getvariable('least') AS are_hours_telling
FROM service_case CROSS JOIN (SELECT as_of AS build_as_of FROM warehouse.meta.build);

CREATE OR REPLACE TABLE service_case AS
SELECT * REPLACE (
    CASE WHEN NOT are_hours_hidden AND NOT are_hours_telling THEN hours_to_done END AS hours_to_done,
    CASE WHEN NOT are_hours_hidden THEN working_days_to_done END AS working_days_to_done,
    CASE WHEN NOT is_late_hidden THEN is_due END AS is_due,
    CASE WHEN NOT is_late_hidden THEN is_on_promise END AS is_on_promise)
FROM service_case;

CREATE OR REPLACE TABLE patrol AS
SELECT patrol.* REPLACE (
    CASE WHEN NOT would_narrow(patrolled_on, patrolled_precision, as_of, as_of, INTERVAL 0 DAY) THEN hours END AS hours)
FROM patrol CROSS JOIN (SELECT as_of, as_of AS build_as_of FROM warehouse.meta.build);
