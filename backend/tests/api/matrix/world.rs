//! A board with everything on it, and everybody who may ask about it.

use serde_json::{Map, Value, json};

use super::Operation;
use super::table::Table;
use crate::logos::PNG;
use crate::support::{Answer, Board, Client, PASSWORD, Person, TestApp, id_of, operator, uuid};

/// Everybody who may ask: for each whom the product knows (owner, other owner, score link, view link, join
/// link, revoked, expired, operator, nobody) one or several. A join link is an invitation or the seat that
/// somebody took by it, and each of them may be open or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// The account that owns the board.
    Owner,
    /// An account that owns another board.
    OtherOwner,
    /// An account that was logged out.
    LoggedOut,
    Operator,
    OwnLink,
    ScoreLink,
    ViewLink,
    /// The own link of another board.
    ForeignLink,
    RevokedLink,
    ExpiredLink,
    /// An invitation by which people come in at once.
    Invitation,
    /// One by which nobody new comes in.
    ClosedInvitation,
    /// Whoever plays the player that is asked about, and may enter their own scores.
    Seat,
    /// Whoever plays another player of the board, and may do so too.
    OtherSeat,
    /// Somebody whom the owner has not let in yet.
    WaitingSeat,
    /// Somebody who sits at another board.
    ForeignSeat,
    RevokedSeat,
    Nobody,
}

impl Who {
    pub const ALL: [Self; 18] = [
        Self::Owner,
        Self::OtherOwner,
        Self::LoggedOut,
        Self::Operator,
        Self::OwnLink,
        Self::ScoreLink,
        Self::ViewLink,
        Self::ForeignLink,
        Self::RevokedLink,
        Self::ExpiredLink,
        Self::Invitation,
        Self::ClosedInvitation,
        Self::Seat,
        Self::OtherSeat,
        Self::WaitingSeat,
        Self::ForeignSeat,
        Self::RevokedSeat,
        Self::Nobody,
    ];

    /// Whether the credential is worth nothing.
    pub fn is_bad(self) -> bool {
        matches!(
            self,
            Self::LoggedOut | Self::RevokedLink | Self::ExpiredLink | Self::RevokedSeat
        )
    }

    pub fn is_person(self) -> bool {
        matches!(self, Self::Owner | Self::OtherOwner | Self::Operator)
    }

    /// How much they may do with the board: 1 look, 2 score, 3 everything.
    pub fn rank(self) -> Option<u8> {
        match self {
            Self::Owner | Self::OwnLink => Some(3),
            Self::ScoreLink => Some(2),
            Self::ViewLink
            | Self::Invitation
            | Self::ClosedInvitation
            | Self::Seat
            | Self::OtherSeat
            | Self::WaitingSeat => Some(1),
            _ => None,
        }
    }
}

type Clients = Vec<(Who, Client)>;
type Sessions = Vec<(Who, String)>;

/// One board and everybody.
#[derive(Clone)]
pub struct World {
    people: Clients,
    board: Board,
    /// What stands in the place of a parameter of the path.
    names: Map<String, Value>,
    sessions: Sessions,
}

impl World {
    pub fn new(app: &TestApp, visibility: &str) -> Self {
        let owner = app.person("Ana");
        let board = owner.board(json!({"title": "Friday", "visibility": visibility}));
        let table = Table::set(app, &board);
        let (player, round) = (table.player, board.round("One"));
        board.put("/logo", json!({"image": PNG})).expect(200);
        let score = board.entry(&player, 3);
        let links = people_with_links(app, &board);
        let own = links.iter().find(|(who, ..)| *who == Who::OwnLink).unwrap();
        let (_, scorer, ..) = links
            .iter()
            .find(|(who, ..)| *who == Who::ScoreLink)
            .unwrap();
        let tap = json!({"player_id": player, "value": 1});
        let tapped = scorer.post(&board.path("/scores"), tap).expect(201);
        let draft = json!({"product": "pass-7d", "game_id": board.id});
        let order = own
            .1
            .with("Idempotency-Key", &uuid())
            .post("/orders", draft)
            .expect(201);
        let names = json!({
            "game": board.id, "player": player, "round": round, "score": score,
            "link": table.waiting, "external_id": "x-1", "order": id_of(&order.json), "own_token": own.3,
            // A change that was made by the score link: others' it may not undo.
            "revision": tapped["revision"].to_string(),
        });
        let (mut people, sessions) = people_with_accounts(app, owner);
        people.extend(links.into_iter().map(|(who, client, ..)| (who, client)));
        people.extend(table.people);
        people.push((Who::ForeignLink, app.any_board().owner));
        people.push((Who::Nobody, app.anonymous()));
        Self {
            people,
            board,
            names: names.as_object().unwrap().clone(),
            sessions,
        }
    }

