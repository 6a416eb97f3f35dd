-- What the desk may show of a build, attached as `warehouse`: facts with their quasi-identifiers as they are; anonymity.py makes those
-- coarse. Keys are hashes with a salt that nobody keeps. No moments, no people, no free text.

CREATE TABLE incident AS
SELECT sha256(getvariable('salt') || incident_id)[1:16] AS case_key, incident_id, reported_at, reported_on, 'day' AS reported_precision,
       community_code, grid_code, category_code, subcategory, channel_code,
       level_code, status_code, department_code, extension_count, rework_count, return_count,
       is_registered, is_dispatched, is_accurately_dispatched, is_duplicate, is_void, is_parked, is_self_disposed, is_counted,
       is_disposed, is_closed, is_open, is_due, is_on_time, is_on_time_original, is_open_overdue, is_extended, is_reworked, is_checked,
       is_callback_due, is_repeat_observable, is_repeated, is_closed_at_once, is_closed_at_deadline, is_closed_in_batch, is_copy,
       round(hours_to_register)::INTEGER AS hours_to_register, round(hours_to_dispatch)::INTEGER AS hours_to_dispatch,
       round(hours_to_dispose)::INTEGER AS hours_to_dispose, round(hours_to_check)::INTEGER AS hours_to_check,
       round(hours_to_archive)::INTEGER AS hours_to_archive, round(hours_to_close)::INTEGER AS hours_to_close,
       round(hours_allowed)::INTEGER AS hours_allowed
FROM warehouse.core.incident;

CREATE TABLE service_case AS
SELECT applied_at, done_at, applied_on, 'day' AS applied_precision, community_code, centre, item, promised_working_days, rating_code,
       round(wait_minutes)::INTEGER AS wait_minutes, is_done, is_due, is_on_promise, is_rated, is_rated_good,
       round(hours_to_done)::INTEGER AS hours_to_done, working_days_to_done
FROM warehouse.core.service_case;

CREATE TABLE patrol AS
SELECT patrolled_on, 'day' AS patrolled_precision, community_code, grid_code, kind, households_visited, round(hours)::INTEGER AS hours,
       incidents_found
FROM warehouse.core.patrol;
