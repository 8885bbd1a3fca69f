-- Whose an order is, what it gives and how it was paid. NULL: it belongs to the board whose own link made it.
ALTER TABLE orders ADD COLUMN user_id INTEGER REFERENCES users (id);
-- What was ordered is what is given, whatever the catalogue says later: words, separated by commas, for
-- how many days each (NULL: for ever), and for one board or for all of an account.
ALTER TABLE orders ADD COLUMN grants TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN grant_days INTEGER CHECK (grant_days > 0);
ALTER TABLE orders ADD COLUMN grant_scope TEXT NOT NULL DEFAULT 'board' CHECK (grant_scope IN ('board', 'account'));
ALTER TABLE orders ADD COLUMN provider TEXT;
ALTER TABLE orders ADD COLUMN reference TEXT;
ALTER TABLE orders ADD COLUMN paid_minor INTEGER NOT NULL DEFAULT 0 CHECK (paid_minor >= 0);
-- Never more than was paid.
ALTER TABLE orders ADD COLUMN refunded_minor INTEGER NOT NULL DEFAULT 0 CHECK (refunded_minor BETWEEN 0 AND paid_minor);
-- While an order is pending: until when its payment is waited for.
ALTER TABLE orders ADD COLUMN expires_at INTEGER;
CREATE INDEX orders_user ON orders (user_id, created_at, id) WHERE user_id IS NOT NULL;
CREATE INDEX orders_created ON orders (created_at, id);
CREATE INDEX orders_state ON orders (state, created_at, id);
CREATE INDEX orders_expiry ON orders (expires_at) WHERE expires_at IS NOT NULL;

-- What orders unlocked, one row an order that is fulfilled.
CREATE TABLE entitlements (
    order_id    INTEGER NOT NULL PRIMARY KEY REFERENCES orders (id),
    -- One board; NULL: every board of the account, or, with the scope "board", its first that needs it.
    game_id     INTEGER REFERENCES games (id),
    user_id     INTEGER REFERENCES users (id),
    scope       TEXT NOT NULL CHECK (scope IN ('board', 'account')),
    product     TEXT NOT NULL,
    grants      TEXT NOT NULL,
    valid_from  INTEGER NOT NULL,
    -- NULL: for ever.
    valid_until INTEGER,
    -- Refunded in full then.
    ended_at    INTEGER,
    CHECK (game_id IS NOT NULL OR user_id IS NOT NULL)
) STRICT;
CREATE INDEX entitlements_game ON entitlements (game_id) WHERE game_id IS NOT NULL;
CREATE INDEX entitlements_user ON entitlements (user_id) WHERE user_id IS NOT NULL;

-- Every logo that a board ever had, by the revision that set it; without an image: it was taken away.
CREATE TABLE logos (
    game_id    INTEGER NOT NULL REFERENCES games (id),
    revision   INTEGER NOT NULL,
    -- SHA-256 of the image: what the journal holds of it.
    digest     BLOB,
    media_type TEXT,
    image      BLOB CHECK (length(image) <= 262144),
    PRIMARY KEY (game_id, revision)
) STRICT;
