//! …/journal/{revision}/undo and …/journal/undo: taken back, and everything else stays.

use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, TestApp, both_engines, uuid};

/// Undoes one change, whatever comes back.
#[track_caller]
pub fn undo(board: &Client, revision: i64) -> Answer {
    board.post(&format!("/journal/{revision}/undo"), json!({}))
}

/// A score link of a board: its id, and a client that comes with it.
pub fn scorer(app: &TestApp, board: &Board) -> (String, Client) {
    let link = json!({"role": "score", "name": "Referee tablet"});
    let made = board.post("/links", link).expect(201);
    let text = |member: &str| made[member].as_str().unwrap().to_owned();
    let client = app.anonymous().bearer(&text("token"));
    (text("id"), client.under(&board.path("")))
}

fn add(client: &Client, player: &str, value: i64) -> Answer {
    let score = json!({"player_id": player, "value": value});
    client.post("/scores", score).expect(201)
}

fn an_added_score_is_taken_back_and_comes_back(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let revision = board.add(&ana, 3)["revision"].as_i64().unwrap();
    board.add(&ana, 4);

    let undone = undo(&board, revision).expect(201);
    assert_eq!(
        undone.json,
        json!({"revision": 5, "undid": [3], "left": []})
    );
    assert_eq!(board.total(&ana), 4);
    let again = undo(&board, 5).expect(201);
    assert_eq!(again.json, json!({"revision": 6, "undid": [5], "left": []}));
    assert_eq!(board.total(&ana), 7);
}

fn every_kind_of_change_goes_back(app: &TestApp) {
    let board = app.board(json!({"title": "Friday", "ties": "dense"}));
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let (score, round) = (board.entry(&ana, 3), board.round("One"));
    let shown = || (board.table(), board.read()["title"].clone(), rounds(&board));
    let paths = [
        format!("/players/{ben}"),
        format!("/rounds/{round}"),
        format!("/scores/{score}"),
    ];
    let edits = [
        (paths[0].clone(), json!({"name": "Benno"})),
        (paths[1].clone(), json!({"label": "Two", "state": "closed"})),
        (paths[2].clone(), json!({"value": 9, "note": "miscounted"})),
        (
            String::new(),
            json!({"title": "Saturday", "direction": "low", "rule": "best"}),
        ),
    ];
    for (path, edit) in edits {
        let before = shown();
        board.patch(&path, edit).expect(200);
        undo(&board, board.revision()).expect(201);
        assert_eq!(shown(), before, "{path}");
    }
    for path in paths {
        let before = shown();
        board.delete(&path).expect(204);
        let without = shown();
        undo(&board, board.revision()).expect(201);
        assert_eq!(shown(), before, "{path}");
        undo(&board, board.revision()).expect(201);
        assert_eq!(shown(), without, "{path}");
        board
            .post(&format!("{path}/restore"), json!({}))
            .expect(200);
        undo(&board, board.revision()).expect(201);
        assert_eq!(shown(), without, "{path}");
        undo(&board, board.revision()).expect(201);
    }
}

fn rounds(board: &Board) -> Value {
    let round = |round: &Value| json!([round["label"], round["state"]]);
    board
        .get("/rounds")
        .expect(200)
        .rows()
        .iter()
        .map(round)
        .collect()
}

fn a_round_with_its_scores_goes_whole(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    board.add(&ana, 1);
    let scores = json!([{"player_id": ana, "value": 5}, {"player_id": ben, "value": 7}]);
    board
        .post("/rounds", json!({"label": "One", "scores": scores}))
        .expect(201);
    let revision = board.revision();
    board.add(&ben, 2);
    undo(&board, revision).expect(201);
    assert_eq!(board.table(), json!([[1, "Ben", 2], [2, "Ana", 1]]));
    assert_eq!(rounds(&board), json!([]));
}

