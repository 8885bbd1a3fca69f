//! Every step of an order from every state, each sent twice: the table of edges as the contract has it,
//! its row in the history, and its money.

use std::thread;

use scorehold::services::orders::expire_overdue;
use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, Shop, TestApp, assert_answer, both_engines, uuid};

/// From where which steps lead where. What is not here is 409 `order_state`.
const EDGES: [(&str, &str, &str); 11] = [
    ("draft", "submit", "pending"),
    ("draft", "cancel", "cancelled"),
    ("pending", "cancel", "cancelled"),
    ("pending", "pay", "paid"),
    ("paid", "fulfil", "fulfilled"),
    ("paid", "refund a part", "partially_refunded"),
    ("paid", "refund the rest", "refunded"),
    ("fulfilled", "refund a part", "partially_refunded"),
    ("fulfilled", "refund the rest", "refunded"),
    ("partially_refunded", "refund a part", "partially_refunded"),
    ("partially_refunded", "refund the rest", "refunded"),
];
const STATES: [&str; 8] = [
    "draft",
    "pending",
    "paid",
    "fulfilled",
    "expired",
    "cancelled",
    "partially_refunded",
    "refunded",
];
const STEPS: [&str; 6] = [
    "submit",
    "cancel",
    "pay",
    "fulfil",
    "refund a part",
    "refund the rest",
];
/// Longer than a payment is waited for.
const FIFTEEN_DAYS: i64 = 15 * 86_400;

fn shop(app: &TestApp) -> Shop {
    Shop::open(app.database.engine, &[])
}

/// Takes a step with a key: as the customer or as the operator, whoever it is for.
fn take(shop: &Shop, board: &Board, path: &str, step: &str, key: &str) -> Answer {
    let (who, word, body): (&Client, _, _) = match step {
        "submit" | "cancel" => (&board.owner, step, json!({})),
        "pay" => (&shop.operator, step, json!({"reference": "no. 1"})),
        "fulfil" => (&shop.operator, step, json!({})),
        "refund a part" => (&shop.operator, "refund", json!({"amount_minor": 100})),
        _ => (&shop.operator, "refund", json!({"reference": "no. 2"})),
    };
    who.with("Idempotency-Key", key)
        .post(&format!("{path}/{word}"), body)
}

/// An order in a state, by the shortest way.
fn order_in(shop: &mut Shop, board: &Board, state: &str) -> String {
    let body = json!({"product": "pass-7d", "quantity": 3, "game_id": board.id});
    let path = shop.draft(&board.owner, body);
    let way: &[&str] = match state {
        "draft" => &[],
        "pending" | "expired" => &["submit"],
        "paid" => &["submit", "pay"],
        "fulfilled" => &["submit", "pay", "fulfil"],
        "cancelled" => &["cancel"],
        "partially_refunded" => &["submit", "pay", "refund a part"],
        _ => &["submit", "pay", "refund the rest"],
    };
    for step in way {
        take(shop, board, &path, step, &uuid()).expect(200);
    }
    if state == "expired" {
        shop.pass(FIFTEEN_DAYS);
        assert!(shop.act(expire_overdue) > 0);
    }
    assert_eq!(board.owner.get(&path).expect(200)["state"], state);
    path
}

fn events(board: &Board, path: &str) -> Vec<Value> {
    let events = board.owner.get(&format!("{path}/events")).expect(200);
    events.rows().clone()
}

fn every_step_from_every_state(app: &TestApp) {
    let mut shop = shop(app);
    let board = shop.any_board();
    for state in STATES {
        for step in STEPS {
            let path = order_in(&mut shop, &board, state);
            let before = (
                board.owner.get(&path).expect(200).json,
                events(&board, &path),
            );
            let edge = EDGES.iter().find(|edge| (edge.0, edge.1) == (state, step));
            let key = uuid();
            let [answer, again] = [(); 2].map(|()| take(&shop, &board, &path, step, &key));
            let after = (
                board.owner.get(&path).expect(200).json,
                events(&board, &path),
            );
            let Some((.., to)) = edge else {
                answer.problem(409, "order_state");
                again.problem(409, "order_state");
                assert_eq!(after, before, "{state}: {step}");
                continue;
            };
            let answer = answer.expect(200);
            assert_eq!((&answer["state"], &answer.json), (&json!(to), &after.0));
            assert_eq!(answer.need("ETag"), format!("\"{}\"", answer["version"]));
            assert_eq!(again.need("Idempotency-Replayed"), "true");
            assert_eq!(again.expect(200).json, answer.json);
            let (last, rest) = after.1.split_last().unwrap();
            assert_eq!(rest, before.1, "{state}: {step}: one row");
            assert_eq!(
                (&last["from"], &last["to"], &last["version"]),
                (&json!(state), &json!(to), &answer["version"])
            );
        }
    }
}

