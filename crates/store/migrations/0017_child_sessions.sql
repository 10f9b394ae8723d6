ALTER TABLE sessions ADD COLUMN parent_browser_id TEXT;
ALTER TABLE sessions ADD COLUMN parent_session_id TEXT;
ALTER TABLE sessions ADD COLUMN only_client TEXT;
CREATE INDEX sessions_by_parent ON sessions (parent_session_id);
