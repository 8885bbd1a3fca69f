//! Every public function of the database's module that takes a connection, a database or where to find one:
//! whoever writes a helper against our library finds these, and nothing that wipes.

use std::collections::BTreeSet;
use std::path::Path;

use diesel::connection::{Connection, SimpleConnection};
use scorehold::config::Config;
use scorehold::db::tables::{Class, TABLES};
use scorehold::db::{
    self, Conn, Connector, Role, guards, heads, identity, lineage, migrate, nodes, once, pointer,
    roles, standby, summary,
};
use scorehold::domain::time::{Clock, SystemClock};
use scorehold::error::StartError;
use scorehold::state::AppState;

use super::{BELIEFS, Rows, production, unchanged};
use crate::support::{TestApp, both_engines};
use crate::two_worlds::NO_ARCHIVE;

/// Where each of them is walked through.
const WALK: &str = "
    a_configuration_of_elsewhere_is_refused:
        identity::check identity::accept identity::refuse_other migrate::run migrate::check migrate::refuse_pending
        roles::check once::read once::write once::purge
        lineage::inspect lineage::raise lineage::arm
    what_only_looks_changes_nothing:
        identity::read guards::look migrate::version pointer::resolved shapes::shapes summary::read
        summary::examine heads::strangers lineage::damage standby::check standby::ready
    a_connection_of_any_role_wipes_nothing:
        connection::new connection::open connection::reach
    the_two_doors_wipe_nothing:
        mod::open mod::reopen mod::url mod::read mod::write mod::look
    a_number_is_taken_and_nothing_else:
        nodes::lease nodes::take nodes::keep
";

/// The public functions of a folder of sources that take one of these, as `file::name`.
fn offered() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/db");
    let entries = std::fs::read_dir(&folder).unwrap();
    // Of a module in several files the first alone is seen from outside.
    let files = entries.map(|entry| match entry.unwrap().path() {
        module if module.is_dir() => module.join("mod.rs"),
        file => file,
    });
    files.flat_map(|file| functions(&folder, &file)).collect()
}

fn functions(folder: &Path, file: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap();
    let module = file.strip_prefix(folder).unwrap().with_extension("");
    let module = module.to_str().unwrap().trim_end_matches("/mod").to_owned();
    let starts = ["pub fn ", "pub async fn ", "pub const fn "];
    let found = text.lines().enumerate().filter_map(|(at, line)| {
        let start = starts
            .iter()
            .find_map(|start| line.trim_start().strip_prefix(start))?;
        let name = start
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .next()?;
        let signature: String = text
            .lines()
            .skip(at)
            .flat_map(|line| [line, "\n"])
            .collect::<String>()
            .split('{')
            .next()
            .unwrap_or_default()
            .to_owned();
        let reaches = ["Conn", "Tx<", "Db", "DatabaseUrl", "Config"];
        let reaches = reaches.iter().any(|word| signature.contains(word));
        reaches.then(|| format!("{module}::{name}"))
    });
    found.collect()
}

#[test]
fn the_walk_goes_through_every_function() {
    let walked = WALK.split_whitespace().filter(|word| word.contains("::"));
    assert_eq!(
        walked.map(str::to_owned).collect::<BTreeSet<_>>(),
        offered()
    );
}

const ROLES: [Role; 4] = [Role::Reader, Role::Runtime, Role::Migrator, Role::Purger];

fn exit<T>(result: Result<T, StartError>) -> u8 {
    result.err().map_or(0, |refusal| refusal.exit)
}

fn a_configuration_of_elsewhere_is_refused(app: &TestApp) {
    let production = production(app);
    let before = Rows::of(&production.database);
    let truth = production.database.config("production", &NO_ARCHIVE);
    let here = identity::check(&truth).unwrap();
    for belief in BELIEFS {
        let config = production.database.config(belief, &NO_ARCHIVE);
        let owner = config.database.owner_url();
        let exits = [
            exit(identity::check(&config)),
            exit(identity::accept(&config, &here)),
            exit(identity::refuse_other(&config)),
            exit(migrate::run(&config)),
            exit(migrate::check(&config)),
            exit(migrate::refuse_pending(&config)),
            exit(once::read(&config, |_| Ok(()))),
            exit(once::write(&config, |_| Ok(()))),
            exit(once::purge(&config, |_| Ok(()))),
            exit(lineage::inspect(&config, owner)),
            exit(lineage::raise(
                &config,
                owner,
                ("elsewhere", 1),
                SystemClock.now(),
            )),
            exit(lineage::arm(&config, owner)),
            exit(AppState::open(config.clone())),
        ];
        assert_eq!(exits, [77; 13], "{belief}");
        // It looks at a role, and that of production is sound.
        assert_eq!(exit(roles::check(&config)), 0);
        unchanged(&production, &before, belief);
    }
}

fn what_only_looks_changes_nothing(app: &TestApp) {
    let production = production(app);
    let before = Rows::of(&production.database);
    let config = production.database.config("production", &NO_ARCHIVE);
    for role in ROLES {
        let mut conn = connection(&config, role);
        identity::read(&mut conn).unwrap();
        assert!(guards::look(&mut conn).unwrap().lacking().is_empty());
        migrate::version(&mut conn).unwrap();
        assert!(summary::read(&mut conn).unwrap().is_ok());
        let strangers = heads::strangers(&mut connection(&config, role), &mut conn);
        assert_eq!(strangers.unwrap(), [0; 0]);
        assert_eq!(summary::examine(&mut conn).is_ok(), app.is_sqlite());
    }
    let database = &config.database;
    assert_eq!(pointer::resolved(database).as_ref(), Ok(&database.url));
    standby::check(&config).unwrap();
    standby::ready(&config.database.url, config.archive.mode).unwrap();
    if !app.is_sqlite() {
        assert_eq!(lineage::damage(&config), None);
    }
    unchanged(&production, &before, "a look");
}

