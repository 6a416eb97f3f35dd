-- severity: note
-- zh: 导入的文件里每张工作表（或压缩包里的每个文件）都读了
-- en: every sheet and every zip member of the loaded files was read
-- advice_zh: 这些表没有进入统计；若本应导入，请取消隐藏或改好表头后重新放入
-- advice_en: these sheets stand in no number; unhide them or mend their headers and drop the file in again
SELECT coalesce(f.name || ' / ', '') || s.sheet AS subject, format('{}（{} 行）', s.reason_zh, s.row_count) AS detail,
    s.file_id, NULL::INTEGER AS file_row
FROM meta.skipped_sheet s LEFT JOIN (SELECT file_id, min(name) AS name FROM meta.file GROUP BY file_id) f USING (file_id)
