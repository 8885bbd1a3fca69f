//! Use cases about games.

use serde_json::json;

use super::change::{Change, Changed, change, change_in_trash, run};
use super::{Expected, access, entitlements, expect, external_id_taken, links};
use crate::db::{Conn, Tx};
use crate::domain::actor::{Action, Caller, Link, LinkRole, Seat};
use crate::domain::entitlement::Feature;
use crate::domain::game::{Game, GameRef, SLUG_ALPHABET, SLUG_LENGTH, Settings, State, Visibility};
use crate::domain::id::{GameId, LinkId, UserId};
use crate::domain::link::LinkDetails;
use crate::domain::payment::Shop;
use crate::domain::secret::Secrets;
use crate::domain::tally::Tally;
use crate::domain::text::Name;
use crate::error::{Code, Error, OnUnique, Result};
use crate::repos::games::{Listing, Whose};
use crate::repos::{self, Page};

/// A board just made.
#[derive(Debug)]
pub struct Created {
    /// The board.
    pub game: Game,
    /// The link that owns it, where no account does.
    pub link: Option<Link>,
}

/// Makes a board. It belongs to the account that made it, otherwise to a link that comes with it.
/// Revision 1 is its creation.
///
/// # Errors
/// `account_required` for a private board, `product_required` for a theme, `external_id_taken`.
pub fn create(
    tx: &mut Tx<'_>,
    caller: Caller,
    secrets: &Secrets,
    shop: &Shop,
    settings: Settings,
) -> Result<Created> {
    if !settings.theme.as_str().is_empty() {
        entitlements::require_of(tx, shop, caller, Feature::Theme, "/theme")?;
    }
    create_at(tx, caller, secrets, settings, random_slug()?)
}

/// Makes a board at a given address; the demo board has one that people know.
pub(super) fn create_at(
    tx: &mut Tx<'_>,
    caller: Caller,
    secrets: &Secrets,
    settings: Settings,
    slug: String,
) -> Result<Created> {
    let owner = caller.person().map(|person| person.id);
    refuse_private(&settings, owner)?;
    let game = new(tx, settings, slug, owner);
    repos::games::insert(tx.conn, &game).on_unique(external_id_taken)?;
    let link = owner.is_none().then(|| Link {
        id: LinkId(tx.next_id()),
        game: game.id,
        role: LinkRole::Own,
    });
    let made = run(tx, maker(caller, link), game, |change| {
        if let Some(link) = link {
            links::keep(change.tx, secrets, link, first_owner(), None)?;
        }
        change.record(
            "game.created",
            change.game.id.0,
            None,
            Some(json!(change.game.settings)),
        );
        Ok(())
    })?;
    Ok(Created {
        game: made.game,
        link,
    })
}

fn new(tx: &Tx<'_>, settings: Settings, slug: String, owner: Option<UserId>) -> Game {
    Game {
        id: GameId(tx.next_id()),
        slug,
        owner,
        settings,
        state: State::Open,
        trashed_at: None,
        season: 1,
        player_count: 0,
        round_count: 0,
        version: 1,
        revision: 0,
        journal_head: Vec::new(),
        created_at: tx.now,
        updated_at: tx.now,
    }
}

/// The link that comes with a board never expires.
fn first_owner() -> LinkDetails {
    LinkDetails {
        name: Name::stored("Owner".to_owned()),
        expires_at: None,
        join: None,
    }
}

/// A stranger who makes a board acts as its owner from the first change on.
fn maker(caller: Caller, link: Option<Link>) -> Caller {
    match (caller, link) {
        (Caller::Anonymous | Caller::Link(_) | Caller::Seat(_), Some(link)) => Caller::Link(link),
        _ => caller,
    }
}

fn random_slug() -> Result<String> {
    let mut bytes = [0u8; SLUG_LENGTH];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(&error))?;
    let letter = |byte: &u8| char::from(SLUG_ALPHABET[usize::from(*byte) % SLUG_ALPHABET.len()]);
    Ok(bytes.iter().map(letter).collect())
}

/// A private board belongs to an account.
fn refuse_private(settings: &Settings, owner: Option<UserId>) -> Result<()> {
    match settings.visibility {
        Visibility::Private if owner.is_none() => Err(Error::at(
            Code::AccountRequired,
            "/visibility",
            "A private board needs an account. Choose unlisted or public.",
        )),
        _ => Ok(()),
    }
}

/// Reads a board.
///
/// # Errors
/// `not_found`, `trashed`.
pub fn read(conn: &mut Conn, caller: Caller, game: &GameRef) -> Result<Game> {
    access::view(conn, caller, game)
}

