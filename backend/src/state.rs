//! The application's state: built once, handed to every request, the only way to reach anything.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::{Notify, watch};

use crate::archive::embedded::{Embedded, Waits};
use crate::archive::{Barrier, Server};
use crate::config::{ArchiveMode, Config, DatabaseUrl};
use crate::db::identity::{self, Identity};
use crate::db::{Db, Surroundings, migrate, nodes, pointer, roles, standby};
use crate::domain::catalogue::Catalogue;
use crate::domain::jwt::Signer;
use crate::domain::payment::{Manual, Provider, Shop};
use crate::domain::secret::{Purpose, Secrets, Token};
use crate::domain::time::{Clock, SystemClock};
use crate::error::{Code, Error, StartError};
use crate::limits::Limits;
use crate::live::Hub;
use crate::mail::Mailer;
use crate::maintenance::Maintenance;
use crate::passwords::Passwords;

/// Makes what the commits of a database wait for.
pub type MakeBarrier = Arc<dyn Fn(&Config) -> Result<Arc<dyn Barrier>, StartError> + Send + Sync>;

/// Everything that a request may need. Cheap to clone.
#[derive(Clone)]
pub struct AppState {
    /// The database: each request takes its handle from here.
    pub db: Db,
    /// What the process was told to be.
    pub config: Arc<Config>,
    /// Who the database says it is.
    pub identity: Arc<Identity>,
    /// Who watches which board.
    pub hub: Arc<Hub>,
    /// How much one caller may ask for.
    pub limits: Arc<Limits>,
    /// Keys for tokens and tickets.
    pub secrets: Arc<Secrets>,
    /// Hashes and compares passwords.
    pub passwords: Arc<Passwords>,
    /// Where mail goes; `None`: this server sends none.
    pub mailer: Option<Arc<Mailer>>,
    /// Told when mail was noted.
    pub post: Arc<Notify>,
    /// What can be ordered, and how it is paid for.
    pub shop: Arc<Shop>,
    /// Where `now` comes from.
    pub clock: Arc<dyn Clock>,
    barriers: MakeBarrier,
    /// Whether changes are taken.
    pub maintenance: Arc<Maintenance>,
    draining: watch::Sender<bool>,
}

impl AppState {
    /// Opens an existing, migrated database of the configured identity.
    ///
    /// # Errors
    /// 77 for another identity, 78 for what is missing in database or configuration, 69 when the
    /// database is out of reach.
    pub fn open(config: Config) -> Result<Self, StartError> {
        Self::open_with(config, Arc::new(SystemClock), Arc::new(barrier))
    }

    /// As [`AppState::open`], with another clock and other barriers.
    ///
    /// # Errors
    /// As [`AppState::open`].
    pub fn open_with(
        config: Config,
        clock: Arc<dyn Clock>,
        barriers: MakeBarrier,
    ) -> Result<Self, StartError> {
        let identity = identity::check(&config)?;
        roles::check(&config)?;
        migrate::refuse_pending(&config)?;
        standby::check(&config)?;
        let secrets = Arc::new(Secrets::derive(&secret(&config)?));
        let shop = Arc::new(shop(&config)?);
        let mailer = Mailer::of(&config)?.map(Arc::new);
        let passwords = Passwords::new().map_err(|error| StartError::new(1, error.to_string()))?;
        let maintenance = Arc::<Maintenance>::default();
        let hub = Arc::new(Hub::default());
        let told = hub.clone();
        let around = Surroundings {
            identity: identity.clone(),
            clock: clock.clone(),
            archive: config.archive.mode,
            barrier: barriers(&config)?,
            maintenance: maintenance.clone(),
            sink: Arc::new(move |news| told.tell(&news)),
            node: nodes::lease(&config, clock.now())?,
        };
        let db = Db::open(&pointer::resolved(&config.database)?, around)
            .map_err(|error| StartError::unreachable(&config.database.url, &error))?;
        // Ready is who could acknowledge a change: the first look comes before the first request.
        if let Err(fault) = db.barrier().look() {
            maintenance.report(fault);
        }
        Ok(Self {
            db,
            limits: Arc::new(Limits::new(config.limits.enabled)),
            config: Arc::new(config),
            identity: Arc::new(identity),
            hub,
            secrets,
            passwords: Arc::new(passwords),
            mailer,
            post: Arc::default(),
            shop,
            clock,
            barriers,
            maintenance,
            draining: watch::channel(false).0,
        })
    }

