-- severity: warn
-- zh: 回访的事件都在事件表里
-- en: every callback is about a known incident
SELECT c.incident_id AS subject, c.called_at::VARCHAR AS detail, c.file_id, c.file_row
FROM core.callback c ANTI JOIN core.incident i USING (incident_id)
