-- severity: warn
-- zh: 每一类导出的每一天都有数据
-- en: no day of any kind of export is missing
-- advice_zh: 缺的日子会让数字偏低；请补导这几天的数据，或确认当天确实没有业务
-- advice_en: numbers of these days are too low; export them again, or make sure that nothing happened
SELECT kind AS subject, CASE WHEN min(day) = max(day) THEN min(day)::VARCHAR ELSE format('{} – {}', min(day), max(day)) END AS detail,
    NULL::VARCHAR AS file_id, NULL::INTEGER AS file_row
FROM (
    SELECT kind, day, count(*) FILTER (WHERE state NOT IN ('missing', 'quiet')) OVER (PARTITION BY kind ORDER BY day) AS run, state FROM meta.coverage
)
WHERE state = 'missing' GROUP BY kind, run
