//! Many hands at once: nothing is lost, nothing is counted twice, no revision is left out.

use std::sync::Barrier;
use std::thread;

use diesel::PgConnection;
use diesel::connection::{Connection, SimpleConnection};
use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, TestApp, both_engines, on_engine, uuid};

/// Runs `work` in so many threads, which begin together.
fn together<T: Send>(threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(threads);
    thread::scope(|scope| {
        let run = |place| {
            let (start, work) = (&start, &work);
            scope.spawn(move || {
                start.wait();
                work(place)
            })
        };
        let handles: Vec<_> = (0..threads).map(run).collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap())
            .collect()
    })
}

/// The revisions in the journal, oldest first, each once.
fn journalled(board: &Board) -> Vec<i64> {
    let mut revisions: Vec<i64> = board
        .journal()
        .iter()
        .map(|row| row["revision"].as_i64().unwrap())
        .collect();
    revisions.sort_unstable();
    revisions.dedup();
    revisions
}

fn fifty_adds_are_fifty_more(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let totals = together(10, |_| {
        (0..5)
            .map(|_| board.add(&ana, 1)["player"]["total"].clone())
            .collect::<Vec<_>>()
    });

    assert_eq!(board.total(&ana), 50);
    let mut seen: Vec<i64> = totals
        .concat()
        .iter()
        .map(|total| total.as_i64().unwrap())
        .collect();
    seen.sort_unstable();
    assert_eq!(seen, (1..=50).collect::<Vec<i64>>());
}

/// The tokens of two links by which scores are entered.
pub fn scorekeepers(board: &Board) -> [String; 2] {
    ["Ana's phone", "Ben's tablet"].map(|name| {
        let link = board.post("/links", json!({"role": "score", "name": name}));
        link.expect(201)["token"].as_str().unwrap().to_owned()
    })
}

/// Fifty taps of each scorekeeper at once: a hundred more, and each tap is told the total that it made.
#[track_caller]
pub fn a_hundred_taps(board: &Board, keepers: [Client; 2]) {
    let (player, before) = (board.player("Cleo"), board.revision());
    let totals = together(2, |place| {
        let tap = |_| {
            let score = json!({"player_id": player, "value": 1, "client_id": uuid()});
            let answer = keepers[place].post(&board.path("/scores"), score);
            answer.expect(201)["player"]["total"].as_i64().unwrap()
        };
        (0..50).map(tap).collect::<Vec<_>>()
    });
    let mut seen = totals.concat();
    seen.sort_unstable();
    assert_eq!(seen, (1..=100).collect::<Vec<i64>>());
    assert_eq!(board.total(&player), 100);
    assert_eq!(board.revision(), before + 100);
}

fn two_scorekeepers_add_a_hundred(app: &TestApp) {
    let board = app.any_board();
    let keepers = scorekeepers(&board).map(|token| app.anonymous().bearer(&token));
    a_hundred_taps(&board, keepers);
    let used = board.get("/links").expect(200).column("last_used_at");
    assert!(used.iter().all(Value::is_string), "{used:?}");
}

fn twenty_copies_of_one_tap_are_one_tap(app: &TestApp) {
    let board = app.any_board();
    let ana = board.player("Ana");
    let score = json!({"player_id": ana, "value": 3, "client_id": uuid()});
    let answers = together(20, |_| board.submit(score.clone()));

    assert_eq!(
        answers.iter().filter(|answer| answer.status == 201).count(),
        1
    );
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 200).count(),
        19
    );
    assert!(
        answers
            .iter()
            .all(|answer| answer["score"] == answers[0]["score"])
    );
    assert_eq!((board.total(&ana), board.revision()), (json!(3), 3));
}

