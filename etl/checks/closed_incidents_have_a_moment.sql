-- severity: warn
-- zh: 已结案的事件都有结案时间（没有的不计入按期率）
-- en: closed incidents have a closing moment (those without stand in no on-time rate)
-- advice_zh: 它们计入办结，但按期与否无从判断；请在导出时勾选结案时间
-- advice_en: they count as closed, but nothing shows whether in time; export the moment of closing
SELECT incident_id AS subject, status_code AS detail, file_id, file_row
FROM core.incident WHERE is_closed AND closed_at IS NULL
