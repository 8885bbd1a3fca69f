//! Is everything there, and is it what the journal says? The chain of hashes shows that no row is
//! missing and none was changed; the journal, read from its beginning, gives the board as it stands.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::told;
use crate::db::Conn;
use crate::domain::game::{Game, GameRef};
use crate::domain::id::{PlayerId, ScoreId};
use crate::domain::moment::{Fact, Kept, Moment, fields};
use crate::domain::player::Player;
use crate::domain::score::Score;
use crate::domain::tally::Tally;
use crate::error::Result;
use crate::repos;
use crate::repos::journal::{Link, SCORE_ADDED};
use crate::repos::scores::Ledger;

/// Rows that are read at once.
const ROWS: i64 = 2_000;
/// Findings of one board that are told.
const FINDINGS: usize = 20;

/// Something that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The revision at which it shows.
    pub revision: i64,
    /// What was found.
    pub what: String,
}

/// What was looked at of a board, and found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Soundness {
    /// Its address.
    pub slug: String,
    /// Revisions.
    pub revisions: i64,
    /// Rows of the journal.
    pub rows: i64,
    /// Entries of the ledger.
    pub entries: i64,
    /// What is wrong; the first of it, if there is much.
    pub findings: Vec<Finding>,
}

impl Soundness {
    fn find(&mut self, revision: i64, what: impl Into<String>) {
        if self.findings.len() < FINDINGS {
            let what = what.into();
            self.findings.push(Finding { revision, what });
        }
    }
}

/// Checks one board: the chain, then the totals, then every table against the journal.
///
/// # Errors
/// `not_found`, and those of the database.
pub fn verify(conn: &mut Conn, game: &GameRef) -> Result<Soundness> {
    let found = repos::games::find(conn, game)?;
    let game = found.ok_or_else(|| crate::error::Error::not_found("board"))?;
    let mut soundness = Soundness {
        slug: game.slug.clone(),
        revisions: game.revision,
        ..Soundness::default()
    };
    // Every entry is read once, whatever is asked of it.
    let ledger = repos::scores::ledger(conn, game.id)?;
    let added = chain(conn, &game, &ledger, &mut soundness)?;
    let moment = told(conn, &game, game.revision)?;
    let facts = facts(&ledger);
    soundness.entries = i64::try_from(facts.len()).unwrap_or(i64::MAX);
    if soundness.entries != added {
        let what = format!(
            "{} entries stand in the ledger, {added} in the journal",
            facts.len()
        );
        soundness.find(game.revision, what);
    }
    settings(&game, &moment, &mut soundness);
    players(conn, &game, &moment, &facts, &mut soundness)?;
    rounds(conn, &game, &moment, &mut soundness)?;
    let scores = facts.iter().filter_map(|fact| ledger.get(&fact.id));
    entries(&game, &moment, scores, &mut soundness);
    Ok(soundness)
}

/// In the order in which they arrived.
fn facts(ledger: &Ledger) -> Vec<Fact> {
    let mut facts: Vec<Fact> = ledger.values().map(Fact::of).collect();
    facts.sort_unstable_by_key(|fact| (fact.recorded.revision, fact.recorded.item));
    facts
}

/// Walks the chain and returns how many entries it tells of.
fn chain(conn: &mut Conn, game: &Game, ledger: &Ledger, soundness: &mut Soundness) -> Result<i64> {
    let (mut place, mut head, mut added) = ((0, 0), Vec::new(), 0);
    loop {
        let links = repos::journal::chain(conn, game.id, place, ROWS, ledger)?;
        let Some(last) = links.last() else { break };
        let end = (last.entry.revision, last.entry.item);
        for link in &links {
            check(link, place, &head, soundness);
            place = (link.entry.revision, link.entry.item);
            head.clone_from(&link.hash);
            soundness.rows += 1;
            added += i64::from(*link.entry.action == *SCORE_ADDED);
        }
        place = end;
    }
    if place.0 != game.revision {
        let what = format!(
            "the journal ends here, the board is at revision {}",
            game.revision
        );
        soundness.find(place.0, what);
    }
    if head != game.journal_head {
        soundness.find(place.0, "the chain does not end where the board says");
    }
    Ok(added)
}

fn check(link: &Link, (revision, item): (i64, i64), head: &[u8], soundness: &mut Soundness) {
    let here = (link.entry.revision, link.entry.item);
    if here != (revision, item + 1) && here != (revision + 1, 0) {
        let what =
            format!("something is missing before it, after revision {revision}, item {item}");
        soundness.find(here.0, what);
    }
    if !link.is_itself {
        let what = format!("item {}: what it says is not what was written", here.1);
        soundness.find(here.0, what);
    }
    if !link.follows(head) {
        let what = format!("item {}: its hash does not follow the one before", here.1);
        soundness.find(here.0, what);
    }
}

