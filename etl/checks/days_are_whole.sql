-- severity: note
-- zh: 没有哪一天的数据明显偏少
-- en: no day has implausibly few records
-- advice_zh: 当天的记录不到平常的五分之一，可能只导出了一部分；请核对
-- advice_en: less than a fifth of the usual records; perhaps only a part was exported
SELECT kind AS subject, format('{}：{}（平常约 {:.0f}）', day, row_count, expected) AS detail, NULL::VARCHAR AS file_id, NULL::INTEGER AS file_row
FROM meta.coverage WHERE state = 'thin'
