//! What undoing a row of the journal would move.

use serde_json::{Map, Value};

use crate::domain::event::JournalRow;
use crate::domain::id::{PlayerId, RoundId, ScoreId};
use crate::domain::past::{REWOUND, UNDONE};

/// What a row of the journal is about, of what can be moved back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Thing {
    Game,
    Player(PlayerId),
    Round(RoundId),
    Score(ScoreId),
}

/// The member of a player or a round that says whether it is in the trash.
pub(super) const TRASHED: &str = "trashed";
/// The member of an entry that says whether it was taken back.
pub(super) const VOIDED: &str = "voided";

/// Undoing sets a field from what the row made of it to what it was.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Move {
    pub revision: i64,
    pub thing: Thing,
    pub field: String,
    pub from: Value,
    pub to: Value,
    /// The row made the thing: whatever was edited of it since is in the way.
    pub made: bool,
}

/// Settings that do not go back: who may look is no matter of scores, and digits that entries need do
/// not go away.
const FIXED: [&str; 2] = ["visibility", "decimals"];

/// Why a row cannot be undone, `None` if it can.
pub(super) fn fixed(row: &JournalRow) -> Option<&'static str> {
    match &*row.action {
        "game.updated" => {
            let after = row.after.as_ref().and_then(Value::as_object);
            let fixed = FIXED
                .iter()
                .find(|field| after.is_some_and(|after| after.contains_key(**field)));
            fixed.copied()
        }
        REWOUND | UNDONE | "player.moved" => None,
        action => match action.split_once('.') {
            Some(("player" | "round", "added" | "updated" | "trashed" | "restored")) => None,
            Some(("score", _)) => None,
            Some(("link", _)) => Some("links"),
            _ => Some("board"),
        },
    }
}

/// What undoing a row moves.
pub(super) fn moves(row: &JournalRow) -> Vec<Move> {
    let one = |thing: Thing, field: &str, from: Value, to: Value| Move {
        revision: row.revision,
        thing,
        field: field.to_owned(),
        from,
        to,
        made: false,
    };
    let (kind, deed) = row.action.split_once('.').unwrap_or_default();
    let thing = match kind {
        "player" => Thing::Player(PlayerId(row.entity)),
        "round" => Thing::Round(RoundId(row.entity)),
        "score" => Thing::Score(ScoreId(row.entity)),
        _ => Thing::Game,
    };
    let mark = if kind == "score" { VOIDED } else { TRASHED };
    match deed {
        "added" => vec![Move {
            made: true,
            ..one(thing, mark, false.into(), true.into())
        }],
        "trashed" | "voided" if thing != Thing::Game => {
            vec![one(thing, mark, true.into(), false.into())]
        }
        "restored" if thing != Thing::Game => vec![one(thing, mark, false.into(), true.into())],
        "updated" | "amended" => {
            let (before, after) = (members(&row.before), members(&row.after));
            let of = |name: &String| before.get(name).cloned().unwrap_or_default();
            let fields = after.iter();
            fields
                .map(|(name, value)| one(thing, name, value.clone(), of(name)))
                .collect()
        }
        _ => Vec::new(),
    }
}

fn members(value: &Option<Value>) -> Map<String, Value> {
    match value {
        Some(Value::Object(members)) => members.clone(),
        _ => Map::new(),
    }
}
