//! `/status`, which a person understands, and `/metrics` for the operators' machine.

use scorehold::domain::maintenance::Fault;

use crate::support::{Process, TestApp, both_engines};

fn a_person_sees_that_everything_works(app: &TestApp) {
    let page = app.root().get("/status").expect(200);
    assert_eq!(page.need("Content-Type"), "text/html; charset=utf-8");
    assert!(
        page.need("Content-Security-Policy")
            .starts_with("default-src 'none'")
    );
    for part in [
        "<h1>Everything works</h1>",
        "Boards can be looked at",
        "None: whoever runs this server",
    ] {
        assert!(
            page.text.contains(part),
            "no word of {part} in {}",
            page.text
        );
    }
    assert!(
        !page.text.contains("Bringing everything back"),
        "there is no archive"
    );
    assert_eq!(
        app.root().get("/readyz").expect(200)["restore"],
        serde_json::Value::Null
    );
}

fn a_person_sees_why_changes_have_to_wait(app: &TestApp) {
    app.command(&["maintenance", "on", "--reason", "We move <house>."])
        .unwrap();
    let page = app
        .root()
        .until("/status", |page| page.text.contains("Changes have to wait"));
    assert_eq!(page.status, 200);
    assert!(
        page.text.contains("We move &lt;house&gt;."),
        "{}",
        page.text
    );
    app.command(&["maintenance", "off"]).unwrap();
    app.root()
        .until("/status", |page| page.text.contains("Everything works"));
    app.breaks(Fault::full("a secret of the operator"));
    let page = app.root().get("/status").expect(503);
    assert!(
        page.text
            .contains("<h1>This server is being looked after</h1>"),
        "{}",
        page.text
    );
    assert!(page.text.contains("is kept on your device"));
    assert!(!page.text.contains("secret"), "{}", page.text);
}

fn the_numbers_are_for_the_operators_machine(app: &TestApp) {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = port.local_addr().unwrap().to_string();
    drop(port);
    let admin = [("SCOREHOLD__SERVER__ADMIN_BIND", address.as_str())];
    let server = Process::serve(&app.database, &admin);
    let admin = crate::support::Client::new(format!("http://{address}"));
    let metrics = admin.get("/metrics").expect(200).text;
    for line in [
        "scorehold_ready 1",
        "scorehold_changes_taken 1",
        "scorehold_lineage 1",
        "scorehold_archive_on 0",
    ] {
        assert!(metrics.lines().any(|found| found == line), "{metrics}");
    }
    assert!(!metrics.contains("restore_"), "{metrics}");
    let public = server.root().get("/metrics").expect(200);
    assert!(!public.text.contains("scorehold_ready"), "{}", public.text);
}

both_engines!(
    a_person_sees_that_everything_works,
    a_person_sees_why_changes_have_to_wait,
    the_numbers_are_for_the_operators_machine,
);
