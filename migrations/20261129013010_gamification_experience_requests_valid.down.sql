ALTER TABLE gamification.experience_entries
    DROP CONSTRAINT experience_entries_request_id_check,
    ADD CONSTRAINT experience_entries_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100) NOT VALID;
