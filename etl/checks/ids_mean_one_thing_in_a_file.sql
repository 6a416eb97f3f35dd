-- severity: warn
-- zh: 同一文件里，一个编号只有一种内容
-- en: within a file an id has one content
-- advice_zh: 取了靠后的一行；请在原系统确认哪一行是对的
-- advice_en: the later row stands; find out in the source system which one is right
SELECT incident_id AS subject, string_agg(DISTINCT column_name, '、' ORDER BY column_name) AS detail, file_id, any_value(file_row) AS file_row
FROM core.incident_change WHERE file_id = old_file_id GROUP BY incident_id, file_id
