-- Loses every row of platform.event_epochs, platform.events, platform.consumers, platform.consumer_cursors,
-- platform.parked_events, platform.jobs.

DROP TABLE platform.jobs;
DROP TABLE platform.parked_events;
DROP TABLE platform.consumer_cursors;
DROP TABLE platform.consumers;
DROP TABLE platform.events;
DROP TABLE platform.event_epochs;
DROP TYPE platform.job_status;
DROP TYPE platform.parked_event_status;
