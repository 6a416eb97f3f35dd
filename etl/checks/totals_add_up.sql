-- severity: warn
-- zh: 导出表里的合计、小计与明细一致
-- en: the sum rows of the exports agree with their records
-- advice_zh: 统计一律以明细为准，合计行只作核对；请核对导出是否缺行或多行，尤其是被截断的导出
-- advice_en: numbers are computed from the records, sum rows only check them; see whether the export lacks rows or has too many
SELECT f.name || coalesce('（' || t.file_sheet || '）', '') AS subject,
    format('{}：{:.15g} ≠ {:.15g}', coalesce(t.header, '行数'), t.stated, t.counted) AS detail, t.file_id, t.file_row
FROM meta.total t JOIN meta.file f ON f.file_id = t.file_id AND f.sheet IS NOT DISTINCT FROM t.file_sheet
WHERE NOT t.is_equal
