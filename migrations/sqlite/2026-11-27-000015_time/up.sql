-- What a board was is worked out from these rows and the ledger: most rows are new scores, which are
-- in the ledger anyway.
CREATE INDEX journal_deeds ON journal (game_id, revision, item) WHERE action <> 'score.added';
