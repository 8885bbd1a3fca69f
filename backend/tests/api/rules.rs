//! How entries fold into a total: sum, best, latest, average, and the second value.

use serde_json::{Value, json};

use crate::support::{Board, TestApp, both_engines};

fn ruled(app: &TestApp, rule: &str, further: Value) -> Board {
    let mut settings = json!({"title": "Rules", "rule": rule});
    settings
        .as_object_mut()
        .unwrap()
        .extend(further.as_object().unwrap().clone());
    app.board(settings)
}

/// The total after each of these values.
fn totals(board: &Board, values: Value) -> Vec<Value> {
    let ana = board.player("Ana");
    values
        .as_array()
        .unwrap()
        .iter()
        .map(|value| board.add(&ana, value)["player"]["total"].clone())
        .collect()
}

fn sum_adds(app: &TestApp) {
    let board = ruled(app, "sum", json!({"decimals": 1}));
    assert_eq!(
        totals(&board, json!([5.5, -2, 0])),
        [json!(5.5), json!(3.5), json!(3.5)]
    );
}

fn best_keeps_the_highest_where_high_leads(app: &TestApp) {
    let board = ruled(app, "best", json!({"direction": "high"}));
    assert_eq!(totals(&board, json!([-5, 3, 2, 7])), [-5, 3, 3, 7]);
}

fn best_keeps_the_lowest_where_low_leads(app: &TestApp) {
    let board = ruled(app, "best", json!({"direction": "low"}));
    assert_eq!(totals(&board, json!([61, 63, 58, -1])), [61, 61, 58, -1]);
}

fn latest_keeps_the_last(app: &TestApp) {
    let board = ruled(app, "latest", json!({}));
    assert_eq!(totals(&board, json!([9, 2, 5])), [9, 2, 5]);
}

fn average_rounds_half_to_even(app: &TestApp) {
    let board = ruled(app, "average", json!({"decimals": 0}));
    assert_eq!(totals(&board, json!([0, 1, 5])), [0, 0, 2]);
    let board = ruled(app, "average", json!({"decimals": 1}));
    assert_eq!(totals(&board, json!([0.1, 0.2])), [json!(0.1), json!(0.2)]);
    let board = ruled(app, "average", json!({"decimals": 0}));
    assert_eq!(totals(&board, json!([-1, -2, -1])), [-1, -2, -1]);
}

fn the_average_keeps_its_exact_sum(app: &TestApp) {
    let board = ruled(app, "average", json!({"decimals": 0}));
    assert_eq!(
        totals(&board, json!([1, 0, 0, 9])),
        [json!(1), json!(0), json!(0), json!(2)]
    );
}

fn set_belongs_to_sum(app: &TestApp) {
    for rule in ["best", "latest", "average"] {
        let board = ruled(app, rule, json!({}));
        let ana = board.player("Ana");
        let set = json!({"player_id": ana, "value": 1, "op": "set"});
        board.submit(set).problem_at(422, "op_not_allowed", "/op");
    }
}

fn voiding_folds_what_is_left(app: &TestApp) {
    for (rule, expected) in [("sum", 5), ("best", 4), ("latest", 1), ("average", 2)] {
        let board = ruled(app, rule, json!({}));
        let ana = board.player("Ana");
        board.add(&ana, 4);
        board.add(&ana, 1);
        let last = board.entry(&ana, 9);
        board.delete(&format!("/scores/{last}")).expect(204);
        assert_eq!(board.total(&ana), expected, "{rule}");
    }
}

fn another_rule_folds_everything_anew(app: &TestApp) {
    let board = ruled(app, "sum", json!({}));
    let ana = board.player("Ana");
    for value in [4, 9, 2] {
        board.add(&ana, value);
    }
    for (rule, expected) in [("best", 9), ("latest", 2), ("average", 5), ("sum", 15)] {
        board.patch("", json!({"rule": rule})).expect(200);
        assert_eq!(board.table(), json!([[1, "Ana", expected]]), "{rule}");
    }
    board
        .patch("", json!({"rule": "best", "direction": "low"}))
        .expect(200);
    assert_eq!(board.total(&ana), 2);
}

fn the_second_value_adds_up_under_sum(app: &TestApp) {
    let board = ruled(app, "sum", json!({"tiebreak_direction": "high"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add_pair(&ana, 3, 2);
    board.add_pair(&ben, 3, 5);
    board.add_pair(&ana, 0, 4);
    board.add_pair(&ben, 0, -1);
    let standings = board.standings();
    assert_eq!(standings.column("tiebreak"), [6, 4]);
    assert_eq!(board.ranks(), json!([[1, "Ana"], [2, "Ben"]]));
}

fn best_compares_and_replaces_the_pair_as_one(app: &TestApp) {
    let board = ruled(app, "best", json!({"tiebreak_direction": "low"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add_pair(&ana, 9, 30);
    board.add_pair(&ana, 5, 1);
    board.add_pair(&ben, 9, 40);
    board.add_pair(&ben, 9, 20);
    let standings = board.standings();
    assert_eq!(standings.column("total"), [9, 9]);
    assert_eq!(standings.column("tiebreak"), [20, 30]);
    assert_eq!(board.ranks(), json!([[1, "Ben"], [2, "Ana"]]));
}

fn without_a_direction_the_second_value_does_not_count(app: &TestApp) {
    let board = ruled(app, "sum", json!({"tiebreak_direction": "none"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add_pair(&ana, 3, 1);
    board.add_pair(&ben, 3, 9);
    assert_eq!(board.standings().column("rank"), [1, 1]);
    board
        .patch("", json!({"tiebreak_direction": "high"}))
        .expect(200);
    assert_eq!(board.ranks(), json!([[1, "Ben"], [2, "Ana"]]));
    board
        .patch("", json!({"tiebreak_direction": "low"}))
        .expect(200);
    assert_eq!(board.ranks(), json!([[1, "Ana"], [2, "Ben"]]));
}

fn an_old_phone_never_overwrites_a_newer_score(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let seen = board.add(&ana, 3)["revision"].as_i64().unwrap();
    board.add(&ben, 1);
    let set = |value: i64, seen: i64| {
        board.submit(json!({"player_id": ana, "value": value, "op": "set", "base_revision": seen}))
    };
    set(4, seen - 1).problem_at(409, "player_changed", "/base_revision");
    assert_eq!(set(5, seen).expect(201)["player"]["total"], 5);

    let refused = set(7, seen).problem_at(409, "player_changed", "/base_revision");
    let both = (&refused["current"]["total"], &refused["yours"]);
    assert_eq!(both, (&json!(5), &json!(7)));
    assert_eq!(board.total(&ana), 5);
}

both_engines!(
    sum_adds,
    best_keeps_the_highest_where_high_leads,
    best_keeps_the_lowest_where_low_leads,
    latest_keeps_the_last,
    average_rounds_half_to_even,
    the_average_keeps_its_exact_sum,
    set_belongs_to_sum,
    voiding_folds_what_is_left,
    another_rule_folds_everything_anew,
    the_second_value_adds_up_under_sum,
    best_compares_and_replaces_the_pair_as_one,
    without_a_direction_the_second_value_does_not_count,
    an_old_phone_never_overwrites_a_newer_score,
);
