-- What is asked of the members of a group at every sign-in to an app.
ALTER TABLE groups ADD COLUMN policy_json TEXT;
