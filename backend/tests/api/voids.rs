//! Scores that were taken back: they count no more, and can come back at their old place.

use serde_json::{Value, json};

use crate::support::{TestApp, both_engines};

fn a_voided_entry_no_longer_counts_and_can_come_back(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    let second = board.entry(&ana, 4);
    let path = format!("/scores/{second}");

    assert_eq!(board.delete(&path).expect(204).text, "");
    assert_eq!(board.total(&ana), 3);
    board.get(&path).problem(404, "voided");
    board.delete(&path).problem(404, "voided");
    board
        .patch(&path, json!({"value": 1}))
        .problem(404, "voided");

    let restored = board
        .post(&format!("{path}/restore"), json!({}))
        .expect(200);
    assert_eq!(
        (
            &restored["player"]["total"],
            &restored["score"]["voided_at"]
        ),
        (&json!(7), &Value::Null)
    );
    assert_eq!(board.get(&path).expect(200)["value"], 4);
    board
        .post(&format!("{path}/restore"), json!({}))
        .problem(409, "not_trashed");
}

fn without_entries_there_is_no_total(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let only = board.entry(&ana, 3);
    board.delete(&format!("/scores/{only}")).expect(204);
    assert_eq!(board.table(), json!([[null, "Ana", null]]));
    let row = board.standings().rows()[0].clone();
    assert_eq!(
        (&row["entries"], &row["reached_at"]),
        (&json!(0), &Value::Null)
    );
}

fn voided_entries_are_listed_on_demand(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let first = board.entry(&ana, 3);
    let second = board.entry(&ana, 4);
    board.delete(&format!("/scores/{first}")).expect(204);

    assert_eq!(
        board.get("/scores").expect(200).column("id"),
        [json!(second)]
    );
    let voided = board.get("/scores?voided=true").expect(200);
    assert_eq!(voided.column("id"), [json!(first)]);
    assert!(voided.rows()[0]["voided_at"].is_string());
}

both_engines!(
    a_voided_entry_no_longer_counts_and_can_come_back,
    without_entries_there_is_no_total,
    voided_entries_are_listed_on_demand,
);
