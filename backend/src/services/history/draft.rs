//! A board as a change of its history wants to leave it: things are taken up as they stand, moved
//! back field by field, and written once by [`super::settle`].

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Map, Value};

use super::moves::{Move, TRASHED, Thing, VOIDED};
use super::unreadable;
use crate::db::Conn;
use crate::domain::game::{Game, Settings};
use crate::domain::id::{PlayerId, RoundId, ScoreId};
use crate::domain::moment::{fields, overlaid};
use crate::domain::player::Player;
use crate::domain::round::Round;
use crate::domain::score::Score;
use crate::error::{Error, Result};
use crate::repos;

/// A thing as it stands, and the members that it is to have.
#[derive(Debug, Clone)]
pub(super) struct Held<T> {
    pub thing: T,
    pub was: Map<String, Value>,
    pub now: Map<String, Value>,
}

impl<T> Held<T> {
    fn new(thing: T, members: Map<String, Value>) -> Self {
        Self {
            thing,
            was: members.clone(),
            now: members,
        }
    }

    pub fn has_moved(&self) -> bool {
        self.was != self.now
    }

    /// Whether a yes-or-no member changes, and to what.
    pub fn marked(&self, mark: &str) -> Option<bool> {
        let now = self.now.get(mark)?.as_bool()?;
        (self.was.get(mark) != self.now.get(mark)).then_some(now)
    }
}

/// What came of a move.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    Moved,
    /// It is that way already.
    Already,
    /// A later change is in the way: the field that it changed.
    InTheWay(String),
}

/// What is to be of a board.
pub(super) struct Draft {
    pub game: Game,
    pub settings: Held<()>,
    pub players: BTreeMap<PlayerId, Held<Player>>,
    pub rounds: BTreeMap<RoundId, Held<Round>>,
    pub scores: BTreeMap<ScoreId, Held<Score>>,
}

impl Draft {
    pub fn new(game: Game) -> Result<Self> {
        let settings = fields(&game.settings).map_err(unreadable)?;
        Ok(Self {
            settings: Held::new((), settings),
            game,
            players: BTreeMap::new(),
            rounds: BTreeMap::new(),
            scores: BTreeMap::new(),
        })
    }

    /// The settings that the board is to have.
    pub fn new_settings(&self) -> Result<Settings> {
        overlaid(&self.game.settings, &self.settings.now).map_err(unreadable)
    }

    /// Takes up every player and round.
    pub fn hold_all(&mut self, conn: &mut Conn) -> Result<()> {
        for player in repos::players::all(conn, self.game.id)? {
            self.players.insert(player.id, held_player(player)?);
        }
        for round in repos::rounds::all(conn, self.game.id)? {
            self.rounds.insert(round.id, held_round(round)?);
        }
        Ok(())
    }

    /// Takes up the entries that moves are about, all at once.
    pub fn hold_scores(&mut self, conn: &mut Conn, moves: &[Move]) -> Result<()> {
        let ids = moves.iter().filter_map(|one| match one.thing {
            Thing::Score(score) => Some(score.0),
            _ => None,
        });
        let mut ids: Vec<i64> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        for chunk in ids.chunks(1000) {
            for score in repos::scores::by_ids(conn, self.game.id, chunk)? {
                let mut members = fields(&score.now).map_err(unreadable)?;
                members.insert(VOIDED.to_owned(), score.voided_at.is_some().into());
                self.scores.insert(score.id, Held::new(score, members));
            }
        }
        Ok(())
    }

    /// Moves a field back, unless something later stands in the way.
    pub fn take(&mut self, conn: &mut Conn, back: &Move) -> Result<Outcome> {
        if back.made
            && let Thing::Score(score) = back.thing
            && let Some(field) = self.amended(score)
        {
            return Ok(Outcome::InTheWay(field));
        }
        let members = self.members(conn, back.thing)?;
        let now = members.get(&back.field).cloned().unwrap_or_default();
        if now == back.to {
            return Ok(Outcome::Already);
        }
        if now != back.from {
            return Ok(Outcome::InTheWay(back.field.clone()));
        }
        members.insert(back.field.clone(), back.to.clone());
        Ok(Outcome::Moved)
    }

    /// What was amended of an entry that still counts.
    fn amended(&self, score: ScoreId) -> Option<String> {
        let held = self.scores.get(&score)?;
        let (value, tiebreak) = held.thing.written;
        let differs = |name: &str, written: Value| held.now.get(name) != Some(&written);
        let counts = held.now.get(VOIDED) == Some(&false.into());
        let field = [
            ("value", serde_json::json!(value)),
            ("tiebreak", serde_json::json!(tiebreak)),
        ]
        .into_iter()
        .find(|(name, written)| differs(name, written.clone()));
        field.filter(|_| counts).map(|(name, _)| name.to_owned())
    }

    fn members(&mut self, conn: &mut Conn, thing: Thing) -> Result<&mut Map<String, Value>> {
        let game = self.game.id;
        match thing {
            Thing::Game => Ok(&mut self.settings.now),
            Thing::Player(id) => match self.players.entry(id) {
                Entry::Occupied(held) => Ok(&mut held.into_mut().now),
                Entry::Vacant(free) => {
                    let found = repos::players::find(conn, game, id)?;
                    let found = found.ok_or_else(|| Error::not_found("player on this board"))?;
                    Ok(&mut free.insert(held_player(found)?).now)
                }
            },
            Thing::Round(id) => match self.rounds.entry(id) {
                Entry::Occupied(held) => Ok(&mut held.into_mut().now),
                Entry::Vacant(free) => {
                    let found = repos::rounds::find(conn, game, id)?;
                    let found = found.ok_or_else(|| Error::not_found("round on this board"))?;
                    Ok(&mut free.insert(held_round(found)?).now)
                }
            },
            Thing::Score(id) => {
                let held = self.scores.get_mut(&id);
                let held = held.ok_or_else(|| Error::not_found("score on this board"))?;
                Ok(&mut held.now)
            }
        }
    }
}

fn held_player(player: Player) -> Result<Held<Player>> {
    let mut members = fields(&player.profile).map_err(unreadable)?;
    members.insert(TRASHED.to_owned(), player.trashed_at.is_some().into());
    Ok(Held::new(player, members))
}

fn held_round(round: Round) -> Result<Held<Round>> {
    let mut members = fields(&round.details).map_err(unreadable)?;
    members.insert(TRASHED.to_owned(), round.trashed_at.is_some().into());
    Ok(Held::new(round, members))
}
