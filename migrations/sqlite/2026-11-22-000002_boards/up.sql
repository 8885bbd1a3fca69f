-- Entities: inserted and updated; the trash is a column. Times are epoch milliseconds, UTC.
CREATE TABLE games (
    id                  INTEGER NOT NULL PRIMARY KEY,
    slug                TEXT NOT NULL UNIQUE,
    external_id         TEXT,
    title               TEXT NOT NULL,
    description         TEXT NOT NULL,
    kind                TEXT NOT NULL CHECK (kind IN ('leaderboard', 'scoresheet', 'versus', 'counter')),
    direction           TEXT NOT NULL CHECK (direction IN ('high', 'low')),
    rule                TEXT NOT NULL CHECK (rule IN ('sum', 'best', 'latest', 'average')),
    ties                TEXT NOT NULL CHECK (ties IN ('standard', 'dense', 'ordinal')),
    tie_break           TEXT NOT NULL CHECK (tie_break IN ('earliest', 'latest')),
    tiebreak_direction  TEXT NOT NULL CHECK (tiebreak_direction IN ('none', 'high', 'low')),
    decimals            INTEGER NOT NULL CHECK (decimals BETWEEN 0 AND 6),
    unit                TEXT NOT NULL,
    -- step and target stand in units of the last decimal, like every total.
    step                INTEGER NOT NULL,
    target              INTEGER,
    timezone            TEXT NOT NULL,
    visibility          TEXT NOT NULL CHECK (visibility IN ('unlisted', 'public', 'private')),
    theme               TEXT NOT NULL,
    state               TEXT NOT NULL CHECK (state IN ('open', 'frozen', 'closed')),
    trashed_at          INTEGER,
    season              INTEGER NOT NULL,
    player_count        INTEGER NOT NULL,
    round_count         INTEGER NOT NULL,
    version             INTEGER NOT NULL,
    -- One accepted change is one revision: gapless, counted under the row's lock.
    revision            INTEGER NOT NULL,
    -- The hash of the newest journal row: where the board's chain goes on.
    journal_head        BLOB NOT NULL,
    created_at          INTEGER NOT NULL,
    updated_at          INTEGER NOT NULL
) STRICT;
CREATE INDEX games_listed ON games (visibility, created_at, id);

