-- core.incident_change: what a later export of the same incident changed, field by field, as read (not as spelled).
INSERT INTO core.incident_change BY NAME
WITH repeated AS (
    SELECT incident_id FROM typed_incident GROUP BY incident_id HAVING count(*) > 1
), versions AS (
    SELECT t.* EXCLUDE (sheet_no, file_sheet), s.ordinal, s.exported_at, map_keys(s.headers) AS exported_columns
    FROM typed_incident t SEMI JOIN repeated USING (incident_id) JOIN loaded_sheet s USING (sheet_no)
), texts AS (
    SELECT incident_id, ordinal, exported_at, exported_columns, file_id, file_row,
        COLUMNS(lambda c: c NOT IN ('incident_id', 'ordinal', 'exported_at', 'exported_columns', 'file_id', 'file_row') AND NOT ends_with(c, '_is_day'))::VARCHAR
    FROM versions
), cells AS (
    FROM texts UNPIVOT INCLUDE NULLS (value FOR column_name IN (COLUMNS(* EXCLUDE (incident_id, ordinal, exported_at, exported_columns, file_id, file_row))))
), told AS (
    -- a field is compared with the last export that has its column
    SELECT *, lag(value) OVER w AS old_value, lag(file_id) OVER w AS old_file_id, lag(file_row) OVER w AS old_file_row
    FROM cells
    WHERE list_contains(exported_columns, regexp_replace(column_name, '_(code|id)$', ''))
    WINDOW w AS (PARTITION BY incident_id, column_name ORDER BY ordinal, file_row)
)
SELECT incident_id, column_name, old_value, value AS new_value, exported_at, old_file_id, old_file_row, file_id, file_row
FROM told
WHERE old_file_id IS NOT NULL AND value IS DISTINCT FROM old_value
    -- the same moment written with and without its seconds, or as a day, is no change
    AND NOT coalesce(ends_with(column_name, '_at')
        AND ((left(value, 16) = left(old_value, 16) AND (ends_with(value, ':00') OR ends_with(old_value, ':00')))
            OR (left(value, 10) = left(old_value, 10) AND (ends_with(value, '00:00:00') OR ends_with(old_value, '00:00:00')))), false)
ORDER BY incident_id, exported_at, column_name;
