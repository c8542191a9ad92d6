-- One line for each table of Grove, whichever there are: its rows, the exact sum of each numeric column, and a digest
-- of every row. One statement, so one snapshot. Run it with psql -At -F ' '.
\set ON_ERROR_STOP on
SET TIME ZONE 'UTC';
SELECT string_agg(
    format(
        $$SELECT %L, %L || count(*), concat_ws(' ', %s), %L || coalesce(sum(hashtextextended(t::text, 0)), 0)
        FROM %I.%I AS t$$,
        n.nspname || '.' || c.relname, 'rows=',
        coalesce(
            (
                SELECT string_agg(
                    format('%L || sum(t.%I::numeric)', a.attname || '=', a.attname), ', ' ORDER BY a.attnum)
                FROM pg_attribute AS a
                WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    AND a.atttypid IN (
                        'numeric'::regtype, 'bigint'::regtype, 'integer'::regtype, 'smallint'::regtype)
            ), 'NULL'),
        'digest=', n.nspname, c.relname),
    ' UNION ALL ' ORDER BY n.nspname, c.relname) || ' ORDER BY 1'
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
\gexec
