-- severity: warn
-- zh: 事件所填网格在上报当天有效
-- en: the grid named by an incident was valid on the day of the report
-- advice_zh: 它们不计入任何网格的负荷；请补全网格台账的启用、停用日期
-- advice_en: they stand in no grid's workload; complete the dates in the register of grids
SELECT incident_id AS subject, grid_code || ' ' || reported_on AS detail, file_id, file_row
FROM core.incident WHERE grid_code IS NOT NULL AND grid_id IS NULL AND EXISTS (FROM core.grid)
