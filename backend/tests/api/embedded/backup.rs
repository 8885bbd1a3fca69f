//! `scorehold backup`: the database in use in one new file, with an archive or without.

use std::fs;
use std::path::Path;

use super::scores;
use crate::support::{TestApp, on_engine, scorehold};

/// Runs it on the test's database.
fn back_up(app: &TestApp, words: &[&str]) -> crate::support::Said {
    let words = [&["backup"], words].concat();
    scorehold(&words, app.database.variables("test", &[]))
}

fn a_copy_holds_all_that_is_committed(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    for _ in 0..3 {
        board.add(&ana, 1);
    }
    let into = app.database.file().with_file_name("copy.db");
    let into = into.to_str().unwrap();
    back_up(app, &["--into", into, "--dry-run"])
        .expect(0)
        .tells(&["nothing was done"]);
    assert!(!Path::new(into).exists());
    back_up(app, &["--into", into])
        .expect(0)
        .tells(&["3 scores", "what its journal says"]);
    assert_eq!(scores(into.as_ref()), 3);
    assert!(!Path::new(&format!("{into}.part")).exists());
    // It is a database of its own, and the server has gone on.
    board.add(&ana, 1);
    let copied = [("SCOREHOLD__DATABASE__URL", format!("sqlite:{into}"))];
    let copied = copied.each_ref().map(|(key, value)| (*key, value.as_str()));
    scorehold(&["verify"], app.database.variables("test", &copied))
        .expect(0)
        .tells(&["3 entries"]);
    assert_eq!(board.total(&ana), 4);
}

fn a_copy_never_overwrites(app: &TestApp) {
    let file = app.database.file();
    let taken = file.with_file_name("taken.db");
    fs::write(&taken, "somebody's").unwrap();
    let link = file.with_file_name("link.db");
    std::os::unix::fs::symlink("nowhere", &link).unwrap();
    for target in [&taken, &link, &file] {
        back_up(app, &["--into", target.to_str().unwrap()])
            .expect(73)
            .tells(&["nothing was touched"]);
    }
    assert_eq!(fs::read_to_string(&taken).unwrap(), "somebody's");
    let next = file.with_file_name("scorehold-2.db");
    back_up(app, &["--into", next.to_str().unwrap()]).expect(64);
    back_up(app, &[]).expect(64).tells(&["--into"]);
    let nowhere = file.with_file_name("no").join("where.db");
    back_up(app, &["--into", nowhere.to_str().unwrap()]).expect(74);
}

on_engine!(Sqlite: a_copy_holds_all_that_is_committed, a_copy_never_overwrites);
