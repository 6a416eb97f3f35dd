-- severity: warn
-- zh: 没有发生在数据截至时间之后的时间
-- en: no stage lies after the as-of moment
-- advice_zh: 晚于数据截至的时间不可能已经发生；请核对年份是否写错
-- advice_en: a moment after the export cannot have happened; look for a wrong year
SELECT incident_id AS subject, greatest(reported_at, registered_at, dispatched_at, disposed_at, checked_at, closed_at)::VARCHAR AS detail, file_id, file_row
FROM core.incident
WHERE greatest(reported_at, registered_at, dispatched_at, disposed_at, checked_at, closed_at) > (getvariable('as_of'))::TIMESTAMP
