//! How to reach the database, not what to ask it.
//!
//! [`Db::read`] and [`Db::write`] are the only doors: both take an owned closure and run it off the
//! server's workers, inside one transaction.

mod authorizer;
mod connection;
pub mod guards;
mod hook;
pub mod identity;
mod ids;
mod intact;
pub mod migrate;
pub mod nodes;
pub mod once;
mod permits;
pub mod purge;
pub mod roles;
#[allow(missing_docs, reason = "the columns are described in the migrations")]
pub mod schema;
mod shapes;
pub mod statements;
pub mod tables;
mod transaction;
mod writer;

use std::sync::Arc;

pub use connection::{Conn, Connector, Role};
pub(crate) use connection::{MultiBackend, on};
pub use identity::Identity;
pub use ids::Ids;
pub use nodes::Node;
pub use transaction::Tx;

use crate::archive::Barrier;
use crate::config::DatabaseUrl;
use crate::domain::event::News;
use crate::domain::maintenance::Fault;
use crate::domain::time::Clock;
use crate::error::Error;
use crate::maintenance::Maintenance;
use writer::Writer;

/// Told of everything after it is safe, in the order in which each board changed.
pub type Sink = Arc<dyn Fn(News) + Send + Sync>;

/// What a database needs from the world around it.
#[derive(Clone)]
pub struct Surroundings {
    /// Who the database is.
    pub identity: Identity,
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
    /// What a commit waits for before it is acknowledged.
    pub barrier: Arc<dyn Barrier>,
    /// Whether changes are taken.
    pub maintenance: Arc<Maintenance>,
    /// Who is told of changes.
    pub sink: Sink,
    /// By which ids made here differ from those made elsewhere.
    pub node: Node,
}

/// Runs `work` in a transaction that sees one moment and can change nothing.
///
/// # Errors
/// What `work` returns, and the engine's.
pub fn look<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, Error>,
) -> Result<T, Error> {
    transaction::begin_read(conn)?;
    let answer = work(conn);
    transaction::roll_back(conn);
    answer
}

/// A handle to one database; cheap to clone. It lives in the application's state and nowhere else.
#[derive(Clone)]
pub struct Db {
    url: DatabaseUrl,
    identity: Identity,
    readers: r2d2::Pool<Connector>,
    writer: Arc<Writer>,
}

/// Read connections a process holds at most.
const READERS: u32 = 8;

impl Db {
    /// Connects to an existing, migrated database as the runtime role.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn open(url: &DatabaseUrl, around: Surroundings) -> Result<Self, r2d2::Error> {
        let readers = r2d2::Pool::builder()
            .max_size(READERS)
            .min_idle(Some(1))
            .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
            .connection_timeout(std::time::Duration::from_secs(5))
            .build(Connector::new(url.clone(), Role::Reader))?;
        let identity = around.identity.clone();
        let writer = Arc::new(Writer::start(url, around)?);
        Ok(Self {
            url: url.clone(),
            identity,
            readers,
            writer,
        })
    }

    /// Whether the database is still the one that was opened. On SQLite over a connection that remembers
    /// nothing of what the file held before.
    ///
    /// # Errors
    /// It is not.
    pub async fn is_intact(&self) -> Result<(), Fault> {
        let (url, readers, identity) = (
            self.url.clone(),
            self.readers.clone(),
            self.identity.clone(),
        );
        let task = tokio::task::spawn_blocking(move || match url {
            DatabaseUrl::Sqlite(_) => intact::look(&url, &identity),
            // A server that is away for a moment refuses changes by itself.
            DatabaseUrl::Postgres(_) => readers
                .get()
                .map_or(Ok(()), |mut conn| intact::is_ours(&mut conn, &identity)),
        });
        task.await.unwrap_or(Ok(()))
    }

    /// Runs `work` in a transaction that sees one moment and can change nothing.
    ///
    /// # Errors
    /// What `work` returns, or `unavailable` when the database cannot be reached.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
    {
        let readers = self.readers.clone();
        let task = tokio::task::spawn_blocking(move || {
            let mut conn = readers.get()?;
            look(&mut conn, work)
        });
        task.await.map_err(Error::panicked)?
    }

    /// Runs `work` as one transaction and answers when it is durable, archive included. What `work`
    /// publishes is told to the sink then, before the caller hears of it.
    ///
    /// # Errors
    /// What `work` returns (nothing is written then), `maintenance` while no changes are taken,
    /// whoever wants one, `busy` when the queue is full, `unavailable` when the commit or the barrier failed: the outcome is then unknown, and a retry with the same
    /// key is safe.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.writer.submit(work).await
    }
}
