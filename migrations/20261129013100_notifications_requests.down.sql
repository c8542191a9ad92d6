-- Loses the request ids of messages.
ALTER TABLE notifications.notifications DROP COLUMN request_id;
