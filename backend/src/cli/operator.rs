//! `scorehold operator`: who may see and move payments.

use clap::{Args, Subcommand};

use super::{EXIT_NOT_FOUND, EXIT_USAGE, failure, output::print, runtime};
use crate::config::Config;
use crate::domain::mail::Proof;
use crate::domain::secret::Purpose;
use crate::domain::text::Text;
use crate::domain::user::{Email, User, UserDetails};
use crate::error::StartError;
use crate::services::accounts::{self, NewAccount};
use crate::state::AppState;

#[derive(Debug, Subcommand)]
pub enum Operator {
    /// Make the account of an address an operator's; it is made if it does not exist
    Add(Address),
    /// Take the right away again; the account stays
    Remove(Address),
    /// Print the addresses of all operators
    List,
}

#[derive(Debug, Args)]
pub struct Address {
    /// A mail address
    #[arg(value_name = "ADDRESS")]
    email: String,
}

/// Does what is asked.
pub fn run(command: Operator, config: Config) -> Result<(), StartError> {
    match command {
        Operator::Add(Address { email }) => add(config, &email),
        Operator::Remove(Address { email }) => remove(config, &email),
        Operator::List => list(config),
    }
}

/// Makes the account of an address an operator's. An account that has no password, one that is made
/// now among them, gets a page on which to choose one: printed, since not every server sends mail.
fn add(config: Config, address: &str) -> Result<(), StartError> {
    let email = email(address)?;
    let told = runtime::block_on(async {
        let state = AppState::open(config)?;
        let new = NewAccount {
            details: UserDetails {
                display_name: Text::new("Operator").map_err(failure)?,
            },
            email,
            password_hash: None,
        };
        let appointed = state.db.write(move |tx| accounts::appoint(tx, new));
        told(&state, &appointed.await.map_err(failure)?)
    })?;
    print(&told)
}

fn told(state: &AppState, user: &User) -> Result<String, StartError> {
    let name = shown(user);
    // Anybody can register with an address that is not theirs.
    let doubt = match (user.verified_at, &user.password_hash) {
        (None, Some(_)) => {
            "Its address was never verified: make sure that the account is theirs.\n"
        }
        _ => "",
    };
    if user.password_hash.is_some() {
        return Ok(format!(
            "{name} is an operator and logs in as before.\n{doubt}"
        ));
    }
    let signer = state.signer(Purpose::Mail);
    let kind = Proof::Reset.kind();
    let claims = signer.claims(
        kind,
        accounts::mailed(Proof::Reset, user),
        state.clock.now(),
    );
    let token = signer.sign(kind, &claims).map_err(failure)?;
    Ok(format!(
        "{name} is an operator. A password is chosen here, once, within an hour:\n{}/account/reset#t={token}\n",
        state.public_url()
    ))
}

/// Takes the right away from the account of an address; the account stays.
fn remove(config: Config, address: &str) -> Result<(), StartError> {
    let email = email(address)?;
    let dismissed = runtime::block_on(async {
        let state = AppState::open(config)?;
        let dismissed = state.db.write(move |tx| accounts::dismiss(tx, &email));
        dismissed.await.map_err(failure)
    })?;
    match dismissed {
        Some(user) => print(&format!("{} is no operator any more.\n", shown(&user))),
        None => Err(StartError::new(
            EXIT_NOT_FOUND,
            format!("{address} is no operator"),
        )),
    }
}

/// Prints who is one, a line each.
fn list(config: Config) -> Result<(), StartError> {
    let operators = runtime::block_on(async {
        let state = AppState::open(config)?;
        state.db.read(accounts::operators).await.map_err(failure)
    })?;
    let lines: Vec<String> = operators.iter().map(|user| shown(user) + "\n").collect();
    print(&lines.concat())
}

fn email(address: &str) -> Result<Email, StartError> {
    Email::new(address).map_err(|why| StartError::new(EXIT_USAGE, why))
}

fn shown(user: &User) -> String {
    let email = user.email.as_ref();
    email.map_or_else(|| user.id.to_string(), |email| email.as_str().to_owned())
}
