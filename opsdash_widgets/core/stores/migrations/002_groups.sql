-- The group that a run waits its turn in; empty where it never queues.
ALTER TABLE runs ADD COLUMN run_group TEXT NOT NULL DEFAULT '';
CREATE INDEX runs_group ON runs (run_group, created, id) WHERE run_group <> '';
CREATE INDEX runs_queued ON runs (run_id) WHERE state = 'queued';
