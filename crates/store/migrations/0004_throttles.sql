CREATE TABLE throttles (
    bucket TEXT NOT NULL,
    tier TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (bucket, tier)
);
CREATE INDEX throttles_by_expiry ON throttles (expires_at);
