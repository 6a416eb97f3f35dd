-- severity: stop
-- zh: 读得懂的每一行都进了核心表，一行不多，一行不少
-- en: every readable row stands in its core table, once
-- advice_zh: 程序内部的对账没有通过，请把本次导入的文件保留并联系维护者
-- advice_en: an internal account does not balance; keep the files and tell the maintainers
SELECT kind AS subject, format('{} → {}', loaded, stands) AS detail, NULL::VARCHAR AS file_id, NULL::INTEGER AS file_row
FROM (
    SELECT kind, sum(rows_loaded) AS loaded,
        CASE kind
            WHEN 'incident' THEN (SELECT count(*) FROM core.incident) WHEN 'incident_step' THEN (SELECT count(*) FROM core.incident_step)
            WHEN 'grid' THEN (SELECT count(*) FROM core.grid) WHEN 'grid_worker' THEN (SELECT count(*) FROM core.worker)
            WHEN 'patrol' THEN (SELECT count(*) FROM core.patrol) WHEN 'service_case' THEN (SELECT count(*) FROM core.service_case)
            WHEN 'callback' THEN (SELECT count(*) FROM core.callback)
        END AS stands
    FROM meta.file GROUP BY kind
)
WHERE loaded <> stands
