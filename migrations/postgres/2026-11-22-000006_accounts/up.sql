-- People. Entities: a deleted account is a mark; 30 days later its name and address are overwritten.
CREATE TABLE users (
    id             BIGINT NOT NULL PRIMARY KEY,
    -- As it was typed; NULL once the person is erased.
    email          TEXT,
    -- Case-folded: one account for one address.
    email_folded   TEXT UNIQUE,
    display_name   TEXT NOT NULL,
    -- argon2id in the PHC string format; NULL: none was chosen yet.
    password_hash  TEXT,
    verified_at    BIGINT,
    operator_since BIGINT,
    deleted_at     BIGINT,
    version        BIGINT NOT NULL,
    created_at     BIGINT NOT NULL,
    updated_at     BIGINT NOT NULL
);
CREATE INDEX users_deleted ON users (deleted_at) WHERE deleted_at IS NOT NULL AND email IS NOT NULL;

-- The accounts' own ledger: one row a change, never with an address, a name or a password.
CREATE TABLE user_events (
    user_id    BIGINT NOT NULL REFERENCES users (id),
    version    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id   BIGINT,
    action     TEXT NOT NULL,
    PRIMARY KEY (user_id, version)
);

CREATE TRIGGER user_events_keep BEFORE DELETE OR TRUNCATE ON user_events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER user_events_facts BEFORE UPDATE ON user_events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
ALTER TABLE user_events ENABLE ALWAYS TRIGGER user_events_keep;
ALTER TABLE user_events ENABLE ALWAYS TRIGGER user_events_facts;

-- Ephemeral: rows that expire.
-- One device that is logged in. Its refresh token is an HMAC over (id, generation, salt), kept nowhere.
CREATE TABLE sessions (
    id                BIGINT NOT NULL PRIMARY KEY,
    user_id           BIGINT NOT NULL REFERENCES users (id),
    generation        BIGINT NOT NULL,
    salt              BYTEA NOT NULL,
    -- What the device calls itself.
    agent             TEXT NOT NULL,
    -- When the present generation was made, and the one before it.
    rotated_at        BIGINT NOT NULL,
    rotated_before_at BIGINT NOT NULL,
    revoked_at        BIGINT,
    expires_at        BIGINT NOT NULL,
    created_at        BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id, id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Mail that is to be handed over. What it reveals is made when it is sent, and kept nowhere.
CREATE TABLE mails (
    id         BIGINT NOT NULL PRIMARY KEY,
    kind       TEXT NOT NULL,
    user_id    BIGINT REFERENCES users (id),
    game_id    BIGINT REFERENCES games (id),
    link_id    BIGINT,
    address    TEXT NOT NULL,
    attempts   BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX mails_due ON mails (due_at);

ALTER TABLE games ADD COLUMN owner_id BIGINT REFERENCES users (id);
-- Case-folded, for the search in one's own boards.
ALTER TABLE games ADD COLUMN title_folded TEXT NOT NULL DEFAULT '';
CREATE INDEX games_owner ON games (owner_id, created_at, id) WHERE owner_id IS NOT NULL;
CREATE UNIQUE INDEX games_external_id ON games (owner_id, external_id)
    WHERE owner_id IS NOT NULL AND external_id IS NOT NULL;
