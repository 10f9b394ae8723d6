CREATE INDEX links_by_user ON links (user_id);
