ALTER TABLE users ADD COLUMN delete_at BIGINT;
CREATE INDEX users_by_deletion ON users (delete_at);
