-- The drill's summary, from what it measured (variables) and what pgBackRest says of its backups: a table for people,
-- or one JSON document.
\set ON_ERROR_STOP on
CREATE TEMPORARY TABLE backups AS
SELECT b.number, b.value ->> 'label' AS label, b.value ->> 'type' AS type,
    (b.value #>> '{timestamp,stop}')::bigint - (b.value #>> '{timestamp,start}')::bigint AS seconds,
    (b.value #>> '{info,size}')::bigint AS database_bytes, (b.value #>> '{info,delta}')::bigint AS copied_bytes,
    (b.value #>> '{info,repository,delta}')::bigint AS stored_bytes,
    split_part(:'written', ' ', b.number::int)::bigint AS rows_written_meanwhile
FROM jsonb_array_elements((:'info')::jsonb -> 0 -> 'backup') WITH ORDINALITY AS b (value, number);

\if :json
SELECT jsonb_pretty(jsonb_build_object(
    'at', now(), 'versions', :'versions', 'transactions_loaded', :rows, 'load_seconds', :load,
    'backups', (SELECT jsonb_agg(to_jsonb(b) - 'number' ORDER BY number) FROM backups AS b),
    'tables_compared', :tables, 'sums_compared', :columns, 'rows_written_after_the_point_and_gone', :after_point,
    'restore_seconds', :restore, 'replay_seconds', :replay, 'lost_machine_seconds', :machine,
    'lost_machine_rows', :lost_rows, 'lost_machine_loss_seconds', :lost_seconds, 'total_seconds', :total));
\else
\pset format aligned
\pset tuples_only off
\pset footer off
\echo
SELECT label, seconds AS "s", pg_size_pretty(database_bytes) AS database, pg_size_pretty(copied_bytes) AS copied,
    pg_size_pretty(stored_bytes) AS stored, rows_written_meanwhile AS "rows written meanwhile"
FROM backups ORDER BY number;
SELECT what AS "what", figure AS "figure"
FROM (
    VALUES
        (1, 'versions', :'versions'),
        (2, 'transactions loaded', :'rows' || ' in ' || :'load' || ' s'),
        (3, 'restored to the point', :'restore' || ' s to copy, ' || :'replay' || ' s to replay and open'),
        (4, 'compared', :'tables' || ' tables, ' || :'columns' || ' sums: equal; catalog: equal'),
        (5, 'written after the point, and gone', :'after_point' || ' rows'),
        (6, 'machine lost, latest restored', :'machine' || ' s'),
        (7, 'lost with the machine', :'lost_rows' || ' rows, the last ' || :'lost_seconds' || ' s'),
        (8, 'the whole drill', :'total' || ' s')
) AS summary (number, what, figure)
ORDER BY number;
\endif
