-- Which request an entry came of, so that it can be followed from the purchase to the points.
ALTER TABLE gamification.experience_entries
    ADD COLUMN request_id text,
    ADD CONSTRAINT experience_entries_request_id_check CHECK (char_length(request_id) BETWEEN 1 AND 100) NOT VALID;
COMMENT ON COLUMN gamification.experience_entries.request_id IS
    'Of the request from which it follows, as X-Request-Id shows it; NULL where no request began it.';
