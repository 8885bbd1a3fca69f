//! V4: our own commands, told the wrong thing: no environment, an unknown one, another's database.

use std::os::unix::fs::symlink;

use anyhow::Result;

use super::Shot;
use crate::args::Engine;
use crate::provision::application::{self, Settings};
use crate::provision::{Aim, Scratch};

const CONFIGURATION: i32 = 78;
const IDENTITY: i32 = 77;

/// What opens a database.
const COMMANDS: [&[&str]; 4] = [
    &["serve"],
    &["migrate"],
    &["migrate", "--check"],
    &["load", "--demo"],
];

/// Every command with every wrong pair of settings and database.
pub fn fire(aim: &Aim<'_>) -> Result<Vec<Shot>> {
    let scratch = aim.scratch;
    let mut shots = Vec::new();
    for (what, settings, refusal) in wrong(scratch)? {
        for arguments in COMMANDS {
            // Ports of its own: what is refused must be refused for what it would do to the database.
            let settings = settings
                .with("SERVER__BIND", "127.0.0.1:0")
                .with("SERVER__ADMIN_BIND", "127.0.0.1:0");
            let command = application::command(scratch, &settings, arguments);
            let what = format!("scorehold {}: {what}", arguments.join(" "));
            shots.push(Shot::command(what, &command, refusal)?);
        }
    }
    Ok(shots)
}

type Wrong = (String, Settings, i32);

fn wrong(scratch: &Scratch) -> Result<Vec<Wrong>> {
    // A command that only migrates needs the right to.
    let production = migrating(scratch, &scratch.marker.settings);
    let developer = scratch.marker.developer.with("ARCHIVE__MODE", "off");
    let secret = "a secret of thirty-two bytes, no less";
    let mut wrong = vec![
        (
            "no environment".to_owned(),
            production.without("ENVIRONMENT"),
            CONFIGURATION,
        ),
        (
            "an unknown environment".to_owned(),
            production.with("ENVIRONMENT", "prod"),
            CONFIGURATION,
        ),
        (
            "an empty environment".to_owned(),
            production.with("ENVIRONMENT", ""),
            CONFIGURATION,
        ),
        (
            "another instance is pinned".to_owned(),
            production.with("DATABASE__INSTANCE", "018f3b2e-7c1d-4a5e-9b8a-0123456789ab"),
            IDENTITY,
        ),
        (
            "the production database in a development configuration".to_owned(),
            developer.with("DATABASE__URL", scratch.production.url()),
            IDENTITY,
        ),
        (
            "the development database in the production configuration".to_owned(),
            production
                .with("DATABASE__URL", scratch.development.url())
                .with("DATABASE__MIGRATE_URL", scratch.development.url()),
            IDENTITY,
        ),
    ];
    for environment in ["development", "test", "staging"] {
        let swapped = production
            .with("ENVIRONMENT", environment)
            .with("AUTH__SECRET", secret);
        wrong.push((
            format!("production's settings as {environment}"),
            swapped,
            IDENTITY,
        ));
    }
    if scratch.marker.engine == Engine::Sqlite {
        let link = scratch.marker.directory.join("link.db");
        if !link.is_symlink() {
            symlink(scratch.marker.directory.join("data/production.db"), &link)?;
        }
        let linked = production.with("DATABASE__URL", format!("sqlite:{}", link.display()));
        wrong.push((
            "a symbolic link to the database".to_owned(),
            linked,
            IDENTITY,
        ));
    }
    Ok(wrong)
}

fn migrating(scratch: &Scratch, settings: &Settings) -> Settings {
    match &scratch.marker.roles {
        Some(roles) => settings.with("DATABASE__MIGRATE_URL", &roles.owner),
        None => settings.clone(),
    }
}
