-- severity: note
-- zh: 社区、部门、类别等名称都能对上参考表（对不上的归入“未匹配”）
-- en: communities, departments, categories … are known to the reference tables (others stand under Unmatched)
-- advice_zh: 它们归在“未匹配”，不会丢失；在数据页上为每个写法指定对应的名称即可
-- advice_en: they stand under Unmatched and are not lost; give each spelling its name on the data page
SELECT list AS subject, format('{}（{} 行）', coalesce(value, '空白'), row_count) AS detail, NULL::VARCHAR AS file_id, NULL::INTEGER AS file_row
FROM meta.unmatched
