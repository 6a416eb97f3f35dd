-- severity: stop
-- zh: 同一网格编号在同一天只属于一个网格
-- en: on any day a grid code belongs to one grid
-- advice_zh: 同一编号同一天有两个网格，负荷无法归属；请在网格台账里改正启用、停用日期
-- advice_en: one code means two grids on one day; correct the dates in the register of grids
SELECT a.grid_id AS subject, b.grid_id AS detail, a.file_id, a.file_row
FROM core.grid a JOIN core.grid b ON a.grid_code = b.grid_code AND a.grid_id < b.grid_id
    AND a.valid_from <= coalesce(b.valid_to, DATE '9999-12-31') AND b.valid_from <= coalesce(a.valid_to, DATE '9999-12-31')
