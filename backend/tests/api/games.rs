//! /games: boards, made without an account, changed by their owner, never really gone.

use serde_json::{Value, json};

use crate::support::{TestApp, both_engines, pretty};

fn one_post_makes_a_board(app: &TestApp) {
    let made = app
        .anonymous()
        .post("/games", json!({"title": "Friday"}))
        .expect(201);

    let path = format!("/api/v1/games/{}", made["id"].as_str().unwrap());
    assert!(
        made.need("Location").ends_with(&path),
        "{}",
        made.need("Location")
    );
    let (version, revision) = (&made["version"], &made["revision"]);
    assert_eq!(made.need("ETag"), format!("\"{version}.{revision}\""));
    insta::assert_snapshot!(pretty(&made.json), @r#"
    {
      "created_at": "[time]",
      "decimals": 0,
      "description": "",
      "direction": "high",
      "external_id": null,
      "id": "[game]",
      "kind": "leaderboard",
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
            .owner
            .patch(&board.path(""), json!({"title": "Saturday"}))
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

fn what_is_wrong_is_named_by_a_pointer(app: &TestApp) {
    let wrong = [
        (json!({}), "/title"),
        (json!({"title": null}), "/title"),
        (json!({"title": ""}), "/title"),
        (json!({"title": 7}), "/title"),
        (json!({"title": "a", "rule": "fastest"}), "/rule"),
        (json!({"title": "a", "direction": "up"}), "/direction"),
        (json!({"title": "a", "decimals": 7}), "/decimals"),
        (json!({"title": "a", "decimals": -1}), "/decimals"),
        (
            json!({"title": "a", "timezone": "Mars/Olympus"}),
            "/timezone",
        ),
        (json!({"title": "a", "titel": "b"}), "/titel"),
        (json!({"title": "a", "revision": 9}), "/revision"),
        (
            json!({"title": "a", "owner": "usr_0000000000000"}),
            "/owner",
        ),
    ];
    for (body, pointer) in wrong {
        app.anonymous()
            .post("/games", body)
            .problem_at(422, "invalid_fields", pointer);
    }
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM games"),
        0
    );
}

fn a_private_board_needs_an_account(app: &TestApp) {
    let private = json!({"title": "Ours", "visibility": "private"});
    app.anonymous()
        .post("/games", private)
        .problem_at(422, "account_required", "/visibility");
    let board = app.any_board();
    let change = json!({"visibility": "private"});
    board
        .owner
        .patch(&board.path(""), change)
        .problem_at(422, "account_required", "/visibility");
}

fn a_step_has_no_more_decimals_than_its_board(app: &TestApp) {
    let fine = json!({"title": "a", "decimals": 1, "step": 0.25});
    app.anonymous()
        .post("/games", fine)
        .problem_at(422, "too_many_decimals", "/step");
}

fn patch_changes_what_it_names(app: &TestApp) {
    let board = app.board(json!({"title": "Friday", "unit": "points"}));
    let before = board.read();
    let after = board
        .owner
        .patch(&board.path(""), json!({"title": "Saturday"}))
        .expect(200);

    assert_eq!(
        (&after["title"], &after["unit"]),
        (&json!("Saturday"), &json!("points"))
    );
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
    let cleared = board.owner.patch(&board.path(""), nulls).expect(200);
    assert_eq!(cleared["target"], Value::Null);
    assert_eq!(cleared["external_id"], Value::Null);
    assert_eq!(cleared["description"], "");
    board
        .owner
        .patch(&board.path(""), json!({"title": null}))
        .problem_at(422, "invalid_fields", "/title");
}

fn patch_refuses_unknown_and_read_only_fields(app: &TestApp) {
    let board = app.any_board();
    for member in ["colour", "slug", "state", "revision", "own_token"] {
        let pointer = format!("/{member}");
        let body = json!({"title": "Saturday", member: "x"});
        board
            .owner
            .patch(&board.path(""), body)
            .problem_at(422, "invalid_fields", &pointer);
    }
    assert_eq!(board.read()["title"], "Friday");
}

fn a_patch_that_changes_nothing_makes_no_revision(app: &TestApp) {
    let board = app.any_board();
    let before = board.read();
    for nothing in [json!({}), json!({"title": "Friday"})] {
        let after = board.owner.patch(&board.path(""), nothing).expect(200);
        assert_eq!(after.json, before.json);
    }
}

fn a_deleted_board_is_in_the_trash_for_everybody(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let gone = board.owner.delete(&board.path("")).expect(204);
    assert_eq!(gone.text, "");

    for path in [
        "",
        "/players",
        "/rounds",
        "/scores",
        "/standings",
        "/journal",
        "/events",
    ] {
        board.owner.get(&board.path(path)).problem(404, "trashed");
    }
    board
        .owner
        .get(&board.path(&format!("/players/{ana}")))
        .problem(404, "trashed");
    board
        .submit(json!({"player_id": ana, "value": 1}))
        .problem(404, "trashed");
    board
        .owner
        .patch(&board.path(""), json!({"title": "x"}))
        .problem(404, "trashed");
    board.owner.delete(&board.path("")).problem(404, "trashed");
    app.anonymous()
        .get(&board.public_path(""))
        .problem(404, "trashed");
    app.anonymous()
        .get(&board.path(""))
        .problem(404, "not_found");
}

fn a_restored_board_is_as_it_was(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    board.owner.delete(&board.path("")).expect(204);

    let trash = board.owner.get("/games?state=trashed").expect(200);
    assert_eq!(trash.column("id"), [json!(board.id)]);
    assert_eq!(trash.column("state"), [json!("trashed")]);

    let restored = board
        .owner
        .post(&board.path("/restore"), json!({}))
        .expect(200);
    assert_eq!(
        (&restored["state"], &restored["player_count"]),
        (&json!("open"), &json!(1))
    );
    assert_eq!(board.table(), json!([[1, "Ana", 3]]));
    assert_eq!(board.add(&ana, 1)["player"]["total"], 4);
    board
        .owner
        .post(&board.path("/restore"), json!({}))
        .problem(409, "not_trashed");
}

fn strangers_list_public_boards_only(app: &TestApp) {
    app.any_board();
    let public = app.board(json!({"title": "League", "visibility": "public"}));
    let trashed = app.board(json!({"title": "Old", "visibility": "public"}));
    trashed.owner.delete(&trashed.path("")).expect(204);

    let listed = app.anonymous().get("/games").expect(200);
    assert_eq!(listed.column("id"), [json!(public.id)]);
    assert_eq!(listed["has_more"], false);
    assert_eq!(listed["next_cursor"], Value::Null);
}

fn a_board_made_public_is_listed_from_then_on(app: &TestApp) {
    let board = app.any_board();
    assert_eq!(app.anonymous().get("/games").expect(200).rows().len(), 0);
    board
        .owner
        .patch(&board.path(""), json!({"visibility": "public"}))
        .expect(200);
    assert_eq!(
        app.anonymous().get("/games").expect(200).column("id"),
        [json!(board.id)]
    );
}

both_engines!(
    one_post_makes_a_board,
    the_own_token_is_shown_here_and_never_again,
    settings_are_kept_as_they_were_given,
    what_is_wrong_is_named_by_a_pointer,
    a_private_board_needs_an_account,
    a_step_has_no_more_decimals_than_its_board,
    patch_changes_what_it_names,
    null_clears,
    patch_refuses_unknown_and_read_only_fields,
    a_patch_that_changes_nothing_makes_no_revision,
    a_deleted_board_is_in_the_trash_for_everybody,
    a_restored_board_is_as_it_was,
    strangers_list_public_boards_only,
    a_board_made_public_is_listed_from_then_on,
);