fn only_what_is_pending_expires(app: &TestApp) {
    let mut shop = shop(app);
    let board = shop.any_board();
    let waiting = order_in(&mut shop, &board, "pending");
    let until = board.owner.get(&waiting).expect(200)["expires_at"].clone();
    assert!(until.is_string(), "{until}");
    // What expires in this list takes the one above and the pending one before it along.
    let paths = STATES.map(|state| (state, order_in(&mut shop, &board, state)));
    assert_eq!(board.owner.get(&waiting).expect(200)["state"], "expired");
    let fresh = order_in(&mut shop, &board, "pending");
    assert_eq!(shop.act(expire_overdue), 0);
    shop.pass(FIFTEEN_DAYS);
    assert_eq!(shop.act(expire_overdue), 1);
    assert_eq!(shop.act(expire_overdue), 0);
    for (state, path) in &paths {
        let now = if *state == "pending" {
            "expired"
        } else {
            state
        };
        let order = board.owner.get(path).expect(200);
        assert_eq!(
            (&order["state"], &order["expires_at"]),
            (&json!(now), &json!(null))
        );
    }
    let last = events(&board, &fresh).pop().unwrap();
    assert_eq!(
        (&last["action"], &last["actor"]),
        (&json!("order.expired"), &json!({"role": "system"}))
    );
    take(&shop, &board, &fresh, "pay", &uuid()).problem(409, "order_state");
}

fn the_history_of_an_order(app: &TestApp) {
    let mut shop = shop(app);
    let board = shop.any_board();
    let path = order_in(&mut shop, &board, "fulfilled");
    take(&shop, &board, &path, "refund a part", &uuid()).expect(200);
    take(&shop, &board, &path, "refund the rest", &uuid()).expect(200);
    let history = events(&board, &path);
    let told = history.iter().map(|event| {
        let [action, role, to, amount, reference] = [
            "/action",
            "/actor/role",
            "/to",
            "/amount_minor",
            "/reference",
        ]
        .map(|pointer| event.pointer(pointer).unwrap().to_string().replace('"', ""));
        format!("{action} by {role}: {to} {amount} {reference}")
    });
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            "order.drafted by own: draft null null",
            "order.submitted by own: pending null null",
            "order.paid by operator: paid 2700 no. 1",
            "order.fulfilled by operator: fulfilled null null",
            "order.partially_refunded by operator: partially_refunded 100 null",
            "order.refunded by operator: refunded 2600 no. 2",
        ]
    );
    // Who exactly it was is for operators.
    assert_eq!(history[2]["actor"]["id"], json!(null));
    let seen = shop
        .operator
        .get(&format!("{path}/events?limit=3"))
        .expect(200);
    assert_eq!(seen.rows()[2]["actor"]["id"], shop.operator.id);
    let rest = format!(
        "{path}/events?limit=3&cursor={}",
        seen["next_cursor"].as_str().unwrap()
    );
    let rest = shop.operator.get(&rest).expect(200);
    assert_eq!(rest.column("version"), [4, 5, 6]);
}

