-- Ledger: restores that were tried aside, to know that the archive can be relied on.
CREATE TABLE rehearsals (
    number BIGINT NOT NULL PRIMARY KEY,
    -- Which moments of the archive came back.
    points TEXT NOT NULL,
    -- What was wrong; null: everything was there.
    wrong  TEXT,
    at     BIGINT NOT NULL
);
