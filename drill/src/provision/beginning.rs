//! A copy before its archive, and the archive's first day: it begins with all that stands by then, as where an
//! operator adds one to a server that has been in use.

use anyhow::Result;

use super::application::{self, Application};
use super::archive::Archive;
use super::{Scratch, process};
use crate::args::{Engine, Layer};
use crate::limits;

impl Scratch {
    /// Starts the application without an archive, as only somebody may who says that it is accepted.
    pub fn start_alone(&mut self) -> Result<()> {
        if self.marker.engine == Engine::Postgres {
            self.hand_the_log_to("'/bin/true'")?;
        }
        let settings = self.marker.settings.with("ARCHIVE__MODE", "off");
        let settings = settings.with("ARCHIVE__ACKNOWLEDGE_NO_ARCHIVE", "true");
        self.application = Some(Application::start(self, &settings)?);
        Ok(())
    }

    /// Ends the application.
    pub fn stop(&mut self) {
        self.application = None;
    }

    /// Starts what carries the changes away. On PostgreSQL commits wait for it once it is there, and the first
    /// backup is what all else is added to.
    pub fn begin_archive(&mut self) -> Result<()> {
        let is_postgres = self.marker.engine == Engine::Postgres;
        if is_postgres {
            self.hand_the_log_to("DEFAULT")?;
            self.production
                .execute("GRANT SELECT ON instance TO receiver")?;
        }
        self.archive = Some(Archive::start(&self.marker)?);
        if is_postgres {
            if self.without != Some(Layer::Barrier) {
                self.until_received()?;
                let names =
                    "ALTER SYSTEM SET synchronous_standby_names = 'ANY 1 (receiver_1, receiver_2)'";
                self.production.execute(names)?;
                self.production.execute("SELECT pg_reload_conf()")?;
            }
            let backup = application::command(self, &self.recovering_settings(), &["backup"]);
            process::succeed(&backup, limits::WHOLE)?;
        }
        Ok(())
    }

    /// Which command PostgreSQL gives its log to.
    fn hand_the_log_to(&self, command: &str) -> Result<()> {
        let set = format!("ALTER SYSTEM SET archive_command = {command}");
        self.production.execute(&set)?;
        self.production.execute("SELECT pg_reload_conf()")
    }

    /// `scorehold verify`: every board is what its journal says.
    pub fn verify(&self) -> Result<String> {
        let command = application::command(self, &self.marker.settings, &["verify"]);
        let said = process::succeed(&command, limits::WHOLE)?;
        Ok(said.lines().last().unwrap_or_default().to_owned())
    }
}
