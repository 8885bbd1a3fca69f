//! ETag, If-None-Match, If-Match: nothing is sent twice, and nobody overwrites what they have not seen.

use serde_json::{Value, json};

use crate::support::{Board, TestApp, both_engines};

/// A board with a player and a round, and their addresses, the board's own first.
fn things(app: &TestApp) -> (Board, [String; 3]) {
    let board = app.any_board();
    let player = board.path(&format!("/players/{}", board.player("Ana")));
    let round = board.path(&format!("/rounds/{}", board.round("One")));
    let game = board.path("");
    (board, [game, player, round])
}

/// Version and revision of a tag.
fn parts(tag: &str) -> (i64, i64) {
    let (version, revision) = tag.trim_matches('"').split_once('.').unwrap();
    (version.parse().unwrap(), revision.parse().unwrap())
}

fn a_tag_is_version_and_revision(app: &TestApp) {
    let (board, paths) = things(app);
    let revision = board.revision();
    for path in paths {
        let read = board.owner.get(&path).expect(200);
        assert_eq!(
            parts(&read.need("ETag")),
            (read["version"].as_i64().unwrap(), revision),
            "{path}"
        );
        assert_eq!(read.need("Cache-Control"), "private, no-cache");
        let vary = read.need("Vary").to_lowercase();
        for header in ["authorization", "accept", "accept-encoding"] {
            assert!(
                vary.split(',').any(|name| name.trim() == header),
                "{header} is not in {vary}"
            );
        }
    }
}

fn what_is_known_is_not_sent_again(app: &TestApp) {
    let (board, paths) = things(app);
    for path in &paths {
        let tag = board.owner.get(path).expect(200).need("ETag");
        for held in [
            tag.clone(),
            format!("W/{tag}"),
            format!("\"9.9\", {tag}"),
            "*".to_owned(),
        ] {
            let again = board
                .owner
                .with("If-None-Match", &held)
                .get(path)
                .expect(304);
            assert_eq!(
                (again.text.as_str(), again.need("ETag")),
                ("", tag.clone()),
                "{path} {held}"
            );
        }
        board
            .owner
            .with("If-None-Match", "\"9.9\"")
            .get(path)
            .expect(200);
    }
    let tags: Vec<String> = paths
        .iter()
        .map(|path| board.owner.get(path).expect(200).need("ETag"))
        .collect();
    board.player("Ben");
    for (path, tag) in paths.iter().zip(tags) {
        board
            .owner
            .with("If-None-Match", &tag)
            .get(path)
            .expect(200);
    }
}

/// A harmless change of the thing at a path, different each time.
fn change(path: &str, to: &str) -> Value {
    match path {
        path if path.contains("/players/") => json!({"name": to}),
        path if path.contains("/rounds/") => json!({"label": to}),
        _ => json!({"title": to}),
    }
}

fn if_match_compares_the_version_alone(app: &TestApp) {
    let (board, paths) = things(app);
    for path in paths {
        let tag = board.owner.get(&path).expect(200).need("ETag");
        board.player("Another");
        let seen = board.owner.with("If-Match", &tag);
        let changed = seen.patch(&path, change(&path, "First")).expect(200);
        assert_eq!(parts(&changed.need("ETag")).0, parts(&tag).0 + 1);

        let refused = seen
            .patch(&path, change(&path, "Second"))
            .problem(412, "precondition_failed");
        assert_eq!(
            refused["current"],
            board.owner.get(&path).expect(200).json,
            "{path}"
        );
        seen.delete(&path).problem(412, "precondition_failed");
        board
            .owner
            .with("If-Match", &changed.need("ETag"))
            .patch(&path, change(&path, "Second"))
            .expect(200);
    }
}

fn a_star_matches_what_exists(app: &TestApp) {
    let (board, paths) = things(app);
    let any = board.owner.with("If-Match", "*");
    for path in &paths {
        any.patch(path, change(path, "Changed")).expect(200);
    }
    any.delete(&paths[1]).expect(204);
    let put = json!({"name": "Ana"});
    any.put(&board.path("/players/by-external/u-1"), &put)
        .problem(412, "precondition_failed");
    board.put("/players/by-external/u-1", &put).expect(201);
    any.put(&board.path("/players/by-external/u-1"), &put)
        .expect(200);
}

fn one_of_several_tags_is_enough(app: &TestApp) {
    let (board, paths) = things(app);
    let tag = board.owner.get(&paths[0]).expect(200).need("ETag");
    let seen = board.owner.with("If-Match", &format!("\"77.1\", {tag}"));
    seen.patch(&paths[0], json!({"title": "Saturday"}))
        .expect(200);
}

fn a_delete_needs_the_version_it_has_seen(app: &TestApp) {
    let (board, paths) = things(app);
    for path in paths.iter().rev() {
        let tag = board.owner.get(path).expect(200).need("ETag");
        board
            .owner
            .with("If-Match", "\"99.1\"")
            .delete(path)
            .problem(412, "precondition_failed");
        board.owner.with("If-Match", &tag).delete(path).expect(204);
    }
}

fn a_put_compares_too(app: &TestApp) {
    let board = app.any_board();
    for (path, first, second) in [
        (
            "/players/by-external/a",
            json!({"name": "Ana"}),
            json!({"name": "Anna"}),
        ),
        (
            "/rounds/by-external/a",
            json!({"label": "One"}),
            json!({"label": "Two"}),
        ),
    ] {
        let tag = board.put(path, &first).expect(201).need("ETag");
        board
            .with("If-Match", "\"99.1\"")
            .put(path, &second)
            .problem(412, "precondition_failed");
        board.with("If-Match", &tag).put(path, &second).expect(200);
    }
}

fn a_tag_that_is_none_is_refused(app: &TestApp) {
    let board = app.any_board();
    for nonsense in ["1.1", "\"", "\"one\""] {
        let answer = board
            .with("If-Match", nonsense)
            .patch("", json!({"title": "x"}));
        assert!(
            [400, 412].contains(&answer.status),
            "{nonsense}: {} {}",
            answer.status,
            answer.text
        );
    }
    assert_eq!(board.read()["title"], "Friday");
}

both_engines!(
    a_tag_is_version_and_revision,
    what_is_known_is_not_sent_again,
    if_match_compares_the_version_alone,
    a_star_matches_what_exists,
    one_of_several_tags_is_enough,
    a_delete_needs_the_version_it_has_seen,
    a_put_compares_too,
    a_tag_that_is_none_is_refused,
);
