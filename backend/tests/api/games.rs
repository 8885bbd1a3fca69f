//! /games: boards, made without an account, changed by their owner, never really gone.

use serde_json::{Value, json};

use crate::support::{TestApp, assert_answer, both_engines};

fn one_post_makes_a_board(app: &TestApp) {
    let made = app
        .anonymous()
        .post("/games", json!({"title": "Friday"}))
        .expect(201);

    let owner = app.anonymous().bearer(made["own_token"].as_str().unwrap());
    assert_eq!(owner.get(&made.location()).expect(200)["id"], made["id"]);
    let (version, revision) = (&made["version"], &made["revision"]);
    assert_eq!(made.need("ETag"), format!("\"{version}.{revision}\""));
    assert_answer!(made.json, @r#"
    {
      "created_at": "[time]",
      "decimals": 0,
      "description": "",
      "direction": "high",
      "entitlements": [
        "logo",
        "theme",
        "overlay",
        "limits"
      ],
      "external_id": null,
      "id": "[game]",
      "kind": "leaderboard",
      "logo": null,
      "mark": false,
      "my_role": "own",
      "own_token": "[token]",
      "owner": null,
      "player_count": 0,
      "revision": 1,
      "rule": "sum",
      "season": 1,
      "slug": "[slug]",
      "state": "open",
      "step": 1,
      "target": null,
      "theme": "",
      "tie_break": "earliest",
      "tiebreak_direction": "none",
      "ties": "standard",
      "timezone": "UTC",
      "title": "Friday",
      "unit": "",
      "updated_at": "[time]",
      "version": 1,
      "visibility": "unlisted"
    }
    "#);
}

fn the_own_token_is_shown_here_and_never_again(app: &TestApp) {
    let board = app.any_board();
    let seen = [
        board.read().json,
        board
            .patch("", json!({"title": "Saturday"}))
            .expect(200)
            .json,
        board.owner.get("/games").expect(200).json,
        json!(board.journal()),
    ];
    for answer in seen {
        assert!(!answer.to_string().contains(&board.token), "{answer}");
    }
}

fn settings_are_kept_as_they_were_given(app: &TestApp) {
    let settings = json!({
        "title": "Regatta", "description": "Six boats, two days", "external_id": "regatta-26", "kind": "scoresheet",
        "direction": "low", "rule": "best", "ties": "ordinal", "tie_break": "latest", "tiebreak_direction": "low",
        "decimals": 2, "unit": "s", "step": 0.25, "target": 90.5, "timezone": "Europe/Berlin",
        "visibility": "public", "theme": "dark",
    });
    let board = app.board(settings.clone());
    let read = board.read();
    for (member, value) in settings.as_object().unwrap() {
        assert_eq!(&read[member], value, "{member}");
    }
}

fn a_private_board_needs_an_account(app: &TestApp) {
    let private = json!({"title": "Ours", "visibility": "private"});
    app.anonymous()
        .post("/games", private)
        .problem_at(422, "account_required", "/visibility");
    let board = app.any_board();
    let change = json!({"visibility": "private"});
    board
        .patch("", change)
        .problem_at(422, "account_required", "/visibility");
}

fn patch_changes_what_it_names(app: &TestApp) {
    let board = app.board(json!({"title": "Friday", "unit": "points"}));
    let before = board.read();
    let after = board.patch("", json!({"title": "Saturday"})).expect(200);

    after.has(json!({"title": "Saturday", "unit": "points"}));
    assert_eq!(after["revision"], before["revision"].as_i64().unwrap() + 1);
    assert_eq!(after["version"], before["version"].as_i64().unwrap() + 1);
    assert_eq!(after.json, board.read().json);
    assert_eq!(after.need("ETag"), board.read().need("ETag"));
    assert_ne!(after.need("ETag"), before.need("ETag"));
}

fn null_clears(app: &TestApp) {
    let board = app
        .board(json!({"title": "Friday", "target": 21, "external_id": "f-1", "description": "x"}));
    let nulls = json!({"target": null, "external_id": null, "description": null});
    let cleared = board.patch("", nulls).expect(200);
    assert_eq!(cleared["target"], Value::Null);
    assert_eq!(cleared["external_id"], Value::Null);
    assert_eq!(cleared["description"], "");
    board
        .patch("", json!({"title": null}))
        .problem_at(422, "invalid_fields", "/title");
}

fn a_patch_that_changes_nothing_makes_no_revision(app: &TestApp) {
    let board = app.any_board();
    let before = board.read();
    for nothing in [json!({}), json!({"title": "Friday"})] {
        let after = board.patch("", nothing).expect(200);
        assert_eq!(after.json, before.json);
    }
}

fn strangers_list_public_boards_only(app: &TestApp) {
    app.any_board();
    let public = app.board(json!({"title": "League", "visibility": "public"}));
    let trashed = app.board(json!({"title": "Old", "visibility": "public"}));
    trashed.delete("").expect(204);

    let listed = app.anonymous().get("/games").expect(200);
    assert_eq!(listed.column("id"), [json!(public.id)]);
    assert_eq!(listed["has_more"], false);
    assert_eq!(listed["next_cursor"], Value::Null);
}

fn a_board_made_public_is_listed_from_then_on(app: &TestApp) {
    let board = app.any_board();
    assert_eq!(app.anonymous().get("/games").expect(200).rows().len(), 0);
    board.patch("", json!({"visibility": "public"})).expect(200);
    assert_eq!(
        app.anonymous().get("/games").expect(200).column("id"),
        [json!(board.id)]
    );
}

both_engines!(
    one_post_makes_a_board,
    the_own_token_is_shown_here_and_never_again,
    settings_are_kept_as_they_were_given,
    a_private_board_needs_an_account,
    patch_changes_what_it_names,
    null_clears,
    a_patch_that_changes_nothing_makes_no_revision,
    strangers_list_public_boards_only,
    a_board_made_public_is_listed_from_then_on,
);
