-- core.grid_day: a row a grid and day of validity, from the first report to the as-of day.
INSERT INTO core.grid_day BY NAME
SELECT
    d.day, d.week_start, d.month_start, g.grid_id, g.grid_code, g.community_code, g.households, g.population,
    count(DISTINCT w.worker_id)::INTEGER AS workers, coalesce(sum(w.fte), 0) AS fte
FROM core.grid g
JOIN core.day d
    ON d.day >= greatest(g.valid_from, getvariable('data_from')::DATE) AND d.day <= least(coalesce(g.valid_to, getvariable('data_to')::DATE), getvariable('data_to')::DATE)
LEFT JOIN core.worker w
    ON w.grid_code = g.grid_code AND d.day >= w.valid_from AND (w.valid_to IS NULL OR d.day <= w.valid_to)
GROUP BY ALL
ORDER BY d.day, g.community_code, g.grid_id;
