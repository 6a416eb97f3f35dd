-- meta.coverage: is every day of every source there? A day is compared with the median of its like (working or not) in the eight weeks
-- around it, or, in a long gap, of all time. Days without a record are missing when so many were due in the whole run of them that chance
-- does not explain it (10 expected: e^-10 < 1 in 20,000); a day with less than a fifth of at least 20 is thin, but not in a source's first week.
-- The as-of day is not over: left out.
INSERT INTO meta.coverage BY NAME
WITH counted AS (
    SELECT 'incident' AS kind, reported_on AS day, count(*) AS row_count FROM core.incident GROUP BY ALL
    UNION ALL SELECT 'patrol', patrolled_on, count(*) FROM core.patrol GROUP BY ALL
    UNION ALL SELECT 'service_case', applied_on, count(*) FROM core.service_case GROUP BY ALL
    UNION ALL SELECT 'callback', called_at::DATE, count(*) FROM core.callback GROUP BY ALL
), spans AS (
    SELECT kind, min(day) AS first_day, count(*) AS days FROM counted WHERE day < getvariable('as_of')::DATE GROUP BY kind
), days AS (
    SELECT s.kind, d.day, d.is_working_day, s.days, s.first_day, coalesce(c.row_count, 0)::INTEGER AS row_count
    FROM spans s
    JOIN core.day d ON d.day >= s.first_day AND d.day < getvariable('as_of')::DATE
    LEFT JOIN counted c ON c.kind = s.kind AND c.day = d.day
), usual AS (
    SELECT kind, is_working_day, median(row_count) AS all_time FROM days GROUP BY ALL
), around AS (
    SELECT *, median(row_count) OVER (
        PARTITION BY kind, is_working_day ORDER BY day RANGE BETWEEN INTERVAL 28 DAY PRECEDING AND INTERVAL 28 DAY FOLLOWING) AS near
    FROM days
), expecting AS (
    -- ten days with records are the least a habit can be read from
    SELECT a.kind, a.day, a.row_count, a.first_day, CASE WHEN a.days < 10 THEN 0 WHEN a.near > 0 THEN a.near ELSE u.all_time END AS expected
    FROM around a JOIN usual u USING (kind, is_working_day)
), runs AS (
    SELECT *, row_number() OVER (PARTITION BY kind ORDER BY day) - row_number() OVER (PARTITION BY kind, row_count = 0 ORDER BY day) AS run
    FROM expecting
)
SELECT kind, day, row_count, expected,
    CASE
        WHEN row_count = 0 AND expected > 0 AND sum(expected) OVER (PARTITION BY kind, row_count = 0, run) >= 10 THEN 'missing'
        WHEN row_count = 0 THEN 'quiet'
        WHEN expected >= 20 AND row_count < expected / 5 AND day >= first_day + 7 THEN 'thin'
        ELSE 'full'
    END AS state
FROM runs
ORDER BY kind, day;
