-- Links are named, may expire, are revoked for ever, and tell when something was last changed by them.
ALTER TABLE links ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE links ADD COLUMN expires_at INTEGER;
ALTER TABLE links ADD COLUMN revoked_at INTEGER;
ALTER TABLE links ADD COLUMN last_used_at INTEGER;
