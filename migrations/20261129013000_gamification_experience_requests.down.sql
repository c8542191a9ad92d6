-- Loses the request ids of experience.
ALTER TABLE gamification.experience_entries DROP COLUMN request_id;
