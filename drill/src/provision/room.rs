//! Where the disks of a copy are, and what is full.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::disk::{self, Disk};
use super::{Scratch, archiver, cluster};
use crate::args::Engine;
use crate::load::client::Client;

/// A place that can be full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Where the database is.
    Data,
    /// What carries its changes away.
    Archive,
}

/// The copy's disks.
pub(super) type Disks = Vec<(Place, Disk)>;

impl Scratch {
    /// Moves the copy onto disks that can be filled. It stays there.
    pub fn move_to_small_disks(&mut self) -> Result<()> {
        let directory = self.marker.directory.clone();
        let spare = directory.join("disk");
        fs::create_dir_all(&spare)?;
        disk::is_available(&spare)?;
        self.application = None;
        let served = match &mut self.cluster {
            Some(cluster) => Some(cluster.stop()?),
            None => None,
        };
        self.archive = None;
        for (place, over) in places(self.marker.engine, &directory) {
            let spare = match place {
                Place::Data => 0,
                // The archiver writes its largest file anew now and then, in two places at once.
                Place::Archive => 2 * disk::largest(&over)?,
            };
            self.disks.push((place, Disk::over(&over, spare)?));
        }
        if let (Some(cluster), Some(data)) = (&mut self.cluster, served) {
            cluster.start(&data)?;
        }
        self.start_archive()?;
        self.start()
    }

    /// Fills a place, as a log that nobody looks after does.
    pub fn fill(&mut self, place: Place) -> Result<()> {
        for (_, disk) in self.disks.iter().filter(|(one, _)| *one == place) {
            disk.fill()?;
        }
        if place == Place::Archive && self.marker.engine == Engine::Postgres {
            // The file that is being received has its room already; the next has not.
            self.production.query("SELECT pg_switch_wal()")?;
        }
        Ok(())
    }

    /// Ends that, once the server has said why it takes no changes.
    pub fn make_room(&mut self, place: Place, why: &str) -> Result<()> {
        self.says_why(why)?;
        for (_, disk) in self.disks.iter().filter(|(one, _)| *one == place) {
            disk.make_room()?;
        }
        Ok(())
    }

    fn says_why(&self, why: &str) -> Result<()> {
        let client = Client::new(&self.address(), None);
        let begun = Instant::now();
        let mut said = String::new();
        while begun.elapsed() < Duration::from_secs(15) {
            let answer = client.get("/readyz").context("the server is gone")?;
            said = answer.body["maintenance"]["why"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            if said.contains(why) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("readiness says {said:?}, and not {why:?}")
    }
}

fn places(engine: Engine, directory: &Path) -> Vec<(Place, PathBuf)> {
    match engine {
        Engine::Sqlite => vec![
            (Place::Data, archiver::data(directory)),
            (Place::Archive, archiver::archive(directory)),
        ],
        Engine::Postgres => {
            let received = cluster::receivers(directory).into_iter();
            let archives = received.map(|(_, place)| (Place::Archive, place));
            let data = (Place::Data, cluster::clusters(directory));
            std::iter::once(data).chain(archives).collect()
        }
    }
}
