//! What the files of a database are called: `scorehold.db`, `scorehold-2.db`, `scorehold-3.db`. Each recovery
//! makes the next one, and no number ever comes twice, neither on the disk nor in the archive. So the highest
//! is the one that was in use last.

use std::path::{Path, PathBuf};

use crate::error::StartError;

/// The names beside a configured file, which is the first.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names<'a>(pub &'a Path);

impl Names<'_> {
    /// The file of a number.
    pub fn numbered(self, number: u32) -> PathBuf {
        if number == 1 {
            return self.0.to_path_buf();
        }
        let stem = self.0.file_stem().unwrap_or_default().to_string_lossy();
        let name = format!("{stem}-{number}");
        match self.0.extension() {
            Some(ending) => self
                .0
                .with_file_name(format!("{name}.{}", ending.to_string_lossy())),
            None => self.0.with_file_name(name),
        }
    }

    /// The number of one of its files.
    pub fn number(self, file: &Path) -> Option<u32> {
        let name = file.file_stem()?.to_string_lossy();
        let stem = self.0.file_stem()?.to_string_lossy();
        let number = match name.strip_prefix(&*stem)? {
            "" => 1,
            behind => behind.strip_prefix('-')?.parse().ok()?,
        };
        (self.numbered(number).file_name() == file.file_name()).then_some(number)
    }

    /// Copies get other names: a number is given by `recover` alone.
    ///
    /// # Errors
    /// 64 for one of these names.
    pub fn refuse_reserved(self, into: &Path) -> Result<(), StartError> {
        let place = |file: &Path| {
            std::path::absolute(file)
                .ok()?
                .parent()
                .map(Path::to_path_buf)
        };
        let is_free = into.symlink_metadata().is_err();
        match is_free && place(into) == place(self.0) && self.number(into).is_some() {
            false => Ok(()),
            true => Err(StartError::new(
                64,
                format!(
                    "{} is a name that `scorehold recover` gives; nothing was touched: name another one with --into",
                    into.display()
                ),
            )),
        }
    }
}

/// The name of a file, without where it lies.
pub(super) fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recovery_makes_the_next_name() {
        let names = Names(Path::new("/srv/scorehold.db"));
        for (number, file) in [
            (1, "/srv/scorehold.db"),
            (2, "/srv/scorehold-2.db"),
            (12, "/srv/scorehold-12.db"),
        ] {
            assert_eq!(names.numbered(number), Path::new(file));
            assert_eq!(names.number(Path::new(file)), Some(number));
        }
        for other in [
            "scorehold-02.db",
            "scorehold-2.sqlite",
            "other-2.db",
            "scorehold-.db",
        ] {
            assert_eq!(names.number(Path::new(other)), None, "{other}");
        }
        assert_eq!(
            Names(Path::new("scores")).numbered(2),
            Path::new("scores-2")
        );
    }

    #[test]
    fn a_copy_gets_another_name() {
        let names = Names(Path::new("/nowhere/scorehold.db"));
        let exit = |file: &str| {
            names
                .refuse_reserved(Path::new(file))
                .map_err(|error| error.exit)
        };
        assert_eq!(exit("/nowhere/scorehold-7.db"), Err(64));
        assert_eq!(exit("/nowhere/scorehold.db"), Err(64));
        assert_eq!(exit("/nowhere/look.db"), Ok(()));
        assert_eq!(exit("/elsewhere/scorehold-7.db"), Ok(()));
    }
}
