//! /products and /orders: what can be ordered, and drafts that are read, changed and cancelled.
//! `order_steps.rs` has the states.

use serde_json::{Value, json};

use crate::support::{Answer, Board, Client, TestApp, assert_answer, both_engines, operator, uuid};

pub fn draft(board: &Board, body: Value) -> Answer {
    board
        .owner
        .with("Idempotency-Key", &uuid())
        .post("/orders", body)
}

/// A draft of three passes, and its address.
fn passes(board: &Board) -> (Answer, String) {
    let order = draft(
        board,
        json!({"product": "pass-7d", "quantity": 3, "game_id": board.id}),
    )
    .expect(201);
    let path = format!("/orders/{}", order["id"].as_str().unwrap());
    (order, path)
}

fn an_order_is_drafted(app: &TestApp) {
    let board = app.any_board();
    let (order, path) = passes(&board);
    assert_eq!(order.location(), path);
    assert_eq!(order.need("ETag"), format!("\"{}\"", order["version"]));
    let read = board.owner.get(&path).expect(200);
    assert_eq!(
        (&read.json, read.need("ETag")),
        (&order.json, order.need("ETag"))
    );
    assert_answer!(order.json, @r#"
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
      "paid_minor": 0,
      "product": "pass-7d",
      "provider": null,
      "quantity": 3,
      "reference": null,
      "refunded_minor": 0,
      "state": "draft",
      "subtotal_minor": 2700,
      "tax_minor": 0,
      "total_minor": 2700,
      "updated_at": "[time]",
      "user_id": null,
      "version": 1
    }
    "#);
}

fn an_order_is_never_made_twice(app: &TestApp) {
    let board = app.any_board();
    let owner = board.owner.with("Idempotency-Key", "first-order");
    let body = json!({"product": "pass-7d", "game_id": board.id});
    let first = owner.post("/orders", &body).expect(201);
    let again = owner.post("/orders", &body).expect(201);
    assert_eq!(
        (&again.json, again.need("Idempotency-Replayed")),
        (&first.json, "true".to_owned())
    );
    let more = json!({"product": "pass-7d", "quantity": 2, "game_id": board.id});
    owner
        .post("/orders", more)
        .problem(422, "idempotency_key_reused");
    board
        .owner
        .post("/orders", &body)
        .problem(422, "idempotency_key_required");
    assert_eq!(
        app.database.number("SELECT count(*) AS number FROM orders"),
        1
    );
}

fn orders_are_for_those_who_own_the_board(app: &TestApp) {
    let (board, other) = (app.any_board(), app.any_board());
    let public = app.board(json!({"title": "League", "visibility": "public"}));
    let (_, path) = passes(&board);
    let body = |game: &Board| json!({"product": "pass-7d", "game_id": game.id});

    let stranger = app.anonymous().with("Idempotency-Key", &uuid());
    stranger
        .post("/orders", body(&board))
        .problem(401, "unauthenticated");
    draft(&other, body(&board)).problem(404, "not_found");
    draft(&other, body(&public)).problem(403, "forbidden");
    for (method, body) in [
        ("GET", Value::Null),
        ("PATCH", json!({"quantity": 2})),
        ("DELETE", Value::Null),
    ] {
        app.anonymous()
            .json(method, &path, &body)
            .problem(401, "unauthenticated");
        other
            .owner
            .json(method, &path, &body)
            .problem(404, "not_found");
    }
    app.anonymous()
        .get("/orders")
        .problem(401, "unauthenticated");
    assert_eq!(other.owner.get("/orders").expect(200).rows().len(), 0);
    assert_eq!(board.owner.get("/orders").expect(200).rows().len(), 1);
}

fn an_order_of_an_account_is_its_own(app: &TestApp) {
    let (ana, ben, operator) = (app.person("Ana"), app.person("Ben"), operator(app));
    let board = ana.board(json!({"title": "Friday"}));
    let link = json!({"role": "own", "name": "Deputy"});
    let deputy = board.post("/links", link).expect(201);
    let deputy = app.anonymous().bearer(deputy["token"].as_str().unwrap());
    let make = |who: &Client, body: Value| {
        let keyed = who.with("Idempotency-Key", &uuid());
        keyed.post("/orders", body).expect(201)
    };
    let hers = make(&ana, json!({"product": "pro-month"}));
    hers.has(json!({"user_id": ana.id, "game_id": null}));
    let of_board = make(&ana, json!({"product": "pass-7d", "game_id": board.id}));
    let boards = make(&deputy, json!({"product": "pass-7d", "game_id": board.id}));
    boards.has(json!({"user_id": null, "game_id": board.id}));

    let listed = |who: &Client, path: &str| who.get(path).expect(200).column("id");
    let [hers, of_board, boards] = [hers, of_board, boards].map(|order| order["id"].clone());
    let all = [boards.clone(), of_board.clone(), hers.clone()];
    assert_eq!(listed(&ana, "/orders"), all);
    assert_eq!(listed(&operator, "/orders"), all);
    assert_eq!(listed(&deputy, "/orders"), all[..1]);
    assert!(listed(&ben, "/orders").is_empty());
    let path = format!("/orders/{}", of_board.as_str().unwrap());
    for who in [&deputy, &*ben] {
        who.get(&path).problem(404, "not_found");
        who.delete(&path).problem(404, "not_found");
    }
    // What the board ordered belongs to whoever owns the board.
    let path = format!("/orders/{}", boards.as_str().unwrap());
    ana.delete(&path).expect(204);
    assert_eq!(listed(&operator, "/orders?state=cancelled"), [boards]);
    let elsewhere = json!({"product": "pass-7d", "game_id": app.any_board().id});
    let keyed = ana.with("Idempotency-Key", &uuid());
    keyed.post("/orders", elsewhere).problem(404, "not_found");
}

