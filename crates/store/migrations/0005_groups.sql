CREATE TABLE groups (
    name TEXT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE group_members (
    user_id TEXT NOT NULL,
    group_name TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, group_name)
);
CREATE INDEX group_members_by_group ON group_members (group_name);

CREATE TABLE invitations (
    user_id TEXT NOT NULL,
    client_id TEXT NOT NULL,
    role TEXT NOT NULL,
    invited_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, client_id, role)
);
CREATE INDEX invitations_by_client ON invitations (client_id);