fn settings(game: &Game, moment: &Moment, soundness: &mut Soundness) {
    let now = json!(game.settings);
    for (name, value) in &moment.settings {
        if now.get(name) != Some(value) {
            let what = format!("the board's {name} is not what the journal says");
            soundness.find(game.revision, what);
        }
    }
    if i64::try_from(moment.player_count()) != Ok(game.player_count) {
        soundness.find(game.revision, "the number of players is wrong");
    }
}

fn players(
    conn: &mut Conn,
    game: &Game,
    moment: &Moment,
    facts: &[Fact],
    soundness: &mut Soundness,
) -> Result<()> {
    let (rules, decimals) = (game.settings.fold_rules(), game.settings.decimals);
    let tallies = match moment.tallies(facts, rules, decimals) {
        Ok(tallies) => tallies,
        Err(unreadable) => {
            soundness.find(game.revision, unreadable.0);
            return Ok(());
        }
    };
    let players = repos::players::all(conn, game.id)?;
    let keys: HashMap<PlayerId, _> = repos::standings::keys(conn, game.id)?.into_iter().collect();
    let rank_rules = game.settings.rank_rules();
    for player in &players {
        let tally = tallies.get(&player.id).copied().unwrap_or_default();
        let key = rank_rules.key(&player.tally, player.trashed_at.is_some());
        if let Some(what) = unlike(player, moment.players.get(&player.id), tally)? {
            soundness.find(game.revision, format!("{}: {what}", player.id));
        } else if keys.get(&player.id) != Some(&key) {
            let what = format!("{}: the place in the order is wrong", player.id);
            soundness.find(game.revision, what);
        }
    }
    if players.len() != moment.players.len() {
        soundness.find(game.revision, "players are missing");
    }
    Ok(())
}

fn unlike(player: &Player, kept: Option<&Kept>, tally: Tally) -> Result<Option<&'static str>> {
    let Some(kept) = kept else {
        return Ok(Some("the journal knows no such player"));
    };
    let details = fields(&player.profile).map_err(super::unreadable)?;
    let differs = [
        (
            details != kept.details,
            "the profile is not what the journal says",
        ),
        (
            player.trashed_at != kept.trashed_at,
            "the trash is not what the journal says",
        ),
        (player.version != kept.version, "the version is wrong"),
        (
            player.tally != tally,
            "the total is not what the ledger folds to",
        ),
    ];
    let mut differs = differs.into_iter();
    Ok(differs.find(|(differs, _)| *differs).map(|(_, what)| what))
}

fn rounds(conn: &mut Conn, game: &Game, moment: &Moment, soundness: &mut Soundness) -> Result<()> {
    let rounds = repos::rounds::all(conn, game.id)?;
    for round in &rounds {
        let details = fields(&round.details).map_err(super::unreadable)?;
        let same = |kept: &Kept| {
            (&kept.details, kept.trashed_at, kept.version)
                == (&details, round.trashed_at, round.version)
        };
        if !moment.rounds.get(&round.id).is_some_and(same) {
            let what = format!("{}: it is not what the journal says", round.id);
            soundness.find(game.revision, what);
        }
    }
    if rounds.len() != moment.rounds.len() {
        soundness.find(game.revision, "rounds are missing");
    }
    Ok(())
}

fn entries<'a>(
    game: &Game,
    moment: &Moment,
    scores: impl Iterator<Item = &'a Score>,
    soundness: &mut Soundness,
) {
    for score in scores {
        let made = score.recorded.revision;
        let Some(then) = moment.past.entry(score.id, made, game.revision) else {
            continue;
        };
        let marks = (score.voided_at, score.amended_at) != (then.voided_at, then.amended_at);
        if marks || !is_as_told(score, moment, then.amended) {
            soundness.find(
                made,
                of_score(score.id, "what counts is not what the journal says"),
            );
        }
        let round = score.round.as_ref();
        if round.is_some_and(|round| !moment.rounds.contains_key(round)) {
            soundness.find(made, of_score(score.id, "its round is missing"));
        }
    }
}

/// Whether what counts of an entry is what was written and then amended.
fn is_as_told(score: &Score, moment: &Moment, amended: Map<String, Value>) -> bool {
    let mut expected = moment.past.first_written(score.id);
    let is_as_written = (score.now.value, score.now.tiebreak) == score.written;
    if is_as_written && expected.is_empty() && amended.is_empty() {
        return true;
    }
    expected.insert("value".to_owned(), json!(score.written.0));
    expected.insert("tiebreak".to_owned(), json!(score.written.1));
    expected.extend(amended);
    let now = json!(score.now);
    expected
        .iter()
        .all(|(name, value)| now.get(name) == Some(value))
}

fn of_score(score: ScoreId, what: &str) -> String {
    format!("{score}: {what}")
}