CREATE TABLE players (
    game_id          INTEGER NOT NULL REFERENCES games (id),
    id               INTEGER NOT NULL,
    name             TEXT NOT NULL,
    -- Case-folded, for the search by prefix.
    name_folded      TEXT NOT NULL,
    external_id      TEXT,
    team             TEXT,
    colour           TEXT,
    avatar           TEXT,
    position         INTEGER,
    trashed_at       INTEGER,
    version          INTEGER NOT NULL,
    -- The fold over the player's live entries, kept in the same transaction as the ledger.
    total            INTEGER,
    tiebreak         INTEGER,
    total_sum        INTEGER NOT NULL,
    tiebreak_sum     INTEGER NOT NULL,
    tiebreak_entries INTEGER NOT NULL,
    entries          INTEGER NOT NULL,
    reached_at       INTEGER,
    reached_revision INTEGER NOT NULL,
    reached_item     INTEGER NOT NULL,
    -- The last revision that moved the fold.
    scored_revision  INTEGER NOT NULL,
    -- The order of the standings, ascending whatever the direction: 0 ranked, 1 unscored, 2 trashed.
    standing         INTEGER NOT NULL CHECK (standing IN (0, 1, 2)),
    sort_total       INTEGER NOT NULL,
    sort_tiebreak    INTEGER NOT NULL,
    sort_reached     INTEGER NOT NULL,
    sort_item        INTEGER NOT NULL,
    created_at       INTEGER NOT NULL,
    updated_at       INTEGER NOT NULL,
    PRIMARY KEY (game_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX players_external_id ON players (game_id, external_id) WHERE external_id IS NOT NULL;
CREATE INDEX players_standings
    ON players (game_id, standing, sort_total, sort_tiebreak, sort_reached, sort_item, id);
CREATE INDEX players_names ON players (game_id, name_folded, id);

CREATE TABLE rounds (
    game_id     INTEGER NOT NULL REFERENCES games (id),
    id          INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    external_id TEXT,
    label       TEXT NOT NULL,
    comment     TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('open', 'closed')),
    trashed_at  INTEGER,
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    PRIMARY KEY (game_id, id),
    UNIQUE (game_id, number)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX rounds_external_id ON rounds (game_id, external_id) WHERE external_id IS NOT NULL;

CREATE TABLE links (
    game_id    INTEGER NOT NULL REFERENCES games (id),
    id         INTEGER NOT NULL,
    role       TEXT NOT NULL CHECK (role IN ('view', 'score', 'own', 'join')),
    name       TEXT NOT NULL,
    -- SHA-256 of the token; the token itself is an HMAC over (game, id, salt) and is kept nowhere.
    token_hash BLOB NOT NULL UNIQUE,
    salt       BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (game_id, id)
) STRICT, WITHOUT ROWID;

-- Ledgers: inserted, never deleted. Of a score only the current value and the void mark move.
CREATE TABLE scores (
    game_id            INTEGER NOT NULL,
    id                 INTEGER NOT NULL,
    player_id          INTEGER NOT NULL,
    round_id           INTEGER,
    revision           INTEGER NOT NULL,
    item               INTEGER NOT NULL,
    client_id          BLOB,
    op                 TEXT NOT NULL CHECK (op IN ('add', 'set')),
    -- An exact decimal: value / 10^scale.
    value              INTEGER NOT NULL,
    scale              INTEGER NOT NULL CHECK (scale BETWEEN 0 AND 6),
    tiebreak           INTEGER,
    tiebreak_scale     INTEGER CHECK (tiebreak_scale BETWEEN 0 AND 6),
    actor_role         TEXT NOT NULL,
    actor_id           INTEGER,
    recorded_at        INTEGER NOT NULL,
    -- What may move: each move has its journal row.
    note               TEXT,
    occurred_at        INTEGER,
    amended_at         INTEGER,
    value_now          INTEGER,
    scale_now          INTEGER,
    tiebreak_now       INTEGER,
    tiebreak_scale_now INTEGER,
    voided_at          INTEGER,
    PRIMARY KEY (game_id, id),
    FOREIGN KEY (game_id, player_id) REFERENCES players (game_id, id),
    FOREIGN KEY (game_id, round_id) REFERENCES rounds (game_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX scores_client_id ON scores (game_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX scores_fold ON scores (game_id, player_id, revision, item);
CREATE INDEX scores_round ON scores (game_id, round_id, revision, item) WHERE round_id IS NOT NULL;

CREATE TABLE journal (
    game_id     INTEGER NOT NULL REFERENCES games (id),
    revision    INTEGER NOT NULL,
    item        INTEGER NOT NULL,
    at          INTEGER NOT NULL,
    actor_role  TEXT NOT NULL,
    actor_id    INTEGER,
    action      TEXT NOT NULL,
    entity      INTEGER NOT NULL,
    -- JSON. A new score repeats nothing here: its after is composed from the ledger's facts.
    before      TEXT,
    after       TEXT,
    -- The player's total and rank when this change was done, for those that moved a total.
    player_id   INTEGER,
    total_after INTEGER,
    scale_after INTEGER,
    rank_after  INTEGER,
    -- SHA-256 of the payload (before, after), then of the previous hash and this row.
    digest      BLOB NOT NULL,
    hash        BLOB NOT NULL,
    PRIMARY KEY (game_id, revision, item)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER scores_keep BEFORE DELETE ON scores
BEGIN SELECT RAISE(ABORT, 'scores is a ledger: rows are never deleted'); END;
CREATE TRIGGER scores_facts BEFORE UPDATE OF game_id, id, player_id, round_id, revision, item, client_id, op, value, scale, tiebreak, tiebreak_scale, actor_role, actor_id, recorded_at ON scores
BEGIN SELECT RAISE(ABORT, 'scores is a ledger: facts never change'); END;

CREATE TRIGGER journal_keep BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is a ledger: rows are never deleted'); END;
CREATE TRIGGER journal_facts BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'journal is a ledger: facts never change'); END;
