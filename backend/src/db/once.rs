//! One transaction of a command, beside whatever server is running: no pool, no queue, no lease.

use diesel::connection::SimpleConnection;

use super::transaction::{begin_read, begin_write, commit, roll_back};
use super::{Conn, Connector, Role, identity, migrate};
use crate::config::Config;
use crate::error::{Code, Error, StartError};

/// Looks at a database of the configured identity.
///
/// # Errors
/// 77, 78 or 69 as [`identity::check`]; 1 for what `work` refuses.
pub fn read<T>(
    config: &Config,
    work: impl FnOnce(&mut Conn) -> Result<T, Error>,
) -> Result<T, StartError> {
    let mut conn = open(config, Role::Reader)?;
    begin_read(&mut conn).map_err(|error| out_of_reach(config, &error))?;
    let answer = work(&mut conn);
    roll_back(&mut conn);
    answer.map_err(refused)
}

/// Changes a database of the configured identity. It does not wait for the archive: a server that waits
/// in vain is one more reason to say a word.
///
/// # Errors
/// 77, 78 or 69 as [`identity::check`]; 1 for what `work` refuses, and nothing is written then.
pub fn write<T>(
    config: &Config,
    work: impl FnOnce(&mut Conn) -> Result<T, Error>,
) -> Result<T, StartError> {
    commit_work(config, open(config, Role::Runtime)?, work)
}

/// Changes a database of the configured identity as the migrate role does.
///
/// # Errors
/// As [`write`].
pub fn purge<T>(
    config: &Config,
    work: impl FnOnce(&mut Conn) -> Result<T, Error>,
) -> Result<T, StartError> {
    commit_work(config, open(config, Role::Purger)?, work)
}

fn commit_work<T>(
    config: &Config,
    mut conn: Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, Error>,
) -> Result<T, StartError> {
    if matches!(conn, Conn::Postgres(_)) {
        conn.batch_execute("SET synchronous_commit = local")
            .map_err(|error| out_of_reach(config, &error))?;
    }
    begin_write(&mut conn).map_err(|error| out_of_reach(config, &error))?;
    match work(&mut conn) {
        Ok(answer) => commit(&mut conn)
            .map(|()| answer)
            .map_err(|error| out_of_reach(config, &error)),
        Err(error) => {
            roll_back(&mut conn);
            Err(refused(error))
        }
    }
}

fn open(config: &Config, role: Role) -> Result<Conn, StartError> {
    identity::check(config)?;
    migrate::refuse_pending(config)?;
    let url = match role {
        Role::Migrator | Role::Purger => config.database.owner_url(),
        Role::Reader | Role::Runtime => &config.database.url,
    };
    Connector::new(url.clone(), role)
        .archived(config.archive.is_on())
        .open()
        .map_err(|error| out_of_reach(config, &error))
}

fn out_of_reach(config: &Config, cause: &dyn std::fmt::Display) -> StartError {
    StartError::unreachable(&config.database.url, cause)
}

fn refused(error: Error) -> StartError {
    let exit = match error.code {
        Code::NotFound | Code::WrongIdType => 66,
        _ => 1,
    };
    StartError::new(exit, error.detail)
}
