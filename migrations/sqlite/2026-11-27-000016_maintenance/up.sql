-- Ledger: what people have said about maintenance; the last row rules.
CREATE TABLE maintenance (
    number INTEGER NOT NULL PRIMARY KEY,
    mode   TEXT NOT NULL CHECK (mode IN ('off', 'read_only', 'full')),
    -- What those are told who are refused.
    reason TEXT,
    at     INTEGER NOT NULL
) STRICT;
