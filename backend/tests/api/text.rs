//! Texts of the whole world are kept; NUL, which PostgreSQL cannot hold, is refused everywhere.

use serde_json::json;

use crate::support::{TestApp, both_engines};

fn odd_names_are_kept(app: &TestApp) {
    let board = app.any_board();
    let names = [
        "Zoë",
        "李小龙",
        "محمد",
        "👩‍👩‍👧‍👦 Familie",
        "O'Brien; DROP TABLE games;--",
        "<script>alert(1)</script>",
        "100% \\ \"quoted\"",
        "𝕬𝖓𝖆",
        "a\u{300}\u{301}",
    ];
    for name in names {
        let id = board.player(name);
        let read = board.get(&format!("/players/{id}")).expect(200);
        let kept = read["name"].as_str().unwrap();
        assert!(
            kept == name || kept.chars().count() <= name.chars().count(),
            "{name:?} became {kept:?}"
        );
        let id_again = board.get("/players?limit=1000").expect(200);
        assert!(id_again.column("name").contains(&read["name"]));
    }
    let listed = board.get("/players").expect(200).column("name");
    assert_eq!(listed[..8], names[..8]);
}

fn nul_is_refused_wherever_a_text_may_stand(app: &TestApp) {
    let board = app.any_board();
    let (ana, round) = (board.player("Ana"), board.round("One"));
    let score = board.entry(&ana, 1);
    let revision = board.revision();
    let nul = "a\u{0}b";
    let bodies = [
        ("PATCH", board.path(""), "title"),
        ("PATCH", board.path(""), "description"),
        ("PATCH", board.path(""), "external_id"),
        ("PATCH", board.path(""), "unit"),
        ("PATCH", board.path(""), "theme"),
        ("PATCH", board.path(""), "timezone"),
        ("POST", board.path("/players"), "name"),
        (
            "PATCH",
            board.path(&format!("/players/{ana}")),
            "external_id",
        ),
        ("PATCH", board.path(&format!("/players/{ana}")), "team"),
        ("PATCH", board.path(&format!("/players/{ana}")), "avatar"),
        ("PATCH", board.path(&format!("/players/{ana}")), "colour"),
        ("PATCH", board.path(&format!("/rounds/{round}")), "label"),
        ("PATCH", board.path(&format!("/rounds/{round}")), "comment"),
        ("PATCH", board.path(&format!("/scores/{score}")), "note"),
    ];
    for (method, path, member) in bodies {
        let pointer = format!("/{member}");
        board
            .owner
            .json(method, &path, json!({member: nul}))
            .problem_at(422, "invalid_fields", &pointer);
    }
    let score = json!({"player_id": ana, "value": 1, "external_id": null, "note": nul});
    board
        .submit(score)
        .problem_at(422, "invalid_fields", "/note");
    board
        .get("/players?q=a%00")
        .problem_at(400, "invalid_parameter", "q");
    let put = board.put("/players/by-external/a%00b", json!({"name": "Eve"}));
    assert!([400, 404, 422].contains(&put.status), "{}", put.text);
    assert_eq!(board.revision(), revision);
}

both_engines!(odd_names_are_kept, nul_is_refused_wherever_a_text_may_stand);
