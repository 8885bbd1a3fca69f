-- Ephemeral: which process makes ids with which ten bits, and until when.
CREATE TABLE nodes (
    number     INTEGER NOT NULL PRIMARY KEY CHECK (number BETWEEN 0 AND 1023),
    holder     BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
