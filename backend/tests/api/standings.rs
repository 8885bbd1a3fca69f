//! …/standings: exact places, page by page, around one player, and the same everywhere.

use serde_json::{Value, json};

use crate::support::{Board, TestApp, assert_answer, both_engines};

/// A public board on which player n of `count` has the total `total(n)`.
fn filled(app: &TestApp, settings: Value, count: i64, total: impl Fn(i64) -> Option<i64>) -> Board {
    let mut all = json!({"title": "Many", "visibility": "public"});
    all.as_object_mut()
        .unwrap()
        .extend(settings.as_object().unwrap().clone());
    let board = app.board(all);
    let players: Vec<Value> = (0..count)
        .map(|n| json!({"name": format!("P{n:03}"), "external_id": n.to_string()}))
        .collect();
    board
        .post("/players", json!({"players": players}))
        .expect(201);
    let scores =
        (0..count).filter_map(|n| Some(json!({"external_id": n.to_string(), "value": total(n)?})));
    let scores: Vec<Value> = scores.collect();
    board
        .post("/scores/batch", json!({"items": scores}))
        .expect(201);
    board
}

/// All rows, gathered page by page.
fn paged(board: &Board, limit: usize) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = board
            .get(&format!("/standings?limit={limit}{cursor}"))
            .expect(200);
        assert!(page.rows().len() <= limit);
        rows.extend(page.rows().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

fn a_row_says_who_where_and_since_when(app: &TestApp) {
    let board = app.board(json!({"title": "League", "tiebreak_direction": "high"}));
    let ana = board.player("Ana");
    board.add_pair(&ana, 3, 2);
    let standings = board.standings();
    assert!(
        standings
            .need("ETag")
            .contains(&standings["revision"].to_string())
    );
    assert_answer!(standings.json, @r#"
    {
      "data": [
        {
          "entries": 1,
          "player": {
            "avatar": null,
            "colour": null,
            "external_id": null,
            "id": "[plr]",
            "name": "Ana",
            "position": null,
            "team": null,
            "version": 1
          },
          "rank": 1,
          "reached_at": "[time]",
          "tiebreak": 2,
          "total": 3
        }
      ],
      "has_more": false,
      "next_cursor": null,
      "revision": 3
    }
    "#);
}

fn pages_in_the_middle_of_a_tie_go_on_rightly(app: &TestApp) {
    for ties in ["standard", "dense", "ordinal"] {
        let board = filled(app, json!({"ties": ties}), 17, |n| {
            (n < 14).then_some(n / 5)
        });
        let whole = board.standings().rows().clone();
        assert_eq!(whole.len(), 17);
        for limit in [1, 3, 7, 17] {
            assert_eq!(paged(&board, limit), whole, "{ties} by {limit}");
        }
    }
}

fn a_rank_is_the_same_wherever_it_is_shown(app: &TestApp) {
    for ties in ["standard", "dense", "ordinal"] {
        let board = filled(app, json!({"ties": ties}), 12, |n| {
            (n < 10).then_some(n % 4)
        });
        let last = board
            .submit(json!({"external_id": "3", "value": -1}))
            .expect(201);
        let rows = board.standings().rows().clone();
        for row in &rows {
            let id = row["player"]["id"].as_str().unwrap();
            let get = |path: &str| board.get(path).expect(200);
            let place = json!([row["rank"], row["total"]]);
            let one = get(&format!("/standings/{id}"));
            assert_eq!(json!([one["rank"], one["total"]]), place);
            let single = get(&format!("/players/{id}"));
            assert_eq!(json!([single["rank"], single["total"]]), place);
            let around = get(&format!("/standings/around/{id}?window=2"));
            let own = around
                .rows()
                .iter()
                .find(|other| other["player"]["id"] == id)
                .unwrap();
            assert_eq!(own, row);
            let listed = get("/players?limit=1000");
            let listed = listed
                .rows()
                .iter()
                .find(|player| player["id"] == id)
                .unwrap();
            assert_eq!(json!([listed["rank"], listed["total"]]), place);
            if last["player"]["id"] == id {
                assert_eq!(
                    json!([last["player"]["rank"], last["player"]["total"]]),
                    place
                );
            }
        }
    }
}

fn around_shows_the_neighbours_on_both_sides(app: &TestApp) {
    let board = filled(app, json!({}), 20, |n| (n < 18).then_some(100 - n / 2));
    let rows = board.standings().rows().clone();
    let around = |place: usize, window: &str| {
        let id = rows[place]["player"]["id"].as_str().unwrap();
        board
            .get(&format!("/standings/around/{id}{window}"))
            .expect(200)
            .rows()
            .clone()
    };
    assert_eq!(around(10, ""), rows[5..=15]);
    assert_eq!(around(10, "?window=1"), rows[9..=11]);
    assert_eq!(around(0, "?window=3"), rows[0..=3]);
    assert_eq!(around(17, "?window=2"), rows[15..=19]);
    assert_eq!(around(19, "?window=2"), rows[17..=19]);
}

fn a_search_keeps_the_true_ranks(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben, andy] = board.players(["Ana", "Ben", "Andy"]);
    board.add(&ana, 9);
    board.add(&ben, 5);
    board.add(&andy, 1);
    let found = board.get("/standings?q=an").expect(200);
    let rows: Value = found
        .rows()
        .iter()
        .map(|row| json!([row["rank"], row["player"]["name"]]))
        .collect();
    assert_eq!(rows, json!([[1, "Ana"], [3, "Andy"]]));
}

fn standings_are_not_sent_twice(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    board.add(&ana, 3);
    let tag = board.standings().need("ETag");
    let again = board
        .with("If-None-Match", &tag)
        .get("/standings")
        .expect(304);
    assert_eq!((again.text.as_str(), again.need("ETag")), ("", tag.clone()));
    board.add(&ana, 1);
    board
        .with("If-None-Match", &tag)
        .get("/standings")
        .expect(200);
}

fn a_revision_that_is_here_is_not_waited_for(app: &TestApp) {
    let board = app.any_board();
    let revision = board.add(&board.player("Ana"), 3)["revision"].clone();
    let path = format!("/standings?min_revision={revision}");
    assert_eq!(board.get(&path).expect(200)["revision"], revision);
}

fn a_revision_that_does_not_come_is_not_yet(app: &TestApp) {
    let board = app.any_board();
    let refused = board
        .get("/standings?min_revision=99")
        .problem(503, "not_yet");
    assert!(refused.need("Retry-After").parse::<u32>().is_ok());
}

fn ranks_are_exact_right_after_a_restart(app: &TestApp) {
    let board = filled(app, json!({}), 30, |n| Some(n % 7));
    let before = board.standings().json;
    let restarted = app.second_server();
    assert_eq!(
        restarted
            .anonymous()
            .get(&board.path("/standings"))
            .expect(200)
            .json,
        before
    );
}

both_engines!(
    a_row_says_who_where_and_since_when,
    pages_in_the_middle_of_a_tie_go_on_rightly,
    a_rank_is_the_same_wherever_it_is_shown,
    around_shows_the_neighbours_on_both_sides,
    a_search_keeps_the_true_ranks,
    standings_are_not_sent_twice,
    a_revision_that_is_here_is_not_waited_for,
    a_revision_that_does_not_come_is_not_yet,
    ranks_are_exact_right_after_a_restart,
);
