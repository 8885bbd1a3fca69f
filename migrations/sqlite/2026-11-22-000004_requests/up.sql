-- Ephemeral: rows that expire.
CREATE TABLE idempotency_keys (
    -- SHA-256 over principal, method, path and key.
    scope      BLOB NOT NULL PRIMARY KEY,
    body       BLOB NOT NULL,
    -- The first answer as JSON, never with a secret; NULL only inside the transaction that makes it.
    answer     TEXT,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_expiry ON idempotency_keys (expires_at);

-- Stream tickets already used: a second use breaks the primary key.
CREATE TABLE spent_tickets (
    id         BLOB NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX spent_tickets_expiry ON spent_tickets (expires_at);
