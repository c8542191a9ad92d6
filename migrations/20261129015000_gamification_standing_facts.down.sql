-- Loses which events points stand on: what is reversed later takes no points back.
COMMENT ON TABLE gamification.user_achievements IS 'What a user has unlocked. Insert only.';
-- lint: allow index-not-concurrent because no release has been made, and no table of one has rows to lock
DROP INDEX gamification.quest_events_subject_idx;
DROP TABLE gamification.experience_facts;
-- lint: allow index-not-concurrent because no release has been made, and no table of one has rows to lock
DROP INDEX gamification.experience_entries_created_at_idx;
-- lint: allow index-not-concurrent because no release has been made, and no table of one has rows to lock
DROP INDEX gamification.experience_entries_subject_idx;
ALTER TABLE gamification.experience_entries DROP COLUMN subject;