    /// Goes on with the database that the pointer names now, when it is another copy of the same one.
    /// Answers whether it was.
    ///
    /// # Errors
    /// 77 for a database that is not ours, 78 for one that lacks a migration; the present one stays.
    pub fn follow_pointer(&self) -> Result<bool, StartError> {
        let url = pointer::resolved(&self.config.database)?;
        if url == self.db.url() {
            return Ok(false);
        }
        let mut config = Config::clone(&self.config);
        if let DatabaseUrl::Postgres(_) = url {
            config.database.url = url.clone();
        }
        let identity = identity::check(&config)?;
        if identity.id != self.identity.id {
            let found = identity.id;
            return Err(StartError::new(
                77,
                format!(
                    "{url} is another instance: {found}, and not {}",
                    self.identity.id
                ),
            ));
        }
        migrate::refuse_pending(&config)?;
        standby::check(&config)?;
        let barrier = (self.barriers)(&config)?;
        self.db
            .reopen(&url, identity, barrier)
            .map_err(|error| StartError::unreachable(&url, &error))?;
        // What was told of boards may be more than this copy knows.
        self.hub.end_all();
        Ok(true)
    }

    /// From now on this process takes no new work: readiness says so, and streams end.
    pub fn drain(&self) {
        self.draining.send_replace(true);
    }

    /// Whether the process is about to stop; to be waited on by streams.
    pub fn draining(&self) -> watch::Receiver<bool> {
        self.draining.subscribe()
    }

    /// Signs and verifies tokens of one purpose, for this database alone.
    pub fn signer(&self, purpose: Purpose) -> Signer<'_> {
        Signer {
            key: self.secrets.signing_key(purpose),
            audience: &self.identity.id,
        }
    }

    /// The address that opens a board with a link, or the page on which an invitation is taken up. The
    /// token stands behind `#`, which browsers send to nobody.
    pub fn link_address(&self, slug: &str, token: &Token, invites: bool) -> String {
        let page = if invites { "/join" } else { "" };
        format!("{}/b/{slug}{page}#k={}", self.public_url(), token.reveal())
    }

    /// Refuses what can do nothing but send mail, where no mail is sent.
    ///
    /// # Errors
    /// `mail_disabled`.
    pub fn sends_mail(&self) -> Result<(), Error> {
        match self.mailer {
            Some(_) => Ok(()),
            None => Err(Error::new(
                Code::MailDisabled,
                "This server is not set up to send mail.",
            )),
        }
    }

    /// Whether people reach this server over TLS.
    pub fn is_encrypted(&self) -> bool {
        self.public_url().starts_with("https:")
    }

    /// The address under which people reach this server, without a slash at the end.
    pub fn public_url(&self) -> String {
        match &self.config.server.public_url {
            Some(url) => url.clone(),
            None => format!("http://{}", self.config.server.bind),
        }
    }
}

/// What a commit of this server waits for.
///
/// # Errors
/// Those of [`pointer::active`].
pub fn barrier(config: &Config) -> Result<Arc<dyn Barrier>, StartError> {
    let archive = &config.archive;
    match &config.database.url {
        DatabaseUrl::Sqlite(file) => {
            let waits = match archive.mode {
                ArchiveMode::Barrier => Waits::Yes,
                ArchiveMode::Async | ArchiveMode::Off => Waits::No,
            };
            let socket = archive.socket.as_deref().filter(|_| archive.is_on());
            let active = pointer::active(file)?;
            let archive = socket.map(|socket| (socket, waits));
            Ok(Arc::new(Embedded::of(file, &active, archive)))
        }
        DatabaseUrl::Postgres(_) => Ok(Arc::new(Server)),
    }
}

fn shop(config: &Config) -> Result<Shop, StartError> {
    let manual = || Arc::new(Manual) as Arc<dyn Provider>;
    Ok(Shop {
        catalogue: Arc::new(catalogue(config.billing.catalogue.as_deref())?),
        provider: config.billing.enabled.then(manual),
    })
}

fn catalogue(file: Option<&Path>) -> Result<Catalogue, StartError> {
    let Some(file) = file else {
        return Catalogue::parse(include_str!("../catalogue.toml"))
            .map_err(|why| StartError::new(78, why));
    };
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string());
    text.and_then(|text| Catalogue::parse(&text))
        .map_err(|why| StartError::new(78, format!("the catalogue {}: {why}", file.display())))
}

/// The configured secret; in development and test one that is made once, beside the database.
fn secret(config: &Config) -> Result<Vec<u8>, StartError> {
    if let Some(secret) = &config.auth.secret {
        return Ok(secret.bytes().to_vec());
    }
    if config.environment.is_guarded() {
        return Err(StartError::new(
            78,
            "SCOREHOLD__AUTH__SECRET is needed: at least 32 bytes",
        ));
    }
    let file = match &config.database.url {
        DatabaseUrl::Sqlite(path) => path.with_extension("secret"),
        DatabaseUrl::Postgres(_) => PathBuf::from("scorehold.secret"),
    };
    kept_secret(&file)
        .map_err(|error| StartError::new(74, format!("the secret {}: {error}", file.display())))
}

fn kept_secret(file: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
    let made = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file);
    match made {
        Ok(mut file) => {
            file.write_all(hex::encode(bytes).as_bytes())?;
            Ok(hex::encode(bytes).into_bytes())
        }
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => std::fs::read(file),
        Err(error) => Err(error),
    }
}
