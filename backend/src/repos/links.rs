//! Queries about capability links.

use diesel::prelude::*;

use uuid::Uuid;

use super::{Page, corrupt, millis, moment, one_row, word};
use crate::db::Conn;
use crate::db::schema::links;
use crate::domain::actor::{Caller, Link, LinkRole, Seat};
use crate::domain::id::{GameId, LinkId, PlayerId};
use crate::domain::link::{JoinMode, KeptLink, LinkDetails, Place, Terms};
use crate::domain::secret::Token;
use crate::domain::text::{Colour, Text};
use crate::domain::time::Timestamp;

/// A row without what proves it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = links, treat_none_as_null = true)]
struct Row {
    game_id: i64,
    id: i64,
    role: String,
    name: String,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
    version: i64,
    created_at: i64,
    join_mode: Option<String>,
    join_scores: Option<bool>,
    parent: Option<i64>,
    player_id: Option<i64>,
    colour: Option<String>,
    client_id: Option<Vec<u8>>,
}

/// Which links of a board a list holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Standing {
    /// Every one, revoked ones among them.
    #[default]
    Any,
    /// Those that are not revoked.
    Live,
    /// Seats of people who wait to be let in.
    Waiting,
    /// Those that are revoked.
    Revoked,
}

/// What a list of links is asked for.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Which.
    pub standing: Standing,
    /// The seats of one invitation only.
    pub parent: Option<LinkId>,
    /// The link after which the page begins.
    pub after: Option<i64>,
    /// Rows at most.
    pub limit: i64,
}

/// Who holds a token.
#[derive(Debug, Clone, Copy)]
pub struct Holder {
    /// Who asks.
    pub caller: Caller,
    /// When the link was last written down as used.
    pub last_used_at: Option<Timestamp>,
}

/// What proves a link: of its token only the hash is kept.
#[derive(Insertable, AsChangeset)]
#[diesel(table_name = links)]
struct Proof<'a> {
    token_hash: Vec<u8>,
    salt: &'a [u8],
}

impl<'a> Proof<'a> {
    fn new(token: &Token, salt: &'a [u8]) -> Self {
        Self {
            token_hash: token.hash(),
            salt,
        }
    }
}

impl Row {
    fn new(kept: &KeptLink) -> Self {
        let (terms, place) = (kept.details.join, kept.place.as_ref());
        let colour = place.and_then(|place| place.colour.as_ref());
        let client = place.and_then(|place| place.client_id);
        Self {
            game_id: kept.link.game.0,
            id: kept.link.id.0,
            role: kept.link.role.to_string(),
            name: kept.details.name.to_string(),
            expires_at: millis(kept.details.expires_at),
            revoked_at: millis(kept.revoked_at),
            version: kept.version,
            created_at: kept.created_at.millis(),
            join_mode: terms.map(|terms| terms.mode.to_string()),
            join_scores: terms.map(|terms| terms.scores),
            parent: place.map(|place| place.parent.0),
            player_id: place.and_then(|place| place.player).map(|id| id.0),
            colour: colour.map(|colour| colour.as_str().to_owned()),
            client_id: client.map(|id| id.as_bytes().to_vec()),
        }
    }

    fn terms(&self) -> QueryResult<Option<Terms>> {
        let Some(mode) = &self.join_mode else {
            return Ok(None);
        };
        Ok(Some(Terms {
            mode: word(JoinMode::from_word(mode), "links.join_mode")?,
            scores: self.join_scores.unwrap_or(false),
        }))
    }

    fn place(&mut self) -> QueryResult<Option<Place>> {
        let Some(parent) = self.parent else {
            return Ok(None);
        };
        let client_id = self.client_id.take().map(|id| Uuid::from_slice(&id));
        Ok(Some(Place {
            parent: LinkId(parent),
            player: self.player_id.map(PlayerId),
            colour: self.colour.take().map(Colour::stored),
            client_id: client_id
                .transpose()
                .map_err(|_| corrupt("a client_id that is no UUID"))?,
        }))
    }

