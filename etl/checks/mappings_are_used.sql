-- severity: note
-- zh: 本镇添加的每个写法都有导出表在用
-- en: every spelling the town added occurs in an export
-- advice_zh: 没有文件用到这些写法；可能写错了，请核对 reference/aliases.csv 里的这一行
-- advice_en: no file has these spellings; they may be mistyped, look at their line of reference/aliases.csv
SELECT format('{} {}', list, word) AS subject, place AS detail, NULL::VARCHAR AS file_id, NULL::INTEGER AS file_row
FROM meta.mapping_use WHERE row_count = 0 AND starts_with(place, 'aliases.csv ')
