//! What becomes of a copy that was hit, and how it comes back: by the commands that OPERATIONS.md has an
//! operator type.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use super::archiver::{self, Archiver};
use super::process;
use super::{Database, Marker, Scratch, application, identity};
use crate::load::client::Client;

/// How long a recovery may take.
const SECONDS: u64 = 120;

impl Scratch {
    /// Every process of the machine is gone, and every byte of its disk.
    pub fn lose_machine(&mut self) -> Result<()> {
        self.application = None;
        self.archiver = None;
        self.lose_data()
    }

    /// The directory of the data goes; another stands in its place, as on a new machine.
    pub fn lose_data(&self) -> Result<()> {
        let directory = &self.marker.directory;
        let data = archiver::data(directory);
        // Whatever still runs may make a file in it meanwhile: nobody finds it under this name.
        let lost = data.with_extension("lost");
        fs::rename(&data, &lost)?;
        archiver::make_data(directory)?;
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

    /// Ends the archiver at once.
    pub fn kill_archiver(&mut self) {
        self.archiver = None;
    }

    /// Starts the archiver, unless it runs.
    pub fn start_archiver(&mut self) -> Result<()> {
        if self.archiver.is_none() {
            self.archiver = Some(Archiver::start(&self.marker.directory)?);
        }
        Ok(())
    }

    /// Holds the archiver, or lets it go on.
    pub fn signal_archiver(&mut self, name: &str) -> Result<()> {
        let archiver = self.archiver.as_mut().context("no archiver runs")?;
        archiver.signal(name)
    }

    /// `scorehold recover`, on this machine or on a new one, and whatever does not run is started. The copy
    /// is then another one by its lineage, and its marker says so.
    pub fn recover(&mut self) -> Result<()> {
        self.start_archiver()?;
        process::succeed(&self.recovering(), SECONDS)?;
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
        self.marker.write()
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

    /// A restore is under way, and not whole.
    pub fn is_half_restored(&self) -> bool {
        let data = fs::read_dir(archiver::data(&self.marker.directory));
        data.is_ok_and(|files| {
            let mut files = files.flatten().map(|file| file.path());
            files.any(|file| file.extension().is_some_and(|ending| ending == "part"))
        })
    }

    /// The command of an operator.
    pub fn recovering(&self) -> std::process::Command {
        application::command(self, &self.marker.settings, &["recover"])
    }

    /// What the archive alone would bring back at this moment, in a file aside.
    pub fn archived(&self) -> Result<Database> {
        let Database::Sqlite { file, python } = &self.production else {
            anyhow::bail!("there is no archive of its own");
        };
        let directory = &self.marker.directory;
        let active = super::database::active(file);
        let name = active.file_name().context("no file")?;
        let into: PathBuf = directory.join(format!("aside-{}.db", uuid::Uuid::new_v4().simple()));
        let mut command = process::confined(archiver::program(directory));
        command.current_dir(directory).arg("restore");
        command.arg("-o").arg(&into);
        command.arg(archiver::url(&archiver::archive(directory).join(name)));
        process::succeed(&command, SECONDS)?;
        Ok(Database::Sqlite {
            file: into,
            python: python.clone(),
        })
    }
}
