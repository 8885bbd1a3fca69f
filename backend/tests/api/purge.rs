//! The one deletion that there is: a board that lay in the trash for 30 days, named twice, under a permit.

use scorehold::db::tables::TABLES;
use serde_json::json;

use crate::support::{Board, TestApp, both_engines};

/// The exit code of a command, 0 for success.
fn exit(app: &TestApp, words: &[&str]) -> u8 {
    app.command(words)
        .map_or_else(|refused| refused.exit, |()| 0)
}

fn purge(app: &TestApp, board: &Board) -> u8 {
    exit(app, &["purge", &board.slug, "--confirm", &board.slug])
}

/// A board with something in each table below it.
fn full(app: &TestApp) -> Board {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    board.round("First half");
    let link = json!({"role": "score", "name": "Referee"});
    board.post("/links", link).expect(201);
    board
}

/// Puts a board into the trash, long ago.
fn trash_long_ago(app: &TestApp, board: &Board) {
    board.delete("").expect(204);
    let day = 86_400_000_i64;
    let sql = format!(
        "UPDATE games SET trashed_at = trashed_at - {} WHERE slug = '{}'",
        31 * day,
        board.slug
    );
    app.database.execute(&sql).unwrap();
}

/// Rows of every table but the record of permits.
fn rows(app: &TestApp) -> Vec<(&'static str, i64)> {
    let names = TABLES.iter().map(|(name, _)| *name);
    let counted = names.filter(|name| *name != "permits");
    counted
        .map(|name| {
            (
                name,
                app.database
                    .number(&format!("SELECT count(*) AS number FROM {name}")),
            )
        })
        .collect()
}

fn a_board_goes_whole_and_no_other_row_does(app: &TestApp) {
    let other = full(app);
    let before = rows(app);
    let doomed = full(app);
    trash_long_ago(app, &doomed);
    assert_eq!(purge(app, &doomed), 0);
    // What asked for idempotency expires by itself.
    let expires = |(name, _): &(&str, i64)| *name != "idempotency_keys";
    let kept =
        |rows: Vec<(&'static str, i64)>| rows.into_iter().filter(expires).collect::<Vec<_>>();
    assert_eq!(kept(rows(app)), kept(before));
    doomed.get("").problem(401, "invalid_credential");
    assert_eq!(other.ranks(), json!([[1, "Ana"]]));
    assert_eq!(purge(app, &doomed), 66, "it is gone already");
    let open =
        "SELECT count(*) AS number FROM permits WHERE purpose = 'purge' AND open_in IS NOT NULL";
    assert_eq!(app.database.number(open), 0, "the permit is used up");
    let used =
        "SELECT count(*) AS number FROM permits WHERE purpose = 'purge' AND done IS NOT NULL";
    assert_eq!(app.database.number(used), 1, "and stays as the record");
}

fn what_must_not_go_stays(app: &TestApp) {
    let standing = full(app);
    let fresh = full(app);
    fresh.delete("").expect(204);
    let ordered = full(app);
    let order = json!({"product": "board-forever", "quantity": 1, "game_id": ordered.id});
    ordered
        .owner
        .with("Idempotency-Key", &crate::support::uuid())
        .post("/orders", order)
        .expect(201);
    trash_long_ago(app, &ordered);
    let mistaken = full(app);
    trash_long_ago(app, &mistaken);
    let before = rows(app);
    for board in [&standing, &fresh, &ordered] {
        assert_eq!(purge(app, board), 1);
    }
    let other_address = ["purge", &mistaken.slug, "--confirm", &standing.slug];
    assert_eq!(exit(app, &other_address), 1);
    assert_eq!(exit(app, &["purge", &mistaken.slug]), 0, "only told");
    for unknown in ["0000000000", "Friday", "plr_0000000000000"] {
        assert_eq!(
            exit(app, &["purge", unknown, "--confirm", unknown]),
            66,
            "{unknown}"
        );
    }
    assert_eq!(rows(app), before);
}

both_engines!(
    a_board_goes_whole_and_no_other_row_does,
    what_must_not_go_stays,
);
