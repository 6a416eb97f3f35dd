-- severity: warn
-- zh: 已经导出过的结案时间，后来的导出没有改动
-- en: a closing moment once exported is not changed by a later export
-- advice_zh: 以新导出为准；结案时间被改或被撤销，按期率会随之改变，值得问一问原因
-- advice_en: the later export stands; a moved or withdrawn closing changes on-time rates, ask why
SELECT incident_id AS subject, format('{} → {}', old_value, coalesce(new_value, '空')) AS detail, file_id, file_row
FROM core.incident_change WHERE column_name = 'closed_at' AND old_value IS NOT NULL AND file_id <> old_file_id