    /// The same people, asking about another board, or about this one by its public address.
    pub fn about(&self, board: &str) -> Self {
        let mut world = self.clone();
        world.names.insert("game".to_owned(), json!(board));
        world
    }

    pub fn slug(&self) -> &str {
        &self.board.slug
    }

    pub fn revision(&self) -> i64 {
        self.board.revision()
    }

    /// Asks for an operation as somebody, with the example of its body.
    pub fn ask(&self, who: Who, operation: &Operation) -> Answer {
        let (_, client) = self.people.iter().find(|(known, _)| *known == who).unwrap();
        let client = client
            .with("Accept", "application/json")
            .with("Idempotency-Key", &uuid());
        let path = self.path(who, &operation.path);
        if operation.body.is_null() {
            return client.send(&operation.method, &path, "");
        }
        let mut body = operation.body.clone();
        self.fill_in(&mut body);
        if who == Who::Seat {
            // A key of the owner's own is none of a player's business.
            body.as_object_mut().unwrap().remove("external_id");
        }
        client.json(&operation.method, &path, body)
    }

    fn path(&self, who: Who, path: &str) -> String {
        let segments = path.split('/').map(|segment| {
            let name = segment
                .strip_prefix('{')
                .and_then(|name| name.strip_suffix('}'));
            match name {
                None => segment.to_owned(),
                Some("session") => self.session(who),
                Some(name) => self.names[name].as_str().unwrap().to_owned(),
            }
        });
        segments.collect::<Vec<_>>().join("/")
    }

    /// Everybody asks about their own session.
    fn session(&self, who: Who) -> String {
        let own = self.sessions.iter().find(|(known, _)| *known == who);
        own.map_or("ses_0000000000000", |(_, id)| id).to_owned()
    }

    /// Puts what there is into the place of what an example invents.
    fn fill_in(&self, body: &mut Value) {
        match body {
            Value::Object(members) => {
                members
                    .iter_mut()
                    .for_each(|(name, value)| match name.as_str() {
                        "player_id" => *value = self.names["player"].clone(),
                        "round_id" => *value = self.names["round"].clone(),
                        "external_id" => *value = self.names["external_id"].clone(),
                        "game_id" => *value = json!(self.board.id),
                        "own_token" => *value = self.names["own_token"].clone(),
                        "client_id" => *value = json!(uuid()),
                        "email" => *value = json!(format!("{}@example.org", uuid())),
                        "current_password" => *value = json!(PASSWORD),
                        _ => self.fill_in(value),
                    })
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.fill_in(item)),
            _ => {}
        }
    }
}

/// Everybody with an account, and the sessions of those who are logged in.
fn people_with_accounts(app: &TestApp, owner: Person) -> (Clients, Sessions) {
    let operator = operator(app);
    let gone = app.person("Gone");
    let out = json!({"refresh_token": gone.refresh});
    app.anonymous().post("/auth/logout", out).expect(204);
    let all = [
        (Who::Owner, owner),
        (Who::OtherOwner, app.person("Ben")),
        (Who::Operator, operator),
    ];
    let session = |person: &Person| person.get("/me/sessions").expect(200).column("id")[0].clone();
    let sessions = all
        .iter()
        .map(|(who, person)| (*who, session(person).as_str().unwrap().to_owned()));
    let sessions = sessions.collect();
    let mut people: Vec<_> = all
        .iter()
        .map(|(who, person)| (*who, (**person).clone()))
        .collect();
    people.push((Who::LoggedOut, (*gone).clone()));
    (people, sessions)
}

/// Who, their client, and the id and token of their link.
type Holder = (Who, Client, String, String);

fn people_with_links(app: &TestApp, board: &Board) -> Vec<Holder> {
    let roles = [
        (Who::ViewLink, "view"),
        (Who::ScoreLink, "score"),
        (Who::OwnLink, "own"),
        (Who::RevokedLink, "own"),
        (Who::ExpiredLink, "own"),
    ];
    let holders: Vec<Holder> = roles
        .map(|(who, role)| {
            let made = board
                .post("/links", json!({"role": role, "name": "Guest"}))
                .expect(201);
            let token = made["token"].as_str().unwrap().to_owned();
            (
                who,
                app.anonymous().bearer(&token),
                id_of(&made.json),
                token,
            )
        })
        .into_iter()
        .collect();
    for (who, _, id, _) in &holders {
        let path = format!("/links/{id}");
        match who {
            Who::RevokedLink => board.delete(&path).expect(204),
            Who::ExpiredLink => {
                app.database
                    .execute(&format!(
                        "UPDATE links SET expires_at = 1 WHERE id = {}",
                        number(id)
                    ))
                    .unwrap();
                continue;
            }
            _ => continue,
        };
    }
    holders
}

/// The number behind an id.
fn number(id: &str) -> i64 {
    id.parse::<scorehold::domain::id::LinkId>().unwrap().0
}
