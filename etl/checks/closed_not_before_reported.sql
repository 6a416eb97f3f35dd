-- severity: warn
-- zh: 结案时间不早于上报时间
-- en: no incident is closed before it was reported
-- advice_zh: 它们的办理用时不参与计算；请在原系统核对上报与结案时间
-- advice_en: their durations are left out; check both moments in the source system
SELECT incident_id AS subject, format('{} → {}', reported_at, closed_at) AS detail, file_id, file_row
FROM core.incident
WHERE CASE WHEN closed_is_day OR reported_is_day THEN closed_on < reported_on ELSE date_diff('second', reported_at, closed_at) <= -60 END
