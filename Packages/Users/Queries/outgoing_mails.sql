-- name: insertOutgoingMail :exec
-- Puts a message into the outbox, to be sent at once.
INSERT INTO users.outgoing_mails (
    user_id, id, kind, recipient, subject, sealed_body, expires_at, attempts, next_attempt_at, request_id, created_at,
    updated_at)
VALUES (
    :user_id, :outgoing_mail_id, :kind, :recipient, :subject, :sealed_body, :expires_at, 0, :now, :request_id, :now,
    :now);

-- name: deleteOutgoingMails :exec
-- Takes a user's messages of a kind that still wait out of the outbox.
DELETE FROM users.outgoing_mails
WHERE user_id = :user_id AND kind = :kind;

-- name: listDueMails :many
-- What is due, the longest waiting first.
-- role: worker
SELECT user_id, id
FROM users.outgoing_mails
WHERE next_attempt_at <= :now
ORDER BY next_attempt_at
LIMIT :row_limit;

-- name: claimMail :optional
-- Leases a message that is due and counts the attempt; nothing where another process has it.
UPDATE users.outgoing_mails
SET attempts = attempts + 1, next_attempt_at = :leased_until, updated_at = :now
WHERE user_id = :user_id AND id = :outgoing_mail_id AND next_attempt_at <= :now
RETURNING recipient, subject, sealed_body, expires_at, attempts;

-- name: retryMail :exec
-- The attempt failed, and the message goes again; nothing where the lease ended and another process has it.
UPDATE users.outgoing_mails
SET next_attempt_at = :next_attempt_at, error = :error!, updated_at = :now
WHERE user_id = :user_id AND id = :outgoing_mail_id AND attempts = :attempts;

-- name: deleteMail :count
-- The message was sent, or will not be.
DELETE FROM users.outgoing_mails
WHERE user_id = :user_id AND id = :outgoing_mail_id;
