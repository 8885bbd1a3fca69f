//! How a copy is made: as docs/OPERATIONS.md has an operator make a server.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use uuid::Uuid;

use super::application::{self, Settings};
use super::archiver;
use super::cluster::{self, Cluster};
use super::marker::{self, Marker};
use super::{Database, Roles, Scratch, identity, process};
use crate::args::{Args, Engine, Layer};

/// Makes a copy, stamped production, and its developers' database beside it. Of its servers only
/// PostgreSQL runs when this returns; it has no archive yet.
pub fn scratch(engine: Engine, args: &Args) -> Result<Scratch> {
    let directory = marker::make_directory(engine)?;
    copy_program(&args.program, &directory.join("scorehold"))?;
    let (cluster, roles) = match engine {
        Engine::Sqlite => {
            make_archive(&directory, args)?;
            (None, None)
        }
        Engine::Postgres => {
            let (cluster, roles) = postgres(&directory)?;
            (Some(cluster), Some(roles))
        }
    };
    let marker = Marker {
        inode: marker::inode(&directory)?,
        engine,
        instance: String::new(),
        lineage: 1,
        settings: production(&directory, roles.as_ref(), args.without)?,
        developer: development(&directory, roles.as_ref()),
        roles,
        directory,
    };
    let mut scratch = Scratch::new(marker, &args.python)?;
    scratch.cluster = cluster;
    scratch.removes_itself = true;
    scratch.without = args.without;
    migrate(&scratch)?;
    let (instance, _, lineage) = identity(&scratch.production)?;
    scratch.marker.instance = instance;
    scratch.marker.lineage = lineage;
    scratch.marker.write()?;
    Ok(scratch)
}

/// The copy has programs of its own, so that a build meanwhile changes nothing.
fn copy_program(program: &Path, copy: &Path) -> Result<()> {
    std::fs::copy(program, copy)
        .with_context(|| format!("there is no {}: run `make build` first", program.display()))?;
    process::hand_over(copy)
}

/// Where the data and their archive are to lie. The archiver comes with the Python of the checks.
fn make_archive(directory: &Path, args: &Args) -> Result<()> {
    archiver::make_data(&archiver::data(directory))?;
    let archive = archiver::archive(directory);
    std::fs::create_dir(&archive)?;
    process::hand_over(&archive)?;
    copy_program(
        &args.python.with_file_name("litestream"),
        &archiver::program(directory),
    )
}

/// A cluster with the two roles that OPERATIONS.md asks for, and two databases.
fn postgres(directory: &Path) -> Result<(Cluster, Roles)> {
    let [superuser, owner, runtime, receiver] =
        [(); 4].map(|()| Uuid::new_v4().simple().to_string());
    let cluster = Cluster::make(directory, &superuser)?;
    let url = |role: &str, password: &str, database: &str| {
        let port = cluster.port;
        format!("postgres://{role}:{password}@127.0.0.1:{port}/{database}")
    };
    let server = Database::Postgres {
        url: url("postgres", &superuser, "postgres"),
    };
    for sql in [
        format!("CREATE ROLE scorehold_owner LOGIN CREATEROLE PASSWORD '{owner}'"),
        format!("CREATE ROLE receiver LOGIN REPLICATION PASSWORD '{receiver}'"),
        "CREATE DATABASE scorehold OWNER scorehold_owner".to_owned(),
        format!("CREATE DATABASE {DEVELOPMENT}"),
    ] {
        server.execute(&sql)?;
    }
    let roles = Roles {
        runtime: url("scorehold_app", &runtime, "scorehold"),
        owner: url("scorehold_owner", &owner, "scorehold"),
        superuser: url("postgres", &superuser, "scorehold"),
        receiver: format!(
            "host=127.0.0.1 port={} user=receiver password={receiver} dbname=scorehold",
            cluster.port
        ),
    };
    Ok((cluster, roles))
}

const DEVELOPMENT: &str = "scorehold_dev";

/// What a server runs with whose scores are people's.
fn production(directory: &Path, roles: Option<&Roles>, without: Option<Layer>) -> Result<Settings> {
    let url = match roles {
        Some(roles) => roles.runtime.clone(),
        None => sqlite_url(&archiver::data(directory), "production.db"),
    };
    let secret = format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let port = || Ok::<_, anyhow::Error>(format!("127.0.0.1:{}", process::free_port()?));
    let settings = Settings::default()
        .with("SERVER__BIND", port()?)
        .with("SERVER__ADMIN_BIND", port()?)
        .with("ENVIRONMENT", "production")
        .with("DATABASE__URL", url)
        .with("AUTH__SECRET", secret)
        // A drill asks more than people do, and all from one address.
        .with("LIMITS__ENABLED", "false");
    let mode = match without {
        Some(Layer::Barrier) => "async",
        _ => "barrier",
    };
    Ok(match roles {
        Some(_) => cluster::settings(directory, &settings, mode),
        None => archiver::settings(directory, &settings, mode),
    })
}

fn development(directory: &Path, roles: Option<&Roles>) -> Settings {
    let url = match roles {
        Some(roles) => in_database(&roles.superuser, DEVELOPMENT),
        None => sqlite_url(directory, "development.db"),
    };
    Settings::default()
        .with("ENVIRONMENT", "development")
        .with("DATABASE__URL", url)
}

fn sqlite_url(directory: &Path, name: &str) -> String {
    format!("sqlite:{}", directory.join(name).display())
}

/// The same server and role, another database.
pub fn in_database(url: &str, name: &str) -> String {
    let server = url.rsplit_once('/').map_or(url, |(server, _)| server);
    format!("{server}/{name}")
}

/// The owner makes the tables; the superuser arms the guards that an owner may not.
pub(super) fn migrate(scratch: &Scratch) -> Result<()> {
    let Marker {
        settings,
        developer,
        roles,
        ..
    } = &scratch.marker;
    let production = match roles {
        None => vec![settings.clone()],
        Some(roles) => {
            let by = [&roles.owner, &roles.superuser];
            by.map(|url| settings.with("DATABASE__MIGRATE_URL", url))
                .to_vec()
        }
    };
    for settings in production.iter().chain([developer]) {
        let command = application::command(scratch, settings, &["migrate"]);
        process::succeed(&command, 60)?;
    }
    Ok(())
}

/// The databases of a copy, as somebody sees them who may do everything.
pub fn databases(marker: &Marker, python: &Path) -> (Database, Database) {
    match &marker.roles {
        Some(roles) => {
            let url = roles.superuser.clone();
            let development = in_database(&url, DEVELOPMENT);
            (
                Database::Postgres { url },
                Database::Postgres { url: development },
            )
        }
        None => {
            let file = |name: &str| Database::Sqlite {
                file: marker.directory.join(name),
                python: PathBuf::from(python),
            };
            (file("data/production.db"), file("development.db"))
        }
    }
}
