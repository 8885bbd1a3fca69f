//! Cursors: where a page ended, for that one list, filter and order.

use serde_json::Value;
use serde_json::json;

use crate::lists::{every_page, filled};
use crate::support::{TestApp, both_engines};

fn a_cursor_belongs_to_its_list(app: &TestApp) {
    let (board, lists) = filled(app);
    let other = filled(app).0;
    for path in &lists {
        let cursor = board.owner.get(&format!("{path}?limit=2")).expect(200)["next_cursor"]
            .as_str()
            .unwrap()
            .to_owned();
        for foreign in lists.iter().filter(|list| *list != path) {
            board
                .owner
                .get(&format!("{foreign}?limit=2&cursor={cursor}"))
                .problem(400, "invalid_cursor");
        }
        let elsewhere = path.replace(&board.id, &other.id);
        other
            .owner
            .get(&format!("{elsewhere}?limit=2&cursor={cursor}"))
            .problem(400, "invalid_cursor");
        for nonsense in ["x", "AAAA", &cursor[1..], &format!("{cursor}AA")] {
            board
                .owner
                .get(&format!("{path}?cursor={nonsense}"))
                .problem(400, "invalid_cursor");
        }
    }
}

fn a_cursor_belongs_to_its_filter(app: &TestApp) {
    let (board, _) = filled(app);
    let cursor = |path: &str| {
        board.get(path).expect(200)["next_cursor"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let players = cursor("/players?limit=2&q=player");
    board
        .get(&format!("/players?limit=2&q=p&cursor={players}"))
        .problem(400, "invalid_cursor");
    board
        .get(&format!("/players?limit=2&cursor={players}"))
        .problem(400, "invalid_cursor");
    let scores = cursor("/scores?limit=2");
    board
        .get(&format!("/scores?voided=true&cursor={scores}"))
        .problem(400, "invalid_cursor");
}

fn the_link_header_names_the_next_page(app: &TestApp) {
    let (board, lists) = filled(app);
    for path in lists {
        let page = board.owner.get(&format!("{path}?limit=3")).expect(200);
        let link = page.need("Link");
        let (address, relation) = link.strip_prefix('<').unwrap().split_once('>').unwrap();
        assert!(relation.contains("rel=\"next\""), "{link}");
        let local = address.split_once("/api/v1").unwrap().1;
        let followed = board.owner.get(local).expect(200);
        let cursor = page["next_cursor"].as_str().unwrap();
        assert_eq!(
            followed.json,
            board
                .owner
                .get(&format!("{path}?limit=3&cursor={cursor}"))
                .expect(200)
                .json
        );
        assert_eq!(
            board.owner.get(&path).expect(200).header("Link"),
            None,
            "{path}"
        );
    }
}

fn boards_are_listed_by_keyset_too(app: &TestApp) {
    for n in 0..5 {
        app.board(json!({"title": format!("Board {n}"), "visibility": "public"}));
    }
    let whole = app.anonymous().get("/games").expect(200).rows().clone();
    assert_eq!(whole.len(), 5);
    assert_eq!(every_page(&app.anonymous(), "/games?limit=2"), whole);
    let newest = every_page(&app.anonymous(), "/games?limit=2&sort=-created_at");
    let titles: Vec<&Value> = newest.iter().map(|game| &game["title"]).collect();
    assert_eq!(
        titles,
        ["Board 4", "Board 3", "Board 2", "Board 1", "Board 0"]
    );
    let oldest = every_page(&app.anonymous(), "/games?limit=2&sort=created_at");
    assert_eq!(oldest, newest.into_iter().rev().collect::<Vec<_>>());
}

both_engines!(
    a_cursor_belongs_to_its_list,
    a_cursor_belongs_to_its_filter,
    the_link_header_names_the_next_page,
    boards_are_listed_by_keyset_too,
);
