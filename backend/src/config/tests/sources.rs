//! Files and variables.

use std::path::PathBuf;

use super::*;

/// A file of this test alone, removed with it.
struct Scratch(PathBuf);

impl Scratch {
    fn new(content: &str) -> Self {
        let name = format!("scorehold-config-{}.toml", uuid::Uuid::new_v4());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, content).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
    let file = Scratch::new(
        "environment = \"test\"\n[server]\nbind = \"127.0.0.1:1\"\nadmin_bind = \"127.0.0.1:2\"\n[limits]\nenabled = false\n",
    );
    let loaded = Config::load(Some(&file.0), vars(&[("SERVER__BIND", "127.0.0.1:3")])).unwrap();
    assert_eq!(loaded.config.environment, Environment::Test);
    assert_eq!(loaded.config.server.bind.port(), 3);
    assert_eq!(loaded.config.server.admin_bind.port(), 2);
    assert!(!loaded.config.limits.enabled);
    let origins: Vec<_> = loaded
        .settings
        .iter()
        .map(|s| s.origin.clone())
        .take(4)
        .collect();
    let from_file = Origin::File(file.0.clone());
    assert_eq!(
        origins,
        [
            from_file.clone(),
            Origin::Environment,
            from_file,
            Origin::Unset
        ]
    );
}

#[test]
fn a_file_may_hold_known_keys_only() {
    let file = Scratch::new(
        "environment = \"test\"\nserver = 3\n[database]\nurl = [\"s3cret\"]\nport = \"s3cret\"\n",
    );
    let result = Config::load(Some(&file.0), vars(&[]));
    let text = result.as_ref().unwrap_err().to_string();
    assert!(!text.contains("s3cret"), "{text}");
    assert!(text.contains("(database.port in "), "{text}");
    assert_eq!(
        faulty_keys(result),
        ["DATABASE__PORT", "SERVER", "DATABASE__URL"]
    );
}

#[test]
fn a_broken_file_is_described_without_its_content() {
    let file = Scratch::new("environment = \"test\"\n[auth]\nsecret = \"s3cret\n");
    let text = Config::load(Some(&file.0), vars(&[]))
        .unwrap_err()
        .to_string();
    assert!(
        text.contains(&format!("{}, line 3: ", file.path())),
        "{text}"
    );
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn only_the_named_file_is_read() {
    let file = Scratch::new("environment = \"test\"\n");
    let without_extension = file.0.with_extension("");
    let keys = faulty_keys(Config::load(Some(&without_extension), vars(&[])));
    assert_eq!(keys, ["--config", "ENVIRONMENT"]);
}

#[test]
fn a_secret_may_come_from_a_file() {
    let file = Scratch::new(&format!("{LONG}\n"));
    let pairs = [("ENVIRONMENT", "test"), ("AUTH__SECRET_FILE", file.path())];
    let loaded = load(&pairs).unwrap();
    assert_eq!(loaded.config.auth.secret.unwrap().bytes(), LONG.as_bytes());
    let setting = loaded
        .settings
        .iter()
        .find(|s| s.name == "SCOREHOLD__AUTH__SECRET")
        .unwrap();
    assert_eq!(setting.origin.to_string(), "SCOREHOLD__AUTH__SECRET_FILE");
}

#[test]
fn a_secret_has_one_source_which_must_be_readable() {
    let both = [("AUTH__SECRET", LONG), ("AUTH__SECRET_FILE", "/nowhere")];
    assert_eq!(
        faulty_keys(production(Purpose::Serve, &both)),
        ["AUTH__SECRET"]
    );
    let lost = [("ENVIRONMENT", "test"), ("AUTH__SECRET_FILE", "/nowhere")];
    assert_eq!(faulty_keys(load(&lost)), ["AUTH__SECRET_FILE"]);
    let plain = [("ENVIRONMENT", "test"), ("SERVER__BIND_FILE", "/nowhere")];
    assert_eq!(faulty_keys(load(&plain)), ["SERVER__BIND_FILE"]);
}
