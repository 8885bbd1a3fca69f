//! Queries about mail that is to be handed over.

use diesel::prelude::*;

use super::word;
use crate::db::Conn;
use crate::db::schema::mails;
use crate::domain::id::{GameId, LinkId, UserId};
use crate::domain::mail::{Due, Errand, Kind};
use crate::domain::time::Timestamp;
use crate::domain::user::Email;

#[derive(Queryable, Insertable)]
#[diesel(table_name = mails)]
struct Row {
    id: i64,
    kind: String,
    user_id: Option<i64>,
    game_id: Option<i64>,
    link_id: Option<i64>,
    address: String,
    attempts: i64,
    due_at: i64,
    expires_at: i64,
}

impl Row {
    fn into_due(self) -> QueryResult<Due> {
        let kind = word(Kind::from_word(&self.kind), "mails.kind")?;
        let errand = Errand::of(
            kind,
            self.user_id.map(UserId),
            self.game_id.map(GameId).zip(self.link_id.map(LinkId)),
        );
        Ok(Due {
            id: self.id,
            errand: word(errand, "mails.kind")?,
            address: Email::stored(self.address),
            attempts: self.attempts,
            due_at: Timestamp::from_millis(self.due_at),
            expires_at: Timestamp::from_millis(self.expires_at),
        })
    }
}

/// Adds a mail to those that are to be sent.
pub fn insert(conn: &mut Conn, due: &Due) -> QueryResult<()> {
    let (user, link) = (due.errand.user(), due.errand.link());
    let row = Row {
        id: due.id,
        kind: due.errand.kind().to_string(),
        user_id: user.map(|user| user.0),
        game_id: link.map(|(game, _)| game.0),
        link_id: link.map(|(_, link)| link.0),
        address: due.address.as_str().to_owned(),
        attempts: due.attempts,
        due_at: due.due_at.millis(),
        expires_at: due.expires_at.millis(),
    };
    diesel::insert_into(mails::table)
        .values(row)
        .execute(conn)
        .map(drop)
}

/// The mail that has been due for the longest.
pub fn next(conn: &mut Conn, now: Timestamp) -> QueryResult<Option<Due>> {
    let row: Option<Row> = mails::table
        .filter(mails::due_at.le(now.millis()))
        .order((mails::due_at, mails::id))
        .first(conn)
        .optional()?;
    row.map(Row::into_due).transpose()
}

/// Takes a mail in hand until `until`: of several servers one gets it.
pub fn claim(conn: &mut Conn, due: &Due, until: Timestamp) -> QueryResult<bool> {
    let claimed = diesel::update(mails::table.find(due.id))
        .filter(mails::due_at.eq(due.due_at.millis()))
        .set((
            mails::due_at.eq(until.millis()),
            mails::attempts.eq(due.attempts + 1),
        ))
        .execute(conn)?;
    Ok(claimed == 1)
}

/// Forgets a mail: it was handed over, or nobody waits for it any more. Its time is over then, before
/// which the database lets no row go.
pub fn remove(conn: &mut Conn, id: i64, now: Timestamp) -> QueryResult<()> {
    diesel::update(mails::table.find(id))
        .set(mails::expires_at.eq(now.millis()))
        .execute(conn)?;
    diesel::delete(mails::table.find(id))
        .execute(conn)
        .map(drop)
}
