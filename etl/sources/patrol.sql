-- 巡查走访记录 → core.patrol: grid by the moment of the patrol.
INSERT INTO core.patrol BY NAME
SELECT
    p.patrol_id, p.kind, p.worker_id, p.grid AS grid_code, g.grid_id,
    coalesce(nullif(p.community_code, 'unmatched'), g.community_code, 'unmatched') AS community_code,
    p.patrolled_at, p.patrolled_at::DATE AS patrolled_on, date_trunc('week', p.patrolled_at)::DATE AS patrolled_week,
    date_trunc('month', p.patrolled_at)::DATE AS patrolled_month,
    p.households_visited, p.minutes / 60.0 AS hours, p.incidents_found, p.file_id, p.file_sheet, p.file_row
FROM current_patrol p
LEFT JOIN core.grid g
    ON g.grid_code = p.grid AND p.patrolled_at::DATE >= g.valid_from AND (g.valid_to IS NULL OR p.patrolled_at::DATE <= g.valid_to)
ORDER BY patrolled_on, community_code, grid_id;
