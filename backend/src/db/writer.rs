//! The write side. On SQLite one thread groups what is queued into one commit (group commit: one
//! fsync for many); on PostgreSQL a pool lets boards go on side by side.
//!
//! Order in both: every job in a savepoint of its own, COMMIT, archive barrier, publish, reply.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::Connection;
use diesel::r2d2::R2D2Connection;
use tokio::sync::{mpsc, oneshot};

use super::intact::Intact;
use super::log::Extent;
use super::transaction::{Tx, begin_write, commit, roll_back};
use super::{Conn, Connector, Ids, Role, Surroundings, standby};
use crate::archive::Committed;
use crate::archive::promise::Promise;
use crate::config::{ArchiveMode, DatabaseUrl};
use crate::domain::event::News;
use crate::domain::maintenance::Fault;
use crate::error::Error;
use crate::maintenance::Wish;

/// Jobs that share one commit at most.
const GROUP: usize = 256;
/// Jobs that wait at most; a further one is answered `busy`.
const QUEUE: usize = 4096;
/// Write connections to PostgreSQL.
const WRITERS: u32 = 16;

/// How often a caller who waits is thought of.
const HOPE: Duration = Duration::from_secs(1);

/// Settles a job once its commit is durable, or has failed.
type Settle = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// A job runs inside an open transaction.
type Job = Box<dyn FnOnce(&mut Conn) -> Ran + Send>;

/// What a job leaves behind.
struct Ran {
    settle: Settle,
    /// The last change of a board that it made.
    change: Option<Promise>,
}

pub(super) struct Writer {
    around: Surroundings,
    ids: Arc<Ids>,
    lane: Lane,
}

enum Lane {
    Grouped(mpsc::Sender<Job>),
    Pooled(r2d2::Pool<Connector>),
}

impl Writer {
    pub(super) fn start(
        url: &DatabaseUrl,
        around: Surroundings,
        ids: Arc<Ids>,
    ) -> Result<Self, r2d2::Error> {
        let archived = around.archive != ArchiveMode::Off;
        let pool = |size| {
            r2d2::Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(Duration::from_secs(5))
                .build(Connector::new(url.clone(), Role::Runtime).archived(archived))
        };
        let lane = match url {
            DatabaseUrl::Postgres(_) => Lane::Pooled(pool(WRITERS)?),
            DatabaseUrl::Sqlite(_) => {
                Lane::Grouped(writer_thread(url.clone(), pool(1)?, around.clone()))
            }
        };
        Ok(Self { around, ids, lane })
    }

    pub(super) async fn submit<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.around.maintenance.admit(Wish::Write)?;
        let (reply, answer) = oneshot::channel();
        let job = self.job(work, reply);
        match &self.lane {
            Lane::Grouped(queue) => queue.try_send(job).map_err(|_| Error::busy())?,
            Lane::Pooled(pool) => {
                let (pool, around) = (pool.clone(), self.around.clone());
                tokio::task::spawn_blocking(move || {
                    if let Some(mut conn) = connection(&pool) {
                        run_group(&mut conn, vec![job], &around, None);
                    }
                });
            }
        }
        tokio::select! {
            answer = answer => answer.map_err(|_| Error::unavailable())?,
            // A server waits for its receivers without end; who asked hears that the outcome is unknown.
            () = self.hopeless() => Err(Error::unavailable()),
        }
    }

    /// Returns when a server is found to be at fault while it is waited for.
    async fn hopeless(&self) {
        loop {
            tokio::time::sleep(HOPE).await;
            if matches!(self.lane, Lane::Pooled(_)) && self.around.maintenance.fault().is_some() {
                return;
            }
        }
    }

    fn job<T, F>(&self, work: F, reply: oneshot::Sender<Result<T, Error>>) -> Job
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (ids, around) = (self.ids.clone(), self.around.clone());
        Box::new(move |conn| {
            let mut news = Vec::new();
            let result: Result<T, Error> = conn.transaction(|conn| {
                let mut tx = Tx::new(conn, around.clock.now(), &ids);
                let result = work(&mut tx)?;
                news = tx.into_news();
                Ok(result)
            });
            if let Err(error) = &result
                && error.is_for_room()
            {
                let full = Fault::read_only("the disk of the database is full");
                around.maintenance.report_unseen(full);
            }
            let change = (result.is_ok().then_some(&news))
                .and_then(|news| news.iter().rev().find_map(promise));
            let settle: Settle = Box::new(move |durable| {
                let outcome = result.and_then(|value| durable.map(|()| value));
                if outcome.is_ok() {
                    news.into_iter().for_each(|one| (around.sink)(one));
                }
                // A client that has gone away hears nothing; what it asked for is done all the same.
                let _gone = reply.send(outcome);
            });
            Ran { settle, change }
        })
    }
}

