-- The warehouse, table by table: what a build writes and the dashboard reads. The comments are the data dictionary.
-- Conventions: _at moment (local wall clock, Asia/Shanghai, no zone) · _on day · _code code of a core reference table
-- ('unmatched' where the export's word is unknown or blank) · hours_ elapsed hours · is_ yes/no · file_id + file_row = the source.

CREATE SCHEMA raw;
CREATE SCHEMA core;
CREATE SCHEMA meta;

-- ── reference: what people maintain in data/reference ────────────────────────────────────────────────────────────────
CREATE TABLE core.community (
    community_code VARCHAR NOT NULL, name VARCHAR NOT NULL, households INTEGER, population INTEGER, rented_share DOUBLE);
COMMENT ON TABLE core.community IS '社区: one row a community, from communities.csv';
COMMENT ON COLUMN core.community.community_code IS 'code, C01 …; unmatched = 未匹配';
COMMENT ON COLUMN core.community.name IS 'name as the town writes it';
COMMENT ON COLUMN core.community.households IS 'households today (time-varying numbers: core.grid_day)';
COMMENT ON COLUMN core.community.population IS 'residents today';
COMMENT ON COLUMN core.community.rented_share IS 'share of flats let, 0–1';

CREATE TABLE core.department (
    department_code VARCHAR NOT NULL, name VARCHAR NOT NULL, kind VARCHAR);
COMMENT ON TABLE core.department IS '部门: units that handle incidents, from departments.csv';
COMMENT ON COLUMN core.department.department_code IS 'code, D01 …; unmatched = 未匹配';
COMMENT ON COLUMN core.department.name IS 'name as the town writes it';
COMMENT ON COLUMN core.department.kind IS 'kind of unit, as maintained by the town';

CREATE TABLE core.code (
    list VARCHAR NOT NULL, code VARCHAR NOT NULL, sort_order INTEGER NOT NULL, name_zh VARCHAR NOT NULL, name_en VARCHAR NOT NULL,
    credit DOUBLE, is_resident BOOLEAN, is_callback_required BOOLEAN, is_reached BOOLEAN, note VARCHAR);
COMMENT ON TABLE core.code IS 'code lists with their names: category, channel, level, status, satisfaction, solved, callback_result, rating, worker_kind, step_action';
COMMENT ON COLUMN core.code.list IS 'which list';
COMMENT ON COLUMN core.code.code IS 'the code stored in the facts';
COMMENT ON COLUMN core.code.sort_order IS 'order on screen';
COMMENT ON COLUMN core.code.name_zh IS 'Chinese name';
COMMENT ON COLUMN core.code.name_en IS 'English name';
COMMENT ON COLUMN core.code.credit IS 'satisfaction, solved and rating lists: what the level counts, 0–1';
COMMENT ON COLUMN core.code.is_resident IS 'channel list: the report comes from a resident';
COMMENT ON COLUMN core.code.is_callback_required IS 'channel list: a callback is due after closing';
COMMENT ON COLUMN core.code.is_reached IS 'callback_result list: somebody answered';
COMMENT ON COLUMN core.code.note IS 'remark, e.g. 假定 for assumed lists';

CREATE TABLE core.day (
    day DATE NOT NULL, week_start DATE NOT NULL, month_start DATE NOT NULL, is_working_day BOOLEAN NOT NULL, holiday VARCHAR,
    working_day_no INTEGER NOT NULL);
COMMENT ON TABLE core.day IS '工作日历: one row a day, holidays and 调休 from calendar.csv';
COMMENT ON COLUMN core.day.day IS 'the day';
COMMENT ON COLUMN core.day.week_start IS 'Monday of its week';
COMMENT ON COLUMN core.day.month_start IS 'first of its month';
COMMENT ON COLUMN core.day.is_working_day IS 'offices are open (调休 counted)';
COMMENT ON COLUMN core.day.holiday IS 'name of the holiday or 调休, null on ordinary days';
COMMENT ON COLUMN core.day.working_day_no IS 'working days from the calendar''s first day up to and including this one';

CREATE TABLE core.time_limit (limit_code VARCHAR NOT NULL, working_hours DOUBLE NOT NULL, note VARCHAR);
COMMENT ON TABLE core.time_limit IS '时限参数: limits that are the town''s own decision, from time_limits.csv';
COMMENT ON COLUMN core.time_limit.limit_code IS 'answer: 签收时限, from an assignment to its 签收';
COMMENT ON COLUMN core.time_limit.working_hours IS 'hours of the offices'' opening time';
COMMENT ON COLUMN core.time_limit.note IS 'remark, e.g. 假定 for assumed limits';

-- ── grids and their workers ──────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE core.grid (
    grid_id VARCHAR NOT NULL, grid_code VARCHAR NOT NULL, name VARCHAR, community_code VARCHAR NOT NULL,
    households INTEGER, population INTEGER, valid_from DATE NOT NULL, valid_to DATE,
    file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL);
COMMENT ON TABLE core.grid IS '网格: one row a grid and period of validity; codes are re-used after a re-division';
COMMENT ON COLUMN core.grid.grid_id IS 'grid_code@valid_from, unique';
COMMENT ON COLUMN core.grid.grid_code IS 'code as in the export';
COMMENT ON COLUMN core.grid.name IS 'name as in the export';
COMMENT ON COLUMN core.grid.community_code IS 'community it lies in';
COMMENT ON COLUMN core.grid.households IS 'households';
COMMENT ON COLUMN core.grid.population IS 'residents';
COMMENT ON COLUMN core.grid.valid_from IS 'first day of validity';
COMMENT ON COLUMN core.grid.valid_to IS 'last day of validity (inclusive), null = still valid';

CREATE TABLE core.worker (
    worker_id VARCHAR NOT NULL, kind_code VARCHAR NOT NULL, fte DOUBLE NOT NULL, grid_code VARCHAR, grid_id VARCHAR,
    community_code VARCHAR NOT NULL, valid_from DATE NOT NULL, valid_to DATE,
    file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL);
COMMENT ON TABLE core.worker IS '网格员: one row an assignment of a worker to a grid';
COMMENT ON COLUMN core.worker.worker_id IS 'keyed pseudonym of the worker';
COMMENT ON COLUMN core.worker.kind_code IS 'full_time 专职 or part_time 兼职';
COMMENT ON COLUMN core.worker.fte IS 'full-time equivalent, 0–1';
COMMENT ON COLUMN core.worker.grid_code IS 'grid worked in';
COMMENT ON COLUMN core.worker.grid_id IS 'grid version at valid_from';
COMMENT ON COLUMN core.worker.community_code IS 'community of the grid';
COMMENT ON COLUMN core.worker.valid_from IS 'first day';
COMMENT ON COLUMN core.worker.valid_to IS 'last day (inclusive), null = still there';

CREATE TABLE core.grid_day (
    day DATE NOT NULL, week_start DATE NOT NULL, month_start DATE NOT NULL, grid_id VARCHAR NOT NULL, grid_code VARCHAR NOT NULL,
    community_code VARCHAR NOT NULL, households INTEGER, population INTEGER, workers INTEGER NOT NULL, fte DOUBLE NOT NULL);
COMMENT ON TABLE core.grid_day IS 'exposure: one row a grid and day of validity; denominators of workload rates are sums over it';
COMMENT ON COLUMN core.grid_day.day IS 'the day';
COMMENT ON COLUMN core.grid_day.week_start IS 'Monday of its week';
COMMENT ON COLUMN core.grid_day.month_start IS 'first of its month';
COMMENT ON COLUMN core.grid_day.grid_id IS 'grid version';
COMMENT ON COLUMN core.grid_day.grid_code IS 'grid code';
COMMENT ON COLUMN core.grid_day.community_code IS 'community';
COMMENT ON COLUMN core.grid_day.households IS 'households that day';
COMMENT ON COLUMN core.grid_day.population IS 'residents that day';
COMMENT ON COLUMN core.grid_day.workers IS 'workers assigned that day';
COMMENT ON COLUMN core.grid_day.fte IS 'full-time-equivalent workers assigned that day';

-- ── incidents ────────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE core.incident (
    incident_id VARCHAR NOT NULL, title VARCHAR,
    channel_code VARCHAR NOT NULL, level_code VARCHAR NOT NULL, status_code VARCHAR NOT NULL, category_code VARCHAR NOT NULL,
    subcategory VARCHAR, department_code VARCHAR NOT NULL, first_department_code VARCHAR,
    community_code VARCHAR NOT NULL, grid_code VARCHAR, grid_id VARCHAR, worker_id VARCHAR, complainant_id VARCHAR,
    reported_at TIMESTAMP NOT NULL, registered_at TIMESTAMP, dispatched_at TIMESTAMP, disposed_at TIMESTAMP, checked_at TIMESTAMP,
    closed_at TIMESTAMP, original_due_at TIMESTAMP, due_at TIMESTAMP,
    reported_is_day BOOLEAN NOT NULL, disposed_is_day BOOLEAN NOT NULL, closed_is_day BOOLEAN NOT NULL,
    extension_count INTEGER NOT NULL, rework_count INTEGER NOT NULL, return_count INTEGER NOT NULL, void_reason VARCHAR,
    is_duplicate BOOLEAN NOT NULL, is_registered BOOLEAN NOT NULL, is_dispatched BOOLEAN NOT NULL, is_accurately_dispatched BOOLEAN,
    is_void BOOLEAN NOT NULL, is_parked BOOLEAN NOT NULL, is_self_disposed BOOLEAN NOT NULL, is_counted BOOLEAN NOT NULL,
    is_disposed BOOLEAN NOT NULL, is_closed BOOLEAN NOT NULL, is_open BOOLEAN NOT NULL, is_due BOOLEAN NOT NULL,
    is_on_time BOOLEAN, is_on_time_original BOOLEAN, is_disposed_on_time BOOLEAN,
    is_open_overdue BOOLEAN NOT NULL, is_open_not_due BOOLEAN NOT NULL, is_extended BOOLEAN NOT NULL, is_reworked BOOLEAN NOT NULL,
    is_checked BOOLEAN NOT NULL, source_is_on_time BOOLEAN,
    is_callback_due BOOLEAN NOT NULL, is_repeat_observable BOOLEAN NOT NULL, is_repeated BOOLEAN NOT NULL,
    is_closed_at_once BOOLEAN, is_closed_at_deadline BOOLEAN, is_closed_in_batch BOOLEAN, is_copy BOOLEAN NOT NULL,
    hours_to_register DOUBLE, hours_to_dispatch DOUBLE, hours_to_dispose DOUBLE, hours_to_check DOUBLE, hours_to_archive DOUBLE,
    hours_to_close DOUBLE, hours_open DOUBLE, hours_allowed DOUBLE,
    reported_on DATE NOT NULL, reported_week DATE NOT NULL, reported_month DATE NOT NULL, reported_dow INTEGER NOT NULL,
    reported_hour INTEGER, closed_on DATE, closed_week DATE, closed_month DATE, due_on DATE,
    exported_at TIMESTAMP, file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL);
COMMENT ON TABLE core.incident IS '事件: one row an incident, its newest exported state; sorted by reported_on, community_code, grid_id';
COMMENT ON COLUMN core.incident.incident_id IS 'number of the case in the source system (text)';
COMMENT ON COLUMN core.incident.title IS 'what it is about; phone and identity numbers masked';
COMMENT ON COLUMN core.incident.channel_code IS 'source channel → core.code list channel';
COMMENT ON COLUMN core.incident.level_code IS 'level that handles it: grid, community, town, district';
COMMENT ON COLUMN core.incident.status_code IS 'reported, registered, dispatched, processing, checking, closed, parked, void, rejected';
COMMENT ON COLUMN core.incident.category_code IS 'one of the 13 work contents → core.code list category';
COMMENT ON COLUMN core.incident.subcategory IS 'the export''s own category text, verbatim';
COMMENT ON COLUMN core.incident.department_code IS 'department that handles it now (last handler)';
COMMENT ON COLUMN core.incident.first_department_code IS 'department of the first dispatch, null when not known';
COMMENT ON COLUMN core.incident.community_code IS 'community: the export''s, else that of the grid at the time of the report';
COMMENT ON COLUMN core.incident.grid_code IS 'grid code as exported';
COMMENT ON COLUMN core.incident.grid_id IS 'grid version valid when reported; null when none was';
COMMENT ON COLUMN core.incident.worker_id IS 'keyed pseudonym of the reporting grid worker';
COMMENT ON COLUMN core.incident.complainant_id IS 'keyed pseudonym of the reporting resident, for repeats only';
COMMENT ON COLUMN core.incident.reported_at IS '上报 moment';
COMMENT ON COLUMN core.incident.registered_at IS '立案 moment';
COMMENT ON COLUMN core.incident.dispatched_at IS '派遣 moment';
COMMENT ON COLUMN core.incident.disposed_at IS '处置完成 moment';
COMMENT ON COLUMN core.incident.checked_at IS '核查 moment';
COMMENT ON COLUMN core.incident.closed_at IS '结案 moment; 00:00 when the export has only the day';
COMMENT ON COLUMN core.incident.original_due_at IS 'deadline before extensions; a date alone means the end of that day; from the time limit and the working-day calendar where only the limit is exported';
COMMENT ON COLUMN core.incident.due_at IS 'deadline including approved extensions';
COMMENT ON COLUMN core.incident.reported_is_day IS 'the report has day precision only';
COMMENT ON COLUMN core.incident.disposed_is_day IS 'the disposal has day precision only';
COMMENT ON COLUMN core.incident.closed_is_day IS 'the closing has day precision only';
COMMENT ON COLUMN core.incident.extension_count IS 'approved extensions 延期';
COMMENT ON COLUMN core.incident.rework_count IS 'times sent back after a check 返工';
COMMENT ON COLUMN core.incident.return_count IS 'times a department returned it 退单';
COMMENT ON COLUMN core.incident.void_reason IS 'why it is void or was not registered';
COMMENT ON COLUMN core.incident.is_duplicate IS 'merged into another report';
COMMENT ON COLUMN core.incident.is_registered IS 'became a case (立案)';
COMMENT ON COLUMN core.incident.is_dispatched IS 'was sent to a department (派遣)';
COMMENT ON COLUMN core.incident.is_accurately_dispatched IS 'first handler = last handler; null when not dispatched or not known';
COMMENT ON COLUMN core.incident.is_void IS 'void 作废 or not registered 不予立案';
COMMENT ON COLUMN core.incident.is_parked IS 'parked 挂账';
COMMENT ON COLUMN core.incident.is_self_disposed IS 'settled by the grid worker on the spot 自行处置';
COMMENT ON COLUMN core.incident.is_counted IS 'stands in closure metrics: registered, not void, parked, merged or self-disposed';
COMMENT ON COLUMN core.incident.is_disposed IS 'counted and disposed (or closed) by the as-of moment';
COMMENT ON COLUMN core.incident.is_closed IS 'counted and closed by the as-of moment';
COMMENT ON COLUMN core.incident.is_open IS 'counted and not closed';
COMMENT ON COLUMN core.incident.is_due IS '应结案: disposed, or not disposed and past its deadline at the as-of moment';
COMMENT ON COLUMN core.incident.is_on_time IS 'closed by the deadline incl. extensions; null without a deadline or when not counted';
COMMENT ON COLUMN core.incident.is_on_time_original IS 'closed by the original deadline; null without one';
COMMENT ON COLUMN core.incident.is_disposed_on_time IS 'disposed by the deadline incl. extensions; null without one';
COMMENT ON COLUMN core.incident.is_open_overdue IS '超期未处置: not disposed and past its deadline';
COMMENT ON COLUMN core.incident.is_open_not_due IS '未到期在办: not disposed and not past a deadline';
COMMENT ON COLUMN core.incident.is_extended IS 'extended at least once';
COMMENT ON COLUMN core.incident.is_reworked IS 'sent back at least once after a check';
COMMENT ON COLUMN core.incident.is_checked IS 'counted and checked (核查), or sent back by a check';
COMMENT ON COLUMN core.incident.source_is_on_time IS 'the source system''s own on-time flag, null where it gives none';
COMMENT ON COLUMN core.incident.is_callback_due IS '应回访: closed, from a channel that requires a callback, contact known';
COMMENT ON COLUMN core.incident.is_repeat_observable IS 'closed at least 30 days before the as-of moment, complainant known';
COMMENT ON COLUMN core.incident.is_repeated IS 'same complainant, community and subcategory reported again within 30 days of closing';
COMMENT ON COLUMN core.incident.is_closed_at_once IS 'closed less than five minutes after the report; null when not closed, or a moment has day precision only';
COMMENT ON COLUMN core.incident.is_closed_at_deadline IS 'closed in the last twentieth of the allowed time (in office hours where the limit runs to the end of a working day); null when not closed, without a deadline, or with day precision only';
COMMENT ON COLUMN core.incident.is_closed_in_batch IS 'closed in a minute in which its department closed at least five cases and more than half of all the town closed; null when not closed, without a department, or with day precision only';
COMMENT ON COLUMN core.incident.is_copy IS 'same grid worker, day, title, description and address as an earlier report';
COMMENT ON COLUMN core.incident.hours_to_register IS 'report → registration, hours';
COMMENT ON COLUMN core.incident.hours_to_dispatch IS 'registration → dispatch, hours';
COMMENT ON COLUMN core.incident.hours_to_dispose IS 'dispatch → disposal, hours';
COMMENT ON COLUMN core.incident.hours_to_check IS 'disposal → check, hours';
COMMENT ON COLUMN core.incident.hours_to_archive IS 'check → closing, hours';
COMMENT ON COLUMN core.incident.hours_to_close IS 'report → closing, hours; whole days × 24 where either has day precision; null when negative';
COMMENT ON COLUMN core.incident.hours_open IS 'report → as-of moment of an open counted incident, hours';
COMMENT ON COLUMN core.incident.hours_allowed IS 'report → original deadline, hours';
COMMENT ON COLUMN core.incident.reported_on IS 'day of the report';
COMMENT ON COLUMN core.incident.reported_week IS 'Monday of the week of the report';
COMMENT ON COLUMN core.incident.reported_month IS 'first of the month of the report';
COMMENT ON COLUMN core.incident.reported_dow IS 'weekday of the report, 1 Monday … 7 Sunday';
COMMENT ON COLUMN core.incident.reported_hour IS 'hour of the report 0–23, null with day precision';
COMMENT ON COLUMN core.incident.closed_on IS 'day of the closing';
COMMENT ON COLUMN core.incident.closed_week IS 'Monday of the week of the closing';
COMMENT ON COLUMN core.incident.closed_month IS 'first of the month of the closing';
COMMENT ON COLUMN core.incident.due_on IS 'day of the deadline incl. extensions';
COMMENT ON COLUMN core.incident.exported_at IS 'moment of the export this state comes from';

CREATE TABLE core.incident_change (
    incident_id VARCHAR NOT NULL, column_name VARCHAR NOT NULL, old_value VARCHAR, new_value VARCHAR,
    exported_at TIMESTAMP, old_file_id VARCHAR NOT NULL, old_file_row INTEGER NOT NULL, file_id VARCHAR NOT NULL, file_row INTEGER NOT NULL);
COMMENT ON TABLE core.incident_change IS 'history: one row a field that a later export of the same incident changed';
COMMENT ON COLUMN core.incident_change.incident_id IS 'incident';
COMMENT ON COLUMN core.incident_change.column_name IS 'field that changed, as named in core or in the source''s columns';
COMMENT ON COLUMN core.incident_change.old_value IS 'value in the earlier export, null = blank';
COMMENT ON COLUMN core.incident_change.new_value IS 'value in the later export, null = blank';
COMMENT ON COLUMN core.incident_change.exported_at IS 'moment of the later export';
COMMENT ON COLUMN core.incident_change.old_file_id IS 'earlier file';
COMMENT ON COLUMN core.incident_change.old_file_row IS 'row in the earlier file';

CREATE TABLE core.incident_step (
    incident_id VARCHAR NOT NULL, step_no INTEGER NOT NULL, action VARCHAR, action_code VARCHAR, actor_id VARCHAR,
    from_department_code VARCHAR, to_department_code VARCHAR, handed_at TIMESTAMP NOT NULL, handed_is_day BOOLEAN NOT NULL, is_returned BOOLEAN,
    file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL);
COMMENT ON TABLE core.incident_step IS '流转记录: one row a hand-over';
COMMENT ON COLUMN core.incident_step.incident_id IS 'incident';
COMMENT ON COLUMN core.incident_step.step_no IS 'order of hand-overs of the incident, from 1';
COMMENT ON COLUMN core.incident_step.action IS 'what was done, as exported';
COMMENT ON COLUMN core.incident_step.action_code IS 'what was done → core.code list step_action; null when the word is unknown';
COMMENT ON COLUMN core.incident_step.actor_id IS 'keyed pseudonym of who did it';
COMMENT ON COLUMN core.incident_step.from_department_code IS 'handed over by';
COMMENT ON COLUMN core.incident_step.to_department_code IS 'handed over to';
COMMENT ON COLUMN core.incident_step.handed_at IS 'moment';
COMMENT ON COLUMN core.incident_step.handed_is_day IS 'the moment has day precision only';
COMMENT ON COLUMN core.incident_step.is_returned IS 'the receiver sent it back; null when not known';

CREATE TABLE core.assignment (
    incident_id VARCHAR NOT NULL, assignment_no INTEGER NOT NULL, department_code VARCHAR NOT NULL, assigned_by_code VARCHAR,
    next_department_code VARCHAR, community_code VARCHAR NOT NULL, grid_id VARCHAR, category_code VARCHAR NOT NULL,
    channel_code VARCHAR NOT NULL, level_code VARCHAR NOT NULL,
    assigned_at TIMESTAMP NOT NULL, answer_due_at TIMESTAMP, answered_at TIMESTAMP, returned_at TIMESTAMP, passed_on_at TIMESTAMP,
    done_at TIMESTAMP, due_at TIMESTAMP,
    is_rework BOOLEAN NOT NULL, is_accepted_explicitly BOOLEAN NOT NULL, is_accepted_in_time BOOLEAN, is_returned BOOLEAN,
    is_passed_on BOOLEAN NOT NULL, is_done BOOLEAN NOT NULL, is_due BOOLEAN NOT NULL, is_on_time BOOLEAN,
    is_open BOOLEAN NOT NULL, is_open_overdue BOOLEAN NOT NULL, hours_to_answer DOUBLE, hours_to_done DOUBLE,
    assigned_on DATE NOT NULL, assigned_week DATE NOT NULL, assigned_month DATE NOT NULL,
    ended_on DATE, ended_week DATE, ended_month DATE);
COMMENT ON TABLE core.assignment IS '交办: one row each time a department is given a case (派遣, 改派, 返工); of a dispatched incident without steps, one; sorted by assigned_on, community_code';
COMMENT ON COLUMN core.assignment.incident_id IS 'incident';
COMMENT ON COLUMN core.assignment.assignment_no IS 'order of the assignments of the incident, from 1';
COMMENT ON COLUMN core.assignment.department_code IS 'department that was given the case';
COMMENT ON COLUMN core.assignment.assigned_by_code IS 'department that gave it; null when not known';
COMMENT ON COLUMN core.assignment.next_department_code IS 'department of the next assignment of the incident; null for the last';
COMMENT ON COLUMN core.assignment.community_code IS 'as the incident';
COMMENT ON COLUMN core.assignment.grid_id IS 'as the incident';
COMMENT ON COLUMN core.assignment.category_code IS 'as the incident';
COMMENT ON COLUMN core.assignment.channel_code IS 'as the incident';
COMMENT ON COLUMN core.assignment.level_code IS 'as the incident';
COMMENT ON COLUMN core.assignment.assigned_at IS 'moment it was given; without steps the dispatch, else registration, else report';
COMMENT ON COLUMN core.assignment.answer_due_at IS 'assigned_at and the working hours of time_limits.csv (answer); null where the export records no 签收';
COMMENT ON COLUMN core.assignment.answered_at IS '签收 moment; without one the first thing the department did: disposal or return';
COMMENT ON COLUMN core.assignment.returned_at IS '退单 moment';
COMMENT ON COLUMN core.assignment.passed_on_at IS 'moment the case went to another department, this one having neither disposed of nor returned it';
COMMENT ON COLUMN core.assignment.done_at IS '处置完成 moment; of the last department, the incident''s where its step is missing; null when not known';
COMMENT ON COLUMN core.assignment.due_at IS 'deadline of the incident incl. extensions';
COMMENT ON COLUMN core.assignment.is_rework IS 'given again after a check 返工';
COMMENT ON COLUMN core.assignment.is_accepted_explicitly IS 'the export has its 签收; otherwise answered_at is its first step';
COMMENT ON COLUMN core.assignment.is_accepted_in_time IS 'answered by answer_due_at; null where the export records no 签收, or it is neither answered nor late';
COMMENT ON COLUMN core.assignment.is_returned IS 'the department sent it back 退单; null for an incident without steps: which department did is not known';
COMMENT ON COLUMN core.assignment.is_passed_on IS 'went to another department, neither disposed of nor returned';
COMMENT ON COLUMN core.assignment.is_done IS 'disposed of by the as-of moment; a rework shows that it had been';
COMMENT ON COLUMN core.assignment.is_due IS 'of a counted incident, given before its deadline, and done or past it; not returned, not passed on';
COMMENT ON COLUMN core.assignment.is_on_time IS 'done by due_at; null when not due, or its moment is not known';
COMMENT ON COLUMN core.assignment.is_open IS 'still with the department at the as-of moment: counted incident, not done, not returned, not passed on';
COMMENT ON COLUMN core.assignment.is_open_overdue IS 'open and past the deadline';
COMMENT ON COLUMN core.assignment.hours_to_answer IS 'assigned → answered, hours; whole days × 24 with day precision';
COMMENT ON COLUMN core.assignment.hours_to_done IS 'assigned → done, hours; whole days × 24 with day precision';
COMMENT ON COLUMN core.assignment.assigned_on IS 'day it was given';
COMMENT ON COLUMN core.assignment.assigned_week IS 'Monday of that week';
COMMENT ON COLUMN core.assignment.assigned_month IS 'first of that month';
COMMENT ON COLUMN core.assignment.ended_on IS 'day it was done, returned or passed on; null while open or when not known';
COMMENT ON COLUMN core.assignment.ended_week IS 'Monday of that week';
COMMENT ON COLUMN core.assignment.ended_month IS 'first of that month';

-- ── patrols ──────────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE core.patrol (
    patrol_id VARCHAR NOT NULL, kind VARCHAR, worker_id VARCHAR, grid_code VARCHAR, grid_id VARCHAR, community_code VARCHAR NOT NULL,
    patrolled_at TIMESTAMP NOT NULL, patrolled_on DATE NOT NULL, patrolled_week DATE NOT NULL, patrolled_month DATE NOT NULL,
    households_visited INTEGER, hours DOUBLE, incidents_found INTEGER,
    file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL);
COMMENT ON TABLE core.patrol IS '巡查走访: one row a patrol or visit';
COMMENT ON COLUMN core.patrol.patrol_id IS 'number in the source system';
COMMENT ON COLUMN core.patrol.kind IS 'kind of patrol, as exported';
COMMENT ON COLUMN core.patrol.worker_id IS 'keyed pseudonym';
COMMENT ON COLUMN core.patrol.grid_code IS 'grid code as exported';
COMMENT ON COLUMN core.patrol.grid_id IS 'grid version valid then';
COMMENT ON COLUMN core.patrol.community_code IS 'community';
COMMENT ON COLUMN core.patrol.patrolled_at IS 'start';
COMMENT ON COLUMN core.patrol.patrolled_on IS 'day';
COMMENT ON COLUMN core.patrol.patrolled_week IS 'Monday of its week';
COMMENT ON COLUMN core.patrol.patrolled_month IS 'first of its month';
COMMENT ON COLUMN core.patrol.households_visited IS 'households visited';
COMMENT ON COLUMN core.patrol.hours IS 'length, hours';
COMMENT ON COLUMN core.patrol.incidents_found IS 'incidents found';

-- ── service centres ──────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE core.service_case (
    service_case_id VARCHAR NOT NULL, item VARCHAR, centre VARCHAR, service_window VARCHAR, community_code VARCHAR NOT NULL,
    applied_at TIMESTAMP NOT NULL, accepted_at TIMESTAMP, due_at TIMESTAMP, done_at TIMESTAMP, promised_working_days INTEGER,
    result VARCHAR, rating_code VARCHAR, ticket_no VARCHAR, wait_minutes DOUBLE,
    is_done BOOLEAN NOT NULL, is_due BOOLEAN NOT NULL, is_on_promise BOOLEAN, is_rated BOOLEAN NOT NULL, is_rated_good BOOLEAN NOT NULL,
    hours_to_done DOUBLE, working_days_to_done INTEGER, applied_on DATE NOT NULL, applied_week DATE NOT NULL, applied_month DATE NOT NULL,
    applied_dow INTEGER NOT NULL, applied_hour INTEGER,
    file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL);
COMMENT ON TABLE core.service_case IS '办件: one row a case of a service centre';
COMMENT ON COLUMN core.service_case.service_case_id IS 'number in the source system';
COMMENT ON COLUMN core.service_case.item IS '事项, as exported';
COMMENT ON COLUMN core.service_case.centre IS 'service centre, as exported';
COMMENT ON COLUMN core.service_case.service_window IS 'window, as exported';
COMMENT ON COLUMN core.service_case.community_code IS 'community of the applicant or centre';
COMMENT ON COLUMN core.service_case.applied_at IS 'application moment';
COMMENT ON COLUMN core.service_case.accepted_at IS 'acceptance moment';
COMMENT ON COLUMN core.service_case.due_at IS 'promised completion: as exported, else acceptance + promised working days, end of day';
COMMENT ON COLUMN core.service_case.done_at IS 'completion moment';
COMMENT ON COLUMN core.service_case.promised_working_days IS 'promise, working days; 0 = at once 即办';
COMMENT ON COLUMN core.service_case.result IS 'result, as exported';
COMMENT ON COLUMN core.service_case.rating_code IS '好差评 level → core.code list rating; null when not rated';
COMMENT ON COLUMN core.service_case.ticket_no IS 'queue ticket';
COMMENT ON COLUMN core.service_case.wait_minutes IS 'ticket → called, minutes';
COMMENT ON COLUMN core.service_case.is_done IS 'done by the as-of moment';
COMMENT ON COLUMN core.service_case.is_due IS 'has a promise and is done or past it';
COMMENT ON COLUMN core.service_case.is_on_promise IS 'done within the promise; null without one or when not due';
COMMENT ON COLUMN core.service_case.is_rated IS 'the resident rated it';
COMMENT ON COLUMN core.service_case.is_rated_good IS 'rated 基本满意 or better';
COMMENT ON COLUMN core.service_case.hours_to_done IS 'acceptance (else application) → done, hours';
COMMENT ON COLUMN core.service_case.working_days_to_done IS 'acceptance → done, working days';
COMMENT ON COLUMN core.service_case.applied_on IS 'day of application';
COMMENT ON COLUMN core.service_case.applied_week IS 'Monday of its week';
COMMENT ON COLUMN core.service_case.applied_month IS 'first of its month';
COMMENT ON COLUMN core.service_case.applied_dow IS 'weekday, 1 Monday … 7 Sunday';
COMMENT ON COLUMN core.service_case.applied_hour IS 'hour 0–23, null with day precision';

-- ── callbacks ────────────────────────────────────────────────────────────────────────────────────────────────────────
CREATE TABLE core.callback (
    callback_id VARCHAR, incident_id VARCHAR NOT NULL, round INTEGER NOT NULL, called_at TIMESTAMP NOT NULL, result_code VARCHAR NOT NULL,
    is_reached BOOLEAN NOT NULL, is_contacted BOOLEAN, solved_code VARCHAR, satisfaction_code VARCHAR, reason VARCHAR,
    is_rehandled BOOLEAN, is_escalated BOOLEAN, is_complete BOOLEAN NOT NULL,
    file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL);
COMMENT ON TABLE core.callback IS '回访: one row a call';
COMMENT ON COLUMN core.callback.callback_id IS 'number in the source system';
COMMENT ON COLUMN core.callback.incident_id IS 'incident called about';
COMMENT ON COLUMN core.callback.round IS '1 first, 2 second round';
COMMENT ON COLUMN core.callback.called_at IS 'moment';
COMMENT ON COLUMN core.callback.result_code IS 'reached or why not → core.code list callback_result';
COMMENT ON COLUMN core.callback.is_reached IS 'somebody answered';
COMMENT ON COLUMN core.callback.is_contacted IS 'the resident says the department got in touch';
COMMENT ON COLUMN core.callback.solved_code IS 'solved, partly, unsolved; null when not answered';
COMMENT ON COLUMN core.callback.satisfaction_code IS 'level → core.code list satisfaction; null when not answered';
COMMENT ON COLUMN core.callback.reason IS 'reason of dissatisfaction, masked';
COMMENT ON COLUMN core.callback.is_rehandled IS 'sent back to be handled again';
COMMENT ON COLUMN core.callback.is_escalated IS 'handed to the discipline office 移交';
COMMENT ON COLUMN core.callback.is_complete IS '有效回访: reached and all three questions answered';

CREATE TABLE core.callback_case (
    incident_id VARCHAR NOT NULL, community_code VARCHAR NOT NULL, grid_id VARCHAR, category_code VARCHAR NOT NULL,
    department_code VARCHAR NOT NULL, channel_code VARCHAR NOT NULL, level_code VARCHAR NOT NULL,
    closed_on DATE NOT NULL, closed_week DATE NOT NULL, closed_month DATE NOT NULL,
    is_due BOOLEAN NOT NULL, is_attempted BOOLEAN NOT NULL, is_reached BOOLEAN NOT NULL, is_complete BOOLEAN NOT NULL,
    is_contacted BOOLEAN NOT NULL, solved_code VARCHAR, solved_credit DOUBLE, satisfaction_code VARCHAR, satisfaction_credit DOUBLE,
    is_dissatisfied BOOLEAN NOT NULL, reason VARCHAR,
    is_second_round BOOLEAN NOT NULL, is_second_round_reached BOOLEAN NOT NULL, is_second_round_dissatisfied BOOLEAN NOT NULL,
    is_rehandled BOOLEAN NOT NULL, is_escalated BOOLEAN NOT NULL, is_repeat_observable BOOLEAN NOT NULL, is_repeated BOOLEAN NOT NULL,
    hours_to_first_call DOUBLE);
COMMENT ON TABLE core.callback_case IS 'one row a closed incident that is due for a callback or was called; the first round decides solved and satisfied';
COMMENT ON COLUMN core.callback_case.incident_id IS 'incident';
COMMENT ON COLUMN core.callback_case.community_code IS 'as the incident';
COMMENT ON COLUMN core.callback_case.grid_id IS 'as the incident';
COMMENT ON COLUMN core.callback_case.category_code IS 'as the incident';
COMMENT ON COLUMN core.callback_case.department_code IS 'as the incident';
COMMENT ON COLUMN core.callback_case.channel_code IS 'as the incident';
COMMENT ON COLUMN core.callback_case.level_code IS 'as the incident';
COMMENT ON COLUMN core.callback_case.closed_on IS 'day the incident was closed';
COMMENT ON COLUMN core.callback_case.closed_week IS 'Monday of that week';
COMMENT ON COLUMN core.callback_case.closed_month IS 'first of that month';
COMMENT ON COLUMN core.callback_case.is_due IS '应回访';
COMMENT ON COLUMN core.callback_case.is_attempted IS 'called at least once in round 1';
COMMENT ON COLUMN core.callback_case.is_reached IS 'answered in round 1';
COMMENT ON COLUMN core.callback_case.is_complete IS '有效回访: all three questions answered in round 1';
COMMENT ON COLUMN core.callback_case.is_contacted IS 'the department got in touch (among complete)';
COMMENT ON COLUMN core.callback_case.solved_code IS 'solved, partly, unsolved (among complete)';
COMMENT ON COLUMN core.callback_case.solved_credit IS 'credit of solved_code, 0–1 (among complete)';
COMMENT ON COLUMN core.callback_case.satisfaction_code IS 'level (among complete)';
COMMENT ON COLUMN core.callback_case.satisfaction_credit IS 'credit of the level, 0–1 (among complete)';
COMMENT ON COLUMN core.callback_case.is_dissatisfied IS '不满意 or worse (among complete)';
COMMENT ON COLUMN core.callback_case.reason IS 'reason of dissatisfaction';
COMMENT ON COLUMN core.callback_case.is_second_round IS 'called again in round 2';
COMMENT ON COLUMN core.callback_case.is_second_round_reached IS 'answered in round 2';
COMMENT ON COLUMN core.callback_case.is_second_round_dissatisfied IS 'still dissatisfied in round 2';
COMMENT ON COLUMN core.callback_case.is_rehandled IS 'sent back after a callback 重办';
COMMENT ON COLUMN core.callback_case.is_escalated IS 'handed to the discipline office';
COMMENT ON COLUMN core.callback_case.is_repeat_observable IS 'as the incident: closed at least 30 days before the as-of moment, complainant known';
COMMENT ON COLUMN core.callback_case.is_repeated IS 'as the incident: the same complaint again within 30 days of closing';
COMMENT ON COLUMN core.callback_case.hours_to_first_call IS 'closing → first call, hours';

-- ── meta: what was loaded, what was wrong ────────────────────────────────────────────────────────────────────────────
CREATE TABLE meta.build (
    build_id VARCHAR NOT NULL, schema_version INTEGER NOT NULL, code_version VARCHAR NOT NULL, as_of TIMESTAMP NOT NULL,
    built_at TIMESTAMP NOT NULL, inputs_sha256 VARCHAR NOT NULL, data_from DATE NOT NULL, data_to DATE NOT NULL);
COMMENT ON TABLE meta.build IS 'the build record, one row';
COMMENT ON COLUMN meta.build.build_id IS 'name of the warehouse file';
COMMENT ON COLUMN meta.build.schema_version IS 'version of this schema';
COMMENT ON COLUMN meta.build.code_version IS 'version of the program';
COMMENT ON COLUMN meta.build.as_of IS 'the moment every number is computed at: the newest export''s';
COMMENT ON COLUMN meta.build.built_at IS 'wall clock of the build; shown, never computed with';
COMMENT ON COLUMN meta.build.inputs_sha256 IS 'hash over files, reference tables and code: equal inputs give equal builds';
COMMENT ON COLUMN meta.build.data_from IS 'first reported day';
COMMENT ON COLUMN meta.build.data_to IS 'last reported day';

CREATE TABLE meta.file (
    file_id VARCHAR NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, bytes BIGINT NOT NULL, kind VARCHAR NOT NULL,
    profile VARCHAR, encoding VARCHAR, format VARCHAR NOT NULL, sheet VARCHAR, header_row INTEGER, received_at TIMESTAMP NOT NULL,
    received_by VARCHAR NOT NULL, exported_at TIMESTAMP, date_order VARCHAR, rows_in INTEGER NOT NULL, rows_loaded INTEGER NOT NULL,
    rows_superseded INTEGER NOT NULL, rows_set_aside INTEGER NOT NULL, rows_total INTEGER NOT NULL, unmapped_columns VARCHAR[],
    personal_columns VARCHAR[], returned_name VARCHAR);
COMMENT ON TABLE meta.file IS 'one row a loaded file and sheet; rows_in = loaded + superseded + set aside + total rows';
COMMENT ON COLUMN meta.file.file_id IS 'first 12 hex digits of the file''s SHA-256';
COMMENT ON COLUMN meta.file.name IS 'name as received';
COMMENT ON COLUMN meta.file.sha256 IS 'hash of the bytes as received';
COMMENT ON COLUMN meta.file.bytes IS 'size';
COMMENT ON COLUMN meta.file.kind IS 'kind of export: incident, incident_step, grid, grid_worker, patrol, service_case, callback';
COMMENT ON COLUMN meta.file.profile IS 'profile that mapped it, null for the built-in aliases';
COMMENT ON COLUMN meta.file.encoding IS 'encoding of a text file';
COMMENT ON COLUMN meta.file.format IS 'csv, xlsx, xls …, by content';
COMMENT ON COLUMN meta.file.sheet IS 'sheet or zip member';
COMMENT ON COLUMN meta.file.header_row IS 'row the header was found in, from 1';
COMMENT ON COLUMN meta.file.received_at IS 'when it was taken in';
COMMENT ON COLUMN meta.file.received_by IS 'who took it in: user of the machine, watch, or reader of the dashboard; empty for files of earlier versions';
COMMENT ON COLUMN meta.file.exported_at IS 'moment of the export: written in the file, else its newest event';
COMMENT ON COLUMN meta.file.date_order IS 'how dates like 3/4/2026 were read: day_month or month_day, as the file''s own values decide; undecided when none does (such rows are set aside); null when there are none';
COMMENT ON COLUMN meta.file.rows_in IS 'rows below the header, blank ones not counted';
COMMENT ON COLUMN meta.file.rows_loaded IS 'rows that stand in core';
COMMENT ON COLUMN meta.file.rows_superseded IS 'rows replaced by a later export or a repeat of the same row';
COMMENT ON COLUMN meta.file.rows_set_aside IS 'rows that could not be read: meta.reject';
COMMENT ON COLUMN meta.file.rows_total IS '合计/小计 rows and footers';
COMMENT ON COLUMN meta.file.unmapped_columns IS 'headers nobody mapped';
COMMENT ON COLUMN meta.file.personal_columns IS 'headers left out because they name or reach a person';
COMMENT ON COLUMN meta.file.returned_name IS 'name of the workbook in <data root>/returned that gives the set-aside rows back to the clerk; null when there are none to mend';

CREATE TABLE meta.skipped_sheet (
    file_id VARCHAR NOT NULL, sheet VARCHAR NOT NULL, row_count INTEGER NOT NULL, reason_zh VARCHAR NOT NULL, reason_en VARCHAR NOT NULL);
COMMENT ON TABLE meta.skipped_sheet IS 'sheets and zip members of loaded files that were not read, and why';
COMMENT ON COLUMN meta.skipped_sheet.sheet IS 'name of the sheet or member';
COMMENT ON COLUMN meta.skipped_sheet.row_count IS 'its rows that are not blank';
COMMENT ON COLUMN meta.skipped_sheet.reason_zh IS 'why it was not read and what to do, Chinese';
COMMENT ON COLUMN meta.skipped_sheet.reason_en IS 'the same in English';

CREATE TABLE meta.total (
    file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL, header VARCHAR, stated DOUBLE NOT NULL, counted DOUBLE NOT NULL,
    is_equal BOOLEAN NOT NULL);
COMMENT ON TABLE meta.total IS '合计/小计 rows as a checksum: one row a number in such a row';
COMMENT ON COLUMN meta.total.header IS 'the file''s header of the column; null when the number is a count of rows';
COMMENT ON COLUMN meta.total.stated IS 'what the file says';
COMMENT ON COLUMN meta.total.counted IS 'what its rows add up to';
COMMENT ON COLUMN meta.total.is_equal IS 'both agree';

CREATE TABLE meta.reject (
    file_id VARCHAR NOT NULL, file_sheet VARCHAR, file_row INTEGER NOT NULL, kind VARCHAR NOT NULL, column_name VARCHAR,
    header VARCHAR, value VARCHAR, reason VARCHAR NOT NULL, reason_zh VARCHAR NOT NULL, reason_en VARCHAR NOT NULL, is_mended BOOLEAN NOT NULL);
COMMENT ON TABLE meta.reject IS 'rows set aside: one row a cell at fault, so a file row may stand here more than once';
COMMENT ON COLUMN meta.reject.kind IS 'kind of export';
COMMENT ON COLUMN meta.reject.column_name IS 'our name of the column at fault; null when the whole row is';
COMMENT ON COLUMN meta.reject.header IS 'the file''s own header of it';
COMMENT ON COLUMN meta.reject.value IS 'the value, masked';
COMMENT ON COLUMN meta.reject.reason IS 'code of the reason';
COMMENT ON COLUMN meta.reject.reason_zh IS 'what is wrong and what to do, Chinese';
COMMENT ON COLUMN meta.reject.reason_en IS 'the same in English';
COMMENT ON COLUMN meta.reject.is_mended IS 'the row came back mended in a later file and was loaded';

CREATE TABLE meta.coverage (
    kind VARCHAR NOT NULL, day DATE NOT NULL, row_count INTEGER NOT NULL, expected DOUBLE NOT NULL, state VARCHAR NOT NULL);
COMMENT ON TABLE meta.coverage IS 'one row a kind of export and day from its first to the as-of day: is the day there?';
COMMENT ON COLUMN meta.coverage.kind IS 'kind of export with a clock: incident, patrol, service_case, callback';
COMMENT ON COLUMN meta.coverage.day IS 'the day';
COMMENT ON COLUMN meta.coverage.row_count IS 'records of that day';
COMMENT ON COLUMN meta.coverage.expected IS 'median of the same kind of day (working or not) in the eight weeks around it';
COMMENT ON COLUMN meta.coverage.state IS 'full; thin: implausibly few records; missing: none where some were due; quiet: none and none due';

CREATE TABLE meta.finding (
    check_id VARCHAR NOT NULL, severity VARCHAR NOT NULL, row_count INTEGER NOT NULL, name_zh VARCHAR NOT NULL, name_en VARCHAR NOT NULL,
    advice_zh VARCHAR NOT NULL, advice_en VARCHAR NOT NULL);
COMMENT ON TABLE meta.finding IS 'one row a check with rows that break its promise';
COMMENT ON COLUMN meta.finding.check_id IS 'file name in etl/checks';
COMMENT ON COLUMN meta.finding.severity IS 'stop, warn or note';
COMMENT ON COLUMN meta.finding.row_count IS 'rows that break the promise';
COMMENT ON COLUMN meta.finding.name_zh IS 'the promise, Chinese';
COMMENT ON COLUMN meta.finding.name_en IS 'the promise, English';
COMMENT ON COLUMN meta.finding.advice_zh IS 'what it does to the numbers and what to do about it, Chinese';
COMMENT ON COLUMN meta.finding.advice_en IS 'the same in English';

CREATE TABLE meta.finding_row (
    check_id VARCHAR NOT NULL, subject VARCHAR NOT NULL, detail VARCHAR, file_id VARCHAR, file_row INTEGER);
COMMENT ON TABLE meta.finding_row IS 'the rows behind a finding, at most 1,000 a check';
COMMENT ON COLUMN meta.finding_row.check_id IS 'the check';
COMMENT ON COLUMN meta.finding_row.subject IS 'id of what breaks the promise';
COMMENT ON COLUMN meta.finding_row.detail IS 'what was seen';

CREATE TABLE meta.unmatched (
    list VARCHAR NOT NULL, value VARCHAR, kind VARCHAR NOT NULL, row_count INTEGER NOT NULL, file_name VARCHAR, suggested_code VARCHAR);
COMMENT ON TABLE meta.unmatched IS '未匹配: words of an export that no reference table knows';
COMMENT ON COLUMN meta.unmatched.list IS 'reference list: community, department, category, status, channel …';
COMMENT ON COLUMN meta.unmatched.value IS 'the word';
COMMENT ON COLUMN meta.unmatched.kind IS 'kind of export';
COMMENT ON COLUMN meta.unmatched.row_count IS 'rows that carry it';
COMMENT ON COLUMN meta.unmatched.file_name IS 'one file that has it';
COMMENT ON COLUMN meta.unmatched.suggested_code IS 'code of the list whose spelling is nearest, null when none is near; nothing is matched by it';

CREATE TABLE meta.mapping_use (
    list VARCHAR NOT NULL, word VARCHAR NOT NULL, code VARCHAR NOT NULL, row_count INTEGER NOT NULL, place VARCHAR);
COMMENT ON TABLE meta.mapping_use IS 'how often each word of the reference tables was met; row_count 0: a spelling people maintain that no export has';
COMMENT ON COLUMN meta.mapping_use.list IS 'reference list';
COMMENT ON COLUMN meta.mapping_use.word IS 'the word';
COMMENT ON COLUMN meta.mapping_use.code IS 'what it stands for';
COMMENT ON COLUMN meta.mapping_use.row_count IS 'rows that carry it';
COMMENT ON COLUMN meta.mapping_use.place IS 'table and row that maintain the word; null for codes and names of a list';
