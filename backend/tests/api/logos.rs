//! /games/{game}/logo: pictures are known by their content, kept for ever, and served so that they can
//! do nothing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::support::{Answer, Board, Shop, TestApp, both_engines};

/// One dot.
pub const PNG: &str = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNgYPj/HwADAgH/p7WbEAAAAABJRU5ErkJggg==";
const WEBP: &[u8] = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x3f\xc0\x0b\0";

fn put(board: &Board, image: impl AsRef<[u8]>) -> Answer {
    board.put("/logo", json!({"image": STANDARD.encode(image)}))
}

fn png(bytes: usize) -> Vec<u8> {
    let mut png = STANDARD.decode(PNG).unwrap();
    png.resize(bytes, 0);
    png
}

fn a_board_shows_its_logo(app: &TestApp) {
    let board = app.any_board();
    board.get("/logo").problem(404, "not_found");
    let answer = board.put("/logo", json!({"image": PNG})).expect(200);
    let address = answer["logo"].as_str().unwrap().to_owned();
    let prefix = format!("/api/v1/games/{}/logo?v=", board.slug);
    assert!(address.starts_with(&prefix), "{address}");

    let stranger = app.root().get(&address);
    assert_eq!(
        (stranger.status, stranger.need("Content-Type")),
        (200, "image/png".to_owned())
    );
    assert_eq!(stranger.need("X-Content-Type-Options"), "nosniff");
    assert_eq!(
        stranger.need("Content-Security-Policy"),
        "default-src 'none'; sandbox"
    );
    let held = app.root().with("If-None-Match", &stranger.need("ETag"));
    assert_eq!(held.get(&address).expect(304).text, "");
    board.get("/logo?w=1").problem(400, "unknown_parameter");
    let long = format!("/logo?v={}", "0".repeat(65));
    board.get(&long).problem(400, "invalid_parameter");

    let other = put(&board, WEBP).expect(200);
    assert_ne!(other["logo"], json!(address));
    assert_eq!(board.get("/logo").need("Content-Type"), "image/webp");
}

fn a_logo_is_a_change_like_any_other(app: &TestApp) {
    let board = app.any_board();
    put(&board, png(100))
        .expect(200)
        .has(json!({"revision": 2, "version": 2}));
    put(&board, png(100))
        .expect(200)
        .has(json!({"revision": 2, "version": 2}));
    put(&board, WEBP).expect(200).has(json!({"revision": 3}));
    assert_eq!(board.delete("/logo").expect(204).text, "");
    board.delete("/logo").expect(204);
    board.get("/logo").problem(404, "not_found");
    board.get("").has(json!({"logo": null, "revision": 4}));
    let journal = board.get("/journal").expect(200);
    let last = &journal.rows()[0];
    assert_eq!(
        (&last["action"], &last["after"]),
        (&json!("game.logo"), &json!({"logo": null}))
    );
    let before = last["before"]["logo"].as_str().unwrap();
    assert_eq!(before.len(), 64);
    assert_eq!(journal.rows()[1]["after"]["logo"], before);
    let kept = "SELECT count(*) AS number FROM logos WHERE image IS NOT NULL";
    assert_eq!(app.database.number(kept), 2);
}

fn nobody_replaces_a_board_unseen(app: &TestApp) {
    let board = app.any_board();
    let seen = board.get("").need("ETag");
    put(&board, WEBP).expect(200);
    let late = board.owner.with("If-Match", &seen);
    let path = board.path("/logo");
    let refused = late
        .put(&path, json!({"image": PNG}))
        .problem(412, "precondition_failed");
    assert_eq!(refused["current"], board.get("").expect(200).json);
    late.delete(&path).problem(412, "precondition_failed");
    late.with("If-Match", &board.get("").need("ETag"))
        .delete(&path)
        .expect(204);
}

fn what_is_no_picture_is_refused(app: &TestApp) {
    let board = app.any_board();
    let svg = "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>";
    let mut wide = png(100);
    wide[18] = 0xff;
    for image in [
        svg.as_bytes(),
        b"GIF89a\x01\0\x01\0",
        b"<html>",
        b"\x89PNG",
        &wide,
    ] {
        put(&board, image).problem_at(422, "invalid_image", "/image");
    }
    put(&board, png(256 * 1024 + 1)).problem_at(413, "body_too_large", "/image");
    for body in [
        json!({}),
        json!({"image": "*"}),
        json!({"image": 1}),
        json!({"image": PNG, "url": "x"}),
    ] {
        board.put("/logo", body).problem(422, "invalid_fields");
    }
    assert_eq!(board.revision(), 1);
    put(&board, png(256 * 1024)).expect(200);
}

fn a_logo_is_seen_by_whoever_sees_the_board(app: &TestApp) {
    let ana = app.person("Ana");
    let board = ana.board(json!({"title": "Ours", "visibility": "private"}));
    put(&board, png(100)).expect(200);
    ana.get(&board.path("/logo")).expect(200);
    app.anonymous()
        .get(&board.public_path("/logo"))
        .problem(404, "not_found");
    let view = board
        .post("/links", json!({"role": "view", "name": "Fans"}))
        .expect(201);
    let fan = app.anonymous().bearer(view["token"].as_str().unwrap());
    fan.get(&board.path("/logo")).expect(200);
    fan.delete(&board.path("/logo")).problem(403, "forbidden");
}

fn a_logo_needs_a_product_where_something_is_sold(app: &TestApp) {
    let shop = Shop::open(app.database.engine, &[]);
    let board = shop.any_board();
    put(&board, png(100)).problem_at(403, "product_required", "/image");
    let order = json!({"product": "pass-7d", "game_id": board.id});
    let path = shop.fulfilled(&board.owner, order);
    put(&board, png(100)).expect(200);
    board.get("/logo").expect(200);
    shop.step(&shop.operator, &path, "refund", json!({}))
        .expect(200);
    board.get("/logo").problem(404, "not_found");
    board.get("").has(json!({"logo": Value::Null}));
    // Whoever may not show one may still take it away.
    board.delete("/logo").expect(204);
}

both_engines!(
    a_board_shows_its_logo,
    a_logo_is_a_change_like_any_other,
    nobody_replaces_a_board_unseen,
    what_is_no_picture_is_refused,
    a_logo_is_seen_by_whoever_sees_the_board,
    a_logo_needs_a_product_where_something_is_sold,
);
