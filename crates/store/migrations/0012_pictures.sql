CREATE TABLE pictures (
    id TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL,
    media_type TEXT NOT NULL,
    bytes BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX pictures_by_user ON pictures (user_id);
