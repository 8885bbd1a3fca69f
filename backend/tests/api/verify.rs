//! `scorehold verify`: whatever was changed from outside shows.

use std::process::{Command, Output};

use serde_json::json;

use crate::support::{Board, Engine, TestApp, both_engines};

/// Runs the command on the test's database.
fn verify(app: &TestApp, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_scorehold"))
        .arg("verify")
        .args(arguments)
        .env_clear()
        .env("SCOREHOLD__ENVIRONMENT", "test")
        .env("SCOREHOLD__DATABASE__URL", app.database.address())
        .output()
        .unwrap()
}

#[track_caller]
fn sound(app: &TestApp, arguments: &[&str]) -> String {
    let output = verify(app, arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

/// A board with a history.
fn written(app: &TestApp) -> Board {
    let board = app.any_board();
    let [ana, ben] = board.players(["Ana", "Ben"]);
    let first = board.entry(&ana, 3);
    board.add(&ben, 4);
    board
        .patch(&format!("/scores/{first}"), json!({"value": 5}))
        .expect(200);
    board.round("One");
    board.post("/rewind", json!({"to_revision": 4})).expect(201);
    board
}

fn a_database_of_ours_is_sound(app: &TestApp) {
    let board = written(app);
    written(app);
    let told = "2 boards, 14 revisions, 20 rows of the journal, 4 entries";
    assert_eq!(sound(app, &[]), format!("sound: {told}\n"));
    for named in [&board.slug, &board.id] {
        let told = "1 boards, 7 revisions, 10 rows of the journal, 2 entries";
        assert_eq!(sound(app, &["--game", named]), format!("sound: {told}\n"));
    }
    assert_eq!(
        verify(app, &["--game", "bbbbbbbbbb"]).status.code(),
        Some(66)
    );
    assert_eq!(
        verify(app, &["--game", "plr_0000000000000"]).status.code(),
        Some(64)
    );
}

/// What somebody from outside may do to a board at a revision, and what is found.
const TAMPERED: [(&str, &str); 12] = [
    (
        "UPDATE journal SET after = '{\"name\":\"Eve\"}' WHERE revision = 2 AND item = 0",
        "revision 2: item 0: what it says is not what was written",
    ),
    (
        "UPDATE journal SET actor_role = 'system' WHERE revision = 3",
        "revision 3: item 0: its hash does not follow the one before",
    ),
    (
        "UPDATE journal SET total_after = 9 WHERE revision = 4",
        "revision 4: item 0: its hash does not follow the one before",
    ),
    (
        "DELETE FROM journal WHERE revision = 6",
        "revision 7: something is missing before it, after revision 5, item 0",
    ),
    (
        "DELETE FROM journal WHERE revision = 7",
        "the journal ends here, the board is at revision 7",
    ),
    (
        "UPDATE scores SET value = 8 WHERE revision = 3",
        "revision 3: item 0: what it says is not what was written",
    ),
    (
        "UPDATE scores SET voided_at = 1 WHERE revision = 4",
        "what counts is not what the journal says",
    ),
    (
        "DELETE FROM scores WHERE revision = 4",
        "1 entries stand in the ledger, 2 in the journal",
    ),
    (
        "UPDATE players SET total = 99 WHERE name = 'Ana'",
        "the total is not what the ledger folds to",
    ),
    (
        "UPDATE players SET sort_total = -99 WHERE name = 'Ana'",
        "the place in the order is wrong",
    ),
    (
        "UPDATE rounds SET label = 'Two'",
        "it is not what the journal says",
    ),
    (
        "UPDATE games SET title = 'Mine'",
        "the board's title is not what the journal says",
    ),
];

fn whatever_was_changed_from_outside_is_found(app: &TestApp) {
    for (sql, found) in TAMPERED {
        let app = TestApp::start(app.database.engine);
        let board = written(&app);
        app.database.execute_unguarded(sql).unwrap();
        let output = verify(&app, &[]);
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(65), "{sql}: {told}");
        assert!(
            told.contains(&format!("board {}, revision ", board.slug)),
            "{sql}: {told}"
        );
        assert!(told.contains(found), "{sql}: {told}");
    }
}

fn nothing_is_written(app: &TestApp) {
    let board = written(app);
    let before = board.journal();
    sound(app, &[]);
    assert_eq!(board.journal(), before);
    if app.database.engine == Engine::Sqlite {
        let elsewhere = Command::new(env!("CARGO_BIN_EXE_scorehold"))
            .arg("verify")
            .env_clear()
            .env("SCOREHOLD__ENVIRONMENT", "development")
            .env("SCOREHOLD__DATABASE__URL", app.database.address())
            .output();
        assert_eq!(elsewhere.unwrap().status.code(), Some(77));
    }
}

both_engines!(
    a_database_of_ours_is_sound,
    whatever_was_changed_from_outside_is_found,
    nothing_is_written,
);
