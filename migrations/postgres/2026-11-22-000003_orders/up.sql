CREATE TABLE orders (
    id           BIGINT NOT NULL PRIMARY KEY,
    number       TEXT NOT NULL UNIQUE,
    game_id      BIGINT REFERENCES games (id),
    state        TEXT NOT NULL CHECK (state IN ('draft', 'pending', 'paid', 'fulfilled', 'expired', 'cancelled', 'partially_refunded', 'refunded')),
    product      TEXT NOT NULL,
    quantity     INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 100),
    currency     TEXT NOT NULL,
    -- Money in minor units of the currency; the price is the catalogue's when the order was drafted.
    unit_minor   BIGINT NOT NULL,
    tax_minor    BIGINT NOT NULL,
    note         TEXT,
    billing_name TEXT,
    version      BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    updated_at   BIGINT NOT NULL
);
CREATE INDEX orders_game ON orders (game_id, created_at, id);

-- The orders' own ledger: one row a change.
CREATE TABLE order_events (
    order_id   BIGINT NOT NULL REFERENCES orders (id),
    version    BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    actor_role TEXT NOT NULL,
    actor_id   BIGINT,
    action     TEXT NOT NULL,
    before     TEXT,
    after      TEXT,
    PRIMARY KEY (order_id, version)
);

CREATE TRIGGER order_events_keep BEFORE DELETE OR TRUNCATE ON order_events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER order_events_facts BEFORE UPDATE ON order_events
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
ALTER TABLE order_events ENABLE ALWAYS TRIGGER order_events_keep;
ALTER TABLE order_events ENABLE ALWAYS TRIGGER order_events_facts;
