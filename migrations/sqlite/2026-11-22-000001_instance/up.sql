-- Who this database is. Append-only: a restore appends a row (same id, lineage + 1); the last row rules.
CREATE TABLE instance (
    lineage       INTEGER NOT NULL PRIMARY KEY,
    id            TEXT NOT NULL,
    environment   TEXT NOT NULL CHECK (environment IN ('development', 'test', 'staging', 'production')),
    restored_from TEXT,
    created_at    INTEGER NOT NULL
) STRICT;

CREATE TRIGGER instance_keep BEFORE DELETE ON instance
BEGIN SELECT RAISE(ABORT, 'instance is a ledger: rows are never deleted'); END;
CREATE TRIGGER instance_facts BEFORE UPDATE ON instance
BEGIN SELECT RAISE(ABORT, 'instance is a ledger: facts never change'); END;
