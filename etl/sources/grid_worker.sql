-- 网格员名册 → core.worker: full time counts 1, part time 0.5 where the export gives no equivalent.
INSERT INTO core.worker BY NAME
SELECT
    w.worker_id, coalesce(w.kind_code, 'unmatched') AS kind_code, coalesce(w.fte, CASE w.kind_code WHEN 'part_time' THEN 0.5 ELSE 1 END) AS fte,
    w.grid AS grid_code, g.grid_id, coalesce(g.community_code, nullif(w.community_code, 'unmatched'), 'unmatched') AS community_code,
    w.valid_from::DATE AS valid_from, w.valid_to::DATE AS valid_to, w.file_id, w.file_sheet, w.file_row
FROM current_grid_worker w
LEFT JOIN core.grid g
    ON g.grid_code = w.grid AND w.valid_from::DATE >= g.valid_from AND (g.valid_to IS NULL OR w.valid_from::DATE <= g.valid_to)
ORDER BY w.worker_id, w.valid_from;
