//! Queries about capability links.

use diesel::prelude::*;

use super::word;
use crate::db::Conn;
use crate::db::schema::links;
use crate::domain::actor::{Link, LinkRole};
use crate::domain::id::{GameId, LinkId};
use crate::domain::secret::Token;
use crate::domain::time::Timestamp;

#[derive(Insertable)]
#[diesel(table_name = links)]
struct Row<'a> {
    game_id: i64,
    id: i64,
    role: &'static str,
    name: &'a str,
    token_hash: Vec<u8>,
    salt: &'a [u8],
    created_at: i64,
}

/// Adds a link; of its token only the hash is kept.
pub fn insert(
    conn: &mut Conn,
    link: Link,
    name: &str,
    token: &Token,
    salt: &[u8],
    now: Timestamp,
) -> QueryResult<()> {
    let row = Row {
        game_id: link.game.0,
        id: link.id.0,
        role: link.role.word(),
        name,
        token_hash: token.hash(),
        salt,
        created_at: now.millis(),
    };
    diesel::insert_into(links::table)
        .values(row)
        .execute(conn)
        .map(drop)
}

/// The link that a token proves.
pub fn find_by_token(conn: &mut Conn, token: &Token) -> QueryResult<Option<Link>> {
    let found: Option<(i64, i64, String)> = links::table
        .filter(links::token_hash.eq(token.hash()))
        .select((links::game_id, links::id, links::role))
        .first(conn)
        .optional()?;
    found
        .map(|(game, id, role)| {
            let role = word(LinkRole::from_word(&role), "links.role")?;
            Ok(Link {
                id: LinkId(id),
                game: GameId(game),
                role,
            })
        })
        .transpose()
}

/// The salt from which a link's token can be made again.
pub fn salt(conn: &mut Conn, game: GameId, link: LinkId) -> QueryResult<Vec<u8>> {
    links::table
        .find((game.0, link.0))
        .select(links::salt)
        .first(conn)
}
