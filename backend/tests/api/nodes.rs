//! Several servers on one database.

use std::thread;

use scorehold::db::nodes;
use serde_json::json;
use uuid::Uuid;

use crate::concurrency::{a_hundred_taps, scorekeepers};
use crate::support::{Client, Process, TestApp, both_engines};

const SERVERS: usize = 2;
const HANDS: usize = 4;
const TAPS: usize = 10;

/// Taps with many hands at once, on both servers.
fn tap_everywhere(servers: [&Client; SERVERS], path: &str, player: &str) {
    thread::scope(|scope| {
        for client in servers.iter().flat_map(|client| [client; HANDS]) {
            scope.spawn(move || {
                for _ in 0..TAPS {
                    client
                        .post(path, json!({"player_id": player, "value": 1}))
                        .expect(201);
                }
            });
        }
    });
}

fn two_servers_lose_no_tap(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let other = app.second_server();
    let there = other.anonymous().bearer(&board.token);
    let before = board.revision();
    tap_everywhere([&board.owner, &there], &board.path("/scores"), &ana);
    let taps = i64::try_from(SERVERS * HANDS * TAPS).unwrap();
    assert_eq!(board.total(&ana), taps);
    assert_eq!(board.revision(), before + taps);
    assert_eq!(
        there.get(&board.path("")).expect(200)["revision"],
        before + taps
    );
}

fn two_scorekeepers_add_a_hundred_in_two_processes(app: &TestApp) {
    let board = app.any_board();
    let [ana, ben] = scorekeepers(&board);
    let servers = [(); 2].map(|()| Process::serve(&app.database, &[]));
    let [here, there] = servers.each_ref().map(Process::anonymous);
    a_hundred_taps(&board, [here.bearer(&ana), there.bearer(&ben)]);
}

fn what_one_server_changes_the_other_tells_in_order(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let other = app.second_server();
    let there = other.anonymous().bearer(&board.token);
    let before = board.revision();
    let after = format!("/events?after={before}");
    let mut streams = [
        board.stream(&after),
        other.anonymous().stream(&board.public_path(&after)),
    ];
    tap_everywhere([&board.owner, &there], &board.path("/scores"), &ana);
    let taps = i64::try_from(SERVERS * HANDS * TAPS).unwrap();
    for stream in &mut streams {
        for revision in before + 1..=before + taps {
            let event = stream.next();
            assert_eq!(event.data["revision"], revision);
            assert_eq!(event.data["items"][0]["player"]["total"], revision - before);
        }
    }
}

fn a_link_revoked_on_one_server_ends_streams_of_the_other(app: &TestApp) {
    let board = app.any_board();
    let link = board
        .post("/links", json!({"role": "view", "name": "Wall"}))
        .expect(201);
    let text = |member: &str| link[member].as_str().unwrap().to_owned();
    let other = app.second_server();
    let wall = other.anonymous().bearer(&text("token"));
    let stream = wall.stream(&board.path(&format!("/events?after={}", board.revision())));
    board.delete(&format!("/links/{}", text("id"))).expect(204);
    // With the second one the server would have found out by itself.
    assert!(stream.pings() < 2);
}

fn every_server_makes_ids_with_a_number_of_its_own(app: &TestApp) {
    let numbers = |condition: &str| {
        let sql = "SELECT count(DISTINCT number) AS number FROM nodes WHERE";
        app.database.number(&format!("{sql} {condition}"))
    };
    assert_eq!(numbers("number = 0"), 1);
    let _other = app.second_server();
    assert_eq!(numbers("number IN (0, 1)"), 2);
    let third = app.act(|tx| Ok(nodes::take(tx.conn, Uuid::new_v4(), tx.now)?));
    assert_eq!(third.unwrap().number, 2);
}

fn a_number_is_kept_and_one_that_expired_is_given_anew(app: &TestApp) {
    let keep = || app.act(|tx| Ok(nodes::keep(tx)?));
    let take = || {
        app.act(|tx| Ok(nodes::take(tx.conn, Uuid::new_v4(), tx.now)?))
            .unwrap()
            .number
    };
    app.pass(599);
    keep();
    app.pass(599);
    assert_eq!(take(), 1, "0 was kept");
    app.pass(2);
    assert_eq!(take(), 0, "0 expired");
    // The server whose number was taken goes on with another.
    keep();
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM nodes"),
        3
    );
    app.any_board();
}

both_engines!(
    every_server_makes_ids_with_a_number_of_its_own,
    a_number_is_kept_and_one_that_expired_is_given_anew,
    two_servers_lose_no_tap,
    two_scorekeepers_add_a_hundred_in_two_processes,
    what_one_server_changes_the_other_tells_in_order,
    a_link_revoked_on_one_server_ends_streams_of_the_other,
);
