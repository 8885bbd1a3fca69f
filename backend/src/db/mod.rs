//! How to reach the database, not what to ask it.
//!
//! [`Db::read`] and [`Db::write`] are the only doors: both take an owned closure and run it off the
//! server's workers, inside one transaction.

mod authorizer;
pub mod backup;
mod connection;
pub mod guards;
pub mod heads;
mod hook;
pub mod identity;
mod ids;
mod intact;
pub mod lineage;
mod log;
pub mod migrate;
pub mod nodes;
pub mod once;
mod permits;
pub mod pointer;
mod promises;
pub mod purge;
pub mod restored;
pub mod roles;
#[allow(missing_docs, reason = "the columns are described in the migrations")]
pub mod schema;
mod shapes;
pub mod standby;
pub mod statements;
pub mod summary;
pub mod tables;
mod transaction;
pub mod wiped;
mod writer;

use std::sync::{Arc, PoisonError, RwLock};

pub use connection::{Conn, Connector, Role};
pub(crate) use connection::{MultiBackend, on};
pub use identity::Identity;
pub use ids::Ids;
pub use nodes::Node;
pub use transaction::Tx;

use crate::archive::Barrier;
use crate::config::{ArchiveMode, DatabaseUrl};
use crate::domain::event::News;
use crate::domain::maintenance::Fault;
use crate::domain::time::Clock;
use crate::error::Error;
use crate::maintenance::Maintenance;
use standby::Standby;
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
    /// What an acknowledgement promises of the archive.
    pub archive: ArchiveMode,
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
    open: Arc<RwLock<Arc<Open>>>,
    ids: Arc<Ids>,
}

/// The database as it is open now. A restore that is swapped in takes its place; what began before goes on
/// with the old one, which acknowledges nothing any more.
struct Open {
    url: DatabaseUrl,
    around: Surroundings,
    readers: r2d2::Pool<Connector>,
    writer: Writer,
    standby: Standby,
}

/// How long the watchdog waits for a database to answer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(3);
/// Read connections a process holds at most.
const READERS: u32 = 8;

impl Open {
    fn of(url: &DatabaseUrl, around: Surroundings, ids: Arc<Ids>) -> Result<Self, r2d2::Error> {
        let readers = r2d2::Pool::builder()
            .max_size(READERS)
            .min_idle(Some(1))
            .test_on_check_out(matches!(url, DatabaseUrl::Postgres(_)))
            .connection_timeout(std::time::Duration::from_secs(5))
            .build(Connector::new(url.clone(), Role::Reader))?;
        Ok(Self {
            url: url.clone(),
            writer: Writer::start(url, around.clone(), ids)?,
            standby: Standby::of(around.archive, around.identity.clone()),
            around,
            readers,
        })
    }
}

impl Db {
    /// Connects to an existing, migrated database as the runtime role.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn open(url: &DatabaseUrl, around: Surroundings) -> Result<Self, r2d2::Error> {
        let ids = Arc::new(Ids::new(around.node));
        let open = Open::of(url, around, ids.clone())?;
        Ok(Self {
            open: Arc::new(RwLock::new(Arc::new(open))),
            ids,
        })
    }

    /// Goes on with another copy of the same database.
    ///
    /// # Errors
    /// It cannot be reached; then the present one stays.
    pub fn reopen(
        &self,
        url: &DatabaseUrl,
        identity: Identity,
        barrier: Arc<dyn Barrier>,
    ) -> Result<(), r2d2::Error> {
        let around = Surroundings {
            identity,
            barrier,
            ..self.now().around.clone()
        };
        let next = Arc::new(Open::of(url, around, self.ids.clone())?);
        *self.open.write().unwrap_or_else(PoisonError::into_inner) = next;
        Ok(())
    }

    fn now(&self) -> Arc<Open> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        open.clone()
    }

    /// Where it is.
    pub fn url(&self) -> DatabaseUrl {
        self.now().url.clone()
    }

    /// Who it is.
    pub fn identity(&self) -> Identity {
        self.now().standby.identity()
    }

    /// What its commits wait for.
    pub fn barrier(&self) -> Arc<dyn Barrier> {
        self.now().around.barrier.clone()
    }

    /// Whether the database is still the one that was opened. On SQLite over a connection that remembers
    /// nothing of what the file held before.
    ///
    /// # Errors
    /// It is not.
    pub async fn is_intact(&self) -> Result<(), Fault> {
        let open = self.now();
        let looked = open.clone();
        let task = tokio::task::spawn_blocking(move || match &looked.url {
            DatabaseUrl::Sqlite(_) => intact::look(&looked.url, &looked.around.identity),
            DatabaseUrl::Postgres(_) => looked.standby.look(&looked.readers),
        });
        let found = tokio::time::timeout(PATIENCE, task).await;
        found.map_or_else(|_| open.standby.silent(), |looked| looked.unwrap_or(Ok(())))
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
        let readers = self.now().readers.clone();
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
        self.now().writer.submit(work).await
    }
}
