-- severity: stop
-- zh: 每个事件编号只有一条当前记录
-- en: every incident id has one current record
-- advice_zh: 程序内部的去重没有通过，请把本次导入的文件保留并联系维护者
-- advice_en: an internal step failed; keep the files and tell the maintainers
SELECT incident_id AS subject, count(*) || ' 条' AS detail, any_value(file_id) AS file_id, any_value(file_row) AS file_row
FROM core.incident GROUP BY incident_id HAVING count(*) > 1
