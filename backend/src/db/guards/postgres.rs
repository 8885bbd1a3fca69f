//! The guards of PostgreSQL: statement triggers and event triggers that fire for everybody, the
//! superuser and replication included, and a mark against DROP DATABASE.
//!
//! Our own commands pass with a permit that is open in their transaction: a row that only the owner of
//! `permits` can write, under the very number and moment of the transaction that wrote it. A superuser
//! who means it can write one too, or disarm a guard; nobody does either by mistake.

use std::collections::BTreeSet;

use super::Guard;
use crate::db::shapes::Shape;
use crate::db::tables::Class;

/// A trigger carries the statement that made it as its comment, since the catalogue's own text differs
/// from release to release. One that is not enabled ALWAYS has no definition here.
pub(super) const ARMED: &str = "
    SELECT n.nspname || '.' || p.proname || '()' AS name, p.prosrc AS definition
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname = 'guard'
    UNION ALL
    SELECT t.tgname::text, CASE t.tgenabled WHEN 'A' THEN obj_description(t.oid, 'pg_trigger') END
    FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT e.evtname::text, CASE e.evtenabled WHEN 'A' THEN obj_description(e.oid, 'pg_event_trigger') END
    FROM pg_catalog.pg_event_trigger e
    UNION ALL
    SELECT 'drop_database', d.datistemplate::text FROM pg_catalog.pg_database d
    WHERE d.datname = current_database()";

/// In the order in which they can be made: what a function or trigger calls comes before it.
pub(super) fn guards(shapes: &[Shape]) -> Vec<Guard> {
    let mut guards: Vec<Guard> = [
        ("open", OPEN),
        ("keep", KEEP),
        ("expired", EXPIRED),
        ("begin", BEGIN),
    ]
    .map(|(name, body)| function(name, body))
    .into();
    let keys: BTreeSet<&str> = shapes.iter().map(|shape| shape.key.as_str()).collect();
    for key in keys {
        guards.push(function(&format!("one_{key}"), &ONE.replace("KEY", key)));
        guards.push(function(
            &format!("other_{key}"),
            &OTHER.replace("KEY", key),
        ));
        guards.push(function(
            &format!("purge_{key}"),
            &PURGE.replace("KEY", key),
        ));
    }
    guards.extend(shapes.iter().flat_map(of_table));
    guards.push(function("ddl", DDL));
    guards.push(function(
        "dropped",
        &DROPPED.replace("TABLES", &listed(shapes)),
    ));
    guards.push(event_trigger("ddl", "ddl_command_start"));
    guards.push(event_trigger("dropped", "sql_drop"));
    guards.push(template());
    guards
}

fn of_table(shape: &Shape) -> Vec<Guard> {
    let key = &shape.key;
    let facts = || {
        let event = format!("BEFORE UPDATE OF {}", shape.facts().join(", "));
        trigger(shape, "facts", &event, "keep()")
    };
    let one = || {
        [
            trigger(shape, "begin", "BEFORE UPDATE", "begin()"),
            other(shape),
            trigger(shape, "one", "AFTER UPDATE", &format!("one_{key}()")),
        ]
    };
    let mut guards = match shape.class {
        Class::Ephemeral => {
            return vec![
                trigger(shape, "keep", "BEFORE TRUNCATE", "keep()"),
                trigger(shape, "expired", "AFTER DELETE", "expired()"),
            ];
        }
        Class::Entity => one().into(),
        Class::Ledger { movable: [] } | Class::Catalogue { .. } => vec![facts()],
        Class::Ledger { .. } => std::iter::once(facts()).chain(one()).collect(),
    };
    let kept = "BEFORE DELETE OR TRUNCATE";
    match &shape.board {
        None => guards.push(trigger(shape, "keep", kept, "keep()")),
        Some(board) => guards.extend([
            trigger(shape, "keep", kept, "keep('purge')"),
            trigger(shape, "purge", "AFTER DELETE", &format!("purge_{board}()")),
        ]),
    }
    guards
}

/// A statement trigger, which fires for zero rows too; afterwards it sees the rows as they were.
fn trigger(shape: &Shape, kind: &str, event: &str, call: &str) -> Guard {
    let rows = match event.starts_with("AFTER") {
        true => "REFERENCING OLD TABLE AS old_rows ",
        false => "",
    };
    always(
        shape,
        kind,
        event,
        &format!("{rows}FOR EACH STATEMENT EXECUTE FUNCTION guard.{call}"),
    )
}

/// What an unscoped UPDATE of millions of rows is refused by before it has locked them all: its first row of
/// another key. The statement's own trigger decides, whatever a session has made of the setting.
fn other(shape: &Shape) -> Guard {
    let key = &shape.key;
    let call = format!(
        "FOR EACH ROW WHEN (current_setting('guard.one', true) NOT IN ('*', OLD.{key}::text)) \
         EXECUTE FUNCTION guard.other_{key}()"
    );
    always(shape, "other", "BEFORE UPDATE", &call)
}

fn always(shape: &Shape, kind: &str, event: &str, call: &str) -> Guard {
    let table = &shape.table;
    let name = format!("{table}_{kind}");
    let definition = format!("CREATE OR REPLACE TRIGGER {name} {event} ON public.{table} {call}");
    let arm = format!(
        "{definition}; ALTER TABLE public.{table} ENABLE ALWAYS TRIGGER {name}; \
         COMMENT ON TRIGGER {name} ON public.{table} IS $guard${definition}$guard$"
    );
    Guard {
        name,
        definition,
        arm,
    }
}

