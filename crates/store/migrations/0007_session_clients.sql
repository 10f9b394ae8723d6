CREATE TABLE session_clients (
    browser_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    tries BIGINT NOT NULL,
    next_at BIGINT,
    told_at BIGINT,
    PRIMARY KEY (browser_id, session_id, client_id)
);
CREATE INDEX session_clients_by_expiry ON session_clients (expires_at);
CREATE INDEX session_clients_by_turn ON session_clients (next_at);
