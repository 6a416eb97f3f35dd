-- The working calendar: Monday to Friday, with the holidays and 调休 of calendar.csv; and the opening segments of every working day.
INSERT INTO core.day
SELECT
    day, date_trunc('week', day)::DATE, date_trunc('month', day)::DATE, is_working_day, holiday,
    (sum(is_working_day::INTEGER) OVER (ORDER BY day))::INTEGER
FROM (
    SELECT d::DATE AS day, coalesce(c.is_working_day, isodow(d) <= 5) AS is_working_day, c.name AS holiday
    FROM range(getvariable('calendar_from')::TIMESTAMP, getvariable('calendar_to')::TIMESTAMP, INTERVAL 1 DAY) t(d)
    LEFT JOIN calendar_exception c ON c.day = d::DATE
)
ORDER BY day;

CREATE TEMP TABLE working_segment AS
SELECT
    opens_at, minutes_open,
    (sum(minutes_open) OVER (ORDER BY opens_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - minutes_open)::BIGINT AS minutes_before
FROM (
    SELECT d.day + h.opens AS opens_at, date_diff('minute', h.opens, h.closes) AS minutes_open
    FROM core.day d CROSS JOIN working_hour h WHERE d.is_working_day
)
ORDER BY opens_at;

-- Hours from one moment to another; whole days × 24 when one of them has day precision only; null when it runs backwards
-- (within one minute it does not: some systems write seconds for one stage and minutes for the next) or ends after the as-of day:
-- that cannot have happened.
CREATE TEMP MACRO elapsed_hours(starts, ends, is_day) AS
    CASE
        WHEN ends::DATE > getvariable('as_of')::DATE THEN NULL
        WHEN is_day AND ends::DATE >= starts::DATE THEN 24.0 * (ends::DATE - starts::DATE)
        WHEN NOT is_day AND date_diff('second', starts, ends) > -60 THEN greatest(date_diff('second', starts, ends), 0) / 3600.0
    END;
