CREATE TABLE orders (
    id           INTEGER NOT NULL PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    game_id      INTEGER REFERENCES games (id),
    state        TEXT NOT NULL CHECK (state IN ('draft', 'pending', 'paid', 'fulfilled', 'expired', 'cancelled', 'partially_refunded', 'refunded')),
    product      TEXT NOT NULL,
    quantity     INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 100),
    currency     TEXT NOT NULL,
    -- Money in minor units of the currency; the price is the catalogue's when the order was drafted.
    unit_minor   INTEGER NOT NULL,
    tax_minor    INTEGER NOT NULL,
    note         TEXT,
    billing_name TEXT,
    version      INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    updated_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_game ON orders (game_id, created_at, id);

-- The orders' own ledger: one row a change.
CREATE TABLE order_events (
    order_id   INTEGER NOT NULL REFERENCES orders (id),
    version    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id   INTEGER,
    action     TEXT NOT NULL,
    before     TEXT,
    after      TEXT,
    PRIMARY KEY (order_id, version)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER order_events_keep BEFORE DELETE ON order_events
BEGIN SELECT RAISE(ABORT, 'order_events is a ledger: rows are never deleted'); END;
CREATE TRIGGER order_events_facts BEFORE UPDATE ON order_events
BEGIN SELECT RAISE(ABORT, 'order_events is a ledger: facts never change'); END;
