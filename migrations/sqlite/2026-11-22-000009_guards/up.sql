-- What our own commands may do past the guards: written by the migrate role alone, kept for ever as the
-- record of who did what. A permit is open in one transaction only, and is used once.
CREATE TABLE permits (
    id        TEXT NOT NULL PRIMARY KEY,
    purpose   TEXT NOT NULL CHECK (purpose IN ('migrate', 'purge')),
    -- Which database it is for (instance.id), and which board as it stood at which revision.
    instance  TEXT NOT NULL,
    game_id   INTEGER,
    revision  INTEGER,
    issued_at INTEGER NOT NULL,
    issued_by TEXT NOT NULL,
    -- The transaction in which it is open.
    open_in   TEXT,
    used_at   INTEGER,
    used_by   TEXT,
    -- What was done, as JSON.
    done      TEXT
) STRICT;
