CREATE TABLE sites (
    host TEXT NOT NULL PRIMARY KEY,
    rules_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE site_sessions (
    browser_id TEXT NOT NULL PRIMARY KEY,
    id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX site_sessions_by_expiry ON site_sessions (expires_at);
