-- severity: warn
-- zh: 回访、巡查、办件都不晚于数据截至时间
-- en: no callback, patrol or service case lies after the as-of moment
-- advice_zh: 晚于数据截至的时间不可能已经发生；请核对年份是否写错
-- advice_en: a moment after the export cannot have happened; look for a wrong year
SELECT incident_id AS subject, called_at::VARCHAR AS detail, file_id, file_row FROM core.callback WHERE called_at > getvariable('as_of')::TIMESTAMP
UNION ALL
SELECT coalesce(grid_code, '—'), patrolled_at::VARCHAR, file_id, file_row FROM core.patrol WHERE patrolled_at > getvariable('as_of')::TIMESTAMP
UNION ALL
SELECT service_case_id, greatest(applied_at, accepted_at, done_at)::VARCHAR, file_id, file_row
FROM core.service_case WHERE greatest(applied_at, accepted_at, done_at) > getvariable('as_of')::TIMESTAMP
