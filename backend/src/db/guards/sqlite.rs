//! The guards of SQLite: row triggers, which stop every process that opens the file, as long as it has
//! not dropped them.

use super::Guard;
use crate::db::shapes::Shape;
use crate::db::tables::Class;

/// SQLite keeps the text of a trigger as it was written.
pub(super) const ARMED: &str =
    "SELECT name, sql AS definition FROM sqlite_schema WHERE type = 'trigger'";

pub(super) fn guards(shapes: &[Shape]) -> Vec<Guard> {
    shapes.iter().flat_map(of_table).collect()
}

fn of_table(shape: &Shape) -> Vec<Guard> {
    match shape.class {
        Class::Ephemeral => vec![expired(shape)],
        Class::Entity => vec![keep(shape)],
        Class::Ledger { .. } | Class::Catalogue { .. } => vec![keep(shape), facts(shape)],
    }
}

/// No row is deleted, but those of the board that an open permit names.
fn keep(shape: &Shape) -> Guard {
    let permitted = shape.board.as_ref().map_or(String::new(), |board| {
        format!(
            " WHEN NOT EXISTS (SELECT 1 FROM permits WHERE purpose = 'purge' AND open_in IS NOT NULL AND game_id = OLD.{board})"
        )
    });
    guard(shape, "keep", "DELETE", &permitted)
}

/// Of a row that is kept only what may move is updated.
fn facts(shape: &Shape) -> Guard {
    let event = format!("UPDATE OF {}", shape.facts().join(", "));
    guard(shape, "facts", &event, "")
}

/// What expires is deleted once it has, or five minutes before, since clocks differ.
fn expired(shape: &Shape) -> Guard {
    let early = " WHEN OLD.expires_at > (unixepoch() + 300) * 1000";
    guard(shape, "expired", "DELETE", early)
}

fn guard(shape: &Shape, kind: &str, event: &str, when: &str) -> Guard {
    let table = &shape.table;
    let name = format!("{table}_{kind}");
    let verb = event.split(' ').next().unwrap_or(event);
    let definition = format!(
        "CREATE TRIGGER {name} BEFORE {event} ON {table}{when} \
         BEGIN SELECT RAISE(ABORT, 'guard: {verb} of {table} refused'); END"
    );
    Guard {
        arm: format!("DROP TRIGGER IF EXISTS {name}; {definition}"),
        name,
        definition,
    }
}
