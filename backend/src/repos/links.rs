//! Queries about capability links.

use diesel::prelude::*;

use super::{Page, millis, moment, word};
use crate::db::Conn;
use crate::db::schema::links;
use crate::domain::actor::{Link, LinkRole};
use crate::domain::id::{GameId, LinkId};
use crate::domain::link::{KeptLink, LinkDetails};
use crate::domain::secret::Token;
use crate::domain::text::Text;
use crate::domain::time::Timestamp;

/// Milliseconds within which a second use is not written down again.
const USE_GRAIN: i64 = 60_000;

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
        Self {
            game_id: kept.link.game.0,
            id: kept.link.id.0,
            role: kept.link.role.to_string(),
            name: kept.details.name.to_string(),
            expires_at: millis(kept.details.expires_at),
            revoked_at: millis(kept.revoked_at),
            version: kept.version,
            created_at: kept.created_at.millis(),
        }
    }

    fn into_link(self, last_used_at: Option<i64>) -> QueryResult<KeptLink> {
        Ok(KeptLink {
            link: capability(self.game_id, self.id, &self.role)?,
            details: LinkDetails {
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
        .map(drop)
}

/// Replaces what proves a link: its old token is none any more.
pub fn renew(conn: &mut Conn, link: Link, token: &Token, salt: &[u8]) -> QueryResult<()> {
    diesel::update(links::table.find((link.game.0, link.id.0)))
        .set(Proof::new(token, salt))
        .execute(conn)
        .map(drop)
}

/// Writes down that something was changed by the link, once a minute at most.
pub fn used(conn: &mut Conn, link: Link, now: Timestamp) -> QueryResult<()> {
    let last = links::last_used_at;
    diesel::update(links::table.find((link.game.0, link.id.0)))
        .filter(last.is_null().or(last.le(now.millis() - USE_GRAIN)))
        .set(last.eq(now.millis()))
        .execute(conn)
        .map(drop)
}

/// Whether a link opens its board now: it is neither revoked nor expired.
#[diesel::dsl::auto_type]
fn working(now: i64) -> _ {
    let lasts = links::expires_at.is_null().or(links::expires_at.gt(now));
    links::revoked_at.is_null().and(lasts)
}

/// The link that a token proves now.
pub fn find_by_token(conn: &mut Conn, token: &Token, now: Timestamp) -> QueryResult<Option<Link>> {
    let found: Option<(i64, i64, String)> = links::table
        .filter(links::token_hash.eq(token.hash()))
        .filter(working(now.millis()))
        .select((links::game_id, links::id, links::role))
        .first(conn)
        .optional()?;
    found
        .map(|(game, id, role)| capability(game, id, &role))
        .transpose()
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

/// A board's links, the oldest first, revoked ones among them.
pub fn list(
    conn: &mut Conn,
    game: GameId,
    after: Option<i64>,
    limit: i64,
) -> QueryResult<Page<KeptLink>> {
    let rows: Vec<(Row, Option<i64>)> = links::table
        .filter(links::game_id.eq(game.0))
        .filter(links::id.gt(after.unwrap_or(i64::MIN)))
        .order(links::id)
        .limit(limit + 1)
        .select((Row::as_select(), links::last_used_at))
        .load(conn)?;
    let found: QueryResult<Vec<KeptLink>> = rows
        .into_iter()
        .map(|(row, used)| row.into_link(used))
        .collect();
    Ok(Page::cut(found?, limit))
}

/// The own links of a board that are not revoked.
pub fn own_links(conn: &mut Conn, game: GameId) -> QueryResult<Vec<KeptLink>> {
    let rows: Vec<(Row, Option<i64>)> = links::table
        .filter(links::game_id.eq(game.0))
        .filter(links::role.eq(LinkRole::Own.word()))
        .filter(links::revoked_at.is_null())
        .order(links::id)
        .select((Row::as_select(), links::last_used_at))
        .load(conn)?;
    rows.into_iter()
        .map(|(row, used)| row.into_link(used))
        .collect()
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
        .filter(links::revoked_at.is_null())
        .filter(
            links::expires_at
                .is_null()
                .or(links::expires_at.gt(now.millis())),
        );
    diesel::select(diesel::dsl::exists(working)).get_result(conn)
}
