-- severity: warn
-- zh: 回访都在结案之后
-- en: callbacks come after the closing
-- advice_zh: 这些回访仍计入回访量；请核对结案时间或回访时间，多半是其中一个补录错了
-- advice_en: these calls still count; check the moments of closing and call, one is probably entered late or wrong
SELECT c.incident_id AS subject, format('{} / {}', i.closed_at, c.called_at) AS detail, c.file_id, c.file_row
FROM core.callback c JOIN core.incident i USING (incident_id)
WHERE i.closed_at IS NULL OR c.called_at::DATE < i.closed_on
