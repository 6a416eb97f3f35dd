-- severity: stop
-- zh: 每个文件的行数守恒：读入 = 入库 + 被新数据取代 + 搁置 + 合计行
-- en: rows are conserved in every file: read = loaded + superseded + set aside + total rows
-- advice_zh: 有行去向不明，本次导入已停止；请把文件保留并联系维护者
-- advice_en: rows are unaccounted for and the load stopped; keep the files and tell the maintainers
SELECT name || coalesce('/' || sheet, '') AS subject,
    format('{} ≠ {} + {} + {} + {}', rows_in, rows_loaded, rows_superseded, rows_set_aside, rows_total) AS detail, file_id, NULL::INTEGER AS file_row
FROM meta.file
WHERE rows_in <> rows_loaded + rows_superseded + rows_set_aside + rows_total
