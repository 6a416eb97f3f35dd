-- severity: warn
-- zh: 同一时刻的两份导出说法一致
-- en: two exports of the same moment agree
-- advice_zh: 取了后收到的一份；两个系统或两次导出对同一件事说法不同，请核对社区、状态和结案时间
-- advice_en: the one received later stands; two systems or exports differ about one incident: check community, status and closing
SELECT c.incident_id AS subject, format('{}：{} ≠ {}', c.column_name, coalesce(c.old_value, '空'), coalesce(c.new_value, '空')) AS detail, c.file_id, c.file_row
FROM core.incident_change c
JOIN (SELECT file_id, max(exported_at) AS exported_at FROM meta.file GROUP BY file_id) o ON o.file_id = c.old_file_id
WHERE c.file_id <> c.old_file_id AND o.exported_at = c.exported_at
    AND c.column_name IN ('community_code', 'status_code', 'category_code', 'department_code', 'reported_at', 'closed_at', 'due_at')
