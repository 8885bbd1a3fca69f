//! Single keys: defaults, faults, and the example that lists them.

use super::*;
use crate::config::keys::{KEYS, PREFIX};

#[test]
fn no_environment_is_assumed() {
    for pairs in [&[][..], &[("ENVIRONMENT", "")]] {
        assert_eq!(
            faults(load(pairs)),
            [
                "ENVIRONMENT: which environment? set SCOREHOLD__ENVIRONMENT to development, test, staging or production"
            ]
        );
    }
    assert_eq!(
        faulty_keys(load(&[("ENVIRONMENT", "Production")])),
        ["ENVIRONMENT"]
    );
}

#[test]
fn development_needs_nothing_else() {
    let config = load(&[("ENVIRONMENT", "development")]).unwrap().config;
    assert_eq!(config.server.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.server.admin_bind.to_string(), "127.0.0.1:9090");
    assert_eq!(
        config.database.url,
        DatabaseUrl::Sqlite("data/development.db".into())
    );
    assert_eq!(config.archive.mode, ArchiveMode::Off);
    assert_eq!(config.log.format, LogFormat::Text);
    assert!(config.demo.enabled && config.limits.enabled && !config.billing.enabled);
}

#[test]
fn defaults_that_could_hurt_are_missing_where_it_matters() {
    for environment in ["staging", "production"] {
        let keys = faulty_keys(load(&[("ENVIRONMENT", environment)]));
        assert_eq!(keys, ["DATABASE__URL", "ARCHIVE__MODE"]);
    }
    let config = production(Purpose::Serve, &[]).unwrap().config;
    assert!(!config.demo.enabled);
    assert_eq!(config.log.format, LogFormat::Json);
}

#[test]
fn all_faults_are_reported_at_once_and_no_secret_with_them() {
    let result = production(
        Purpose::Serve,
        &[
            ("SERVER__BIND", "8080"),
            ("SERVER__PROT", "s3cret"),
            ("DATABASE__URL", "postgres://app:s3cret@db:port/scores"),
            ("DATABASE__INSTANCE", "7"),
            ("AUTH__SECRET", "s3cret"),
            ("ARCHIVE__MODE", "off"),
            ("LIMITS__ENABLED", "yes"),
            ("MAIL__FROM", "nobody"),
            ("MAIL__SMTP_URL", "smtp://a:s3cret@"),
            ("LOG__LEVEL", "loud"),
        ],
    );
    let text = result.as_ref().unwrap_err().to_string();
    assert!(!text.contains("s3cret"), "{text}");
    assert!(
        text.contains("SCOREHOLD__SERVER__BIND: found \"8080\" (environment); allowed: an address"),
        "{text}"
    );
    assert_eq!(
        faulty_keys(result),
        [
            "SERVER__PROT",
            "SERVER__BIND",
            "DATABASE__URL",
            "DATABASE__INSTANCE",
            "AUTH__SECRET",
            "LIMITS__ENABLED",
            "MAIL__FROM",
            "MAIL__SMTP_URL",
            "LOG__LEVEL",
            "ARCHIVE__MODE",
        ]
    );
}

#[test]
fn an_unknown_name_is_answered_with_the_known_ones() {
    let problem = |name| faults(load(&[("ENVIRONMENT", "test"), (name, "1")])).concat();
    assert!(problem("SERVER__PORT").ends_with("there is SCOREHOLD__SERVER__BIND, SCOREHOLD__SERVER__ADMIN_BIND, SCOREHOLD__SERVER__PUBLIC_URL, SCOREHOLD__SERVER__TRUSTED_PROXIES"));
    assert!(
        problem("SERVICE__PORT").contains("there is SCOREHOLD__SERVER__, SCOREHOLD__DATABASE__, ")
    );
    assert!(problem("PORT").contains("there is SCOREHOLD__SERVER__, SCOREHOLD__DATABASE__, "));
}

#[test]
fn debug_output_holds_no_secret() {
    let secrets = [
        ("AUTH__SECRET", "s3cret-s3cret-s3cret-s3cret-s3cret"),
        ("DATABASE__URL", "postgres://app:s3cret@db/scores"),
        ("MAIL__FROM", "a@example.org"),
        ("MAIL__SMTP_URL", "smtp://a:s3cret@mail"),
    ];
    let loaded = production(Purpose::Serve, &secrets).unwrap();
    assert!(!format!("{loaded:?}").contains("s3cret"));
}

#[test]
fn the_example_names_every_key_and_no_other() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../.env.example");
    let text = std::fs::read_to_string(path).unwrap();
    let assignment = |line: &str| {
        let line = line.trim_start_matches(['#', ' ']);
        let name = line.split_once('=')?.0;
        name.starts_with(PREFIX).then(|| name.to_owned())
    };
    let mut named: Vec<String> = text.lines().filter_map(assignment).collect();
    let forms: Vec<String> = KEYS.iter().filter_map(|key| key.file_variable()).collect();
    named.retain(|name| !forms.contains(name));
    named.sort();
    named.dedup();
    let mut expected: Vec<String> = KEYS.iter().map(|key| key.variable()).collect();
    expected.sort();
    assert_eq!(named, expected);
}