/// With an account its own boards; otherwise the public ones, and the one that the caller's link opens.
///
/// # Errors
/// `unauthenticated` for the trash without a credential.
pub fn list(conn: &mut Conn, caller: Caller, mut listing: Listing) -> Result<Page<Game>> {
    if listing.shelf == repos::Shelf::Trash {
        access::authenticated(caller)?;
    }
    listing.whose = match caller {
        Caller::Link(link) | Caller::Seat(Seat { link, .. }) => Whose::Link(link.game),
        Caller::Person(person) => Whose::Account(person.id),
        Caller::Anonymous | Caller::System => Whose::Public,
    };
    Ok(repos::games::list(conn, &listing)?)
}

/// Changes a board's settings; `edit` makes the new ones from the present ones.
///
/// # Errors
/// `precondition_failed`, `decimals_shrink`, `account_required`, `product_required` for a
/// theme, `total_out_of_range`, and what `edit` refuses.
pub fn update(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    shop: &Shop,
    expected: Option<&Expected>,
    edit: impl FnOnce(&Settings) -> Result<Settings>,
) -> Result<Game> {
    let changed = change(tx, caller, game, Action::Own, |change| {
        expect(expected, change.game.version)?;
        let before = change.game.settings.clone();
        let after = edit(&before)?;
        refuse_private(&after, change.game.owner)?;
        grows(before.decimals, after.decimals)?;
        if before == after {
            return Ok(());
        }
        if before.theme != after.theme && !after.theme.as_str().is_empty() {
            entitlements::require(change.tx, shop, &change.game, Feature::Theme, "/theme")?;
        }
        change.game.settings = after.clone();
        change.game.version += 1;
        change.record(
            "game.updated",
            change.game.id.0,
            Some(json!(before)),
            Some(json!(after)),
        );
        if before.scores_differently(&after) {
            refold(change)
        } else {
            Ok(())
        }
    })?;
    Ok(changed.game)
}

fn grows(before: u8, after: u8) -> Result<()> {
    if after >= before {
        return Ok(());
    }
    Err(Error::at(
        Code::DecimalsShrink,
        "/decimals",
        format!("The board has {before} decimals; they may only grow."),
    ))
}

/// Folds every player anew under the board's present rules.
pub(super) fn refold(change: &mut Change<'_, '_>) -> Result<()> {
    let (game, rules) = (change.game.id, change.game.settings.rank_rules());
    for mut player in repos::players::all(change.conn(), game)? {
        player.tally = fold(change, &player)?;
        repos::players::save(change.conn(), game, &player, rules)?;
    }
    Ok(())
}

/// Folds one player's live entries under the board's present rules.
pub(super) fn fold(
    change: &mut Change<'_, '_>,
    player: &crate::domain::player::Player,
) -> Result<Tally> {
    let (game, decimals) = (change.game.id, change.game.settings.decimals);
    let rules = change.game.settings.fold_rules();
    let entries = repos::scores::live_of_player(change.conn(), game, player.id)?;
    let entries = entries.iter().map(|score| {
        score
            .entry(decimals)
            .ok_or_else(super::scores::out_of_range)
    });
    let entries = entries.collect::<Result<Vec<_>>>()?;
    Tally::of(entries, rules).map_err(|_| super::scores::out_of_range())
}

/// Puts a board into the trash, whole.
///
/// # Errors
/// `precondition_failed`.
pub fn trash(
    tx: &mut Tx<'_>,
    caller: Caller,
    game: &GameRef,
    expected: Option<&Expected>,
) -> Result<Game> {
    let changed = change(tx, caller, game, Action::Own, |change| {
        expect(expected, change.game.version)?;
        change.game.trashed_at = Some(change.tx.now);
        change.game.version += 1;
        change.record("game.trashed", change.game.id.0, None, None);
        Ok(())
    })?;
    Ok(changed.game)
}

/// Takes a board out of the trash, with everything on it.
///
/// # Errors
/// `not_trashed`.
pub fn restore(tx: &mut Tx<'_>, caller: Caller, game: &GameRef) -> Result<Game> {
    let changed: Changed<()> = change_in_trash(tx, caller, game, Action::Own, |change| {
        if change.game.trashed_at.is_none() {
            return Err(Error::new(
                Code::NotTrashed,
                "The board is not in the trash.",
            ));
        }
        change.game.trashed_at = None;
        change.game.version += 1;
        change.record("game.restored", change.game.id.0, None, None);
        Ok(())
    })?;
    Ok(changed.game)
}
