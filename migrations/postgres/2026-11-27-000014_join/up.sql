-- A link of the role join is an invitation, which says how people come in, or the seat of somebody who
-- came in by one: then it names the invitation and, once it is let in, the player.
ALTER TABLE links ADD COLUMN join_mode TEXT CHECK (join_mode IN ('open', 'approve', 'off'));
ALTER TABLE links ADD COLUMN join_scores BOOLEAN;
ALTER TABLE links ADD COLUMN parent BIGINT;
ALTER TABLE links ADD COLUMN player_id BIGINT;
ALTER TABLE links ADD COLUMN colour TEXT;
ALTER TABLE links ADD COLUMN client_id BYTEA;
-- One device takes one seat of an invitation, and a seat plays one player.
CREATE UNIQUE INDEX links_of_devices ON links (game_id, parent, client_id);
CREATE UNIQUE INDEX links_of_players ON links (game_id, player_id);
