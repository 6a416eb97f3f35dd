-- core.incident_change: what a later export of the same incident changed, field by field, as read (not as spelled).
INSERT INTO core.incident_change BY NAME
WITH repeated AS (
    SELECT incident_id FROM typed_incident GROUP BY incident_id HAVING count(*) > 1
), versions AS (
    SELECT t.* EXCLUDE (sheet_no, file_sheet), s.ordinal, s.exported_at
    FROM typed_incident t SEMI JOIN repeated USING (incident_id) JOIN loaded_sheet s USING (sheet_no)
), texts AS (
    SELECT incident_id, ordinal, exported_at, file_id, file_row,
        COLUMNS(lambda c: c NOT IN ('incident_id', 'ordinal', 'exported_at', 'file_id', 'file_row') AND NOT ends_with(c, '_is_day'))::VARCHAR
    FROM versions
), cells AS (
    FROM texts UNPIVOT INCLUDE NULLS (value FOR column_name IN (COLUMNS(* EXCLUDE (incident_id, ordinal, exported_at, file_id, file_row))))
), told AS (
    SELECT *, lag(value) OVER w AS old_value, lag(file_id) OVER w AS old_file_id, lag(file_row) OVER w AS old_file_row
    FROM cells WINDOW w AS (PARTITION BY incident_id, column_name ORDER BY ordinal, file_row)
)
SELECT incident_id, column_name, old_value, value AS new_value, exported_at, old_file_id, old_file_row, file_id, file_row
FROM told
-- a later export that is silent about a field (it may lack the column) takes nothing back
WHERE old_file_id IS NOT NULL AND value IS NOT NULL AND old_value IS DISTINCT FROM value
ORDER BY incident_id, exported_at, column_name;
