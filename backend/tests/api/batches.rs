//! …/scores/batch: up to 500 scores as one change, all or none.

use serde_json::{Value, json};

use crate::support::{TestApp, both_engines, uuid};

fn a_batch_is_one_change(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let items = json!([{"player_id": ana, "value": 3}, {"player_id": ben, "value": 5}, {"player_id": ana, "value": 4}]);
    let done = board
        .post("/scores/batch", json!({"items": items}))
        .expect(201);

    assert_eq!((&done["revision"], board.revision()), (&json!(3), 3));
    let places: Value = done
        .rows()
        .iter()
        .map(|item| json!([item["player"]["rank"], item["player"]["total"]]))
        .collect();
    assert_eq!(places, json!([[1, 7], [2, 5], [1, 7]]));
    assert_eq!(board.table(), json!([[1, "Ana", 7], [2, "Ben", 5]]));
}

fn one_wrong_item_refuses_the_whole(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let mut items = vec![json!({"player_id": ana, "value": 3}); 5];
    items[3] = json!({"player_id": ana, "value": 0.5});
    let refused = board.post("/scores/batch", json!({"items": items}));
    refused.problem_at(422, "too_many_decimals", "/items/3/value");
    items[3] = json!({"player_id": ana, "value": 1, "op": "half"});
    let refused = board.post("/scores/batch", json!({"items": items}));
    refused.problem_at(422, "invalid_fields", "/items/3/op");
    assert_eq!((board.total(&ana), board.revision()), (Value::Null, 2));
}

fn five_hundred_fit_and_no_more(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let items = vec![json!({"player_id": ana, "value": 1}); 501];
    let path = "/scores/batch";
    board
        .post(path, json!({"items": items}))
        .problem_at(422, "invalid_fields", "/items");
    board.post(path, json!({"items": items[..500]})).expect(201);
    assert_eq!((board.total(&ana), board.revision()), (json!(500), 3));
}

fn known_items_are_marked_and_new_ones_applied(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let path = "/scores/batch";
    let known = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let new = json!({"player_id": ana, "value": 4, "client_id": uuid()});
    let first = board.submit(known.clone()).expect(201);

    let done = board.post(path, json!({"items": [known, new]})).expect(201);
    assert_eq!(done.rows()[0]["replayed"], true);
    assert_ne!(done.rows()[1]["replayed"], true);
    assert_eq!(done.rows()[0]["score"]["id"], first["score"]["id"]);
    assert_eq!(
        (board.total(&ana), &done["revision"]),
        (json!(7), &json!(4))
    );
}

fn a_batch_of_known_items_makes_no_revision(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let path = "/scores/batch";
    let batch = json!({"items": [
        {"player_id": ana, "value": 3, "client_id": uuid()},
        {"player_id": ana, "value": 4, "client_id": uuid()},
    ]});
    let first = board.post(path, &batch).expect(201);
    let again = board.post(path, &batch).expect(200);
    assert_eq!(again["revision"], first["revision"]);
    assert_eq!((board.total(&ana), board.revision()), (json!(7), 3));
}

fn one_client_id_twice_in_a_batch_counts_once(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let item = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    board
        .post("/scores/batch", json!({"items": [item, item]}))
        .expect(201);
    assert_eq!(board.total(&ana), 3);
}

fn a_reused_client_id_refuses_the_whole_batch(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let client_id = uuid();
    board
        .submit(json!({"player_id": ana, "value": 3, "client_id": client_id}))
        .expect(201);
    let items = json!([{"player_id": ana, "value": 1}, {"player_id": ana, "value": 4, "client_id": client_id}]);
    let refused = board.post("/scores/batch", json!({"items": items}));
    refused.problem_at(422, "client_id_reused", "/items/1/client_id");
    assert_eq!((board.total(&ana), board.revision()), (json!(3), 3));
}

both_engines!(
    a_batch_is_one_change,
    one_wrong_item_refuses_the_whole,
    five_hundred_fit_and_no_more,
    known_items_are_marked_and_new_ones_applied,
    a_batch_of_known_items_makes_no_revision,
    one_client_id_twice_in_a_batch_counts_once,
    a_reused_client_id_refuses_the_whole_batch,
);
