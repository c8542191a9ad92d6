ALTER TABLE notifications.notifications
    DROP CONSTRAINT notifications_request_id_check,
    ADD CONSTRAINT notifications_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100) NOT VALID;
