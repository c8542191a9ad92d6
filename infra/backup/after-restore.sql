-- What a restored database needs before a service connects to it, as grove_owner:
--
--   psql --single-transaction --set=reason='Restored to 2026-11-21 09:00 UTC' --file=after-restore.sql < erasures.csv
--
-- erasures.csv is users.erasures as it was before the restore; README.md says how to come by it. scripts/backup-drill
-- runs this file. A point may lie before the migration that made a table: hence the questions.
\set ON_ERROR_STOP on

-- New events must come after all that anybody outside has read, though transaction ids go on from the restored point.
SELECT to_regclass('platform.event_epochs') IS NOT NULL AS has_epochs \gset
\if :has_epochs
INSERT INTO platform.event_epochs (epoch, reason, began_at)
SELECT max(epoch) + 1, :'reason', now() FROM platform.event_epochs
RETURNING epoch, reason;
\endif

-- Sessions that were ended after the point have come back, a thief's among them. Everyone logs in again.
DELETE FROM users.sessions;

-- Who was erased after the point has come back, too.
SELECT to_regclass('users.erasures') IS NOT NULL AS has_erasures \gset
\if :has_erasures
CREATE TEMPORARY TABLE erased (subject_hash bytea, erased_by text, reason text, erased_at timestamptz);
\copy erased FROM pstdin WITH (FORMAT csv)
-- First who it is, and then the erasing: no plan may call the function for anybody else.
WITH returned AS MATERIALIZED (
    SELECT u.id, e.erased_by, e.reason, e.erased_at
    FROM erased AS e
    JOIN users.users AS u ON sha256(uuid_send(u.id)) = e.subject_hash
)
SELECT count(*) AS erased_again
FROM returned AS r
WHERE users.erase_user(r.id, r.erased_by, r.reason, r.erased_at);
\endif
