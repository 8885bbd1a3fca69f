//! Who shares a place with whom, and who comes first.

use serde_json::{Value, json};

use crate::support::{Board, TestApp, both_engines};

/// A board with these totals, scored in this order, one player a total.
fn scored(app: &TestApp, settings: Value, totals: &[(&str, i64)]) -> Board {
    let mut all = json!({"title": "Ties"});
    all.as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    let board = app.board(all);
    for (name, total) in totals {
        board.add(&board.player(name), total);
    }
    board
}

const FIVE: [(&str, i64); 5] = [("Ana", 5), ("Ben", 9), ("Cleo", 5), ("Dan", 1), ("Eve", 5)];

fn ties_are_numbered_as_the_board_says(app: &TestApp) {
    for (ties, ranks) in [
        ("standard", [1, 2, 2, 2, 5]),
        ("dense", [1, 2, 2, 2, 3]),
        ("ordinal", [1, 2, 3, 4, 5]),
    ] {
        let board = scored(app, json!({"ties": ties}), &FIVE);
        assert_eq!(board.standings().column("rank"), ranks, "{ties}");
    }
}

fn standard_is_the_default_and_can_change(app: &TestApp) {
    let board = scored(app, json!({}), &FIVE);
    assert_eq!(board.standings().column("rank"), [1, 2, 2, 2, 5]);
    board.patch("", json!({"ties": "dense"})).expect(200);
    assert_eq!(board.standings().column("rank"), [1, 2, 2, 2, 3]);
}

fn the_direction_decides_who_leads(app: &TestApp) {
    let board = scored(
        app,
        json!({"direction": "low"}),
        &[("Ana", 72), ("Ben", -3), ("Cleo", 70)],
    );
    assert_eq!(board.ranks(), json!([[1, "Ben"], [2, "Cleo"], [3, "Ana"]]));
}

fn who_reached_the_total_first_stands_first(app: &TestApp) {
    let board = scored(app, json!({"ties": "ordinal"}), &FIVE);
    assert_eq!(
        board.ranks(),
        json!([[1, "Ben"], [2, "Ana"], [3, "Cleo"], [4, "Eve"], [5, "Dan"]])
    );
}

fn or_who_reached_it_last(app: &TestApp) {
    let board = scored(
        app,
        json!({"ties": "ordinal", "tie_break": "latest"}),
        &FIVE,
    );
    assert_eq!(
        board.ranks(),
        json!([[1, "Ben"], [2, "Eve"], [3, "Cleo"], [4, "Ana"], [5, "Dan"]])
    );
}

fn leaving_a_total_and_coming_back_is_reaching_it_again(app: &TestApp) {
    let board = app.board(json!({"title": "a", "ties": "ordinal"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add(&ana, 5);
    board.add(&ben, 5);
    assert_eq!(board.ranks(), json!([[1, "Ana"], [2, "Ben"]]));
    board.add(&ana, 1);
    board.add(&ana, -1);
    assert_eq!(board.ranks(), json!([[1, "Ben"], [2, "Ana"]]));
}

fn an_entry_that_leaves_the_total_alone_reaches_nothing(app: &TestApp) {
    let board = app.board(json!({"title": "a", "ties": "ordinal"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let first = board.add(&ana, 5);
    board.add(&ben, 5);
    board.add(&ana, 0);
    assert_eq!(board.ranks(), json!([[1, "Ana"], [2, "Ben"]]));
    assert_eq!(
        board.standings().rows()[0]["reached_at"],
        first["score"]["recorded_at"]
    );
}

fn voiding_gives_the_earlier_place_back(app: &TestApp) {
    let board = app.board(json!({"title": "a", "ties": "ordinal"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let first = board.add(&ana, 5);
    board.add(&ben, 5);
    let slip = board.entry(&ana, 1);
    board.delete(&format!("/scores/{slip}")).expect(204);
    assert_eq!(board.ranks(), json!([[1, "Ana"], [2, "Ben"]]));
    assert_eq!(
        board.standings().rows()[0]["reached_at"],
        first["score"]["recorded_at"]
    );
}

fn items_of_one_change_stand_in_their_order(app: &TestApp) {
    for (tie_break, order) in [("earliest", [1, 0]), ("latest", [0, 1])] {
        let board = app.board(json!({"title": "a", "ties": "ordinal", "tie_break": tie_break}));
        let players = board.players(["Ana", "Ben"]);
        let items = order.map(|player| json!({"player_id": players[player], "value": 5}));
        let items = json!({"items": items});
        board.post("/scores/batch", items).expect(201);
        assert_eq!(
            board.ranks(),
            json!([[1, "Ben"], [2, "Ana"]]),
            "{tie_break}"
        );
    }
}

fn when_it_happened_is_shown_but_never_ranked_by(app: &TestApp) {
    let board = app.board(json!({"title": "a", "ties": "ordinal"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add(&ana, 5);
    let earlier = json!({"player_id": ben, "value": 5, "occurred_at": "2020-01-01T00:00:00.000Z"});
    board.submit(earlier).expect(201);
    assert_eq!(board.ranks(), json!([[1, "Ana"], [2, "Ben"]]));
}

fn an_equal_pair_shares_a_place_and_an_unequal_one_does_not(app: &TestApp) {
    let board = app.board(json!({"title": "League", "tiebreak_direction": "high"}));
    let [city, united, villa] = board.players(["City", "United", "Villa"]);
    board.add_pair(&united, 66, 14);
    board.add_pair(&city, 66, 30);
    board.add_pair(&villa, 66, 14);
    let standings = board.standings();
    assert_eq!(standings.column("rank"), [1, 2, 2]);
    assert_eq!(standings.column("tiebreak"), [30, 14, 14]);
    board
        .patch("", json!({"tiebreak_direction": "none"}))
        .expect(200);
    assert_eq!(board.standings().column("rank"), [1, 1, 1]);
}

fn the_unscored_come_last_without_a_rank(app: &TestApp) {
    for direction in ["high", "low"] {
        let board = scored(app, json!({"direction": direction, "ties": "ordinal"}), &[]);
        let [ana, ..] = board.players(["Ana", "Ben", "Cleo"]);
        board.add(&ana, -7);
        assert_eq!(
            board.standings().column("rank"),
            [json!(1), Value::Null, Value::Null]
        );
        assert_eq!(
            board.standings().column("total"),
            [json!(-7), Value::Null, Value::Null]
        );
    }
}

both_engines!(
    ties_are_numbered_as_the_board_says,
    standard_is_the_default_and_can_change,
    the_direction_decides_who_leads,
    who_reached_the_total_first_stands_first,
    or_who_reached_it_last,
    leaving_a_total_and_coming_back_is_reaching_it_again,
    an_entry_that_leaves_the_total_alone_reaches_nothing,
    voiding_gives_the_earlier_place_back,
    items_of_one_change_stand_in_their_order,
    when_it_happened_is_shown_but_never_ranked_by,
    an_equal_pair_shares_a_place_and_an_unequal_one_does_not,
    the_unscored_come_last_without_a_rank,
);
