//! The three classes of tables: one list, compared with the catalogue by a test.

/// What may be done with the rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Inserted, never deleted; of a score only these columns may be updated, each with its row in
    /// the journal.
    Ledger {
        /// The columns that may move.
        movable: &'static [&'static str],
    },
    /// Inserted and updated; the trash is a column.
    Entity,
    /// Expires: deleted by key, a bounded number at a time.
    Ephemeral,
    /// Read by the server, written by `scorehold migrate` alone; never deleted.
    Catalogue {
        /// The columns that may move.
        movable: &'static [&'static str],
    },
}

const MARKS: Class = Class::Catalogue { movable: &[] };
const PERMITS: Class = Class::Catalogue {
    movable: &["open_in", "used_at", "used_by", "done"],
};
const FACTS: Class = Class::Ledger { movable: &[] };
const SCORES: Class = Class::Ledger {
    movable: &[
        "note",
        "occurred_at",
        "amended_at",
        "value_now",
        "scale_now",
        "tiebreak_now",
        "tiebreak_scale_now",
        "voided_at",
    ],
};

/// Every table of ours.
pub const TABLES: &[(&str, Class)] = &[
    ("__diesel_schema_migrations", MARKS),
    ("instance", MARKS),
    ("permits", PERMITS),
    ("maintenance", FACTS),
    ("rehearsals", FACTS),
    ("games", Class::Entity),
    ("players", Class::Entity),
    ("rounds", Class::Entity),
    ("links", Class::Entity),
    ("scores", SCORES),
    ("journal", FACTS),
    ("orders", Class::Entity),
    ("order_events", FACTS),
    ("entitlements", Class::Entity),
    ("logos", FACTS),
    ("users", Class::Entity),
    ("user_events", FACTS),
    ("sessions", Class::Ephemeral),
    ("mails", Class::Ephemeral),
    ("nodes", Class::Ephemeral),
    ("idempotency_keys", Class::Ephemeral),
    ("spent_tickets", Class::Ephemeral),
];

/// The class of a table; `None`: it is none of ours.
pub fn class_of(table: &str) -> Option<Class> {
    let found = TABLES.iter().find(|(name, _)| *name == table);
    found.map(|(_, class)| *class)
}

impl Class {
    /// Whether a column may be updated at all.
    pub fn lets_move(self, column: &str) -> bool {
        match self {
            Self::Catalogue { movable } | Self::Ledger { movable } => movable.contains(&column),
            Self::Entity | Self::Ephemeral => true,
        }
    }

    /// What the runtime role is granted on a table of this class (PostgreSQL).
    pub fn grants(self) -> String {
        match self {
            Self::Catalogue { .. } => "SELECT".to_owned(),
            Self::Ledger { movable: [] } => "SELECT, INSERT".to_owned(),
            Self::Ledger { movable } => format!("SELECT, INSERT, UPDATE ({})", movable.join(", ")),
            Self::Entity => "SELECT, INSERT, UPDATE".to_owned(),
            Self::Ephemeral => "SELECT, INSERT, UPDATE, DELETE".to_owned(),
        }
    }
}
