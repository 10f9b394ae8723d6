CREATE TABLE app_groups (
    name TEXT NOT NULL PRIMARY KEY,
    policy_json TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE containers (
    id TEXT NOT NULL PRIMARY KEY,
    app_group TEXT NOT NULL,
    browser_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    key_thumbprint TEXT,
    counter BIGINT NOT NULL,
    rotated_at BIGINT,
    created_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX containers_by_expiry ON containers (expires_at);
CREATE INDEX containers_by_session ON containers (session_id);
