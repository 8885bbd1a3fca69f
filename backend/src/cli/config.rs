//! `scorehold config`.

use super::output::print as out;
use crate::config::Loaded;
use crate::error::StartError;

/// Says that the configuration is right, and what is left undone.
pub fn check(loaded: &Loaded) -> Result<(), StartError> {
    let environment = loaded.config.environment;
    let mut text = format!("the configuration is right ({environment})\n");
    for warning in &loaded.warnings {
        text += &format!("warning: {warning}\n");
    }
    out(&text)
}

/// Prints every key with its value and its origin.
pub fn print(loaded: &Loaded) -> Result<(), StartError> {
    out(&table(loaded))
}

fn table(loaded: &Loaded) -> String {
    let lines = loaded.settings.iter().map(|setting| {
        let assignment = format!("{}={}", setting.name, setting.shown);
        format!("{assignment:<64} # {}\n", setting.origin)
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn print_shows_origins_and_no_secret() {
        let vars = [
            ("SCOREHOLD__ENVIRONMENT", "staging"),
            (
                "SCOREHOLD__DATABASE__URL",
                "postgres://ana:s3cret@db/scores",
            ),
            (
                "SCOREHOLD__AUTH__SECRET",
                "s3cret-s3cret-s3cret-s3cret-s3cret",
            ),
            ("SCOREHOLD__ARCHIVE__MODE", "off"),
            ("SCOREHOLD__MAIL__FROM", "a@example.org"),
            ("SCOREHOLD__MAIL__SMTP_URL", "smtp://ana:s3cret@mail:587"),
        ];
        let vars = vars.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let table = table(&Config::load(None, vars).unwrap());
        let line = |start: &str| table.lines().find(|line| line.starts_with(start)).unwrap();
        assert!(!table.contains("s3cret"), "{table}");
        assert!(line("SCOREHOLD__SERVER__BIND=127.0.0.1:8080 ").ends_with("# default"));
        assert!(
            line("SCOREHOLD__DATABASE__URL=postgres://ana:***@db/scores ")
                .ends_with("# environment")
        );
        assert!(line("SCOREHOLD__AUTH__SECRET=(set, not shown) ").ends_with("# environment"));
        assert!(line("SCOREHOLD__SERVER__PUBLIC_URL= ").ends_with("# not set"));
    }
}