fn what_was_changed_since_is_in_the_way(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = board.entry(&ana, 3);
    let path = format!("/players/{ana}");
    board.patch(&path, json!({"name": "Anna"})).expect(200);
    board
        .patch(&path, json!({"name": "Anne", "team": "Red"}))
        .expect(200);
    board
        .patch(&format!("/scores/{score}"), json!({"value": 4}))
        .expect(200);

    let refused = undo(&board, 4).problem(409, "undo_conflict");
    refused.has(json!({"revision": 5, "field": "name", "conflicts": [
        {"revision": 4, "entity": ana, "field": "name", "by": 5}
    ]}));
    let refused = undo(&board, 3).problem(409, "undo_conflict");
    refused.has(json!({"revision": 6, "field": "value"}));
    assert_eq!(board.revision(), 6);

    for (revision, undid) in [(5, 7), (4, 8), (6, 9), (3, 10)] {
        let undone = undo(&board, revision).expect(201);
        assert_eq!(undone["revision"], undid);
    }
    assert_eq!(board.table(), json!([[null, "Ana", null]]));
}

fn nothing_is_undone_twice(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    let keyed = board.with("Idempotency-Key", &uuid());
    let first = undo(&keyed, 3).expect(201);
    let again = undo(&keyed, 3).expect(201);
    assert_eq!(again.need("Idempotency-Replayed"), "true");
    assert_eq!(again.json, first.json);
    undo(&board, 3)
        .problem(409, "undo_conflict")
        .has(json!({"revision": 4}));
    undo(&board, 99).problem(404, "not_found");
    board
        .post("/journal/x/undo", json!({}))
        .problem(404, "not_found");
}

fn what_has_nothing_to_do_with_scores_stays(app: &TestApp) {
    let board = app.any_board();
    scorer(app, &board);
    board
        .patch("", json!({"visibility": "public", "title": "Saturday"}))
        .expect(200);
    board.patch("", json!({"decimals": 2})).expect(200);
    board.delete("").expect(204);
    undo(&board, 5).problem(404, "trashed");
    board.post("/restore", json!({})).expect(200);
    for (revision, field) in [
        (1, "board"),
        (2, "links"),
        (3, "visibility"),
        (4, "decimals"),
        (6, "board"),
    ] {
        let refused = undo(&board, revision).problem(409, "not_undoable");
        assert_eq!(refused["field"], field);
    }
    assert_eq!(board.revision(), 6);
}

fn a_score_link_undoes_what_was_done_by_it(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let (link, scorer) = scorer(app, &board);
    board.add(&ana, 3);
    add(&scorer, &ana, 4);
    undo(&scorer, 4).problem(403, "forbidden");
    undo(&scorer, 5).expect(201);
    assert_eq!(board.total(&ana), 3);

    let owner = board.journal().last().unwrap()["actor"]["id"].clone();
    let whole = |actor: Value| scorer.post("/journal/undo", json!({"actor": actor}));
    whole(owner).problem(403, "forbidden");
    add(&scorer, &ana, 5);
    assert_eq!(whole(json!(link)).expect(201)["undid"], json!([5, 6, 7]));
    scorer
        .post("/rewind", json!({"to_revision": 1}))
        .problem(403, "forbidden");
}

/// V13: a link leaks, and somebody overwrites the board.
fn everything_of_one_link_goes_and_nothing_else(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let cleo = other.player("Cleo");
    other.add(&cleo, 5);
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let (leaked, thief) = scorer(app, &board);
    add(&thief, &ana, 1);
    board.add(&ben, 2);
    let since = board.revision() + 1;
    for (player, value) in [(&ana, -50), (&ben, -60)] {
        let score = json!({"player_id": player, "value": value, "op": "set"});
        thief.post("/scores", score).expect(201);
    }
    board.add(&ana, 7);
    thief.post("/players", json!({"name": "Thief"})).expect(201);
    thief
        .patch(&format!("/players/{ben}"), json!({"name": "Loser"}))
        .expect(200);
    board.add(&ben, 3);

    let body = json!({"actor": leaked, "since": since.to_string()});
    let mut preview = body.clone();
    preview["dry_run"] = json!(true);
    let (before, undid) = (board.revision(), json!([6, 7, 9, 10]));
    let foreseen = board.post("/journal/undo", preview).expect(200);
    assert_eq!(
        foreseen.json,
        json!({"revision": before, "undid": undid, "left": []})
    );
    let undone = board.post("/journal/undo", body).expect(201);
    assert_eq!(
        undone.json,
        json!({"revision": before + 1, "undid": undid, "left": []})
    );
    assert_eq!(board.table(), json!([[1, "Ana", 8], [2, "Ben", 5]]));
    assert_eq!(other.table(), json!([[1, "Cleo", 5]]));

    undo(&board, before + 1).expect(201);
    assert_eq!(
        board.table(),
        json!([[1, "Ana", -43], [2, "Loser", -57], [null, "Thief", null]])
    );
}