fn an_order_is_found_by_its_number(app: &TestApp) {
    let operator = operator(app);
    let board = app.any_board();
    let orders = [(); 3].map(|()| passes(&board).0);
    for order in &orders {
        let number = order["number"].as_str().unwrap();
        for q in [number, &number.to_lowercase(), &number[3..]] {
            let found = operator
                .get(&format!("/orders?q={q}&state=draft"))
                .expect(200);
            assert_eq!(found.rows(), std::slice::from_ref(&order.json));
        }
    }
    for q in ["%25", "_", "nothing"] {
        let found = operator.get(&format!("/orders?q={q}")).expect(200);
        assert!(found.rows().is_empty(), "{q}");
    }
}

fn orders_are_listed_page_by_page(app: &TestApp) {
    let board = app.any_board();
    for _ in 0..3 {
        passes(&board);
    }
    let whole = board.owner.get("/orders").expect(200);
    assert_eq!((whole.rows().len(), &whole["has_more"]), (3, &json!(false)));
    let first = board.owner.get("/orders?limit=2").expect(200);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = board
        .owner
        .get(&format!("/orders?limit=2&cursor={cursor}"))
        .expect(200);
    assert_eq!(
        [first.rows().as_slice(), second.rows()].concat(),
        *whole.rows()
    );
}

fn a_draft_can_change(app: &TestApp) {
    let board = app.any_board();
    let (_, path) = passes(&board);
    let change = json!({"quantity": 5, "note": "for the final", "billing_name": "Reds e.V."});
    let changed = board.owner.patch(&path, change).expect(200);
    changed.has(json!({"quantity": 5, "total_minor": 4500, "version": 2}));
    changed.has(json!({"note": "for the final", "billing_name": "Reds e.V."}));
    let cleared = board.owner.patch(&path, json!({"note": null})).expect(200);
    cleared.has(json!({"note": null, "quantity": 5}));
    for member in ["product", "state", "total_minor", "game_id"] {
        let pointer = format!("/{member}");
        board
            .owner
            .patch(&path, json!({member: "free"}))
            .problem_at(422, "invalid_fields", &pointer);
    }
    assert_eq!(board.owner.get(&path).expect(200).json, cleared.json);
}

fn a_cancelled_order_stays_readable_and_as_it_is(app: &TestApp) {
    let board = app.any_board();
    let (_, path) = passes(&board);
    assert_eq!(board.owner.delete(&path).expect(204).text, "");
    assert_eq!(board.owner.get(&path).expect(200)["state"], "cancelled");
    board
        .owner
        .patch(&path, json!({"quantity": 1}))
        .problem(409, "order_state");
    board.owner.delete(&path).problem(409, "order_state");
    assert_eq!(board.owner.get(&path).expect(200)["quantity"], 3);
}

fn nobody_overwrites_an_order_unseen(app: &TestApp) {
    let board = app.any_board();
    let (order, path) = passes(&board);
    let seen = board.owner.with("If-Match", &order.need("ETag"));
    seen.patch(&path, json!({"quantity": 4})).expect(200);
    let refused = seen
        .patch(&path, json!({"quantity": 5}))
        .problem(412, "precondition_failed");
    assert_eq!(refused["current"], board.owner.get(&path).expect(200).json);
    seen.delete(&path).problem(412, "precondition_failed");
    board.owner.with("If-Match", "*").delete(&path).expect(204);

    let tag = board.owner.get(&path).expect(200).need("ETag");
    board
        .owner
        .with("If-None-Match", &tag)
        .get(&path)
        .expect(304);
}

fn every_step_of_an_order_is_kept(app: &TestApp) {
    let board = app.any_board();
    let (_, path) = passes(&board);
    board.owner.patch(&path, json!({"quantity": 4})).expect(200);
    board.owner.patch(&path, json!({"quantity": 4})).expect(200);
    board.owner.delete(&path).expect(204);
    let steps = app
        .database
        .number("SELECT count(*) AS number FROM order_events");
    assert_eq!(
        (
            steps,
            app.database
                .number("SELECT max(version) AS number FROM order_events")
        ),
        (3, 3)
    );
    assert_eq!(board.revision(), 1);
}

both_engines!(
    an_order_is_drafted,
    an_order_is_never_made_twice,
    orders_are_for_those_who_own_the_board,
    an_order_of_an_account_is_its_own,
    an_order_is_found_by_its_number,
    orders_are_listed_page_by_page,
    a_draft_can_change,
    a_cancelled_order_stays_readable_and_as_it_is,
    nobody_overwrites_an_order_unseen,
    every_step_of_an_order_is_kept,
);
