//! The scratch copy: made by the drill, stamped production, run as in production.

pub mod application;
mod archive;
pub mod archiver;
mod beginning;
pub mod cluster;
pub mod database;
pub mod disk;
mod forget;
mod former;
mod make;
mod marker;
pub mod process;
mod receivers;
mod recovery;
mod room;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use application::Application;
use archive::Archive;
use cluster::Cluster;
pub use database::Database;
pub use make::{in_database, scratch};
pub use marker::{Marker, Roles};
pub use recovery::Recovery;
pub use room::Place;

use crate::args::Layer;
use crate::refusal::foreign;

/// A copy of a production server.
pub struct Scratch {
    /// What was written down about it.
    pub marker: Marker,
    /// The Python of foreign processes.
    pub python: PathBuf,
    /// The production database, as its superuser sees it.
    pub production: Database,
    /// Beside it, as in many a company: the developers' database.
    pub development: Database,
    application: Option<Application>,
    archive: Option<Archive>,
    cluster: Option<Cluster>,
    disks: room::Disks,
    /// The layer that was taken away from it.
    pub without: Option<Layer>,
    removes_itself: bool,
}

/// The right to fire once: somebody has looked, right now, that the target is the drill's own.
pub struct Aim<'a> {
    /// The target.
    pub scratch: &'a Scratch,
}

impl Scratch {
    fn new(marker: Marker, python: &Path) -> Result<Self> {
        // Not resolved further: a virtual environment is known by the path of its link.
        let python = std::path::absolute(python)?;
        let (production, development) = make::databases(&marker, &python);
        Ok(Self {
            marker,
            python,
            production,
            development,
            application: None,
            archive: None,
            cluster: None,
            disks: Vec::new(),
            without: None,
            removes_itself: false,
        })
    }

    /// Opens a copy that another drill has made.
    ///
    /// # Errors
    /// 77 for every other directory.
    pub fn left_standing(directory: &Path, python: &Path) -> Result<Self> {
        let scratch = Self::new(Marker::read(directory)?, python)?;
        scratch.aim()?;
        Ok(scratch)
    }

    /// Looks whether everything is still what the drill made, and gives the right to fire once.
    ///
    /// # Errors
    /// 77, and nothing was fired.
    pub fn aim(&self) -> Result<Aim<'_>> {
        let written = Marker::read(&self.marker.directory)?;
        self.place_is(&written)?;
        let (instance, environment, lineage) = identity(&self.production)?;
        let is_named = instance == written.instance && lineage == written.lineage;
        if !is_named || environment != "production" {
            return foreign(&format!(
                "its database says {environment}, instance {instance}, lineage {lineage}; \
                 the marker names instance {}, lineage {}",
                written.instance, written.lineage
            ));
        }
        Ok(Aim { scratch: self })
    }

    /// The database stands in the directory: its file, or the data of the server at its port.
    fn place_is(&self, written: &Marker) -> Result<()> {
        match &self.production {
            Database::Sqlite { file, .. } => {
                let file = database::active(file);
                if !file.starts_with(&written.directory) || file.is_symlink() {
                    return foreign(&format!("{} is elsewhere", file.display()));
                }
            }
            Database::Postgres { url } => {
                if written.roles.as_ref().map(|roles| &roles.superuser) != Some(url) {
                    return foreign("its URL is not the one that was written down");
                }
                let Ok(data) = self.production.value("SHOW data_directory") else {
                    return foreign("no server of its own answers at its port");
                };
                if !Path::new(&data).starts_with(cluster::clusters(&written.directory)) {
                    return foreign(&format!("the server at its port keeps {data}"));
                }
            }
        }
        Ok(())
    }

    /// Starts the application; it takes work when this returns.
    pub fn start(&mut self) -> Result<()> {
        self.application = Some(Application::start(self, &self.marker.settings)?);
        Ok(())
    }

    /// Kills the application and starts it again, as a supervisor would.
    pub fn kill_application(&mut self) -> Result<()> {
        self.application = None;
        self.start()
    }

    /// Kills the postmaster and starts it again; the application is not told.
    pub fn kill_postgres(&mut self) -> Result<()> {
        let cluster = self.cluster.as_mut();
        cluster
            .context("there is no PostgreSQL of its own")?
            .kill_and_start()
    }

    /// Where the application listens, also after a restart.
    pub fn address(&self) -> String {
        self.marker.settings.address()
    }
}

/// The id, the environment and the lineage that a database says it has.
fn identity(database: &Database) -> Result<(String, String, u32)> {
    let newest = "SELECT id, environment, lineage FROM instance ORDER BY lineage DESC LIMIT 1";
    match database.query(newest) {
        Ok(rows) if rows.len() == 1 => {
            Ok((rows[0][0].clone(), rows[0][1].clone(), rows[0][2].parse()?))
        }
        _ => foreign("its database has no mark"),
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        self.application = None;
        self.archive = None;
        self.cluster = None;
        self.disks.clear();
        if self.removes_itself {
            // What is left behind is only space in the directory for temporary files.
            let _ = marker::remove(&self.marker.directory);
        }
    }
}
