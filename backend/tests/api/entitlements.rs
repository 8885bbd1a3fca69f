//! What an order unlocks, for whom, and for how long.

use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, Shop, TestApp, both_engines};

const DAY: i64 = 86_400;

fn shop(app: &TestApp) -> Shop {
    Shop::open(app.database.engine, &[])
}

/// What the board shows to a stranger.
fn shown(shop: &Shop, board: &Board) -> Answer {
    shop.anonymous().get(&board.public_path("")).expect(200)
}

fn pass(board: &Board) -> Value {
    json!({"product": "pass-7d", "game_id": board.id})
}

fn colour(client: &Client, board: &Board) -> Answer {
    client.patch(&board.path(""), json!({"theme": "#0072B2"}))
}

fn a_board_is_unlocked_by_a_fulfilled_order(app: &TestApp) {
    let mut shop = shop(app);
    let (board, other) = (shop.any_board(), shop.any_board());
    let refused = colour(&board.owner, &board).problem_at(403, "product_required", "/theme");
    assert_eq!(
        refused["products"],
        json!(["pass-7d", "board-forever", "pro-month"])
    );
    shown(&shop, &board).has(json!({"mark": true, "entitlements": [], "theme": ""}));
    let before = shown(&shop, &board).need("ETag");

    let path = shop.draft(&board.owner, pass(&board));
    shop.step(&board.owner, &path, "submit", json!({}))
        .expect(200);
    shop.pay(&path);
    colour(&board.owner, &board).problem(403, "product_required");
    shop.step(&shop.operator, &path, "fulfil", json!({}))
        .expect(200);
    colour(&board.owner, &board)
        .expect(200)
        .has(json!({"theme": "#0072b2"}));
    let after = shown(&shop, &board);
    after.has(json!({"mark": false, "entitlements": ["logo", "theme", "overlay"]}));
    assert_ne!(after.need("ETag"), before);
    shown(&shop, &other).has(json!({"mark": true, "entitlements": []}));

    shop.pass(7 * DAY - 60);
    shown(&shop, &board).has(json!({"mark": false}));
    shop.pass(61);
    // What is over is not shown, but kept; and everything else can still be changed.
    let over = shown(&shop, &board);
    over.has(json!({"mark": true, "entitlements": [], "theme": "#0072b2"}));
    assert_ne!(over.need("ETag"), after.need("ETag"));
    board.patch("", json!({"title": "Saturday"})).expect(200);
    board
        .patch("", json!({"theme": "#000000"}))
        .problem(403, "product_required");
    board.patch("", json!({"theme": null})).expect(200);
}

fn a_second_pass_makes_the_first_longer(app: &TestApp) {
    let mut shop = shop(app);
    let board = shop.any_board();
    shop.fulfilled(&board.owner, pass(&board));
    let twice = json!({"product": "pass-7d", "quantity": 2, "game_id": board.id});
    shop.fulfilled(&board.owner, twice);
    shop.pass(21 * DAY - 60);
    shown(&shop, &board).has(json!({"mark": false}));
    shop.pass(61);
    shown(&shop, &board).has(json!({"mark": true}));
}

fn what_is_bought_for_ever_lasts(app: &TestApp) {
    let mut shop = shop(app);
    let board = shop.any_board();
    let order = json!({"product": "board-forever", "game_id": board.id});
    shop.fulfilled(&board.owner, order);
    shop.pass(3_650 * DAY);
    shown(&shop, &board).has(json!({"mark": false}));
}

fn a_refund_of_all_of_it_ends_what_it_unlocked(app: &TestApp) {
    let shop = shop(app);
    let board = shop.any_board();
    let path = shop.fulfilled(&board.owner, pass(&board));
    let refund = |body: Value| shop.step(&shop.operator, &path, "refund", body).expect(200);
    refund(json!({"amount_minor": 100}));
    shown(&shop, &board).has(json!({"mark": false}));
    refund(json!({}));
    shown(&shop, &board).has(json!({"mark": true, "entitlements": []}));
}

fn an_account_unlocks_all_its_boards(app: &TestApp) {
    let shop = shop(app);
    let (ana, ben) = (shop.person("Ana"), shop.person("Ben"));
    let (board, other) = (
        ana.board(json!({"title": "A"})),
        ben.board(json!({"title": "B"})),
    );
    ana.post("/games", json!({"title": "C", "theme": "dark"}))
        .problem_at(403, "product_required", "/theme");
    // Also where one board is named, since that is what it is sold as.
    let pro = json!({"product": "pro-month", "game_id": board.id});
    shop.fulfilled(&ana, pro);
    let all = json!({"mark": false, "entitlements": ["logo", "theme", "overlay", "limits"]});
    shown(&shop, &board).has(all.clone());
    ana.board(json!({"title": "C", "theme": "dark"}));
    for row in ana.get("/games").expect(200).rows() {
        assert_eq!(row["entitlements"], all["entitlements"]);
    }
    shown(&shop, &other).has(json!({"mark": true, "entitlements": []}));
    // A board that comes to the account later is unlocked with it.
    let late = shop.any_board();
    shown(&shop, &late).has(json!({"mark": true}));
    ana.post(&late.path("/claim"), json!({"own_token": late.token}))
        .expect(200);
    shown(&shop, &late).has(all);
}

fn what_is_for_one_board_goes_to_the_first_that_uses_it(app: &TestApp) {
    let shop = shop(app);
    let ana = shop.person("Ana");
    let [one, two] = ["One", "Two"].map(|title| ana.board(json!({"title": title})));
    shop.fulfilled(&ana, json!({"product": "board-forever", "game_id": null}));
    shown(&shop, &one).has(json!({"entitlements": []}));
    colour(&ana, &two).expect(200).has(json!({"mark": false}));
    colour(&ana, &one).problem(403, "product_required");
    shown(&shop, &one).has(json!({"mark": true}));
}

fn a_credential_may_ask_for_more(app: &TestApp) {
    let shop = Shop::open(
        app.database.engine,
        &[("SCOREHOLD__LIMITS__ENABLED", "true")],
    );
    let ana = shop.person("Ana");
    let policy = |client: &Client| {
        client.get("/me").expect(200);
        client.get("/me").expect(200).need("RateLimit-Policy")
    };
    assert_eq!(policy(&ana), "\"credential\";q=300;w=6");
    shop.fulfilled(&ana, json!({"product": "pro-month"}));
    // Another device has another credential; this one is asked again within a minute.
    let device = ana.log_in(&shop.anonymous());
    assert_eq!(policy(&device), "\"unlocked\";q=3000;w=6");
}

fn where_nothing_is_sold_everything_is_unlocked(app: &TestApp) {
    let board = app.any_board();
    colour(&board.owner, &board).expect(200).has(json!({
        "mark": false, "entitlements": ["logo", "theme", "overlay", "limits"], "theme": "#0072b2",
    }));
    board
        .patch("", json!({"theme": "#blue"}))
        .problem_at(422, "invalid_fields", "/theme");
}

both_engines!(
    a_board_is_unlocked_by_a_fulfilled_order,
    a_second_pass_makes_the_first_longer,
    what_is_bought_for_ever_lasts,
    a_refund_of_all_of_it_ends_what_it_unlocked,
    an_account_unlocks_all_its_boards,
    what_is_for_one_board_goes_to_the_first_that_uses_it,
    a_credential_may_ask_for_more,
    where_nothing_is_sold_everything_is_unlocked,
);
