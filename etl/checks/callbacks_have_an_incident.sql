-- severity: warn
-- zh: 回访的事件都在事件表里
-- en: every callback is about a known incident
-- advice_zh: 这些回访不进入任何回访率；请补齐对应时段的事件导出
-- advice_en: these calls stand in no callback rate; export the incidents of that time as well
SELECT c.incident_id AS subject, c.called_at::VARCHAR AS detail, c.file_id, c.file_row
FROM core.callback c ANTI JOIN core.incident i USING (incident_id)
