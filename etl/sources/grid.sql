-- 网格台账 → core.grid: a grid ends at the latest the day before its code is used again.
INSERT INTO core.grid BY NAME
SELECT
    grid_code || '@' || strftime(valid_from, '%Y-%m-%d') AS grid_id, grid_code, name, coalesce(community_code, 'unmatched') AS community_code,
    households, population, valid_from::DATE AS valid_from,
    least(valid_to::DATE, (lead(valid_from) OVER (PARTITION BY grid_code ORDER BY valid_from))::DATE - 1) AS valid_to,
    file_id, file_sheet, file_row
FROM current_grid
ORDER BY grid_code, valid_from;
