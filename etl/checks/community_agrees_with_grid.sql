-- severity: warn
-- zh: 事件所填社区与网格所在社区一致
-- en: the community of an incident is that of its grid
-- advice_zh: 按事件所填社区统计；请核对网格台账或事件的社区
-- advice_en: counted under the community of the incident; check the register of grids or the incident
SELECT i.incident_id AS subject, format('{} ≠ {}', i.community_code, g.community_code) AS detail, i.file_id, i.file_row
FROM core.incident i JOIN core.grid g USING (grid_id) WHERE i.community_code <> g.community_code
