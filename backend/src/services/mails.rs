//! Mail: noted in the transaction that gives a reason for it, handed over afterwards.

use std::time::Duration;

use super::{accounts, links};
use crate::db::{Conn, Tx};
use crate::domain::actor::LinkRole;
use crate::domain::id::{GameId, LinkId};
use crate::domain::mail::{Due, Errand, Letter, Proof};
use crate::domain::secret::Purpose;
use crate::domain::user::{Email, User};
use crate::error::{Error, Result};
use crate::repos;
use crate::state::AppState;

/// Seconds after which nobody waits for a mail any more: a day.
const LASTS: i64 = 86_400;
/// Seconds between the first tries; each further wait is twice as long.
const RETRY: i64 = 60;
/// How often the deliverer looks by itself: for tries that are due, and for what other servers noted.
const LOOK: Duration = Duration::from_secs(20);

/// Notes a mail to the address of an account; one that is erased has none.
///
/// # Errors
/// Only those of the database.
pub fn send_to(tx: &mut Tx<'_>, errand: Errand, user: &User) -> Result<()> {
    match &user.email {
        Some(address) => send(tx, errand, address.clone()),
        None => Ok(()),
    }
}

/// Notes a mail.
///
/// # Errors
/// Only those of the database.
pub fn send(tx: &mut Tx<'_>, errand: Errand, address: Email) -> Result<()> {
    let due = Due {
        id: tx.next_id(),
        errand,
        address,
        attempts: 0,
        due_at: tx.now,
        expires_at: tx.now.plus_seconds(LASTS),
    };
    Ok(repos::mails::insert(tx.conn, &due)?)
}

/// Hands mail over as it becomes due. Never returns.
pub async fn deliver(state: AppState) {
    loop {
        match deliver_next(&state).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a mail waits"),
        }
        let _either = tokio::time::timeout(LOOK, state.post.notified()).await;
    }
}

/// Hands the next mail over; `false`: none is due.
async fn deliver_next(state: &AppState) -> Result<bool> {
    let Some((due, letter)) = state.db.write(take(state.clone())).await? else {
        return Ok(false);
    };
    let (Some(letter), Some(mailer)) = (letter, &state.mailer) else {
        forget(state, due.id).await?;
        return Ok(true);
    };
    match mailer.send(&letter).await {
        Ok(()) => forget(state, due.id).await?,
        Err(cause) => tracing::warn!(%cause, attempts = due.attempts + 1, "a mail was not taken"),
    }
    Ok(true)
}

type Taken = Option<(Due, Option<Letter>)>;

/// Takes the next mail in hand and writes it; it comes back by itself unless it is forgotten.
fn take(state: AppState) -> impl FnOnce(&mut Tx<'_>) -> Result<Taken> {
    move |tx| {
        let Some(due) = repos::mails::next(tx.conn, tx.now)? else {
            return Ok(None);
        };
        let wait = RETRY << due.attempts.clamp(0, 10);
        if !repos::mails::claim(tx.conn, &due, tx.now.plus_seconds(wait))? {
            return Ok(None);
        }
        let letter = if tx.now < due.expires_at {
            write(tx, &state, &due)?
        } else {
            None
        };
        Ok(Some((due, letter)))
    }
}

async fn forget(state: &AppState, mail: i64) -> Result<()> {
    let forgotten = state
        .db
        .write(move |tx| Ok(repos::mails::remove(tx.conn, mail, tx.now)?));
    forgotten.await
}

/// Writes a mail; `None` when what it is about is gone.
fn write(tx: &mut Tx<'_>, state: &AppState, due: &Due) -> Result<Option<Letter>> {
    if let Errand::Link(game, link) = due.errand {
        return board_link(tx.conn, state, &due.address, game, link);
    }
    let Some(user) = due.errand.user() else {
        return Ok(None);
    };
    let Some(user) = repos::users::find(tx.conn, user)? else {
        return Ok(None);
    };
    let proof = |proof: Proof, page: &str| -> Result<String> {
        let signer = state.signer(Purpose::Mail);
        let claims = signer.claims(proof.kind(), accounts::mailed(proof, &user), tx.now);
        let token = signer.sign(proof.kind(), &claims);
        let token = token.map_err(|error| Error::internal(&error))?;
        Ok(format!("{}/{page}#t={token}", state.public_url()))
    };
    let name = &user.details.display_name;
    let (subject, text) = match due.errand {
        Errand::Verify(_) => (
            "Is this your address?",
            format!(
                "Hello {name},\n\nopen this page to show that the address is yours. It is good for three days:\n\n{}\n\n\
                 If you made no account, forget this mail.\n",
                proof(Proof::Verify, "account/verify")?
            ),
        ),
        Errand::Reset(_) => (
            "Choose a new password",
            format!(
                "Hello {name},\n\nopen this page to choose a new password. It is good for one hour, and once:\n\n{}\n\n\
                 If you did not ask for it, forget this mail: your password stays as it is.\n",
                proof(Proof::Reset, "account/reset")?
            ),
        ),
        Errand::Changed(_) => (
            "Your password was changed",
            format!(
                "Hello {name},\n\nyour password was changed, and your other devices were logged out.\n\n\
                 If that was not you, choose a new one now: {}/account/forgot\n",
                state.public_url()
            ),
        ),
        Errand::Moved(_) => (
            "Your address was changed",
            format!(
                "Hello {name},\n\nyour account has another address from now on, and this one gets no more mail.\n\n\
                 If that was not you, write to whoever runs {}.\n",
                state.public_url()
            ),
        ),
        Errand::Link(..) => return Ok(None),
    };
    Ok(Some(Letter {
        to: due.address.clone(),
        subject: subject.to_owned(),
        text,
    }))
}

fn board_link(
    conn: &mut Conn,
    state: &AppState,
    to: &Email,
    game: GameId,
    link: LinkId,
) -> Result<Option<Letter>> {
    let found = repos::games::find(conn, &crate::domain::game::GameRef::Id(game))?;
    let Some(board) = found.filter(|board| board.trashed_at.is_none()) else {
        return Ok(None);
    };
    let Some(kept) = repos::links::find(conn, game, link)? else {
        return Ok(None);
    };
    let token = links::token(conn, &state.secrets, game, link)?;
    let may = match kept.link.role {
        LinkRole::View => "look at the board",
        LinkRole::Score => "enter scores",
        LinkRole::Own => "change the board",
        LinkRole::Join => "come in and play",
    };
    let title = &board.settings.title;
    let address = state.link_address(&board.slug, &token, kept.details.join.is_some());
    Ok(Some(Letter {
        to: to.clone(),
        subject: format!("Your board: {title}"),
        text: format!(
            "This link opens your board \"{title}\":\n\n{address}\n\n\
             Keep it: whoever has it may {may}.\n"
        ),
    }))
}
