//! The mutation control: a layer is taken away from the scratch copy, and the drill must then fail. One
//! that passes without its layer is dead.

use anyhow::{Result, bail};

use crate::args::Layer;
use crate::provision::{Aim, Database};

/// Takes a layer away, with the rights of somebody who means it.
pub fn take_away(layer: Layer, aim: &Aim<'_>) -> Result<()> {
    let (production, development) = (&aim.scratch.production, &aim.scratch.development);
    match layer {
        Layer::Guard => disarm(production, |_| true),
        // The copy was made without the first, nothing that is fired meets the second, and each recovery
        // forgets the third.
        Layer::Barrier | Layer::Authorizer | Layer::Lineage => Ok(()),
        Layer::Journal => disarm(production, |table| table == "journal"),
        // The developers' database says that it is production.
        Layer::Identity => {
            disarm(development, |_| true)?;
            development.execute("UPDATE instance SET environment = 'production'")
        }
    }
}

/// Takes the triggers off these tables; of all tables also what guards the database itself.
pub fn disarm(database: &Database, wanted: impl Fn(&str) -> bool) -> Result<()> {
    let triggers = match database {
        Database::Sqlite { .. } => {
            "SELECT tbl_name, name FROM sqlite_schema WHERE type = 'trigger'"
        }
        Database::Postgres { .. } => {
            "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
             WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
        }
    };
    let mut statements = Vec::new();
    for trigger in database.query(triggers)? {
        let [table, name] = trigger.as_slice() else {
            bail!("{trigger:?} is no trigger");
        };
        if wanted(table) {
            statements.push(match database {
                Database::Sqlite { .. } => format!("DROP TRIGGER {name}"),
                Database::Postgres { .. } => format!("ALTER TABLE {table} DISABLE TRIGGER {name}"),
            });
        }
    }
    if let Database::Postgres { .. } = database {
        statements.insert(0, "ALTER EVENT TRIGGER guard_ddl DISABLE".to_owned());
        if wanted("") {
            statements.push("ALTER EVENT TRIGGER guard_dropped DISABLE".to_owned());
            let name = database.value("SELECT current_database()")?;
            database.execute(&format!("ALTER DATABASE {name} IS_TEMPLATE false"))?;
        } else {
            statements.push("ALTER EVENT TRIGGER guard_ddl ENABLE ALWAYS".to_owned());
        }
    }
    database.execute(&statements.join("; "))
}