    fn into_link(mut self, last_used_at: Option<i64>) -> QueryResult<KeptLink> {
        Ok(KeptLink {
            link: capability(self.game_id, self.id, &self.role)?,
            place: self.place()?,
            details: LinkDetails {
                join: self.terms()?,
                name: Text::stored(self.name),
                expires_at: moment(self.expires_at),
            },
            revoked_at: moment(self.revoked_at),
            last_used_at: moment(last_used_at),
            version: self.version,
            created_at: Timestamp::from_millis(self.created_at),
        })
    }
}

/// Adds a link.
pub fn insert(conn: &mut Conn, kept: &KeptLink, token: &Token, salt: &[u8]) -> QueryResult<()> {
    diesel::insert_into(links::table)
        .values((Row::new(kept), Proof::new(token, salt)))
        .execute(conn)
        .map(drop)
}

/// Writes a link back; its proof stays, and so does its last use.
pub fn save(conn: &mut Conn, kept: &KeptLink) -> QueryResult<()> {
    diesel::update(links::table.find((kept.link.game.0, kept.link.id.0)))
        .set(Row::new(kept))
        .execute(conn)
        .and_then(one_row)
}

/// Replaces what proves a link: its old token is none any more.
pub fn renew(conn: &mut Conn, link: Link, token: &Token, salt: &[u8]) -> QueryResult<()> {
    diesel::update(links::table.find((link.game.0, link.id.0)))
        .set(Proof::new(token, salt))
        .execute(conn)
        .map(drop)
}

/// Writes down that something was changed by the link.
pub fn used(conn: &mut Conn, link: Link, now: Timestamp) -> QueryResult<()> {
    diesel::update(links::table.find((link.game.0, link.id.0)))
        .set(links::last_used_at.eq(now.millis()))
        .execute(conn)
        .map(drop)
}

/// Whether a link opens its board now: it is neither revoked nor expired.
#[diesel::dsl::auto_type]
fn working(now: i64) -> _ {
    let lasts = links::expires_at.is_null().or(links::expires_at.gt(now));
    links::revoked_at.is_null().and(lasts)
}

/// Who holds a token, if it opens anything now.
pub fn find_by_token(
    conn: &mut Conn,
    token: &Token,
    now: Timestamp,
) -> QueryResult<Option<Holder>> {
    let row: Option<(Row, Option<i64>)> = links::table
        .filter(links::token_hash.eq(token.hash()))
        .filter(working(now.millis()))
        .select((Row::as_select(), links::last_used_at))
        .first(conn)
        .optional()?;
    let kept = row.map(|(row, used)| row.into_link(used)).transpose()?;
    kept.map(|kept| holder(conn, &kept)).transpose()
}

fn holder(conn: &mut Conn, kept: &KeptLink) -> QueryResult<Holder> {
    let link = kept.link;
    let caller = match &kept.place {
        None => Caller::Link(link),
        Some(place) => Caller::Seat(Seat {
            link,
            player: place.player,
            scores: let_score(conn, link.game, place.parent)?,
        }),
    };
    Ok(Holder {
        caller,
        last_used_at: kept.last_used_at,
    })
}

/// Whether those who came in by an invitation may enter their own scores now.
pub fn let_score(conn: &mut Conn, game: GameId, invitation: LinkId) -> QueryResult<bool> {
    let scores: Option<Option<bool>> = links::table
        .find((game.0, invitation.0))
        .select(links::join_scores)
        .first(conn)
        .optional()?;
    Ok(scores.flatten().unwrap_or(false))
}

fn capability(game: i64, id: i64, role: &str) -> QueryResult<Link> {
    Ok(Link {
        id: LinkId(id),
        game: GameId(game),
        role: word(LinkRole::from_word(role), "links.role")?,
    })
}

/// Finds a link of a board, revoked or not.
pub fn find(conn: &mut Conn, game: GameId, link: LinkId) -> QueryResult<Option<KeptLink>> {
    let row: Option<(Row, Option<i64>)> = links::table
        .find((game.0, link.0))
        .select((Row::as_select(), links::last_used_at))
        .first(conn)
        .optional()?;
    row.map(|(row, used)| row.into_link(used)).transpose()
}

