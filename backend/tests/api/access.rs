//! What a board shows to whom; who may do what is in `matrix`.

use serde_json::{Value, json};

use crate::support::{Board, Client, TestApp, both_engines};

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
    reads_need_no_credential_but_a_visible_board,
    what_is_absent_and_what_is_hidden_look_alike,
    a_slug_is_read_in_any_case,
);
