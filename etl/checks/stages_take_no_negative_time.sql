-- severity: warn
-- zh: 回访、巡查、办件的用时不为负
-- en: callbacks, patrols and service cases take no negative time
-- advice_zh: 这些用时不参与计算；请核对开始与结束时间
-- advice_en: these durations are left out; check start and end
SELECT service_case_id AS subject, format('{} → {}', coalesce(accepted_at, applied_at), done_at) AS detail, file_id, file_row
FROM core.service_case WHERE date_diff('day', coalesce(accepted_at, applied_at), done_at) < 0
UNION ALL
SELECT service_case_id, format('等候 {} 分钟', wait_minutes), file_id, file_row FROM core.service_case WHERE wait_minutes < 0
UNION ALL
SELECT coalesce(grid_code, '—'), format('时长 {} 小时', hours), file_id, file_row FROM core.patrol WHERE hours < 0
