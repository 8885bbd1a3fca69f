//! The contract's ranking semantics, worked out the slow way: every total from its definition, every
//! rank by counting. It shares nothing with the server.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::steps::{PLAYERS, Points, ROUNDS, Settings, Step};

/// What to ask of a board, and the status that must come back.
pub struct Request {
    pub method: &'static str,
    pub path: String,
    pub body: Option<Value>,
    pub status: u16,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    player: usize,
    round: Option<usize>,
    set: bool,
    points: Points,
    voided: bool,
}

/// A player's place: total and second value so that less is better.
type Key = (i64, i64);

struct Fold {
    points: Points,
    entries: usize,
    /// The entry at which the fold last became the present total.
    reached: usize,
}

pub struct Reference {
    pub settings: Settings,
    pub revision: i64,
    rule: &'static str,
    /// Whether entries carry a second value.
    paired: bool,
    /// In the order in which they arrived.
    entries: Vec<Entry>,
    trashed_players: [bool; PLAYERS],
    trashed_rounds: [bool; ROUNDS],
}

impl Reference {
    pub fn new(rule: &'static str, settings: Settings, paired: bool) -> Self {
        Self {
            settings,
            // The board, its players as one change, each round.
            revision: 2 + ROUNDS as i64,
            rule,
            paired,
            entries: Vec::new(),
            trashed_players: [false; PLAYERS],
            trashed_rounds: [false; ROUNDS],
        }
    }

    /// Takes a step, if the contract says what comes of it.
    pub fn take(&mut self, step: Step) -> Option<Request> {
        match step {
            Step::Add {
                player,
                points,
                round,
            } => Some(self.enter("/scores", vec![entry(player, points, round, false)])),
            Step::Set { player, points } => {
                Some(self.enter("/scores", vec![entry(player, points, None, true)]))
            }
            Step::Batch { players, points } => {
                let entries = players
                    .iter()
                    .map(|player| entry(*player, points, None, false))
                    .collect();
                Some(self.enter("/scores/batch", entries))
            }
            Step::Amend { entry, points } => {
                self.edit(entry, "PATCH", 200, |entry| entry.points = points)
            }
            Step::Void { entry } => self.edit(entry, "DELETE", 204, |entry| entry.voided = true),
            Step::RestoreEntry { entry } => {
                self.edit(entry, "POST", 200, |entry| entry.voided = false)
            }
            Step::TrashPlayer { player } => Some(self.shelve(Shelf::Player(player), true)),
            Step::RestorePlayer { player } => Some(self.shelve(Shelf::Player(player), false)),
            Step::TrashRound { round } => Some(self.shelve(Shelf::Round(round), true)),
            Step::RestoreRound { round } => Some(self.shelve(Shelf::Round(round), false)),
            Step::Settle { settings } => {
                self.revision += i64::from(settings != self.settings);
                self.settings = settings;
                Some(Request {
                    method: "PATCH",
                    path: String::new(),
                    body: Some(settings.json()),
                    status: 200,
                })
            }
        }
    }

    fn enter(&mut self, path: &str, entries: Vec<Entry>) -> Request {
        let items: Vec<Value> = entries.iter().map(|entry| self.written(entry)).collect();
        let body = if path.ends_with("batch") {
            json!({"items": items})
        } else {
            items[0].clone()
        };
        let refused = |entry: &Entry| {
            let gone = self.trashed_players[entry.player]
                || entry.round.is_some_and(|round| self.trashed_rounds[round]);
            gone || (entry.set && self.rule != "sum")
        };
        let status = if entries.iter().any(refused) {
            422
        } else {
            201
        };
        if status == 201 {
            self.revision += 1;
            self.entries.extend(entries);
        }
        Request {
            method: "POST",
            path: path.to_owned(),
            body: Some(body),
            status,
        }
    }

    fn written(&self, entry: &Entry) -> Value {
        let mut score = self.numbers(entry.points);
        score["player_id"] = json!(format!("<P{}>", entry.player));
        score["round_id"] = json!(entry.round.map(|round| format!("<R{round}>")));
        score["op"] = json!(if entry.set { "set" } else { "add" });
        score
    }

    fn numbers(&self, points: Points) -> Value {
        match self.paired {
            true => json!({"value": decimal(points.value), "tiebreak": decimal(points.tiebreak)}),
            false => json!({"value": decimal(points.value)}),
        }
    }

    /// Amends, voids or restores. What that means where player or round are in the trash is not said.
    fn edit(
        &mut self,
        back: usize,
        method: &'static str,
        done: u16,
        edit: impl Fn(&mut Entry),
    ) -> Option<Request> {
        let place = self.entries.len().checked_sub(back + 1)?;
        let before = self.entries[place];
        if self.trashed_players[before.player]
            || before.round.is_some_and(|round| self.trashed_rounds[round])
        {
            return None;
        }
        let mut after = before;
        edit(&mut after);
        let restores = method == "POST";
        let status = match (restores, before.voided) {
            (true, false) => 409,
            (false, true) => 404,
            _ => done,
        };
        if status == done {
            let same = |a: Entry, b: Entry| {
                (self.numbers(a.points), a.voided) == (self.numbers(b.points), b.voided)
            };
            self.revision += i64::from(!same(before, after));
            self.entries[place] = after;
        }
        let path = format!(
            "/scores/<E{place}>{}",
            if restores { "/restore" } else { "" }
        );
        let body = (method != "DELETE").then(|| {
            if restores {
                json!({})
            } else {
                self.numbers(after.points)
            }
        });
        Some(Request {
            method,
            path,
            body,
            status,
        })
    }

