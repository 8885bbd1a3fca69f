//! `client_id`: a score counts exactly once, however often and whenever it is sent.

use serde_json::{Value, json};

use crate::support::{TestApp, both_engines, id_of, uuid};

fn a_replay_answers_the_same_score_and_counts_once(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let first = board.submit(score.clone()).expect(201);
    let again = board.submit(score).expect(200);
    assert_eq!(again["score"], first["score"]);
    assert_eq!(again["player"], first["player"]);
    assert_eq!(again["revision"], first["revision"]);
    assert_eq!((board.total(&ana), board.revision()), (json!(3), 3));
}

fn a_late_replay_answers_where_the_player_stands_now(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let score = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let first = board.submit(score.clone()).expect(201);
    board.add(&ana, 1);
    board.add(&ben, 9);
    let again = board.submit(score).expect(200);
    assert_eq!(again["score"], first["score"]);
    assert_eq!(
        (&again["player"]["total"], &again["player"]["rank"]),
        (&json!(4), &json!(2))
    );
}

fn one_client_id_is_one_score_for_ever(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let client_id = uuid();
    board
        .submit(json!({"player_id": ana, "value": 3, "client_id": client_id}))
        .expect(201);
    let others = [
        json!({"player_id": ben, "value": 3, "client_id": client_id}),
        json!({"player_id": ana, "value": 4, "client_id": client_id}),
        json!({"player_id": ana, "value": 3, "op": "set", "client_id": client_id}),
    ];
    for other in others {
        board
            .submit(other)
            .problem_at(422, "client_id_reused", "/client_id");
    }
    assert_eq!(board.table(), json!([[1, "Ana", 3], [null, "Ben", null]]));
}

fn the_same_value_in_other_words_is_a_replay(app: &TestApp) {
    let board = app.board(json!({"title": "a", "decimals": 1}));
    let ana = board.player("Ana");
    let client_id = uuid();
    board
        .submit(json!({"player_id": ana, "value": 3, "client_id": client_id}))
        .expect(201);
    let words = json!({"player_id": ana, "value": "3.0", "op": "add", "client_id": client_id.to_uppercase()});
    board.submit(words).expect(200);
    assert_eq!(board.total(&ana), 3);
}

fn boards_do_not_share_client_ids(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let client_id = uuid();
    for board in [&board, &other] {
        let ana = board.player("Ana");
        board
            .submit(json!({"player_id": ana, "value": 3, "client_id": client_id}))
            .expect(201);
    }
}

fn a_voided_score_is_not_counted_again_by_a_replay(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let id = id_of(&board.submit(score.clone()).expect(201)["score"]);
    board.delete(&format!("/scores/{id}")).expect(204);

    let again = board.submit(score).expect(200);
    assert_eq!(again["score"]["id"], id);
    assert!(again["score"]["voided_at"].is_string());
    assert_eq!(again["player"]["total"], Value::Null);
    assert_eq!(board.table(), json!([[null, "Ana", null]]));
}

fn an_amended_score_stays_amended_after_a_replay(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let id = id_of(&board.submit(score.clone()).expect(201)["score"]);
    board
        .patch(&format!("/scores/{id}"), json!({"value": 5}))
        .expect(200);
    assert_eq!(board.submit(score).expect(200)["player"]["total"], 5);
}

fn a_replay_is_answered_though_the_round_has_been_closed(app: &TestApp) {
    let board = app.any_board();
    let (ana, round) = (board.player("Ana"), board.round("One"));
    let score = json!({"player_id": ana, "value": 3, "round_id": round, "client_id": uuid()});
    board.submit(score.clone()).expect(201);
    board
        .patch(&format!("/rounds/{round}"), json!({"state": "closed"}))
        .expect(200);
    assert_eq!(board.submit(score).expect(200)["player"]["total"], 3);
}

fn a_round_sent_again_is_a_replay(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    for external_id in [Value::Null, json!("md-1")] {
        let round = json!({"label": "Day", "external_id": external_id, "scores": [
            {"player_id": ana, "value": 3, "client_id": uuid()},
            {"player_id": ben, "value": 1, "client_id": uuid()},
        ]});
        let first = board.post("/rounds", &round).expect(201);
        let again = board.post("/rounds", &round).expect(200);
        assert_eq!(again["id"], first["id"]);
        assert!(
            again["scores"]
                .as_array()
                .unwrap()
                .iter()
                .all(|score| score["replayed"] == true)
        );
        assert_eq!(again["revision"], first["revision"]);
    }
    assert_eq!(board.table(), json!([[1, "Ana", 6], [2, "Ben", 2]]));
    assert_eq!(board.revision(), 4);
    assert_eq!(board.get("/rounds").expect(200).rows().len(), 2);
}

fn a_round_sent_again_with_more_scores_takes_those_that_are_new(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let known = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let new = json!({"player_id": ben, "value": 1, "client_id": uuid()});
    let round =
        |scores: &[&Value]| json!({"label": "Day", "external_id": "md-1", "scores": scores});
    let first = board.post("/rounds", round(&[&known])).expect(201);
    let again = board.post("/rounds", round(&[&known, &new])).expect(201);

    again.has(json!({"id": first["id"], "revision": 4}));
    assert_eq!(again["scores"][0]["replayed"], true);
    assert_ne!(again["scores"][1]["replayed"], true);
    assert_eq!(board.table(), json!([[1, "Ana", 3], [2, "Ben", 1]]));
}

both_engines!(
    a_round_sent_again_with_more_scores_takes_those_that_are_new,
    a_replay_answers_the_same_score_and_counts_once,
    a_late_replay_answers_where_the_player_stands_now,
    one_client_id_is_one_score_for_ever,
    the_same_value_in_other_words_is_a_replay,
    boards_do_not_share_client_ids,
    a_voided_score_is_not_counted_again_by_a_replay,
    an_amended_score_stays_amended_after_a_replay,
    a_replay_is_answered_though_the_round_has_been_closed,
    a_round_sent_again_is_a_replay,
);
