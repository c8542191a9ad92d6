-- An account whose address was never verified may have no webhook: it may be another person's address.
DELETE FROM notifications.webhook_endpoints AS e
USING users.users AS u
WHERE u.id = e.user_id AND u.email_verified_at IS NULL;