/// A board's links, the oldest first.
pub fn list(conn: &mut Conn, game: GameId, listing: &Listing) -> QueryResult<Page<KeptLink>> {
    let mut asked = links::table
        .filter(links::game_id.eq(game.0))
        .filter(links::id.gt(listing.after.unwrap_or(i64::MIN)))
        .order(links::id)
        .limit(listing.limit + 1)
        .select((Row::as_select(), links::last_used_at))
        .into_boxed();
    if let Some(parent) = listing.parent {
        asked = asked.filter(links::parent.eq(parent.0));
    }
    asked = match listing.standing {
        Standing::Any => asked,
        Standing::Revoked => asked.filter(links::revoked_at.is_not_null()),
        Standing::Live => asked.filter(links::revoked_at.is_null()),
        Standing::Waiting => asked
            .filter(links::revoked_at.is_null())
            .filter(links::parent.is_not_null())
            .filter(links::player_id.is_null()),
    };
    Ok(Page::cut(kept(asked.load(conn)?)?, listing.limit))
}

fn kept(rows: Vec<(Row, Option<i64>)>) -> QueryResult<Vec<KeptLink>> {
    let rows = rows.into_iter();
    rows.map(|(row, used)| row.into_link(used)).collect()
}

/// The seats of an invitation that are not revoked.
pub fn seats(conn: &mut Conn, game: GameId, invitation: LinkId) -> QueryResult<Vec<KeptLink>> {
    let rows = links::table
        .filter(links::game_id.eq(game.0))
        .filter(links::parent.eq(invitation.0))
        .filter(links::revoked_at.is_null())
        .order(links::id)
        .select((Row::as_select(), links::last_used_at))
        .load(conn)?;
    kept(rows)
}

/// How many seats of a board are not revoked.
pub fn count_seats(conn: &mut Conn, game: GameId) -> QueryResult<i64> {
    links::table
        .filter(links::game_id.eq(game.0))
        .filter(links::parent.is_not_null())
        .filter(links::revoked_at.is_null())
        .count()
        .get_result(conn)
}

/// The seat that a device took by an invitation, revoked or not.
pub fn find_by_client(
    conn: &mut Conn,
    game: GameId,
    invitation: LinkId,
    client_id: Uuid,
) -> QueryResult<Option<KeptLink>> {
    let row: Option<(Row, Option<i64>)> = links::table
        .filter(links::game_id.eq(game.0))
        .filter(links::parent.eq(invitation.0))
        .filter(links::client_id.eq(client_id.as_bytes().to_vec()))
        .select((Row::as_select(), links::last_used_at))
        .first(conn)
        .optional()?;
    row.map(|(row, used)| row.into_link(used)).transpose()
}

/// The own links of a board that are not revoked.
pub fn own_links(conn: &mut Conn, game: GameId) -> QueryResult<Vec<KeptLink>> {
    let rows = links::table
        .filter(links::game_id.eq(game.0))
        .filter(links::role.eq(LinkRole::Own.word()))
        .filter(links::revoked_at.is_null())
        .order(links::id)
        .select((Row::as_select(), links::last_used_at))
        .load(conn)?;
    kept(rows)
}

/// Whether somebody owns the board by a link that does not expire.
pub fn has_own_link(conn: &mut Conn, game: GameId) -> QueryResult<bool> {
    let owners = links::table
        .filter(links::game_id.eq(game.0))
        .filter(links::role.eq(LinkRole::Own.word()))
        .filter(links::revoked_at.is_null())
        .filter(links::expires_at.is_null());
    diesel::select(diesel::dsl::exists(owners)).get_result(conn)
}

/// The salt from which a link's token can be made again.
pub fn salt(conn: &mut Conn, game: GameId, link: LinkId) -> QueryResult<Vec<u8>> {
    links::table
        .find((game.0, link.0))
        .select(links::salt)
        .first(conn)
}

/// Whether a link still opens its board.
pub fn works(conn: &mut Conn, link: Link, now: Timestamp) -> QueryResult<bool> {
    let working = links::table
        .find((link.game.0, link.id.0))
        .filter(working(now.millis()));
    diesel::select(diesel::dsl::exists(working)).get_result(conn)
}
