-- Ledger: what people have said about maintenance; the last row rules.
CREATE TABLE maintenance (
    number BIGINT NOT NULL PRIMARY KEY,
    mode   TEXT NOT NULL CHECK (mode IN ('off', 'read_only', 'full')),
    -- What those are told who are refused.
    reason TEXT,
    at     BIGINT NOT NULL
);
