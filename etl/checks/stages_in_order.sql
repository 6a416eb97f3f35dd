-- severity: warn
-- zh: 立案、派遣、处置、核查、结案的时间先后有序
-- en: registration, dispatch, disposal, check and closing follow each other
SELECT incident_id AS subject, format('{} / {} / {} / {} / {}', registered_at, dispatched_at, disposed_at, checked_at, closed_at) AS detail, file_id, file_row
FROM core.incident
WHERE dispatched_at < date_trunc('minute', registered_at) OR (disposed_at < date_trunc('minute', dispatched_at) AND NOT disposed_is_day)
    OR checked_at < date_trunc('minute', disposed_at) OR (closed_at < date_trunc('minute', disposed_at) AND NOT closed_is_day)
