-- Which request a message came of, so that it can be followed from the purchase to the mail.
ALTER TABLE notifications.notifications
    ADD COLUMN request_id text,
    ADD CONSTRAINT notifications_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100) NOT VALID;
COMMENT ON COLUMN notifications.notifications.request_id IS
    'Of the request from which it follows, as X-Request-Id shows it; NULL where no request began it.';
