-- People. Entities: a deleted account is a mark; 30 days later its name and address are overwritten.
CREATE TABLE users (
    id             INTEGER NOT NULL PRIMARY KEY,
    -- As it was typed; NULL once the person is erased.
    email          TEXT,
    -- Case-folded: one account for one address.
    email_folded   TEXT UNIQUE,
    display_name   TEXT NOT NULL,
    -- argon2id in the PHC string format; NULL: none was chosen yet.
    password_hash  TEXT,
    verified_at    INTEGER,
    operator_since INTEGER,
    deleted_at     INTEGER,
    version        INTEGER NOT NULL,
    created_at     INTEGER NOT NULL,
    updated_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL AND email IS NOT NULL;

-- The accounts' own ledger: one row a change, never with an address, a name or a password.
CREATE TABLE user_events (
    user_id    INTEGER NOT NULL REFERENCES users (id),
    version    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id   INTEGER,
    action     TEXT NOT NULL,
    PRIMARY KEY (user_id, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER user_events_keep BEFORE DELETE ON user_events
BEGIN SELECT RAISE(ABORT, 'user_events is a ledger: rows are never deleted'); END;
CREATE TRIGGER user_events_facts BEFORE UPDATE ON user_events
BEGIN SELECT RAISE(ABORT, 'user_events is a ledger: facts never change'); END;

-- Ephemeral: rows that expire.
-- One device that is logged in. Its refresh token is an HMAC over (id, generation, salt), kept nowhere.
CREATE TABLE sessions (
    id                INTEGER NOT NULL PRIMARY KEY,
    user_id           INTEGER NOT NULL REFERENCES users (id),
    generation        INTEGER NOT NULL,
    salt              BLOB NOT NULL,
    -- What the device calls itself.
    agent             TEXT NOT NULL,
    -- When the present generation was made, and the one before it.
    rotated_at        INTEGER NOT NULL,
    rotated_before_at INTEGER NOT NULL,
    revoked_at        INTEGER,
    expires_at        INTEGER NOT NULL,
    created_at        INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Mail that is to be handed over. What it reveals is made when it is sent, and kept nowhere.
CREATE TABLE mails (
    id         INTEGER NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL,
    user_id    INTEGER REFERENCES users (id),
    game_id    INTEGER REFERENCES games (id),
    link_id    INTEGER,
    address    TEXT NOT NULL,
    attempts   INTEGER NOT NULL,
    due_at     INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX mails_due ON mails (due_at);

ALTER TABLE games ADD COLUMN owner_id INTEGER REFERENCES users (id);
-- Case-folded, for the search in one's own boards.
ALTER TABLE games ADD COLUMN title_folded TEXT NOT NULL DEFAULT '';
CREATE INDEX games_owner ON games (owner_id, created_at, id) WHERE owner_id IS NOT NULL;
CREATE UNIQUE INDEX games_external_id ON games (owner_id, external_id)
    WHERE owner_id IS NOT NULL AND external_id IS NOT NULL;