fn connection(config: &Config, role: Role) -> Conn {
    let url = match role {
        Role::Migrator | Role::Purger => config.database.migrate_url.clone(),
        Role::Reader | Role::Runtime => None,
    };
    let url = url.unwrap_or_else(|| config.database.url.clone());
    Connector::new(url, role).reach().unwrap()
}

/// What the script of 2020 said to its tables, and what else would have emptied them.
fn wipes(app: &TestApp) -> Vec<String> {
    let kept = TABLES
        .iter()
        .filter(|(_, class)| *class != Class::Ephemeral);
    let mut wipes: Vec<String> = TABLES
        .iter()
        .flat_map(|(table, _)| {
            [
                format!("DROP TABLE {table}"),
                format!("DROP TABLE IF EXISTS {table}; CREATE TABLE {table} (id INTEGER)"),
                format!("ALTER TABLE {table} RENAME TO gone"),
            ]
        })
        .collect();
    for (table, _) in kept {
        wipes.push(format!("DELETE FROM {table}"));
        wipes.push(format!("DELETE FROM {table} WHERE 1 = 1"));
    }
    // On SQLite nothing sees the WHERE of an update: facts are kept there, and the journal has the rest.
    for fact in [
        "scores SET value = 0",
        "journal SET before = NULL",
        "instance SET environment = 'test'",
    ] {
        wipes.push(format!("UPDATE {fact}"));
    }
    if app.is_sqlite() {
        wipes.extend(["VACUUM", "PRAGMA writable_schema = ON"].map(str::to_owned));
        return wipes;
    }
    for (table, _) in TABLES {
        wipes.push(format!("TRUNCATE {table}"));
        wipes.push(format!("TRUNCATE {table} CASCADE"));
        wipes.push(format!("DROP TABLE {table} CASCADE"));
    }
    for other in [
        "UPDATE games SET title = ''",
        "UPDATE players SET name = ''",
    ] {
        wipes.push(other.to_owned());
        wipes.push(format!("{other} WHERE 1 = 1"));
    }
    wipes.extend(
        [
            "DROP SCHEMA public CASCADE",
            "DROP OWNED BY CURRENT_USER CASCADE",
        ]
        .map(str::to_owned),
    );
    wipes
}

/// The statements that went through.
fn accepted(conn: &mut Conn, wipes: &[String]) -> Vec<String> {
    let mut accepted = wipes.to_vec();
    accepted.retain(|sql| conn.transaction(|conn| conn.batch_execute(sql)).is_ok());
    accepted
}

fn a_connection_of_any_role_wipes_nothing(app: &TestApp) {
    let production = production(app);
    let (before, wipes) = (Rows::of(&production.database), wipes(app));
    let config = production.database.config("production", &NO_ARCHIVE);
    for role in ROLES {
        let mut conn = connection(&config, role);
        let mut through = accepted(&mut conn, &wipes);
        if role == Role::Purger {
            // Its deletes are asked about row by row, so that where there is none nothing is asked.
            through.retain(|sql| !sql.starts_with("DELETE FROM"));
        }
        assert_eq!(through, [""; 0], "{role:?}");
        unchanged(&production, &before, &format!("{role:?}"));
    }
}

fn the_two_doors_wipe_nothing(app: &TestApp) {
    let production = production(app);
    let wipes = wipes(app);
    let config = production.database.config("production", &NO_ARCHIVE);
    let state = AppState::open(config.clone()).unwrap();
    let before = Rows::of(&production.database);
    let db = &state.db;
    db.reopen(&db.url(), db.identity(), db.barrier()).unwrap();
    let (written, read) = (wipes.clone(), wipes.clone());
    let [written, read] = actix_web::rt::System::new().block_on(async {
        let written = state.db.write(move |tx| Ok(accepted(tx.conn, &written)));
        let written = written.await.unwrap();
        let read = state.db.read(move |conn| Ok(accepted(conn, &read)));
        [written, read.await.unwrap()]
    });
    let mut conn = connection(&config, Role::Reader);
    let looked = db::look(&mut conn, |conn| Ok(accepted(conn, &wipes))).unwrap();
    let once = [
        looked,
        once::write(&config, |conn| Ok(accepted(conn, &wipes))).unwrap(),
        once::read(&config, |conn| Ok(accepted(conn, &wipes))).unwrap(),
    ];
    for accepted in [written, read].into_iter().chain(once) {
        assert_eq!(accepted, [""; 0]);
    }
    unchanged(&production, &before, "a door");
}

fn a_number_is_taken_and_nothing_else(app: &TestApp) {
    let production = production(app);
    let before = Rows::of(&production.database);
    let config = production.database.config("production", &NO_ARCHIVE);
    let now = production.act(|tx| Ok(tx.now));
    nodes::lease(&config, now).unwrap();
    production.act(|tx| Ok(nodes::take(tx.conn, uuid::Uuid::new_v4(), tx.now)?));
    production.act(|tx| Ok(nodes::keep(tx)?));
    let after = Rows::of(&production.database);
    assert_eq!(after.count("nodes"), before.count("nodes") + 2);
    let [before, after] = [before, after].map(|rows| rows.without("nodes"));
    assert!(before.same(&after), "{}", before.difference(&after));
}

both_engines!(
    a_configuration_of_elsewhere_is_refused,
    what_only_looks_changes_nothing,
    a_connection_of_any_role_wipes_nothing,
    the_two_doors_wipe_nothing,
    a_number_is_taken_and_nothing_else,
);
