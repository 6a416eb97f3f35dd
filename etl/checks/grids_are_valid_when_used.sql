-- severity: warn
-- zh: 事件所填网格在上报当天有效
-- en: the grid named by an incident was valid on the day of the report
SELECT incident_id AS subject, grid_code || ' ' || reported_on AS detail, file_id, file_row
FROM core.incident WHERE grid_code IS NOT NULL AND grid_id IS NULL AND EXISTS (FROM core.grid)