/// Runs jobs in groups until the last sender is gone.
fn writer_thread(
    url: DatabaseUrl,
    pool: r2d2::Pool<Connector>,
    around: Surroundings,
) -> mpsc::Sender<Job> {
    let (queue, mut jobs) = mpsc::channel::<Job>(QUEUE);
    std::thread::spawn(move || {
        let mut intact = Intact::new(url, around.identity.clone());
        let mut held = None;
        let mut group = Vec::with_capacity(GROUP);
        while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
            let jobs = std::mem::take(&mut group);
            if held.as_deref_mut().is_none_or(R2D2Connection::is_broken) {
                intact.forget();
                held = connection(&pool);
            }
            if let Some(conn) = &mut held {
                run_group(conn, jobs, &around, Some(&mut intact));
            }
        }
    });
    queue
}

/// A server that waits for its receivers itself is asked whether it has.
fn confirm(conn: &mut Conn, around: &Surroundings) -> Result<(), Fault> {
    match around.archive {
        ArchiveMode::Barrier => standby::confirm(conn).map_err(Fault::read_only),
        ArchiveMode::Async | ArchiveMode::Off => Ok(()),
    }
}

fn connection(pool: &r2d2::Pool<Connector>) -> Option<r2d2::PooledConnection<Connector>> {
    let taken = pool.get();
    taken
        .inspect_err(|error| tracing::error!(%error, "no connection to write with"))
        .ok()
}

/// Runs jobs as one transaction. Those that come to no settlement are dropped: their callers hear
/// `unavailable`.
fn run_group(
    conn: &mut Conn,
    jobs: Vec<Job>,
    around: &Surroundings,
    mut intact: Option<&mut Intact>,
) {
    let stop = |fault: Fault| around.maintenance.report(fault);
    if let Err(fault) = around.barrier.before() {
        return stop(fault);
    }
    let began = match Extent::of(conn).and_then(|log| begin_write(conn).map(|()| log)) {
        Ok(log) => log,
        Err(error) => return failed(conn, "begin", &error, around),
    };
    if let Err(fault) = check(intact.as_deref_mut(), conn) {
        roll_back(conn);
        return stop(fault);
    }
    let ran = catch_unwind(AssertUnwindSafe(|| {
        jobs.into_iter().map(|job| job(conn)).collect::<Vec<Ran>>()
    }));
    let Ok(ran) = ran else {
        tracing::error!("a job panicked; its whole group is rolled back");
        return roll_back(conn);
    };
    let last = ran.iter().rev().find_map(|job| job.change);
    let durable = match commit(conn) {
        // One copy in the archive may hold our commit and, right behind it, another program's. What would be
        // gone back to then is the point before both.
        Ok(()) => (around.barrier.wait(since(began, conn)))
            .and_then(|()| confirm(conn, around))
            .and_then(|()| check(intact, conn))
            .and_then(|()| around.barrier.acknowledge(last))
            .map_err(stop),
        Err(error) => {
            failed(conn, "commit", &error, around);
            Err(())
        }
    };
    for job in ran {
        (job.settle)(durable.map_err(|()| Error::unavailable()));
    }
}

fn promise(news: &News) -> Option<Promise> {
    match news {
        News::Change(change) => Some(Promise {
            game: change.game,
            revision: change.revision,
        }),
        News::LoggedOut(_) => None,
    }
}

/// Whether the log has moved. Where nobody knows, it has.
fn since(began: Option<Extent>, conn: &mut Conn) -> Committed {
    match Extent::of(conn) {
        Ok(ends) if ends == began => Committed::Nothing,
        _ => Committed::Something,
    }
}

fn check(intact: Option<&mut Intact>, conn: &mut Conn) -> Result<(), Fault> {
    intact.map_or(Ok(()), |intact| intact.check(conn))
}

/// A transaction failed as a whole. On SQLite that is a matter of the disk or the file, and the watchdog
/// tells when it is over; on PostgreSQL one of the connection.
fn failed(conn: &Conn, what: &str, error: &diesel::result::Error, around: &Surroundings) {
    tracing::error!(%error, "a transaction could not {what}");
    if matches!(conn, Conn::Sqlite(_)) {
        let fault = Fault::read_only(format!("a transaction could not {what}: {error}"));
        around.maintenance.report(fault);
    }
}
