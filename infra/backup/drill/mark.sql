-- Counts and sums, and a restore point of the same moment: -v point=NAME. The lock waits until the writers'
-- transactions have ended, and lets no new one begin. It is for the counting alone: a restore point may be made at
-- any time, and what has committed by then is there after a restore to it.
\set ON_ERROR_STOP on
BEGIN;
DO $$ BEGIN PERFORM pg_advisory_xact_lock(20261121); END $$;
\ir fingerprint.sql
SELECT pg_create_restore_point(:'point') AS lsn, clock_timestamp() AS time \gset
COMMIT;
\warn :lsn :time
