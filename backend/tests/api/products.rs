//! /products: what can be ordered, from the catalogue alone.

use serde_json::json;

use crate::orders::draft;
use crate::support::{TestApp, both_engines, uuid};

fn everybody_sees_the_catalogue(app: &TestApp) {
    let products = app.anonymous().get("/products").expect(200);
    assert_eq!(
        products.column("id"),
        ["free", "pass-7d", "board-forever", "pro-month"]
    );
    for product in products.rows() {
        assert!(product["amount_minor"].is_u64(), "{product}");
        assert_eq!(product["currency"].as_str().unwrap().len(), 3);
    }
}

fn a_file_replaces_the_catalogue_as_a_whole(app: &TestApp) {
    let file = std::env::temp_dir().join(format!("catalogue-{}.toml", uuid()));
    let product = "[[product]]\nid = \"cup\"\nname = \"Cup\"\ndescription = \"\"\namount_minor = 500\ncurrency = \"CHF\"\n";
    std::fs::write(&file, product).unwrap();
    let settings = [("SCOREHOLD__BILLING__CATALOGUE", file.to_str().unwrap())];
    let other = TestApp::of_environment(app.database.engine, "test", &settings);
    std::fs::remove_file(&file).unwrap();

    assert_eq!(
        other.anonymous().get("/products").expect(200).column("id"),
        ["cup"]
    );
    let board = other.any_board();
    let order = draft(
        &board,
        json!({"product": "cup", "quantity": 2, "game_id": board.id}),
    )
    .expect(201);
    order.has(json!({"total_minor": 1000, "currency": "CHF"}));
    draft(&board, json!({"product": "pass-7d", "game_id": board.id})).problem_at(
        422,
        "unknown_product",
        "/product",
    );
}

both_engines!(
    everybody_sees_the_catalogue,
    a_file_replaces_the_catalogue_as_a_whole,
);