fn an_order_says_what_was_paid_and_given_back(app: &TestApp) {
    let mut shop = shop(app);
    let board = shop.any_board();
    let path = order_in(&mut shop, &board, "partially_refunded");
    take(&shop, &board, &path, "refund the rest", &uuid()).expect(200);
    assert_answer!(board.owner.get(&path).expect(200).json, @r#"
    {
      "billing_name": null,
      "created_at": "[time]",
      "currency": "EUR",
      "expires_at": null,
      "game_id": "[game]",
      "id": "[ord]",
      "lines": [
        {
          "product": "pass-7d",
          "quantity": 3,
          "total_minor": 2700,
          "unit_minor": 900
        }
      ],
      "note": null,
      "number": "[number]",
      "paid_minor": 2700,
      "product": "pass-7d",
      "provider": "manual",
      "quantity": 3,
      "reference": "no. 1",
      "refunded_minor": 2700,
      "state": "refunded",
      "subtotal_minor": 2700,
      "tax_minor": 0,
      "total_minor": 2700,
      "updated_at": "[time]",
      "user_id": null,
      "version": 5
    }
    "#);
}

fn money_never_goes_back_twice_or_beyond_what_came_in(app: &TestApp) {
    let mut shop = shop(app);
    let board = shop.any_board();
    let path = order_in(&mut shop, &board, "paid");
    let refund = |amount: Value| {
        shop.step(
            &shop.operator,
            &path,
            "refund",
            json!({"amount_minor": amount}),
        )
    };
    for amount in [json!(0), json!(-1), json!(2701), json!(i64::MAX)] {
        let refused = refund(amount).problem_at(422, "refund_exceeds_payment", "/amount_minor");
        assert_eq!(refused["refundable_minor"], 2700);
    }
    for amount in [json!(1.5), json!("1"), json!(1e30)] {
        refund(amount).problem_at(422, "invalid_fields", "/amount_minor");
    }
    shop.operator
        .post(&format!("{path}/refund"), json!({}))
        .problem(422, "idempotency_key_required");
    refund(json!(1))
        .expect(200)
        .has(json!({"refunded_minor": 1, "paid_minor": 2700}));
    refund(json!(2700)).problem(422, "refund_exceeds_payment");
    let last = refund(json!(2699)).expect(200);
    last.has(json!({"refunded_minor": 2700, "state": "refunded"}));

    // What is free was not paid for.
    let free = shop.draft(
        &board.owner,
        json!({"product": "free", "game_id": board.id}),
    );
    take(&shop, &board, &free, "submit", &uuid()).expect(200);
    take(&shop, &board, &free, "pay", &uuid()).expect(200);
    take(&shop, &board, &free, "refund the rest", &uuid()).problem(422, "refund_exceeds_payment");
}

fn of_many_refunds_at_once_one_is_the_last(app: &TestApp) {
    let mut shop = shop(app);
    let board = shop.any_board();
    let path = order_in(&mut shop, &board, "fulfilled");
    let ask = || {
        let operator = shop.operator.with("Idempotency-Key", &uuid());
        let path = format!("{path}/refund");
        thread::spawn(move || operator.post(&path, json!({"amount_minor": 700})).status)
    };
    let asked: Vec<_> = (0..8).map(|_| ask()).collect();
    let mut statuses: Vec<u16> = asked.into_iter().map(|one| one.join().unwrap()).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 422, 422, 422, 422, 422]);
    board
        .owner
        .get(&path)
        .expect(200)
        .has(json!({"refunded_minor": 2100}));
}

fn each_side_takes_its_own_steps(app: &TestApp) {
    let shop = shop(app);
    let board = shop.any_board();
    let path = shop.draft(
        &board.owner,
        json!({"product": "pass-7d", "game_id": board.id}),
    );
    let stranger = shop.person("Eve");
    for step in ["submit", "cancel"] {
        shop.step(&shop.operator, &path, step, json!({}))
            .problem(403, "forbidden");
    }
    let steps = [
        ("pay", json!({"reference": "x"})),
        ("fulfil", json!({})),
        ("refund", json!({})),
    ];
    for (step, body) in steps {
        shop.step(&board.owner, &path, step, body.clone())
            .problem(403, "forbidden");
        shop.step(&stranger, &path, step, body)
            .problem(404, "not_found");
    }
    shop.operator
        .patch(&path, json!({"quantity": 2}))
        .problem(403, "forbidden");
    shop.operator.delete(&path).problem(403, "forbidden");
    for wrong in [
        json!({}),
        json!({"reference": " "}),
        json!({"reference": "x".repeat(101)}),
    ] {
        shop.step(&shop.operator, &path, "pay", wrong).problem_at(
            422,
            "invalid_fields",
            "/reference",
        );
    }
}

fn where_nothing_is_sold_orders_stay_drafts(app: &TestApp) {
    let board = app.any_board();
    let order = json!({"product": "pass-7d", "game_id": board.id});
    let order = board
        .owner
        .with("Idempotency-Key", &uuid())
        .post("/orders", order);
    let path = order.expect(201).location();
    board
        .owner
        .post(&format!("{path}/submit"), json!({}))
        .problem(501, "payments_disabled");
    assert_eq!(board.owner.get(&path).expect(200)["state"], "draft");
    assert_eq!(
        app.anonymous().get("/products").expect(200)["payments"],
        false
    );
}

both_engines!(
    every_step_from_every_state,
    only_what_is_pending_expires,
    the_history_of_an_order,
    an_order_says_what_was_paid_and_given_back,
    money_never_goes_back_twice_or_beyond_what_came_in,
    of_many_refunds_at_once_one_is_the_last,
    each_side_takes_its_own_steps,
    where_nothing_is_sold_orders_stay_drafts,
);
