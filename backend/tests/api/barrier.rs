//! Nothing is acknowledged, and nobody is told, before the copy outside the host has it.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;

use scorehold::archive::{Barrier, Committed};
use scorehold::config::ArchiveMode;
use scorehold::db::{Db, Node, Surroundings, Tx, identity};
use scorehold::domain::event::{Change, Role};
use scorehold::domain::id::GameId;
use scorehold::domain::maintenance::Fault;
use scorehold::domain::time::{SystemClock, Timestamp};
use scorehold::error::Error;
use scorehold::maintenance::Maintenance;
use scorehold::repos;

use crate::support::{TestApp, both_engines};

/// What happened, in order.
type Log = Arc<Mutex<Vec<&'static str>>>;

/// A barrier that says when it is reached, and then waits to be told what to answer.
struct Gate {
    reached: Mutex<Sender<()>>,
    verdict: Mutex<Receiver<bool>>,
    log: Log,
}

impl Barrier for Gate {
    fn before(&self) -> Result<(), Fault> {
        Ok(())
    }

    fn look(&self) -> Result<(), Fault> {
        Ok(())
    }

    fn wait(&self, _committed: Committed) -> Result<(), Fault> {
        self.reached.lock().unwrap().send(()).unwrap();
        let archived = self.verdict.lock().unwrap().recv().unwrap();
        self.log.lock().unwrap().push("archived");
        archived
            .then_some(())
            .ok_or_else(|| Fault::read_only("the test says so"))
    }
}

/// Writes, and notes the moment of the answer.
#[derive(Clone)]
struct Hand {
    db: Db,
    log: Log,
}

impl Hand {
    fn write(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build()
            .unwrap();
        let answer = runtime.block_on(self.db.write(work));
        self.log.lock().unwrap().push("answered");
        answer
    }
}

/// A database whose commits wait at a gate.
struct Gated {
    hand: Hand,
    reached: Receiver<()>,
    verdict: Sender<bool>,
    maintenance: Arc<Maintenance>,
}

fn gated(app: &TestApp) -> Gated {
    let log = Log::default();
    let ((reached_by, reached), (verdict, given)) = (channel(), channel());
    let barrier = Gate {
        reached: Mutex::new(reached_by),
        verdict: Mutex::new(given),
        log: log.clone(),
    };
    let told = log.clone();
    let config = app.database.config("test", &[]);
    let maintenance = Arc::<Maintenance>::default();
    let around = Surroundings {
        archive: ArchiveMode::Async,
        identity: identity::check(&config).unwrap(),
        clock: Arc::new(SystemClock),
        barrier: Arc::new(barrier),
        maintenance: maintenance.clone(),
        sink: Arc::new(move |_| told.lock().unwrap().push("told")),
        node: Node::alone(),
    };
    let db = Db::open(&config.database.url, around).unwrap();
    Gated {
        hand: Hand { db, log },
        reached,
        verdict,
        maintenance,
    }
}

impl Gated {
    fn write(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> Result<(), Error> + Send + 'static,
    ) -> Result<(), Error> {
        self.hand.write(work)
    }

    fn log(&self) -> Vec<&'static str> {
        self.hand.log.lock().unwrap().clone()
    }
}

/// One row, and one change to tell.
fn change(tx: &mut Tx<'_>) -> Result<(), Error> {
    let moment = Timestamp::from_millis;
    repos::requests::spend_ticket(tx.conn, b"ticket", moment(0), moment(9))?;
    let (at, actor) = (
        tx.now,
        Role {
            role: "own".to_owned(),
        },
    );
    let action = "game.created".to_owned();
    tx.publish(Change {
        game: GameId(1),
        revision: 1,
        action,
        items: Vec::new(),
        actor,
        at,
        refetch: false,
    });
    Ok(())
}

fn rows(app: &TestApp) -> i64 {
    app.database
        .number("SELECT count(*) AS number FROM spent_tickets WHERE expires_at = 9")
}

fn commit_then_archive_then_tell_then_answer(app: &TestApp) {
    let gated = gated(app);
    let (hand, log) = (gated.hand.clone(), gated.hand.log.clone());
    let writer = thread::spawn(move || hand.write(change));
    gated.reached.recv().unwrap();
    assert_eq!(rows(app), 1, "the barrier is reached after the commit");
    assert!(log.lock().unwrap().is_empty(), "nobody has heard of it yet");
    gated.verdict.send(true).unwrap();
    writer.join().unwrap().unwrap();
    assert_eq!(gated.log(), ["archived", "told", "answered"]);
}

fn what_the_archive_has_not_is_not_acknowledged(app: &TestApp) {
    let gated = gated(app);
    gated.verdict.send(false).unwrap();
    let refused = gated.write(change).unwrap_err();
    assert_eq!(
        (refused.code.status(), refused.code.name()),
        (503, "unavailable")
    );
    assert_eq!(gated.log(), ["archived", "answered"]);
}

fn the_next_change_goes_on_when_the_archive_is_back(app: &TestApp) {
    let gated = gated(app);
    gated.verdict.send(false).unwrap();
    gated.write(change).unwrap_err();
    let refused = gated.write(change).unwrap_err();
    assert_eq!(refused.code.name(), "maintenance");
    gated.maintenance.lift(&gated.maintenance.fault().unwrap());
    gated.verdict.send(true).unwrap();
    gated.write(|_| Ok(())).unwrap();
}

fn an_answer_that_wrote_nothing_waits_too(app: &TestApp) {
    let gated = gated(app);
    gated.verdict.send(true).unwrap();
    gated.write(|_| Ok(())).unwrap();
    assert_eq!(gated.log(), ["archived", "answered"]);
    gated.verdict.send(false).unwrap();
    gated.write(|_| Ok(())).unwrap_err();
}

fn what_was_refused_is_neither_written_nor_told(app: &TestApp) {
    let gated = gated(app);
    gated.verdict.send(true).unwrap();
    let refused = gated.write(|tx| {
        change(tx)?;
        Err(Error::not_found("thing"))
    });
    assert_eq!(refused.unwrap_err().code.name(), "not_found");
    assert_eq!(rows(app), 0);
    assert!(!gated.log().contains(&"told"));
}

both_engines!(
    commit_then_archive_then_tell_then_answer,
    what_the_archive_has_not_is_not_acknowledged,
    the_next_change_goes_on_when_the_archive_is_back,
    an_answer_that_wrote_nothing_waits_too,
    what_was_refused_is_neither_written_nor_told,
);
