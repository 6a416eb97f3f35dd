-- 便民服务办件 → core.service_case: the promise is the exported moment, else acceptance + promised working days; 0 days means the same day.
INSERT INTO core.service_case BY NAME
SELECT
    *,
    done_at IS NOT NULL AS is_done,
    due_at IS NOT NULL AND (done_at IS NOT NULL OR due_at < getvariable('as_of')::TIMESTAMP) AS is_due,
    CASE WHEN due_at IS NOT NULL AND (done_at IS NOT NULL OR due_at < getvariable('as_of')::TIMESTAMP)
        THEN coalesce(done_at <= due_at, false) END AS is_on_promise,
    rating_code IS NOT NULL AS is_rated,
    coalesce(rating_code IN ('very_good', 'good', 'fair'), false) AS is_rated_good,
    applied_at::DATE AS applied_on, date_trunc('week', applied_at)::DATE AS applied_week, date_trunc('month', applied_at)::DATE AS applied_month,
    isodow(applied_at) AS applied_dow
FROM (
    SELECT
        s.service_case_id, s.item, s.centre, s.service_window, coalesce(s.community_code, 'unmatched') AS community_code,
        s.applied_at, s.accepted_at, s.done_at, s.promised_days AS promised_working_days,
        CASE
            WHEN s.due_at_is_day THEN s.due_at::DATE + TIME '23:59:59'
            WHEN s.due_at IS NULL AND s.promised_days = 0 THEN start.day + TIME '23:59:59'
            ELSE coalesce(s.due_at, due.day + TIME '23:59:59')
        END AS due_at,
        s.result, nullif(s.rating_code, 'unmatched') AS rating_code, s.ticket_no, s.wait_minutes,
        elapsed_hours(coalesce(s.accepted_at, s.applied_at), s.done_at,
            s.done_at_is_day OR CASE WHEN s.accepted_at IS NULL THEN s.applied_at_is_day ELSE s.accepted_at_is_day END) AS hours_to_done,
        finish.working_day_no - start.working_day_no AS working_days_to_done,
        CASE WHEN NOT s.applied_at_is_day THEN hour(s.applied_at) END AS applied_hour,
        s.file_id, s.file_sheet, s.file_row
    FROM current_service_case s
    LEFT JOIN core.day start ON start.day = coalesce(s.accepted_at, s.applied_at)::DATE
    LEFT JOIN core.day finish ON finish.day = s.done_at::DATE
    LEFT JOIN core.day due ON due.is_working_day AND due.working_day_no = start.working_day_no + nullif(s.promised_days, 0)
)
ORDER BY applied_on, community_code;
