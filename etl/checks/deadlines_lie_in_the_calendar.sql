-- severity: note
-- zh: 按工作日推算的时限都落在已维护的节假日年份内
-- en: deadlines counted in working days lie in years whose holidays are maintained
-- advice_zh: 推算的时限可能差几天；请在 data/reference/calendar.csv 补上该年的节假日安排
-- advice_en: their deadlines may be days off; add that year's holidays to data/reference/calendar.csv
SELECT incident_id AS subject, reported_on::VARCHAR AS detail, file_id, file_row
FROM core.incident
WHERE year(reported_on) IN (SELECT DISTINCT year(d.day) FROM core.day d)
    AND incident_id IN (SELECT incident_id FROM incident_limit)
    AND year(reported_on) NOT IN (SELECT DISTINCT year(day) FROM core.day WHERE holiday IS NOT NULL)
