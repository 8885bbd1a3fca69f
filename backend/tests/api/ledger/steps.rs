//! What a hand may do to a board.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

pub const PLAYERS: usize = 5;
pub const ROUNDS: usize = 2;

/// A score as it is handed in, in tenths.
#[derive(Debug, Clone, Copy)]
pub struct Points {
    pub value: i64,
    pub tiebreak: i64,
}

/// One step. Numbers choose a player, a round, or an entry; entries are counted from the newest.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    Add {
        player: usize,
        points: Points,
        round: Option<usize>,
    },
    Set {
        player: usize,
        points: Points,
    },
    Batch {
        players: [usize; 3],
        points: Points,
    },
    Amend {
        entry: usize,
        points: Points,
    },
    Void {
        entry: usize,
    },
    RestoreEntry {
        entry: usize,
    },
    TrashPlayer {
        player: usize,
    },
    RestorePlayer {
        player: usize,
    },
    TrashRound {
        round: usize,
    },
    RestoreRound {
        round: usize,
    },
    Settle {
        settings: Settings,
    },
}

/// What decides the ranks; the rule stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    pub direction: &'static str,
    pub ties: &'static str,
    pub tie_break: &'static str,
    pub tiebreak_direction: &'static str,
}

impl Settings {
    pub fn any() -> impl Strategy<Value = Self> {
        let ties = select(vec!["standard", "dense", "ordinal"]);
        let tiebreak_direction = select(vec!["none", "high", "low"]);
        (
            select(vec!["high", "low"]),
            ties,
            select(vec!["earliest", "latest"]),
            tiebreak_direction,
        )
            .prop_map(|(direction, ties, tie_break, tiebreak_direction)| Self {
                direction,
                ties,
                tie_break,
                tiebreak_direction,
            })
    }

    pub fn json(self) -> Value {
        json!({
            "direction": self.direction,
            "ties": self.ties,
            "tie_break": self.tie_break,
            "tiebreak_direction": self.tiebreak_direction,
        })
    }

    pub fn counts_tiebreak(self) -> bool {
        self.tiebreak_direction != "none"
    }

    pub fn orders_equals(self) -> bool {
        self.ties == "ordinal"
    }
}

pub fn any_rule() -> impl Strategy<Value = &'static str> {
    select(vec!["sum", "sum", "best", "latest", "average"])
}

pub fn any_step() -> impl Strategy<Value = Step> {
    let (player, round, entry) = (|| 0..PLAYERS, || 0..ROUNDS, || 0..6usize);
    let points =
        || (-12..=12i64, -2..=2i64).prop_map(|(value, tiebreak)| Points { value, tiebreak });
    prop_oneof![
        10 => (player(), points(), prop::option::weighted(0.3, round()))
            .prop_map(|(player, points, round)| Step::Add { player, points, round }),
        4 => (player(), points()).prop_map(|(player, points)| Step::Set { player, points }),
        2 => (prop::array::uniform3(player()), points()).prop_map(|(players, points)| Step::Batch { players, points }),
        3 => (entry(), points()).prop_map(|(entry, points)| Step::Amend { entry, points }),
        3 => entry().prop_map(|entry| Step::Void { entry }),
        2 => entry().prop_map(|entry| Step::RestoreEntry { entry }),
        1 => player().prop_map(|player| Step::TrashPlayer { player }),
        2 => player().prop_map(|player| Step::RestorePlayer { player }),
        1 => round().prop_map(|round| Step::TrashRound { round }),
        2 => round().prop_map(|round| Step::RestoreRound { round }),
        1 => Settings::any().prop_map(|settings| Step::Settle { settings }),
    ]
}