/// A function in a schema of its own: `DROP SCHEMA public CASCADE` would take the event triggers with it.
fn function(name: &str, body: &str) -> Guard {
    let (arguments, returns) = match name {
        "open" => ("wanted text", "bigint LANGUAGE sql STABLE"),
        "ddl" | "dropped" => ("", "event_trigger LANGUAGE plpgsql"),
        _ => ("", "trigger LANGUAGE plpgsql"),
    };
    Guard {
        name: format!("guard.{name}()"),
        definition: body.to_owned(),
        arm: format!(
            "CREATE SCHEMA IF NOT EXISTS guard; GRANT USAGE ON SCHEMA guard TO PUBLIC; \
             CREATE OR REPLACE FUNCTION guard.{name}({arguments}) RETURNS {returns} AS $guard${body}$guard$"
        ),
    }
}

fn event_trigger(kind: &str, event: &str) -> Guard {
    let name = format!("guard_{kind}");
    let definition =
        format!("CREATE EVENT TRIGGER {name} ON {event} EXECUTE FUNCTION guard.{kind}()");
    let arm = if_allowed(&format!(
        "IF NOT EXISTS (SELECT FROM pg_catalog.pg_event_trigger WHERE evtname = '{name}') THEN {definition}; END IF; \
         ALTER EVENT TRIGGER {name} ENABLE ALWAYS; COMMENT ON EVENT TRIGGER {name} IS '{definition}';"
    ));
    Guard {
        name,
        definition,
        arm,
    }
}

/// A database that is marked as a template cannot be dropped, not even WITH (FORCE).
fn template() -> Guard {
    let mark = "EXECUTE format('ALTER DATABASE %I IS_TEMPLATE true', current_database());";
    Guard {
        name: "drop_database".to_owned(),
        definition: "true".to_owned(),
        arm: if_allowed(mark),
    }
}

/// What on a managed PostgreSQL only the provider may.
fn if_allowed(block: &str) -> String {
    format!(
        "DO $guard_do$ BEGIN {block} EXCEPTION WHEN insufficient_privilege OR feature_not_supported \
         THEN NULL; END $guard_do$"
    )
}

fn listed(shapes: &[Shape]) -> String {
    let quoted = shapes.iter().map(|shape| format!("'{}'", shape.table));
    quoted.collect::<Vec<_>>().join(", ")
}

/// The board of the permit that is open in this transaction, 0 where it names none.
const OPEN: &str = "
    SELECT coalesce(p.game_id, 0) FROM public.permits p
    WHERE p.purpose = wanted
      AND p.open_in = pg_current_xact_id_if_assigned()::text || ' ' || extract(epoch FROM transaction_timestamp())::text
      AND p.instance = (SELECT i.id FROM public.instance i ORDER BY i.lineage DESC LIMIT 1)
    LIMIT 1";

const KEEP: &str = "
BEGIN
    IF TG_OP = 'DELETE' AND TG_NARGS = 1 AND guard.open('purge') IS NOT NULL THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION 'guard: % of % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege', HINT = 'Rows are voided or go to the trash; a board leaves it by scorehold purge.';
END";

/// What KEEP lets pass are the rows of one board.
const PURGE: &str = "
BEGIN
    IF EXISTS (SELECT FROM old_rows WHERE KEY IS DISTINCT FROM (SELECT guard.open('purge'))) THEN
        RAISE EXCEPTION 'guard: % of % refused: rows of another board', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END";

const ONE: &str = "
BEGIN
    IF EXISTS (SELECT FROM old_rows WHERE KEY <> (SELECT KEY FROM old_rows LIMIT 1))
       AND guard.open('migrate') IS NULL THEN
        RAISE EXCEPTION 'guard: % of % refused: it touches more than one KEY', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END";

/// A statement begins, and has seen no row yet.
const BEGIN: &str = "
BEGIN
    PERFORM set_config('guard.one', '', true);
    RETURN NULL;
END";

/// The first row says which one it is; `*`: whichever.
const OTHER: &str = "
BEGIN
    IF current_setting('guard.one') = '' THEN
        PERFORM set_config('guard.one', OLD.KEY::text, true);
    ELSIF guard.open('migrate') IS NOT NULL THEN
        PERFORM set_config('guard.one', '*', true);
    ELSE
        RAISE EXCEPTION 'guard: % of % refused: it touches more than one KEY', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END";

const DDL: &str = "
BEGIN
    IF tg_tag ~ '^(DROP|ALTER) (TABLE|SCHEMA|OWNED|INDEX|TRIGGER|RULE|POLICY|FUNCTION|ROUTINE)$|^CREATE (FUNCTION|TRIGGER|RULE|POLICY)$'
       AND guard.open('migrate') IS NULL THEN
        RAISE EXCEPTION 'guard: % refused', tg_tag
            USING ERRCODE = 'insufficient_privilege', HINT = 'scorehold migrate alone changes this schema.';
    END IF;
END";

/// What falls together with something else. No permit opens this one: our migrations drop nothing.
const DROPPED: &str = "
BEGIN
    IF EXISTS (
        SELECT FROM pg_event_trigger_dropped_objects()
        WHERE address_names[1] = 'guard' OR (address_names[1] = 'public' AND address_names[2] IN (TABLES))
    ) THEN
        RAISE EXCEPTION 'guard: % refused: it takes what is ours with it', tg_tag
            USING ERRCODE = 'insufficient_privilege';
    END IF;
END";

/// Clocks differ: a row may go five minutes before its end.
const EXPIRED: &str = "
BEGIN
    IF (SELECT count(*) FROM old_rows) > 500
       OR EXISTS (SELECT FROM old_rows WHERE expires_at > extract(epoch FROM clock_timestamp()) * 1000 + 300000) THEN
        RAISE EXCEPTION 'guard: % of % refused: more than 500 rows, or some that have not expired', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END";
