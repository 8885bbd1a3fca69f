//! Exact decimals: a number in, the same number out, and no float in between.

use serde_json::{Number, Value, json};

use crate::support::{Board, TestApp, both_engines};

fn with_decimals(app: &TestApp, decimals: u8) -> (Board, String) {
    let board = app.board(json!({"title": "Exact", "decimals": decimals}));
    let ana = board.player("Ana");
    (board, ana)
}

/// A number exactly as it is written.
fn raw(text: &str) -> Number {
    text.parse().unwrap()
}

fn tenths_add_up(app: &TestApp) {
    let (board, ana) = with_decimals(app, 1);
    board.add(&ana, raw("0.1"));
    let added = board.add(&ana, raw("0.2"));
    assert_eq!(added["player"]["total"].to_string(), "0.3");
    assert_eq!(board.total(&ana).to_string(), "0.3");
}

fn fifteen_digits_are_kept(app: &TestApp) {
    for (decimals, text) in [
        (0, "999999999999999"),
        (0, "-999999999999999"),
        (6, "123456789.123456"),
        (2, "-0.01"),
    ] {
        let (board, ana) = with_decimals(app, decimals);
        let added = board.add(&ana, raw(text));
        assert_eq!(added["score"]["value"].to_string(), text);
        assert_eq!(board.total(&ana).to_string(), text);
        assert_eq!(board.standings().rows()[0]["total"].to_string(), text);
    }
}

fn a_value_may_come_as_a_string(app: &TestApp) {
    let (board, ana) = with_decimals(app, 2);
    let added = board.add(&ana, "12.25");
    assert_eq!(added["score"]["value"], json!(12.25));
    assert!(added["score"]["value"].is_number());
}

fn an_exponent_is_only_another_way_to_write_it(app: &TestApp) {
    let (board, ana) = with_decimals(app, 1);
    board.add(&ana, raw("1e2"));
    board.add(&ana, raw("25E-1"));
    assert_eq!(board.total(&ana).to_string(), "102.5");
}

fn more_decimals_than_the_board_has_are_refused(app: &TestApp) {
    let (board, ana) = with_decimals(app, 1);
    for value in ["0.25", "1e-2", "-3.14"] {
        let score = json!({"player_id": ana, "value": raw(value)});
        board
            .submit(score)
            .problem_at(422, "too_many_decimals", "/value");
    }
    let pair = json!({"player_id": ana, "value": 1, "tiebreak": 0.25});
    board
        .submit(pair)
        .problem_at(422, "too_many_decimals", "/tiebreak");
    board.add(&ana, raw("0.50"));
    assert_eq!(board.total(&ana).to_string(), "0.5");
}

fn what_is_no_decimal_is_refused(app: &TestApp) {
    let (board, ana) = with_decimals(app, 6);
    let wrong = [
        json!("NaN"),
        json!("Infinity"),
        json!("-Infinity"),
        json!(""),
        json!("1,5"),
        json!("0x10"),
        json!(" 1"),
        json!("١"),
        json!(raw("1e400")),
        json!(raw("1e-400")),
        json!(raw("1e999999999999")),
        json!(raw("1000000000000000")),
        json!(raw("1234567890.1234567")),
        json!([1]),
        json!({"value": 1}),
    ];
    for value in wrong {
        let refused = board
            .submit(json!({"player_id": ana, "value": value}))
            .expect(422);
        assert!(
            refused["errors"][0]["pointer"] == "/value",
            "{value}: {}",
            refused.text
        );
    }
    for not_json in ["NaN", "Infinity", "01", "+1", ".5", "1."] {
        let body = format!("{{\"player_id\": \"{ana}\", \"value\": {not_json}}}");
        let client = board.owner.with("Content-Type", "application/json");
        client
            .send("POST", &board.path("/scores"), body)
            .problem(400, "invalid_json");
    }
    assert_eq!((board.total(&ana), board.revision()), (Value::Null, 2));
}

fn a_total_never_leaves_its_range(app: &TestApp) {
    let (board, ana) = with_decimals(app, 0);
    board.add(&ana, raw("999999999999999"));
    board
        .submit(json!({"player_id": ana, "value": 1}))
        .problem_at(422, "total_out_of_range", "/value");
    assert_eq!(
        board.add(&ana, -1)["player"]["total"],
        json!(raw("999999999999998"))
    );
    let pair = |tiebreak: &str| json!({"player_id": ana, "value": 0, "tiebreak": raw(tiebreak)});
    board.submit(pair("-999999999999999")).expect(201);
    board.submit(pair("-1")).problem(422, "total_out_of_range");
}

fn amending_and_restoring_keep_the_range_too(app: &TestApp) {
    let (board, ana) = with_decimals(app, 0);
    let first = board.entry(&ana, 1);
    let second = board.entry(&ana, raw("999999999999998"));
    let path = format!("/scores/{first}");
    board
        .patch(&path, json!({"value": 2}))
        .problem(422, "total_out_of_range");
    board.delete(&path).expect(204);
    board
        .patch(
            &format!("/scores/{second}"),
            json!({"value": raw("999999999999999")}),
        )
        .expect(200);
    board
        .post(&format!("{path}/restore"), json!({}))
        .problem(422, "total_out_of_range");
    assert_eq!(board.total(&ana).to_string(), "999999999999999");
}

fn decimals_may_grow_and_the_ledger_stays(app: &TestApp) {
    let (board, ana) = with_decimals(app, 0);
    board.add(&ana, 3);
    board.patch("", json!({"decimals": 2})).expect(200);
    assert_eq!(board.total(&ana), 3);
    board.add(&ana, 0.25);
    assert_eq!(board.total(&ana).to_string(), "3.25");
    assert_eq!(
        board
            .get("/scores?sort=recorded_at")
            .expect(200)
            .column("value"),
        [json!(3), json!(0.25)]
    );
}

fn decimals_never_shrink(app: &TestApp) {
    let (board, _) = with_decimals(app, 2);
    let refused = board.patch("", json!({"decimals": 1}));
    refused.problem_at(422, "decimals_shrink", "/decimals");
}

fn decimals_do_not_grow_beyond_the_range_of_a_total(app: &TestApp) {
    let (board, ana) = with_decimals(app, 0);
    board.add(&ana, raw("999999999999999"));
    board
        .patch("", json!({"decimals": 1}))
        .problem(422, "total_out_of_range");
    assert_eq!(board.total(&ana).to_string(), "999999999999999");
    assert_eq!(board.read()["decimals"], 0);
}

both_engines!(
    tenths_add_up,
    fifteen_digits_are_kept,
    a_value_may_come_as_a_string,
    an_exponent_is_only_another_way_to_write_it,
    more_decimals_than_the_board_has_are_refused,
    what_is_no_decimal_is_refused,
    a_total_never_leaves_its_range,
    amending_and_restoring_keep_the_range_too,
    decimals_may_grow_and_the_ledger_stays,
    decimals_never_shrink,
    decimals_do_not_grow_beyond_the_range_of_a_total,
);