fn revisions_have_no_gap(app: &TestApp) {
    let board = app.any_board();
    let players = board.players(["Ana", "Ben", "Cleo", "Dan"]);
    let answers = together(8, |place| {
        let player = &players[place % 4];
        let change = |n: usize| match n % 4 {
            0 => board.submit(json!({"player_id": player, "value": 1})),
            1 => board.patch("", json!({"title": format!("{place} {n}")})),
            2 => board.submit(json!({"player_id": player, "value": 0.5})),
            _ => board.post("/players", json!({"name": "Eve"})),
        };
        (0..6).map(change).collect::<Vec<Answer>>()
    });
    let accepted = answers
        .iter()
        .flatten()
        .filter(|answer| answer.status < 300)
        .count();
    assert_eq!(
        answers
            .iter()
            .flatten()
            .filter(|answer| answer.status == 422)
            .count(),
        8
    );
    let last = 2 + i64::try_from(accepted).unwrap();
    assert_eq!(board.revision(), last);
    assert_eq!(journalled(&board), (1..=last).collect::<Vec<i64>>());
}

fn one_name_for_one_player(app: &TestApp) {
    let board = app.any_board();
    let path = "/players/by-external/u-17";
    let answers = together(8, |_| board.put(path, json!({"name": "Ana"})));
    assert_eq!(
        answers.iter().filter(|answer| answer.status == 201).count(),
        1
    );
    assert!(
        answers
            .iter()
            .all(|answer| answer["id"] == answers[0]["id"])
    );
    assert_eq!(board.revision(), 2);
}

fn of_two_editors_one_is_told(app: &TestApp) {
    let board = app.any_board();
    let tag = board.read().need("ETag");
    let editor = board.with("If-Match", &tag);
    let answers = together(2, |place| {
        editor.patch("", json!({"title": format!("Title {place}")}))
    });
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 412]);
}

fn one_idempotency_key_makes_one_board(app: &TestApp) {
    let stranger = app.anonymous().with("Idempotency-Key", &uuid());
    let answers = together(6, |_| {
        stranger
            .post("/games", json!({"title": "Friday"}))
            .expect(201)
    });
    assert!(
        answers
            .iter()
            .all(|answer| answer["own_token"] == answers[0]["own_token"])
    );
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM games"),
        1
    );
}

fn boards_do_not_wait_for_each_other_for_ever(app: &TestApp) {
    let boards: Vec<(Board, String)> = (0..4)
        .map(|_| {
            let board = app.any_board();
            let ana = board.player("Ana");
            (board, ana)
        })
        .collect();
    together(8, |place| {
        for step in 0..8 {
            let (board, ana) = &boards[(place + step) % 4];
            board.add(ana, 1);
        }
    });
    let totals: Vec<Value> = boards.iter().map(|(board, ana)| board.total(ana)).collect();
    assert_eq!(totals, [16, 16, 16, 16]);
}

/// PostgreSQL sends one of two away who wait for each other.
fn who_is_sent_away_for_anothers_change_of_the_schema_may_come_again(app: &TestApp) {
    let board = app.any_board();
    let (ana, client_id) = (board.player("Ana"), uuid());
    let tap = || board.submit(json!({"player_id": ana, "value": 1, "client_id": client_id}));
    let mut other = PgConnection::establish(app.database.address()).unwrap();
    let locked = "BEGIN; SET LOCAL deadlock_timeout = '1min'; LOCK TABLE players";
    other.batch_execute(locked).unwrap();
    thread::scope(|scope| {
        let sent_away = scope.spawn(tap);
        while app.database.number(WAITING) == 0 {
            assert!(!sent_away.is_finished());
        }
        other.batch_execute("LOCK TABLE games; COMMIT").unwrap();
        let sent_away = sent_away.join().unwrap().problem(503, "unavailable");
        assert_eq!(sent_away.need("Retry-After"), "1");
    });
    tap().expect(201);
    assert_eq!(board.total(&ana), 1);
}

/// How many wait for the table of players.
const WAITING: &str = "SELECT count(*) AS number FROM pg_locks
    WHERE relation = 'players'::regclass AND NOT granted";

both_engines!(
    fifty_adds_are_fifty_more,
    two_scorekeepers_add_a_hundred,
    twenty_copies_of_one_tap_are_one_tap,
    revisions_have_no_gap,
    one_name_for_one_player,
    of_two_editors_one_is_told,
    one_idempotency_key_makes_one_board,
    boards_do_not_wait_for_each_other_for_ever,
);

on_engine!(Postgres: who_is_sent_away_for_anothers_change_of_the_schema_may_come_again);
