-- Ephemeral: rows that expire.
CREATE TABLE idempotency_keys (
    -- SHA-256 over principal, method, path and key.
    scope      BYTEA NOT NULL PRIMARY KEY,
    body       BYTEA NOT NULL,
    -- The first answer as JSON, never with a secret; NULL only inside the transaction that makes it.
    answer     TEXT,
    expires_at BIGINT NOT NULL
);
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- Stream tickets already used: a second use breaks the primary key.
CREATE TABLE spent_tickets (
    id         BYTEA NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_tickets_expiry ON spent_tickets (expires_at);
