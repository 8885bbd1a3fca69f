//! What becomes of a copy that was hit, and how it comes back: by the commands that OPERATIONS.md has an
//! operator type.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::application::Settings;
use super::archive::Archive;
use super::process;
use super::{Database, Marker, Scratch, application, identity};
use super::{archiver, cluster};
use crate::args::{Engine, Layer};
use crate::limits;
use crate::load::client::Client;

/// One `scorehold recover`.
pub struct Recovery {
    /// When it was asked for.
    pub begun: Instant,
    /// What it said.
    pub said: String,
}

impl Scratch {
    /// Every process of the machine is gone, and every byte of its disk. PostgreSQL's receivers are on others.
    pub fn lose_machine(&mut self) -> Result<()> {
        self.application = None;
        match &mut self.cluster {
            Some(cluster) => _ = cluster.kill()?,
            None => self.archive = None,
        }
        self.lose_data()
    }

    /// The directory of the data goes; another stands in its place, as on a new machine.
    pub fn lose_data(&self) -> Result<()> {
        let data = self.data();
        Self::remove_in_use(&data)?;
        archiver::make_data(&data)
    }

    /// Removes a directory in which somebody still works.
    pub fn remove_in_use(directory: &Path) -> Result<()> {
        // Whatever still runs may make a file in it meanwhile: nobody finds it under this name.
        let lost = directory.with_extension("lost");
        fs::rename(directory, &lost)?;
        while lost.exists() {
            match fs::remove_dir_all(&lost) {
                Err(error) if error.kind() != ErrorKind::DirectoryNotEmpty => {
                    return Err(error.into());
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// What the machine has of its database.
    fn data(&self) -> PathBuf {
        match self.marker.engine {
            Engine::Sqlite => archiver::data(&self.marker.directory),
            Engine::Postgres => cluster::clusters(&self.marker.directory),
        }
    }

    /// Ends what carries the changes away, at once.
    pub fn kill_archive(&mut self) {
        self.archive = None;
    }

    /// Starts it, unless it runs.
    pub fn start_archive(&mut self) -> Result<()> {
        if self.archive.is_none() {
            self.archive = Some(Archive::start(&self.marker)?);
        }
        Ok(())
    }

    /// Holds it, or lets it go on.
    pub fn signal_archive(&mut self, name: &str) -> Result<()> {
        let archive = self
            .archive
            .as_mut()
            .context("nothing carries the changes away")?;
        archive.signal(name)
    }

    /// `scorehold recover`, on this machine or on a new one, and whatever does not run is started. The copy
    /// is then another one by its lineage, and its marker says so.
    pub fn recover(&mut self) -> Result<Recovery> {
        self.start_archive()?;
        self.signal_archive("CONT")?;
        let begun = Instant::now();
        let said = process::succeed(&self.recovering(), limits::WHOLE)?;
        if self.application.is_none() {
            self.start()?;
        }
        let (instance, _, lineage) = identity(&self.production)?;
        let Marker {
            instance: expected,
            lineage: before,
            ..
        } = &self.marker;
        ensure!(
            instance == *expected && lineage > *before,
            "what came back is instance {instance}, lineage {lineage}: \
             it was {expected}, lineage {before}, and each recovery begins a new one"
        );
        self.marker.lineage = lineage;
        self.marker.write()?;
        if self.without == Some(Layer::Lineage) {
            self.forget_lineage()?;
        }
        Ok(Recovery { begun, said })
    }

    /// Waits until both receivers have found the cluster.
    pub(super) fn until_received(&self) -> Result<()> {
        let begun = Instant::now();
        while self
            .production
            .value("SELECT count(*) FROM pg_stat_replication")?
            != "2"
        {
            ensure!(
                begun.elapsed() < limits::READY,
                "the receivers do not arrive"
            );
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Waits until the server calls itself ready: one that still speaks of the last harm has not found the next.
    pub fn until_ready(&self) -> Result<()> {
        let client = Client::new(&self.address(), None);
        let begun = Instant::now();
        while !client
            .get("/readyz")
            .is_ok_and(|answer| answer.status == 200)
        {
            ensure!(begun.elapsed() < limits::READY, "the server is not ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(())
    }

    /// Waits until the server says that it takes no changes, or is not there; `false`: it goes on.
    pub fn takes_no_changes(&self, limit: Duration) -> bool {
        let client = Client::new(&self.address(), None);
        let begun = Instant::now();
        while client
            .get("/readyz")
            .is_ok_and(|answer| answer.status == 200)
        {
            if begun.elapsed() > limit {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }

    /// A restore is under way, and not whole: on SQLite its file says so, a cluster lies in a directory.
    pub fn is_half_restored(&self) -> bool {
        let is_half = |file: PathBuf| match self.marker.engine {
            Engine::Sqlite => file.extension().is_some_and(|ending| ending == "part"),
            Engine::Postgres => file.is_dir(),
        };
        let data = fs::read_dir(self.data());
        data.is_ok_and(|files| files.flatten().any(|file| is_half(file.path())))
    }

    /// The command of an operator.
    pub fn recovering(&self) -> std::process::Command {
        application::command(self, &self.recovering_settings(), &["recover"])
    }

    /// On PostgreSQL whoever recovers has the right to migrate.
    pub(super) fn recovering_settings(&self) -> Settings {
        let settings = &self.marker.settings;
        match &self.marker.roles {
            Some(roles) => settings.with("DATABASE__MIGRATE_URL", &roles.superuser),
            None => settings.clone(),
        }
    }

    /// What the archive alone would bring back at this moment, in a file aside. PostgreSQL has no such
    /// answer in a moment.
    pub fn archived(&self) -> Result<Option<Database>> {
        let Database::Sqlite { file, python } = &self.production else {
            return Ok(None);
        };
        let directory = &self.marker.directory;
        let active = super::database::active(file);
        let name = active.file_name().context("no file")?;
        let into: PathBuf = directory.join(format!("aside-{}.db", uuid::Uuid::new_v4().simple()));
        let mut command = process::confined(archiver::program(directory));
        command.current_dir(directory).arg("restore");
        command.arg("-o").arg(&into);
        command.arg(archiver::url(&archiver::archive(directory).join(name)));
        process::succeed(&command, limits::WHOLE)?;
        Ok(Some(Database::Sqlite {
            file: into,
            python: python.clone(),
        }))
    }
}
