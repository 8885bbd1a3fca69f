-- Ephemeral: which process makes ids with which ten bits, and until when.
CREATE TABLE nodes (
    number     BIGINT NOT NULL PRIMARY KEY CHECK (number BETWEEN 0 AND 1023),
    holder     BYTEA NOT NULL,
    expires_at BIGINT NOT NULL
);