    fn shelve(&mut self, what: Shelf, trash: bool) -> Request {
        let (thing, trashed) = match what {
            Shelf::Player(player) => (
                format!("/players/<P{player}>"),
                &mut self.trashed_players[player],
            ),
            Shelf::Round(round) => (
                format!("/rounds/<R{round}>"),
                &mut self.trashed_rounds[round],
            ),
        };
        let refused = *trashed == trash;
        *trashed = trash;
        self.revision += i64::from(!refused);
        match trash {
            true => Request {
                method: "DELETE",
                path: thing,
                body: None,
                status: if refused { 404 } else { 204 },
            },
            false => {
                let status = if refused { 409 } else { 200 };
                Request {
                    method: "POST",
                    path: thing + "/restore",
                    body: Some(json!({})),
                    status,
                }
            }
        }
    }

    /// Every row of the standings, the leader first.
    pub fn rows(&self) -> Vec<Value> {
        let mut places: Vec<(Key, i64, usize, Fold)> = Vec::new();
        let mut unscored = Vec::new();
        for player in (0..PLAYERS).filter(|player| !self.trashed_players[*player]) {
            match self.fold(player) {
                Some(fold) => {
                    let reached = i64::try_from(fold.reached).unwrap();
                    let reached = if self.settings.tie_break == "earliest" {
                        reached
                    } else {
                        -reached
                    };
                    places.push((self.key(fold.points), reached, player, fold));
                }
                None => unscored.push(json!([null, format!("P{player}"), null, null, 0, null])),
            }
        }
        places.sort_by_key(|(key, reached, player, _)| (*key, *reached, *player));
        let keys: Vec<Key> = places.iter().map(|(key, ..)| *key).collect();
        let row = |(place, (key, _, player, fold)): (usize, &(Key, i64, usize, Fold))| {
            let better = keys.iter().filter(|other| *other < key);
            let before = match self.settings.ties {
                "standard" => better.count(),
                "dense" => better.collect::<BTreeSet<_>>().len(),
                _ => place,
            };
            let tiebreak = (self.paired && self.settings.counts_tiebreak())
                .then(|| decimal(fold.points.tiebreak));
            let total = decimal(fold.points.value);
            json!([
                before + 1,
                format!("P{player}"),
                total,
                tiebreak,
                fold.entries,
                format!("<T{}>", fold.reached)
            ])
        };
        places.iter().enumerate().map(row).chain(unscored).collect()
    }

    fn key(&self, points: Points) -> Key {
        let led_by = |direction: &str, value: i64| match direction {
            "high" => -value,
            "low" => value,
            _ => 0,
        };
        let tiebreak = if self.paired {
            led_by(self.settings.tiebreak_direction, points.tiebreak)
        } else {
            0
        };
        (led_by(self.settings.direction, points.value), tiebreak)
    }

    fn fold(&self, player: usize) -> Option<Fold> {
        let counts = |entry: &Entry| {
            entry.player == player
                && !entry.voided
                && entry.round.is_none_or(|round| !self.trashed_rounds[round])
        };
        let live: Vec<usize> = (0..self.entries.len())
            .filter(|place| counts(&self.entries[*place]))
            .collect();
        let totals: Vec<Points> = (1..=live.len())
            .map(|first| self.total(&live[..first]))
            .collect();
        let points = *totals.last()?;
        let changed = |n: &usize| *n == 0 || totals[*n].value != totals[*n - 1].value;
        let reached = live[(0..live.len()).rev().find(changed)?];
        Some(Fold {
            points,
            entries: live.len(),
            reached,
        })
    }

    /// The total of some entries, of which there is at least one.
    fn total(&self, places: &[usize]) -> Points {
        let entries: Vec<Entry> = places.iter().map(|place| self.entries[*place]).collect();
        let sum = |from: &[Entry]| Points {
            value: from.iter().map(|entry| entry.points.value).sum(),
            tiebreak: from.iter().map(|entry| entry.points.tiebreak).sum(),
        };
        match self.rule {
            "sum" => sum(&entries[entries.iter().rposition(|entry| entry.set).unwrap_or(0)..]),
            "best" => {
                entries
                    .iter()
                    .min_by_key(|entry| self.key(entry.points))
                    .unwrap()
                    .points
            }
            "latest" => entries.last().unwrap().points,
            _ => {
                let (whole, count) = (sum(&entries), i64::try_from(entries.len()).unwrap());
                Points {
                    value: half_even(whole.value, count),
                    tiebreak: half_even(whole.tiebreak, count),
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Shelf {
    Player(usize),
    Round(usize),
}

fn entry(player: usize, points: Points, round: Option<usize>, set: bool) -> Entry {
    Entry {
        player,
        round,
        set,
        points,
        voided: false,
    }
}

/// The whole number nearest to `sum / count`; of two equally near ones the even one.
fn half_even(sum: i64, count: i64) -> i64 {
    let below = sum.div_euclid(count);
    let candidates = [below, below + 1];
    let distance = |candidate: &i64| (sum - candidate * count).abs();
    *candidates
        .iter()
        .min_by_key(|candidate| (distance(candidate), candidate.rem_euclid(2)))
        .unwrap()
}

/// Tenths as the API writes them.
fn decimal(tenths: i64) -> Value {
    match tenths % 10 {
        0 => json!(tenths / 10),
        _ => {
            let sign = if tenths < 0 { "-" } else { "" };
            serde_json::from_str(&format!(
                "{sign}{}.{}",
                tenths.abs() / 10,
                tenths.abs() % 10
            ))
            .unwrap()
        }
    }
}
