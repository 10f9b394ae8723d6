CREATE TABLE device_requests (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash BYTEA NOT NULL,
    client_id TEXT NOT NULL,
    request_json TEXT NOT NULL,
    interval_millis BIGINT NOT NULL,
    polls BIGINT NOT NULL,
    polled_at BIGINT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    decided_at BIGINT,
    grant_json TEXT,
    used_at BIGINT
);
CREATE INDEX device_requests_by_expiry ON device_requests (expires_at);

-- Which request a user code opens: the code stands here as a MAC.
CREATE TABLE user_codes (
    mac TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX user_codes_by_expiry ON user_codes (expires_at);
