-- severity: warn
-- zh: 立案、派遣、处置、核查、结案的时间先后有序
-- en: registration, dispatch, disposal, check and closing follow each other
-- advice_zh: 相应阶段的用时不参与计算；请在原系统核对各阶段时间
-- advice_en: the durations of these stages are left out; check their moments in the source system
SELECT incident_id AS subject, format('{} / {} / {} / {} / {}', registered_at, dispatched_at, disposed_at, checked_at, closed_at) AS detail, file_id, file_row
FROM core.incident
WHERE date_diff('second', registered_at, dispatched_at) <= -60
    OR (date_diff('second', dispatched_at, disposed_at) <= -60 AND NOT disposed_is_day)
    OR date_diff('second', disposed_at, checked_at) <= -60
    OR (date_diff('second', disposed_at, closed_at) <= -60 AND NOT closed_is_day)
