-- name: insertSealingKeyProof :exec
-- A known value under the sealing key, where there is none yet.
INSERT INTO notifications.sealing_key_proofs (
    purpose, sealed, created_at, updated_at)
VALUES (
    :purpose, :sealed, :now, :now)
ON CONFLICT ON CONSTRAINT sealing_key_proofs_pkey DO NOTHING;

-- name: findSealingKeyProof :optional
-- The known value under the sealing key of who came first.
SELECT sealed
FROM notifications.sealing_key_proofs
WHERE purpose = :purpose;
