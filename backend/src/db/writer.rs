//! The write side. On SQLite one thread groups what is queued into one commit (group commit: one
//! fsync for many); on PostgreSQL a pool lets boards go on side by side.
//!
//! Order in both: every job in a savepoint of its own, COMMIT, archive barrier, publish, reply.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use diesel::connection::Connection;
use tokio::sync::{mpsc, oneshot};

use super::transaction::{Tx, begin_write, commit, roll_back};
use super::{Conn, Connector, Ids, Role, Surroundings};
use crate::config::DatabaseUrl;
use crate::error::Error;
use crate::maintenance::Wish;

/// Jobs that share one commit at most.
const GROUP: usize = 256;
/// Jobs that wait at most; a further one is answered `busy`.
const QUEUE: usize = 4096;
/// Write connections to PostgreSQL.
const WRITERS: u32 = 16;

/// Settles a job once its commit is durable, or has failed.
type Settle = Box<dyn FnOnce(Result<(), Error>) + Send>;
/// A job runs inside an open transaction and leaves behind how it is settled.
type Job = Box<dyn FnOnce(&mut Conn) -> Settle + Send>;

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
    pub(super) fn start(url: &DatabaseUrl, around: Surroundings) -> Result<Self, r2d2::Error> {
        let ids = Arc::new(Ids::new(around.node));
        let pool = |size| {
            r2d2::Pool::builder()
                .max_size(size)
                .min_idle(Some(1))
                .connection_timeout(Duration::from_secs(5))
                .build(Connector::new(url.clone(), Role::Runtime))
        };
        let lane = match url {
            DatabaseUrl::Postgres(_) => Lane::Pooled(pool(WRITERS)?),
            DatabaseUrl::Sqlite(_) => Lane::Grouped(writer_thread(pool(1)?, around.clone())),
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
                tokio::task::spawn_blocking(move || match pool.get() {
                    Ok(mut conn) => run_group(&mut conn, vec![job], &around),
                    // The job is dropped unsettled: its caller hears `unavailable`.
                    Err(error) => tracing::error!(%error, "no connection to write with"),
                });
            }
        }
        answer.await.map_err(|_| Error::unavailable())?
    }

    fn job<T, F>(&self, work: F, reply: oneshot::Sender<Result<T, Error>>) -> Job
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (ids, clock, sink) = (
            self.ids.clone(),
            self.around.clock.clone(),
            self.around.sink.clone(),
        );
        Box::new(move |conn| {
            let mut news = Vec::new();
            let result = conn.transaction(|conn| {
                let mut tx = Tx::new(conn, clock.now(), &ids);
                let result = work(&mut tx)?;
                news = tx.into_news();
                Ok(result)
            });
            Box::new(move |durable| {
                let outcome = result.and_then(|value| durable.map(|()| value));
                if outcome.is_ok() {
                    news.into_iter().for_each(|one| sink(one));
                }
                // A client that has gone away hears nothing; what it asked for is done all the same.
                let _gone = reply.send(outcome);
            })
        })
    }
}

/// Runs jobs in groups until the last sender is gone.
fn writer_thread(pool: r2d2::Pool<Connector>, around: Surroundings) -> mpsc::Sender<Job> {
    let (queue, mut jobs) = mpsc::channel::<Job>(QUEUE);
    std::thread::spawn(move || {
        let mut group = Vec::with_capacity(GROUP);
        while jobs.blocking_recv_many(&mut group, GROUP) > 0 {
            match pool.get() {
                Ok(mut conn) => run_group(&mut conn, std::mem::take(&mut group), &around),
                Err(error) => {
                    tracing::error!(%error, "no connection to write with");
                    group.clear();
                }
            }
        }
    });
    queue
}

fn run_group(conn: &mut Conn, jobs: Vec<Job>, around: &Surroundings) {
    if let Err(error) = begin_write(conn) {
        // Unsettled jobs are dropped: their callers hear `unavailable`.
        return tracing::error!(%error, "a write transaction could not begin");
    }
    let ran = catch_unwind(AssertUnwindSafe(|| {
        jobs.into_iter()
            .map(|job| job(conn))
            .collect::<Vec<Settle>>()
    }));
    let Ok(settles) = ran else {
        tracing::error!("a job panicked; its whole group is rolled back");
        return roll_back(conn);
    };
    let durable = commit(conn)
        .map_err(Error::from)
        .and_then(|()| around.barrier.wait().map_err(Error::from_barrier));
    if let Err(error) = &durable {
        tracing::error!(%error, "a commit is not acknowledged");
    }
    for settle in settles {
        settle(
            durable
                .as_ref()
                .map(|_| ())
                .map_err(|_| Error::unavailable()),
        );
    }
}
