-- severity: warn
-- zh: 回访都在结案之后
-- en: callbacks come after the closing
SELECT c.incident_id AS subject, format('{} / {}', i.closed_at, c.called_at) AS detail, c.file_id, c.file_row
FROM core.callback c JOIN core.incident i USING (incident_id)
WHERE i.closed_at IS NULL OR c.called_at::DATE < i.closed_on