fn what_others_changed_since_is_told_whole_or_kept(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let (leaked, thief) = scorer(app, &board);
    thief
        .patch(&format!("/players/{ana}"), json!({"name": "A"}))
        .expect(200);
    thief
        .patch(&format!("/players/{ben}"), json!({"name": "B"}))
        .expect(200);
    board
        .patch(&format!("/players/{ana}"), json!({"name": "Anna"}))
        .expect(200);

    let conflict = json!([{"revision": 4, "entity": ana, "field": "name", "by": 6}]);
    let body = json!({"actor": leaked});
    let refused = board
        .post("/journal/undo", body)
        .problem(409, "undo_conflict");
    assert_eq!(refused["conflicts"], conflict);
    assert_eq!(board.revision(), 6);
    let body = json!({"actor": leaked, "keep_later": true});
    let undone = board.post("/journal/undo", body.clone()).expect(201);
    assert_eq!(
        undone.json,
        json!({"revision": 7, "undid": [5], "left": conflict})
    );
    assert_eq!(board.ranks(), json!([[null, "Anna"], [null, "Ben"]]));
    let nothing = board.post("/journal/undo", body).expect(200);
    assert_eq!((&nothing["undid"], board.revision()), (&json!([]), 7));
}

fn whose_and_since_when_are_checked(app: &TestApp) {
    let board = app.any_board();
    let ask = |body: Value| board.post("/journal/undo", body);
    ask(json!({})).problem_at(422, "invalid_fields", "/actor");
    ask(json!({"actor": "plr_0000000000000"})).problem_at(422, "invalid_fields", "/actor");
    let actor = "lnk_0000000000000";
    ask(json!({"actor": actor, "since": "yesterday"})).problem_at(422, "invalid_fields", "/since");
    ask(json!({"actor": actor, "since": 9})).problem(404, "no_such_moment");
    ask(json!({"actor": actor, "since": "2999-01-01T00:00:00Z"})).problem(404, "no_such_moment");
    assert_eq!(ask(json!({"actor": actor})).expect(200)["undid"], json!([]));
}

fn the_list_says_what_was_undone_and_by_what(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let (link, scorer) = scorer(app, &board);
    add(&scorer, &ana, 4);
    undo(&board, 4).expect(201);
    let told = |path: &str| -> Value {
        let row = |row: &Value| {
            json!([
                row["revision"],
                row["action"],
                row["can_undo"],
                row["undone_by"]
            ])
        };
        board.get(path).expect(200).rows().iter().map(row).collect()
    };
    assert_eq!(
        told("/journal"),
        json!([
            [5, "score.voided", true, null],
            [5, "game.undone", true, null],
            [4, "score.added", false, 5],
            [3, "link.created", false, null],
            [2, "player.added", true, null],
            [1, "game.created", false, null],
        ])
    );
    undo(&board, 5).expect(201);
    assert_eq!(
        told(&format!("/journal?actor={link}")),
        json!([[4, "score.added", true, null]])
    );
    assert_eq!(
        told(&format!("/journal?player={ana}&until=4")),
        json!([
            [4, "score.added", true, null],
            [2, "player.added", true, null]
        ])
    );
    assert_eq!(
        told("/journal?since=6&limit=1"),
        json!([[6, "score.restored", true, null]])
    );
    let own = scorer.get("/journal").expect(200);
    assert_eq!(own.column("revision"), [json!(4)]);
    scorer
        .get("/journal?actor=lnk_0000000000000")
        .problem(403, "forbidden");
    board
        .get("/journal?actor=x")
        .problem_at(400, "invalid_parameter", "actor");
}

both_engines!(
    an_added_score_is_taken_back_and_comes_back,
    every_kind_of_change_goes_back,
    a_round_with_its_scores_goes_whole,
    what_was_changed_since_is_in_the_way,
    nothing_is_undone_twice,
    what_has_nothing_to_do_with_scores_stays,
    a_score_link_undoes_what_was_done_by_it,
    everything_of_one_link_goes_and_nothing_else,
    what_others_changed_since_is_told_whole_or_kept,
    whose_and_since_when_are_checked,
    the_list_says_what_was_undone_and_by_what,
);
