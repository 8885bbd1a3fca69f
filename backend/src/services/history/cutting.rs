//! A cut through the ledger, prepared on a snapshot: which entries it moves, and what totals come of
//! it. What is prepared takes long on a large board; what is then written does not.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::unreadable;
use crate::db::Conn;
use crate::domain::game::Settings;
use crate::domain::id::{GameId, PlayerId, RoundId, ScoreId};
use crate::domain::moment::{Fact, Moment, fields, overlaid};
use crate::domain::past::{Cut, Entry};
use crate::domain::tally::Tally;
use crate::domain::time::Timestamp;
use crate::error::{Error, Result};
use crate::repos;
use crate::services::change::Change;

/// What a cut does to a board that stands at the revision before it.
pub(super) struct Cutting {
    /// Entries that go.
    gone: Vec<ScoreId>,
    /// Entries whose mark is that of then.
    marks: BTreeMap<Option<Timestamp>, Vec<ScoreId>>,
    /// Entries that were amended, as they were first written in part, and as they are to be.
    amended: Vec<(ScoreId, Map<String, Value>, Entry)>,
    tallies: HashMap<PlayerId, Tally>,
}

impl Cutting {
    /// Works out what the cut of a segment does. `settings` and `trashed` are those of after it.
    pub fn prepare(
        now: Moment,
        facts: &[Fact],
        (to, from): (i64, i64),
        settings: &Settings,
        trashed: &HashMap<RoundId, bool>,
    ) -> Result<Self> {
        let at = now.at.unwrap_or(Timestamp::from_millis(0));
        let (revision, before) = (now.revision + 1, now.past.clone());
        let cut = Cut {
            revision,
            at,
            to,
            from,
        };
        let mut after = Moment {
            revision,
            past: now.past.with(cut),
            rounds: now.rounds,
            ..Moment::default()
        };
        for (round, kept) in &mut after.rounds {
            let gone = trashed.get(round).copied().unwrap_or_default();
            kept.trashed_at = gone.then_some(at);
        }
        let tallies = after.tallies(facts, settings.fold_rules(), settings.decimals);
        let mut cutting = Self {
            gone: Vec::new(),
            marks: BTreeMap::new(),
            amended: Vec::new(),
            tallies: tallies.map_err(out_of_range)?,
        };
        for fact in facts {
            let made = fact.recorded.revision;
            let was = before
                .entry(fact.id, made, revision - 1)
                .unwrap_or_default();
            let is = after
                .past
                .entry(fact.id, made, revision)
                .unwrap_or_default();
            if (&was.amended, was.amended_at) != (&is.amended, is.amended_at) {
                let written = before.first_written(fact.id);
                cutting.amended.push((fact.id, written, is));
            } else if was.voided_at.is_none() && cut.takes_out(made) {
                cutting.gone.push(fact.id);
            } else if was.voided_at != is.voided_at {
                cutting.marks.entry(is.voided_at).or_default().push(fact.id);
            }
        }
        Ok(cutting)
    }

    /// How many entries move.
    pub fn moves(&self) -> usize {
        let marked: usize = self.marks.values().map(Vec::len).sum();
        self.gone.len() + marked + self.amended.len()
    }

    /// Writes it: the entries by a few updates, then who stands elsewhere now, each with a row.
    pub fn apply(&self, change: &mut Change<'_, '_>, everybody: bool) -> Result<()> {
        let (game, now) = (change.game.id, change.tx.now);
        repos::history::mark(change.conn(), game, &self.gone, Some(now))?;
        for (voided_at, some) in &self.marks {
            repos::history::mark(change.conn(), game, some, *voided_at)?;
        }
        self.amend(change.conn(), game)?;
        self.move_players(change, everybody)
    }

    fn amend(&self, conn: &mut Conn, game: GameId) -> Result<()> {
        for (id, written, is) in &self.amended {
            let found = repos::scores::find(conn, game, *id)?;
            let mut score = found.ok_or_else(|| Error::not_found("score on this board"))?;
            let mut members = fields(&score.now).map_err(unreadable)?;
            members.extend(written.clone());
            members.extend(is.amended.clone());
            score.now = overlaid(&score.now, &members).map_err(unreadable)?;
            (score.amended_at, score.voided_at) = (is.amended_at, is.voided_at);
            repos::scores::save(conn, game, &score)?;
        }
        Ok(())
    }

    fn move_players(&self, change: &mut Change<'_, '_>, everybody: bool) -> Result<()> {
        let (game, rules) = (change.game.id, change.game.settings.rank_rules());
        let revision = change.next_place().revision;
        for mut player in repos::players::all(change.conn(), game)? {
            let tally = self.tallies.get(&player.id).copied().unwrap_or_default();
            let moved = player.tally != tally;
            if !moved && !everybody {
                continue;
            }
            player.tally = tally;
            if moved {
                player.scored_revision = revision;
            }
            repos::players::save(change.conn(), game, &player, rules)?;
            if moved && player.trashed_at.is_none() {
                change.record_moved("player.moved", player.id.0, None, None, &player);
            }
        }
        Ok(())
    }
}

fn out_of_range(unreadable: crate::domain::moment::Unreadable) -> Error {
    Error::new(crate::error::Code::TotalOutOfRange, unreadable.0)
}
