CREATE TABLE versions (
    name TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL
);

CREATE TABLE clients (
    id TEXT NOT NULL PRIMARY KEY,
    metadata_json TEXT NOT NULL,
    secret_hash BYTEA,
    secret_sealed BYTEA,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE signing_keys (
    kid TEXT NOT NULL PRIMARY KEY,
    slot TEXT NOT NULL UNIQUE,
    alg TEXT NOT NULL,
    public_jwk_json TEXT NOT NULL,
    sealed BYTEA,
    created_at BIGINT NOT NULL,
    activates_at BIGINT NOT NULL,
    retires_at BIGINT,
    removes_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE server_secrets (
    name TEXT NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL
);

CREATE TABLE users (
    id TEXT NOT NULL PRIMARY KEY,
    email TEXT,
    username TEXT,
    name TEXT,
    profile_json TEXT NOT NULL,
    email_verified BOOLEAN NOT NULL,
    is_admin BOOLEAN NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX users_by_creation ON users (created_at, id);

CREATE TABLE login_names (
    name TEXT NOT NULL PRIMARY KEY,
    user_id TEXT NOT NULL
);
CREATE INDEX login_names_by_user ON login_names (user_id);

CREATE TABLE credentials (
    user_id TEXT NOT NULL,
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    data_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (user_id, id)
);

CREATE TABLE consents (
    user_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    scopes TEXT NOT NULL,
    detail_json TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, client_id)
);

CREATE TABLE user_sessions (
    user_id TEXT NOT NULL,
    session_id TEXT NOT NULL,
    browser_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, session_id)
);
CREATE INDEX user_sessions_by_expiry ON user_sessions (expires_at);

CREATE TABLE browsers (
    id TEXT NOT NULL PRIMARY KEY,
    secret_hash BYTEA NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX browsers_by_expiry ON browsers (expires_at);

CREATE TABLE sessions (
    browser_id TEXT NOT NULL,
    id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    amr TEXT NOT NULL,
    acr TEXT,
    authenticated_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (browser_id, id)
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE flows (
    id TEXT NOT NULL PRIMARY KEY,
    binding_hash BYTEA NOT NULL,
    target_json TEXT NOT NULL,
    facts_json TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX flows_by_expiry ON flows (expires_at);

CREATE TABLE codes (
    flow_id TEXT NOT NULL PRIMARY KEY,
    secret_hash BYTEA NOT NULL,
    client_id TEXT NOT NULL,
    grant_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX codes_by_expiry ON codes (expires_at);

CREATE TABLE families (
    id TEXT NOT NULL PRIMARY KEY,
    client_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    browser_id TEXT,
    session_id TEXT,
    offline BOOLEAN NOT NULL,
    grant_json TEXT NOT NULL,
    counter BIGINT NOT NULL,
    request_hash BYTEA,
    rotated_at BIGINT,
    created_at BIGINT NOT NULL,
    idle_expires_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    revoked_at BIGINT,
    revoked_reason TEXT
);
CREATE INDEX families_by_expiry ON families (idle_expires_at);
CREATE INDEX families_by_session ON families (session_id);
CREATE INDEX families_by_user ON families (user_id, client_id);

CREATE TABLE revoked_tokens (
    jti TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX revoked_tokens_by_expiry ON revoked_tokens (expires_at);

CREATE TABLE assertions (
    id TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX assertions_by_expiry ON assertions (expires_at);

CREATE TABLE links (
    id TEXT NOT NULL PRIMARY KEY,
    purpose TEXT NOT NULL,
    user_id TEXT,
    secret_hash BYTEA NOT NULL,
    data_json TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX links_by_expiry ON links (expires_at);
