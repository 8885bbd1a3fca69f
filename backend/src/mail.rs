//! Handing mail over: to an SMTP server, or in development and test to a folder.

use std::path::{Path, PathBuf};

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncFileTransport, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

use crate::config::{Config, DatabaseUrl, SmtpUrl};
use crate::domain::mail::Letter;
use crate::error::StartError;

/// The sender of mail in development and test, where nobody has set one.
const NOBODY: &str = "Scorehold <scorehold@localhost>";

/// Where mail goes.
pub struct Mailer {
    from: Mailbox,
    way: Way,
}

enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Outbox(AsyncFileTransport<Tokio1Executor>),
}

/// Why a mail could not be handed over.
type Cause = Box<dyn std::error::Error + Send + Sync>;

impl Mailer {
    /// The way that the configuration names; `None`: this server sends no mail.
    ///
    /// # Errors
    /// 78 for an address or a URL that cannot be used, 74 for a folder that cannot be made.
    pub fn of(config: &Config) -> Result<Option<Self>, StartError> {
        let from = config.mail.from.as_deref().unwrap_or(NOBODY);
        let from = from
            .parse()
            .map_err(|error| StartError::new(78, format!("SCOREHOLD__MAIL__FROM: {error}")))?;
        let way = match &config.mail.smtp_url {
            Some(url) => Way::Smtp(smtp(url)?),
            None if config.environment.is_guarded() => return Ok(None),
            None => Way::Outbox(outbox(&config.database.url)?),
        };
        Ok(Some(Self { from, way }))
    }

    /// Hands one mail over.
    ///
    /// # Errors
    /// What the other side said.
    pub async fn send(&self, letter: &Letter) -> Result<(), Cause> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(letter.to.as_str().parse()?)
            .subject(&letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())?;
        match &self.way {
            Way::Smtp(server) => server.send(message).await.map(drop)?,
            Way::Outbox(folder) => folder.send(message).await.map(drop)?,
        }
        Ok(())
    }
}

fn smtp(url: &SmtpUrl) -> Result<AsyncSmtpTransport<Tokio1Executor>, StartError> {
    let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.with_tls())
        .map_err(|error| StartError::new(78, format!("SCOREHOLD__MAIL__SMTP_URL: {error}")))?;
    Ok(transport.build())
}

fn outbox(url: &DatabaseUrl) -> Result<AsyncFileTransport<Tokio1Executor>, StartError> {
    let folder = match url {
        DatabaseUrl::Sqlite(path) => path.parent().unwrap_or(Path::new("")).join("outbox"),
        DatabaseUrl::Postgres(_) => PathBuf::from("outbox"),
    };
    std::fs::create_dir_all(&folder).map_err(|error| {
        StartError::new(74, format!("the mail outbox {}: {error}", folder.display()))
    })?;
    Ok(AsyncFileTransport::new(folder))
}
