//! A barrier that a test can break and mend.

use std::sync::{Arc, Mutex};

use scorehold::archive::promise::Promise;
use scorehold::archive::{Barrier, Committed};
use scorehold::domain::maintenance::Fault;

/// What is wrong, if anything. Clones are one fuse.
#[derive(Clone, Default)]
pub struct Fuse(Arc<Mutex<Option<Fault>>>);

impl Fuse {
    /// From now on this is wrong, or nothing.
    pub fn blow(&self, fault: Option<Fault>) {
        *self.0.lock().unwrap() = fault;
    }

    /// A barrier that is reached only while nothing is wrong.
    pub fn before(&self, barrier: Arc<dyn Barrier>) -> Fused {
        let fuse = self.clone();
        Fused { fuse, barrier }
    }

    fn holds(&self) -> Result<(), Fault> {
        self.0.lock().unwrap().clone().map_or(Ok(()), Err)
    }
}

/// A barrier behind a fuse.
pub struct Fused {
    fuse: Fuse,
    barrier: Arc<dyn Barrier>,
}

impl Barrier for Fused {
    fn before(&self) -> Result<(), Fault> {
        self.fuse.holds()?;
        self.barrier.before()
    }

    fn wait(&self, committed: Committed) -> Result<(), Fault> {
        self.fuse.holds()?;
        self.barrier.wait(committed)
    }

    fn acknowledge(&self, last: Option<Promise>) -> Result<(), Fault> {
        self.barrier.acknowledge(last)
    }

    fn look(&self) -> Result<(), Fault> {
        self.fuse.holds()?;
        self.barrier.look()
    }

    fn recovered(&self) -> Result<(), Fault> {
        self.fuse.holds()?;
        self.barrier.recovered()
    }

    fn position(&self) -> Option<u64> {
        self.barrier.position()
    }
}
