//! Who may do what: 401 before 404 before 403, and never a word about boards that are not shown.

use serde_json::{Value, json};

use crate::support::{Board, Client, TestApp, both_engines};

/// Method, path and body.
type Asked = (&'static str, String, Value);

/// Every operation on a board that needs a credential, on whatever board and things.
fn writes(game: &str) -> Vec<Asked> {
    let mut all = writes_of_scores(game);
    all.extend(writes_of_links(game));
    all
}

fn writes_of_links(game: &str) -> Vec<Asked> {
    let link = "lnk_0000000000000";
    let path = |rest: &str| format!("/games/{game}{rest}");
    vec![
        ("GET", path("/links"), Value::Null),
        (
            "POST",
            path("/links"),
            json!({"role": "own", "name": "Eve"}),
        ),
        (
            "PATCH",
            path(&format!("/links/{link}")),
            json!({"name": "Eve"}),
        ),
        ("DELETE", path(&format!("/links/{link}")), Value::Null),
        ("POST", path(&format!("/links/{link}/rotate")), json!({})),
    ]
}

fn writes_of_scores(game: &str) -> Vec<Asked> {
    let (player, round, score) = (
        "plr_0000000000000",
        "rnd_0000000000000",
        "scr_0000000000000",
    );
    let path = |rest: &str| format!("/games/{game}{rest}");
    vec![
        ("PATCH", path(""), json!({"title": "x"})),
        ("DELETE", path(""), Value::Null),
        ("POST", path("/restore"), json!({})),
        ("POST", path("/players"), json!({"name": "Eve"})),
        (
            "PATCH",
            path(&format!("/players/{player}")),
            json!({"name": "Eve"}),
        ),
        ("DELETE", path(&format!("/players/{player}")), Value::Null),
        (
            "POST",
            path(&format!("/players/{player}/restore")),
            json!({}),
        ),
        (
            "PUT",
            path("/players/by-external/x"),
            json!({"name": "Eve"}),
        ),
        ("POST", path("/rounds"), json!({"label": "x"})),
        (
            "PATCH",
            path(&format!("/rounds/{round}")),
            json!({"label": "x"}),
        ),
        ("DELETE", path(&format!("/rounds/{round}")), Value::Null),
        ("POST", path(&format!("/rounds/{round}/restore")), json!({})),
        ("PUT", path("/rounds/by-external/x"), json!({"label": "x"})),
        (
            "POST",
            path("/scores"),
            json!({"player_id": player, "value": 1}),
        ),
        (
            "POST",
            path("/scores/batch"),
            json!({"items": [{"player_id": player, "value": 1}]}),
        ),
        (
            "PATCH",
            path(&format!("/scores/{score}")),
            json!({"value": 1}),
        ),
        ("DELETE", path(&format!("/scores/{score}")), Value::Null),
        ("POST", path(&format!("/scores/{score}/restore")), json!({})),
        ("GET", path("/journal"), Value::Null),
    ]
}

pub fn ask(
    client: &Client,
    (method, path, body): &(&str, String, Value),
) -> crate::support::Answer {
    if body.is_null() {
        client.send(method, path, "")
    } else {
        client.json(method, path, body)
    }
}

pub fn public(app: &TestApp) -> Board {
    app.board(json!({"title": "Open day", "visibility": "public"}))
}

pub const NOWHERE: &str = "game_0000000000000";

fn a_write_without_a_credential_is_unauthenticated_whatever_the_board(app: &TestApp) {
    let trashed = public(app);
    trashed.delete("").expect(204);
    let games = [
        public(app).id,
        app.any_board().id,
        app.any_board().slug,
        trashed.id,
        NOWHERE.to_owned(),
        "no".to_owned(),
    ];
    for game in games {
        for operation in writes(&game) {
            ask(&app.anonymous(), &operation).problem(401, "unauthenticated");
        }
    }
}

fn a_foreign_token_is_forbidden_where_the_board_is_visible(app: &TestApp) {
    let stranger = app.any_board().owner;
    for game in [public(app).id, app.any_board().slug] {
        for operation in writes(&game) {
            ask(&stranger, &operation).problem(403, "forbidden");
        }
    }
}

fn a_foreign_token_finds_nothing_where_it_is_not(app: &TestApp) {
    let stranger = app.any_board().owner;
    for game in [app.any_board().id, NOWHERE.to_owned()] {
        for operation in writes(&game) {
            ask(&stranger, &operation).problem(404, "not_found");
        }
    }
}

fn reads_need_no_credential_but_a_visible_board(app: &TestApp) {
    let (public, unlisted) = (public(app), app.any_board());
    let ana = unlisted.player("Ana");
    let score = unlisted.entry(&ana, 1);
    let round = unlisted.round("One");
    let reads = [
        "",
        "/players",
        "/rounds",
        "/scores",
        "/standings",
        "/events",
    ]
    .map(str::to_owned);
    let things = [
        format!("/players/{ana}"),
        format!("/rounds/{round}"),
        format!("/scores/{score}"),
        format!("/standings/{ana}"),
        format!("/standings/around/{ana}"),
    ];
    let stranger = app.anonymous().with("Accept", "application/json");
    for read in reads.iter().chain(&things) {
        stranger.get(&unlisted.public_path(read)).expect(200);
        stranger.get(&unlisted.path(read)).problem(404, "not_found");
        unlisted
            .with("Accept", "application/json")
            .get(read)
            .expect(200);
        stranger
            .get(&format!("/games/{NOWHERE}{read}"))
            .problem(404, "not_found");
    }
    for read in &reads {
        stranger.get(&public.path(read)).expect(200);
        stranger.get(&public.public_path(read)).expect(200);
    }
}

fn what_is_absent_and_what_is_hidden_look_alike(app: &TestApp) {
    let hidden = app
        .anonymous()
        .get(&app.any_board().path(""))
        .problem(404, "not_found");
    let absent = app
        .anonymous()
        .get(&format!("/games/{NOWHERE}"))
        .problem(404, "not_found");
    hidden.has(json!({"title": absent["title"], "detail": absent["detail"]}));
}

fn a_slug_is_read_in_any_case(app: &TestApp) {
    let board = app.any_board();
    for slug in [board.slug.to_uppercase(), board.slug.to_lowercase()] {
        assert_eq!(
            app.anonymous().get(&format!("/games/{slug}")).expect(200)["id"],
            board.id
        );
    }
}

both_engines!(
    a_write_without_a_credential_is_unauthenticated_whatever_the_board,
    a_foreign_token_is_forbidden_where_the_board_is_visible,
    a_foreign_token_finds_nothing_where_it_is_not,
    reads_need_no_credential_but_a_visible_board,
    what_is_absent_and_what_is_hidden_look_alike,
    a_slug_is_read_in_any_case,
);
