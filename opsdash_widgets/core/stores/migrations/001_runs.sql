-- One row per run, narrow, so that filters scan little; whole records stand apart.
CREATE TABLE runs (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  created REAL NOT NULL,
  module TEXT NOT NULL,
  requester TEXT NOT NULL,
  environment TEXT NOT NULL,
  state TEXT NOT NULL,
  outcome TEXT,
  attention INTEGER NOT NULL,
  duration REAL,
  ended REAL
);

-- The run as JSON, and the words that a text search looks at.
CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  record BLOB NOT NULL,
  words TEXT NOT NULL
);

-- What outlives a session: key -> value.
CREATE TABLE notes (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) WITHOUT ROWID;

-- Within equal keys the newest run comes first in both directions, hence two each.
CREATE INDEX runs_created ON runs (created, id);
CREATE INDEX runs_module_up ON runs (module, created DESC, id DESC);
CREATE INDEX runs_module_down ON runs (module, created, id);
CREATE INDEX runs_requester_up ON runs (requester, created DESC, id DESC);
CREATE INDEX runs_requester_down ON runs (requester, created, id);
CREATE INDEX runs_environment_up ON runs (environment, created DESC, id DESC);
CREATE INDEX runs_environment_down ON runs (environment, created, id);
CREATE INDEX runs_attention_up ON runs (attention, created DESC, id DESC);
CREATE INDEX runs_attention_down ON runs (attention, created, id);
CREATE INDEX runs_duration_up ON runs (duration, created DESC, id DESC);
CREATE INDEX runs_duration_down ON runs (duration, created, id);
CREATE INDEX runs_active ON runs (created, id) WHERE outcome IS NULL;
