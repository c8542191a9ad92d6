-- Loses every row of audit.entries.

DROP TABLE audit.entries;
DROP TYPE audit.actor_kind;
DROP SCHEMA audit;
