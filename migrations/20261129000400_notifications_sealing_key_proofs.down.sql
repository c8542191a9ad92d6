-- Loses the proof of the sealing key and the pauses of webhook endpoints that fail.

ALTER TABLE notifications.webhook_endpoints DROP COLUMN retry_at;
DROP TABLE notifications.sealing_key_proofs;
