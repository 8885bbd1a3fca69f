//! Rules between keys, and rules of single commands.

use super::*;

#[test]
fn serve_wants_a_secret_and_an_archive_in_production() {
    let no_secret = [("AUTH__SECRET", "")];
    assert_eq!(
        faulty_keys(production(Purpose::Serve, &no_secret)),
        ["AUTH__SECRET"]
    );
    assert_eq!(
        faulty_keys(production(Purpose::Check, &no_secret)),
        ["AUTH__SECRET"]
    );
    let off = [("ARCHIVE__MODE", "off")];
    assert_eq!(
        faulty_keys(production(Purpose::Serve, &off)),
        ["ARCHIVE__MODE"]
    );
    let accepted = [
        ("ARCHIVE__MODE", "off"),
        ("ARCHIVE__ACKNOWLEDGE_NO_ARCHIVE", "true"),
    ];
    assert!(production(Purpose::Serve, &accepted).is_ok());
    let staging = [("ARCHIVE__MODE", "off"), ("ENVIRONMENT", "staging")];
    assert!(production(Purpose::Serve, &staging).is_ok());
}

#[test]
fn an_archive_of_sqlite_is_asked_over_a_socket() {
    let sqlite = ("DATABASE__URL", "sqlite:/srv/scores.db");
    let socket = ("ARCHIVE__SOCKET", "/run/litestream.sock");
    for mode in ["async", "barrier"] {
        let deaf = [sqlite, ("ARCHIVE__MODE", mode)];
        assert_eq!(
            faulty_keys(production(Purpose::Serve, &deaf)),
            ["ARCHIVE__SOCKET"]
        );
        let heard = [sqlite, socket, ("ARCHIVE__MODE", mode)];
        assert!(production(Purpose::Serve, &heard).is_ok());
    }
    let off = [sqlite, ("ARCHIVE__MODE", "off"), ("ENVIRONMENT", "staging")];
    assert!(production(Purpose::Serve, &off).is_ok());
    assert!(production(Purpose::Serve, &[]).is_ok());
}

#[test]
fn migrate_wants_its_own_role_and_the_same_kind_of_database() {
    assert_eq!(
        faulty_keys(production(Purpose::Migrate, &[])),
        ["DATABASE__MIGRATE_URL"]
    );
    let migrate_url = ("DATABASE__MIGRATE_URL", "postgres://owner:pw@db/scores");
    let no_secret = [migrate_url, ("AUTH__SECRET", "")];
    assert!(production(Purpose::Migrate, &no_secret).is_ok());
    let sqlite = ("DATABASE__URL", "sqlite:/srv/scores.db");
    assert!(production(Purpose::Migrate, &[sqlite]).is_ok());
    assert_eq!(
        faulty_keys(production(Purpose::Migrate, &[sqlite, migrate_url])),
        ["DATABASE__MIGRATE_URL"]
    );
    let development = [("ENVIRONMENT", "development")];
    assert!(production(Purpose::Migrate, &development).is_ok());
}

#[test]
fn serve_never_reads_the_rights_of_migrations() {
    let unreadable = [("DATABASE__MIGRATE_URL_FILE", "/nowhere")];
    let config = production(Purpose::Serve, &unreadable).unwrap().config;
    assert_eq!(config.database.migrate_url, None);
    let nonsense = [("DATABASE__MIGRATE_URL", "nonsense")];
    assert!(production(Purpose::Serve, &nonsense).is_ok());
    assert_eq!(
        faulty_keys(production(Purpose::Check, &nonsense)),
        ["DATABASE__MIGRATE_URL"]
    );
}

#[test]
fn what_belongs_together_is_checked_together() {
    let listeners = [("SERVER__ADMIN_BIND", "127.0.0.1:8080")];
    assert_eq!(
        faulty_keys(production(Purpose::Serve, &listeners)),
        ["SERVER__ADMIN_BIND"]
    );
    let any_port = [
        ("SERVER__BIND", "127.0.0.1:0"),
        ("SERVER__ADMIN_BIND", "127.0.0.1:0"),
    ];
    assert!(production(Purpose::Serve, &any_port).is_ok());
    let mail = [("MAIL__SMTP_URL", "smtps://mail")];
    assert_eq!(
        faulty_keys(production(Purpose::Serve, &mail)),
        ["MAIL__FROM"]
    );
    let catalogue = [("BILLING__CATALOGUE", "/nowhere")];
    assert_eq!(
        faulty_keys(production(Purpose::Serve, &catalogue)),
        ["BILLING__CATALOGUE"]
    );
}

#[test]
fn gaps_are_warnings_where_real_people_play() {
    assert!(
        load(&[("ENVIRONMENT", "development")])
            .unwrap()
            .warnings
            .is_empty()
    );
    let warnings = |turned: &[_]| {
        production(Purpose::Serve, turned)
            .unwrap()
            .warnings
            .join("\n")
    };
    let complete = [
        ("MAIL__FROM", "Scorehold <a@example.org>"),
        ("MAIL__SMTP_URL", "smtps://mail"),
    ];
    assert_eq!(warnings(&complete), "");
    let text = warnings(&[("SERVER__PUBLIC_URL", ""), ("LIMITS__ENABLED", "false")]);
    for key in ["SERVER__PUBLIC_URL", "MAIL__SMTP_URL", "LIMITS__ENABLED"] {
        assert!(text.contains(key), "{text}");
    }
}
