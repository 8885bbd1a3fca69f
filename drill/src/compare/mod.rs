//! Is everything there that was promised? Asked of the database and of the API, by the same judge.

pub mod api;
pub mod database;
pub mod rows;

use std::collections::{BTreeMap, HashMap};

use uuid::Uuid;

use crate::load::{Board, Fold};
use crate::oracle::{Promise, Record, State, promises};

/// What stands on one board.
#[derive(Debug, Default)]
pub struct Found {
    /// The scores, in the order in which they arrived.
    pub scores: Vec<(Uuid, State)>,
    /// The totals by player.
    pub totals: BTreeMap<String, Option<i64>>,
    /// The revision that the board says it is at.
    pub revision: i64,
    /// The revisions in its journal, rising.
    pub journal: Vec<i64>,
}

/// What the judge has against it.
#[derive(Debug, Clone, Default)]
pub struct Judgement {
    /// Scores whose acknowledged state is not there.
    pub lost: Vec<String>,
    /// Whatever else does not agree.
    pub wrong: Vec<String>,
}

impl Judgement {
    /// A few of both.
    pub fn examples(&self) -> Vec<String> {
        const SHOWN: usize = 3;
        let (lost, wrong) = (self.lost.iter().take(SHOWN), self.wrong.iter().take(SHOWN));
        lost.chain(wrong).cloned().collect()
    }
}

/// Compares what was promised with what stands on the boards.
pub fn judge(records: &[Record], boards: &[Board], found: &HashMap<String, Found>) -> Judgement {
    let mut judgement = Judgement::default();
    let promises = promises(records);
    let nothing = Found::default();
    for board in boards {
        let found = found.get(&board.slug).unwrap_or(&nothing);
        let of_board = promises
            .iter()
            .filter(|(_, promise)| promise.board == board.slug);
        scores(&of_board.collect(), found, &mut judgement);
        let wrong = &mut judgement.wrong;
        totals(board, found, wrong);
        journal(board, found, wrong);
        let acknowledged = records.iter().filter(|record| record.board == board.slug);
        let promised = acknowledged
            .filter_map(|record| record.revision)
            .max()
            .unwrap_or(0);
        if promised > found.revision {
            let revision = found.revision;
            wrong.push(format!(
                "{}: revision {promised} was promised, it stands at {revision}",
                board.slug
            ));
        }
    }
    judgement
}

fn scores(promises: &HashMap<&Uuid, &Promise>, found: &Found, judgement: &mut Judgement) {
    let states: HashMap<&Uuid, &State> =
        found.scores.iter().map(|(id, state)| (id, state)).collect();
    if states.len() != found.scores.len() {
        judgement.wrong.push("a score counts twice".to_owned());
    }
    for (id, promise) in promises {
        let state = states.get(id).copied();
        if !promise.is_kept_by(state) {
            let promised = &promise.acknowledged;
            judgement.lost.push(format!(
                "{}: score {id}: promised {promised:?}, found {state:?}",
                promise.board
            ));
        }
    }
    let invented = states.keys().filter(|id| !promises.contains_key(*id));
    judgement
        .wrong
        .extend(invented.map(|id| format!("score {id} was never sent")));
}

/// The totals are what the scores make.
fn totals(board: &Board, found: &Found, wrong: &mut Vec<String>) {
    let mut folds: BTreeMap<&str, i64> = BTreeMap::new();
    for (_, state) in found.scores.iter().filter(|(_, state)| !state.voided) {
        let fold = folds.entry(&state.player);
        match (board.fold, state.op.as_str()) {
            (Fold::Sum, "add") => *fold.or_default() += state.value,
            (Fold::Sum, _) => *fold.or_default() = state.value,
            (Fold::Highest, _) => {
                _ = fold
                    .and_modify(|best| *best = state.value.max(*best))
                    .or_insert(state.value)
            }
            (Fold::Lowest, _) => {
                _ = fold
                    .and_modify(|best| *best = state.value.min(*best))
                    .or_insert(state.value)
            }
        }
    }
    for player in &board.players {
        let (total, fold) = (
            found.totals.get(player).copied().flatten(),
            folds.get(player.as_str()).copied(),
        );
        if total != fold {
            wrong.push(format!(
                "{}: {player} has {total:?}, the scores make {fold:?}",
                board.slug
            ));
        }
    }
}

/// One revision after the other, none missing, up to the one that the board is at.
fn journal(board: &Board, found: &Found, wrong: &mut Vec<String>) {
    if found.journal != (1..=found.revision).collect::<Vec<_>>() {
        let (count, revision) = (found.journal.len(), found.revision);
        wrong.push(format!(
            "{}: {count} revisions in the journal of revision {revision}",
            board.slug
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oracle::{Effect, Outcome};

    const ONE: Uuid = Uuid::from_u128(1);

    fn state(value: i64) -> State {
        State {
            player: "plr_A".to_owned(),
            op: "add".to_owned(),
            value,
            voided: false,
        }
    }

    fn board() -> Board {
        let players = vec!["plr_A".to_owned()];
        Board {
            id: "game_B".to_owned(),
            slug: "b".to_owned(),
            token: String::new(),
            players,
            fold: Fold::Sum,
        }
    }

    fn judged(change: impl Fn(&mut Found)) -> (usize, usize) {
        let effects = vec![Effect {
            client_id: ONE,
            state: state(3),
        }];
        let record = Record {
            board: "b".to_owned(),
            outcome: Outcome::Acknowledged,
            revision: Some(2),
            effects,
        };
        let mut found = Found {
            scores: vec![(ONE, state(3))],
            totals: [("plr_A".to_owned(), Some(3))].into(),
            revision: 2,
            journal: vec![1, 2],
        };
        change(&mut found);
        let judgement = judge(&[record], &[board()], &[("b".to_owned(), found)].into());
        (judgement.lost.len(), judgement.wrong.len())
    }

    #[test]
    fn a_board_as_it_was_promised_has_nothing_against_it() {
        assert_eq!(judged(|_| ()), (0, 0));
    }

    #[test]
    fn a_score_that_is_absent_or_another_is_lost() {
        assert_eq!(judged(|found| found.scores.clear()), (1, 1));
        assert_eq!(judged(|found| found.scores[0].1.value = 4), (1, 1));
    }

    #[test]
    fn what_nobody_sent_and_what_does_not_add_up_is_wrong() {
        assert_eq!(
            judged(|found| found.scores.push((Uuid::from_u128(2), state(0)))),
            (0, 1)
        );
        assert_eq!(
            judged(|found| found.totals = [("plr_A".to_owned(), Some(4))].into()),
            (0, 1)
        );
        assert_eq!(judged(|found| found.journal = vec![2]), (0, 1));
        assert_eq!(
            judged(|found| (found.revision, found.journal) = (1, vec![1])),
            (0, 1)
        );
    }

    #[test]
    fn a_board_that_is_gone_has_lost_everything() {
        let effects = vec![Effect {
            client_id: ONE,
            state: state(3),
        }];
        let record = Record {
            board: "b".to_owned(),
            outcome: Outcome::Acknowledged,
            revision: Some(2),
            effects,
        };
        assert_eq!(judge(&[record], &[board()], &HashMap::new()).lost.len(), 1);
    }
}
