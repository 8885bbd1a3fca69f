-- Who this database is. Append-only: a restore appends a row (same id, lineage + 1); the last row rules.
CREATE TABLE instance (
    lineage       INTEGER NOT NULL PRIMARY KEY,
    id            TEXT NOT NULL,
    environment   TEXT NOT NULL CHECK (environment IN ('development', 'test', 'staging', 'production')),
    restored_from TEXT,
    created_at    BIGINT NOT NULL
);

CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is a ledger: % refused', TG_TABLE_NAME, lower(TG_OP) USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER instance_keep BEFORE DELETE OR TRUNCATE ON instance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER instance_facts BEFORE UPDATE ON instance
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
ALTER TABLE instance ENABLE ALWAYS TRIGGER instance_keep;
ALTER TABLE instance ENABLE ALWAYS TRIGGER instance_facts;
