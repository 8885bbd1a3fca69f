//! /b/{slug}: what others see of a board when its address is pasted into a chat.

use serde_json::json;

use crate::support::{TestApp, both_engines};

fn a_shared_board_previews_well(app: &TestApp) {
    let board = app.board(json!({"title": "Friday \"night\" <b>&"}));
    let [ana, _] = board.players(["Ana", "Ben"]);
    board.add(&ana, 42);
    let page = app.root().get(&format!("/b/{}", board.slug)).expect(200);
    assert!(page.need("Content-Type").starts_with("text/html"));
    assert!(!page.text.contains("<b>&"), "the title is escaped");
    let escaped = page
        .text
        .contains("Friday &quot;night&quot; &lt;b&gt;&amp;");
    assert!(escaped, "{}", &page.text[..page.text.len().min(2000)]);
    for wanted in [
        "og:title",
        "og:description",
        "og:image",
        "Ana leads with 42, 2 players",
    ] {
        assert!(page.text.contains(wanted), "{wanted} is missing");
    }
}

fn only_public_boards_are_for_search_engines(app: &TestApp) {
    let (unlisted, public) = (
        app.any_board(),
        app.board(json!({"title": "League", "visibility": "public"})),
    );
    let page = |slug: &str| app.root().get(&format!("/b/{slug}")).expect(200);
    let hidden = |answer: &crate::support::Answer| {
        answer.text.contains("noindex")
            || answer
                .header("X-Robots-Tag")
                .is_some_and(|tag| tag.contains("noindex"))
    };
    assert!(hidden(&page(&unlisted.slug)));
    assert!(!hidden(&page(&public.slug)));
}

fn what_is_in_the_trash_reveals_nothing(app: &TestApp) {
    let board = app.board(json!({"title": "Confidential"}));
    board.delete("").expect(204);
    let page = app.root().get(&format!("/b/{}", board.slug));
    assert!(!page.text.contains("Confidential"));
}

fn every_other_address_is_the_app(app: &TestApp) {
    for path in ["/", "/b/nothing123", "/anything/else"] {
        let page = app.root().with("Accept", "application/json").get(path);
        assert!(page.need("Content-Type").starts_with("text/html"), "{path}");
        let policy = page.need("Content-Security-Policy");
        assert!(
            policy.contains("default-src 'self'") || policy.contains("default-src 'none'"),
            "{policy}"
        );
    }
}

both_engines!(
    a_shared_board_previews_well,
    only_public_boards_are_for_search_engines,
    what_is_in_the_trash_reveals_nothing,
    every_other_address_is_the_app,
);
