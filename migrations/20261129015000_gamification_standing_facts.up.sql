-- What earned points can be taken back: a purchase, and with it the points that nothing else stands for.

ALTER TABLE gamification.experience_entries ADD COLUMN subject text;
-- lint: allow backfill-beside-ddl because no release has been made, and no table of one has rows to lock
UPDATE gamification.experience_entries SET subject = source_event;
-- lint: allow set-not-null because no release has been made, and no table of one has rows to lock
ALTER TABLE gamification.experience_entries ALTER COLUMN subject SET NOT NULL;
-- lint: allow constraint-not-valid because no release has been made, and no table of one has rows to lock
ALTER TABLE gamification.experience_entries
    ADD CONSTRAINT experience_entries_subject_check CHECK (char_length(subject) BETWEEN 1 AND 200);
COMMENT ON COLUMN gamification.experience_entries.subject IS
    'What the points are for: an instrument, a day, a quest of a period. A correction names the subject whose points it takes back, and these can then be earned again.';
-- lint: allow index-not-concurrent because no release has been made, and no table of one has rows to lock
CREATE INDEX experience_entries_subject_idx ON gamification.experience_entries (user_id, subject);
-- lint: allow index-not-concurrent because no release has been made, and no table of one has rows to lock
CREATE INDEX experience_entries_created_at_idx ON gamification.experience_entries (user_id, created_at);

CREATE TABLE gamification.experience_facts (
    user_id uuid NOT NULL,
    source_event text NOT NULL,
    subject text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT experience_facts_pkey PRIMARY KEY (user_id, source_event),
    CONSTRAINT experience_facts_user_fkey FOREIGN KEY (user_id) REFERENCES users.users (id) ON DELETE CASCADE,
    CONSTRAINT experience_facts_source_event_check CHECK (char_length(source_event) BETWEEN 1 AND 200),
    CONSTRAINT experience_facts_subject_check CHECK (char_length(subject) BETWEEN 1 AND 200)
);
COMMENT ON TABLE gamification.experience_facts IS
    'The events that points stand on: the points of a subject stay as long as one of its events does. A reversal removes its row.';
COMMENT ON COLUMN gamification.experience_facts.source_event IS 'Type and natural key of the event.';
COMMENT ON COLUMN gamification.experience_facts.subject IS 'As in experience_entries.';
CREATE INDEX experience_facts_subject_idx ON gamification.experience_facts (user_id, subject);
ALTER TABLE gamification.experience_facts ENABLE ROW LEVEL SECURITY;
CREATE POLICY experience_facts_owner ON gamification.experience_facts TO PUBLIC
    USING (user_id = app.current_user_id()) WITH CHECK (user_id = app.current_user_id());

-- Whether a subject is counted is asked for each event: without this, every event of the quest would be read.
-- lint: allow index-not-concurrent because no release has been made, and no table of one has rows to lock
CREATE INDEX quest_events_subject_idx
    ON gamification.quest_events (user_id, quest_id, period, split_part(source_event, ':', 3))
    WHERE amount > 0;
COMMENT ON TABLE gamification.user_achievements IS
    'What a user has unlocked. Removed where what unlocked it was taken back.';
