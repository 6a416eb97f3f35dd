-- The tables of the open schema, out of the facts made coarse (incident, service_case, patrol) and the build, attached as `warehouse`.
-- Everything about time is computed from the day as it is shown: a week or an hour more exact than it would give the day away.

CREATE SCHEMA open;

CREATE VIEW open.build AS
SELECT build_id, as_of, data_from, data_to, code_version FROM warehouse.meta.build;

CREATE VIEW open.coarsening AS
SELECT * FROM main.coarsening;

CREATE VIEW open.incident AS
SELECT *,
       CASE WHEN reported_precision IN ('day', 'week') THEN date_trunc('week', reported_on)::DATE END AS reported_week,
       CASE WHEN reported_precision IN ('day', 'week', 'month') THEN date_trunc('month', reported_on)::DATE END AS reported_month,
       CASE WHEN reported_precision = 'day' THEN isodow(reported_on)::INTEGER END AS reported_weekday,
       CASE WHEN is_open THEN date_diff('hour', reported_on::TIMESTAMP, build.as_of)::INTEGER END AS hours_open
FROM main.incident CROSS JOIN warehouse.meta.build AS build;

CREATE VIEW open.step AS
SELECT case_key, step_no, action_code, from_department_code, to_department_code, is_returned,
       CASE WHEN NOT are_hours_hidden THEN round(date_diff('minute', reported_at, handed_at) / 60)::INTEGER END AS hours_since_report
FROM warehouse.core.incident_step JOIN main.incident USING (incident_id);

CREATE VIEW open.assignment AS
SELECT case_key, assignment_no, given.department_code, assigned_by_code, next_department_code, is_rework, is_accepted_explicitly,
       given.is_returned, is_passed_on, is_done, given.is_open,
       CASE WHEN NOT is_late_hidden THEN is_accepted_in_time END AS is_accepted_in_time,
       CASE WHEN NOT is_late_hidden THEN given.is_due END AS is_due,
       CASE WHEN NOT is_late_hidden THEN given.is_on_time END AS is_on_time,
       CASE WHEN NOT is_late_hidden THEN given.is_open_overdue END AS is_open_overdue,
       CASE WHEN NOT are_hours_hidden THEN round(date_diff('minute', reported_at, assigned_at) / 60)::INTEGER END AS hours_since_report,
       CASE WHEN NOT are_hours_hidden THEN round(hours_to_answer)::INTEGER END AS hours_to_answer,
       CASE WHEN NOT are_hours_hidden THEN round(hours_to_done)::INTEGER END AS hours_to_done
FROM warehouse.core.assignment AS given JOIN main.incident USING (incident_id);

CREATE VIEW open.callback AS
SELECT case_key, round, result_code, is_reached, is_contacted, solved_code, satisfaction_code, is_rehandled, is_escalated, is_complete
FROM warehouse.core.callback JOIN main.incident USING (incident_id);

CREATE VIEW open.callback_case AS
SELECT case_key, called.* EXCLUDE (hours_to_first_call),
       CASE WHEN NOT are_hours_hidden THEN round(hours_to_first_call)::INTEGER END AS hours_to_first_call
FROM warehouse.core.callback_case AS called JOIN main.incident USING (incident_id);

CREATE VIEW open.service_case AS
SELECT *,
       CASE WHEN applied_precision IN ('day', 'week') THEN date_trunc('week', applied_on)::DATE END AS applied_week,
       CASE WHEN applied_precision IN ('day', 'week', 'month') THEN date_trunc('month', applied_on)::DATE END AS applied_month
FROM main.service_case;

CREATE VIEW open.patrol AS
SELECT *,
       CASE WHEN patrolled_precision IN ('day', 'week') THEN date_trunc('week', patrolled_on)::DATE END AS patrolled_week,
       CASE WHEN patrolled_precision IN ('day', 'week', 'month') THEN date_trunc('month', patrolled_on)::DATE END AS patrolled_month
FROM main.patrol;

CREATE VIEW open.exposure AS
SELECT month_start AS month, community_code, grid_code, count(*) AS days, sum(households)::BIGINT AS household_days,
       sum(population)::BIGINT AS resident_days
FROM warehouse.core.grid_day GROUP BY ALL;

CREATE VIEW open.staffing AS
SELECT month_start AS month, community_code,
       CASE WHEN sum(workers) / count(DISTINCT day) >= getvariable('least') THEN sum(workers)::BIGINT END AS worker_days,
       CASE WHEN sum(workers) / count(DISTINCT day) >= getvariable('least') THEN round(sum(fte))::BIGINT END AS fte_days
FROM warehouse.core.grid_day GROUP BY ALL;

CREATE VIEW open.grid AS
SELECT grid_code, community_code, households, population, valid_from, valid_to FROM warehouse.core.grid;

CREATE VIEW open.community AS
SELECT * FROM warehouse.core.community;

CREATE VIEW open.department AS
SELECT * FROM warehouse.core.department;

CREATE VIEW open.code AS
SELECT * EXCLUDE (note) FROM warehouse.core.code;

CREATE VIEW open.day AS
SELECT * FROM warehouse.core.day;
