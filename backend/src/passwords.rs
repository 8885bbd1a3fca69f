//! Passwords, hashed and compared: a few at a time, off the server's workers.

use std::sync::Arc;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::error::{Error, Result};

/// Memory of one hash in KiB, its passes and its lanes (OWASP Password Storage Cheat Sheet: argon2id
/// with 19 MiB, 2, 1).
const COST: (u32, u32, u32) = (19 * 1024, 2, 1);
/// How long a log-in waits for its turn before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// Hashes as many passwords at once as there are cores.
pub struct Passwords {
    turns: Arc<Semaphore>,
    /// What the password of nobody is compared with, so that it costs the same.
    nobody: String,
}

impl Passwords {
    /// Ready to hash.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn new() -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Ok(Self {
            turns: Arc::new(Semaphore::new(cores)),
            nobody: hash("nobody's")?,
        })
    }

    /// Hashes a password: argon2id, in the PHC string format.
    ///
    /// # Errors
    /// `busy` when too many wait.
    pub async fn hash(&self, password: String) -> Result<String> {
        self.in_turn(move || hash(&password)).await
    }

    /// Whether it is the password. Without a hash to compare with it is not, after the same work.
    ///
    /// # Errors
    /// `busy` when too many wait.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool> {
        let (known, hash) = match hash {
            Some(hash) => (true, hash),
            None => (false, self.nobody.clone()),
        };
        self.in_turn(move || Ok(verify(&password, &hash) && known))
            .await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let turn = tokio::time::timeout(PATIENCE, self.turns.clone().acquire_owned());
        let turn = turn.await.ok().and_then(std::result::Result::ok);
        let turn = turn.ok_or_else(Error::busy)?;
        let task = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        task.await.map_err(Error::panicked)?
    }
}

fn argon2() -> Result<Argon2<'static>> {
    let (memory, passes, lanes) = COST;
    let params =
        Params::new(memory, passes, lanes, None).map_err(|error| Error::internal(&error))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String> {
    let hashed = argon2()?.hash_password(password.as_bytes());
    Ok(hashed.map_err(|error| Error::internal(&error))?.to_string())
}

/// The parameters are those of the hash itself, so that older ones go on working.
fn verify(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_password_itself_is_accepted() {
        let hashed = hash("open sesame").unwrap();
        assert!(
            hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hashed}"
        );
        assert!(verify("open sesame", &hashed));
        assert!(
            !verify("open barley", &hashed) && !verify("", &hashed) && !verify("x", "nonsense")
        );
        assert_ne!(hash("open sesame").unwrap(), hashed, "a salt of its own");
    }

    #[tokio::test]
    async fn nobody_has_no_password() {
        let passwords = Passwords::new().unwrap();
        assert!(!passwords.verify("nobody's".to_owned(), None).await.unwrap());
    }
}
