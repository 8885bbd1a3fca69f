//! Who may do what: every operation of the document, asked by everybody, on boards of every visibility.
//!
//! The operations and their bodies come from the OpenAPI document that the server serves; a new one
//! without a line in [`NEEDS`] fails the test.

mod table;
mod world;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::access::NOWHERE;
use crate::support::{Answer, TestApp, both_engines};
use world::{Who, World};

/// What an operation needs, by its id.
const NEEDS: &str = "
    entry:  register log_in refresh log_out verify forgot_password reset_password
    open:   list_games create_game list_products
    person: read_me update_me delete_me export_me change_password change_email send_verification
            list_sessions read_session revoke_session
    token:  claim_game
    view:   read_game read_logo stream_events create_ticket list_players read_player list_rounds read_round
            list_scores read_score read_standings read_around read_standing
    join:   join_game
    sit:    read_seat
    dress:  update_player
    play:   submit_score submit_batch amend_score void_score
    score:  add_players put_player trash_player restore_player
            create_round put_round update_round trash_round restore_round
            list_journal undo_change undo_actor restore_score
    own:    put_logo remove_logo update_game trash_game restore_game rewind_game
            list_links create_link update_link revoke_link rotate_link mail_link approve_seat
    orders: list_orders
    draft:  draft_order
    order:  update_order delete_order submit_order cancel_order
    paper:  read_order list_order_events
    money:  pay_order fulfil_order refund_order
";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// What is in the body; another credential is not even looked at.
    Entry,
    /// Nothing at all.
    Open,
    /// A person who is logged in.
    Person,
    /// A person, who shows the board's own token in the body.
    Token,
    View,
    /// An invitation.
    Join,
    /// A seat, whether its holder is in or waits.
    Sit,
    /// As [`Need::Score`], or the seat of the player that it is about.
    Dress,
    /// The same, where the owner lets people enter their own scores.
    Play,
    Score,
    Own,
    /// An account, or the own link of any board: each is given its own.
    Orders,
    /// The right to own the board that is named in the body.
    Draft,
    /// The right to own the board that the order belongs to.
    Order,
    /// The same, or to look after payments.
    Paper,
    /// To look after payments, and nothing else.
    Money,
}

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    method: String,
    path: String,
    /// The example of its body.
    body: Value,
}

fn needs() -> BTreeMap<&'static str, Need> {
    let mut needs = BTreeMap::new();
    let mut need = Need::Entry;
    for word in NEEDS.split_whitespace() {
        match word {
            "entry:" => need = Need::Entry,
            "open:" => need = Need::Open,
            "person:" => need = Need::Person,
            "token:" => need = Need::Token,
            "view:" => need = Need::View,
            "join:" => need = Need::Join,
            "sit:" => need = Need::Sit,
            "dress:" => need = Need::Dress,
            "play:" => need = Need::Play,
            "score:" => need = Need::Score,
            "own:" => need = Need::Own,
            "orders:" => need = Need::Orders,
            "draft:" => need = Need::Draft,
            "order:" => need = Need::Order,
            "paper:" => need = Need::Paper,
            "money:" => need = Need::Money,
            id => assert_eq!(needs.insert(id, need), None, "{id} stands twice"),
        }
    }
    needs
}

fn operations(app: &TestApp) -> Vec<(Operation, Need)> {
    let document = app.root().get("/openapi.json").expect(200).json;
    let mut needs = needs();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap();
        methods
            .iter()
            .map(move |(method, operation)| (path, method, operation))
    });
    let found: Vec<_> = all
        .map(|(path, method, operation)| {
            let id = operation["operationId"].as_str().unwrap();
            let need = needs
                .remove(id)
                .unwrap_or_else(|| panic!("{id}: who may do this?"));
            let operation = Operation {
                method: method.to_uppercase(),
                path: path.strip_prefix("/api/v1").unwrap().to_owned(),
                body: example(&document, operation),
            };
            (operation, need)
        })
        .collect();
    assert!(needs.is_empty(), "not in the document: {needs:?}");
    found
}

/// The example of an operation's body; null where it has none.
fn example(document: &Value, operation: &Value) -> Value {
    let content = &operation["requestBody"]["content"];
    let Some(content) = content
        .as_object()
        .and_then(|content| content.values().next())
    else {
        return Value::Null;
    };
    example_of(document, &content["schema"])
        .unwrap_or_else(|| panic!("{}: its body has no example", operation["operationId"]))
        .clone()
}

/// The example of a schema, of what it refers to, or of its first alternative.
fn example_of<'a>(document: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    if let Some(name) = schema["$ref"].as_str() {
        return example_of(document, document.pointer(name.trim_start_matches('#'))?);
    }
    let own = [&schema["example"], &schema["examples"][0]];
    let own = own.into_iter().find(|example| !example.is_null());
    own.or_else(|| example_of(document, schema.get("oneOf")?.get(0)?))
}

/// What somebody is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It is done, or the board's state does not allow it just now.
    Allowed,
    Refused(u16, &'static str),
}

const BAD: Verdict = Verdict::Refused(401, "invalid_credential");
const UNKNOWN: Verdict = Verdict::Refused(401, "unauthenticated");
const HIDDEN: Verdict = Verdict::Refused(404, "not_found");
const FORBIDDEN: Verdict = Verdict::Refused(403, "forbidden");

/// The rule of the contract ("which refusal"), for a board that is named by its id.
fn verdict(who: Who, need: Need, public: bool) -> Verdict {
    if who.is_bad() && need != Need::Entry {
        return BAD;
    }
    match need {
        Need::Entry | Need::Open => Verdict::Allowed,
        _ if who == Who::Nobody && need != Need::View => UNKNOWN,
        Need::Person => person(who, Verdict::Allowed),
        Need::Token => person(who, Verdict::Allowed),
        Need::Orders if who.is_person() => Verdict::Allowed,
        Need::Orders if matches!(who, Who::OwnLink | Who::ForeignLink) => Verdict::Allowed,
        Need::Orders => FORBIDDEN,
        Need::Order | Need::Paper | Need::Money => of_order(who, need),
        _ => match who.rank() {
            None if public && need == Need::View => Verdict::Allowed,
            None if public => FORBIDDEN,
            None => HIDDEN,
            Some(rank) if need.is_met(who, rank) => Verdict::Allowed,
            Some(_) => FORBIDDEN,
        },
    }
}

/// An order that the board's own link made belongs to everybody who owns the board; operators see it,
/// and what they may do its owners may not.
fn of_order(who: Who, need: Need) -> Verdict {
    match (who, need) {
        (Who::Operator, Need::Order) => FORBIDDEN,
        (Who::Operator, _) => Verdict::Allowed,
        (Who::Owner | Who::OwnLink, Need::Money) => FORBIDDEN,
        (Who::Owner | Who::OwnLink, _) => Verdict::Allowed,
        _ => HIDDEN,
    }
}

fn person(who: Who, verdict: Verdict) -> Verdict {
    if who.is_person() { verdict } else { FORBIDDEN }
}

impl Need {
    /// Whether somebody of that rank on the board may do it.
    fn is_met(self, who: Who, rank: u8) -> bool {
        match self {
            Self::View => true,
            Self::Join => matches!(who, Who::Invitation | Who::ClosedInvitation),
            Self::Sit => matches!(who, Who::Seat | Who::OtherSeat | Who::WaitingSeat),
            Self::Dress | Self::Play => rank >= 2 || who == Who::Seat,
            Self::Score => rank >= 2,
            _ => rank >= 3,
        }
    }

    /// Whether a board decides.
    fn is_of_a_board(self) -> bool {
        matches!(
            self,
            Self::View
                | Self::Join
                | Self::Sit
                | Self::Dress
                | Self::Play
                | Self::Score
                | Self::Own
        )
    }
}

#[track_caller]
fn judge(answer: Answer, verdict: Verdict, asked: &str) {
    let code = answer["code"].as_str().unwrap_or_default().to_owned();
    match verdict {
        Verdict::Refused(status, expected) => {
            assert_eq!(
                (answer.status, &*code),
                (status, expected),
                "{asked}: {}",
                answer.text
            );
        }
        Verdict::Allowed => {
            // 501: nothing is sold here.
            let done = matches!(answer.status, 200..=299 | 304 | 409 | 501);
            assert!(done, "{asked}: {} {}", answer.status, answer.text);
        }
    }
}

fn nobody_does_what_is_not_theirs_to_do(app: &TestApp) {
    let operations = operations(app);
    for visibility in ["unlisted", "public", "private"] {
        let world = World::new(app, visibility);
        let before = world.revision();
        for (operation, need) in &operations {
            for who in Who::ALL {
                let verdict = verdict(who, *need, visibility == "public");
                if verdict != Verdict::Allowed {
                    let asked = format!(
                        "{who:?} {} {} ({visibility})",
                        operation.method, operation.path
                    );
                    judge(world.ask(who, operation), verdict, &asked);
                }
            }
        }
        assert_eq!(
            world.revision(),
            before,
            "{visibility}: something was changed"
        );
    }
}

fn everybody_does_what_is_theirs_to_do(app: &TestApp) {
    let lasting = World::new(app, "unlisted");
    for (operation, need) in operations(app) {
        for who in Who::ALL {
            if verdict(who, need, false) != Verdict::Allowed
                || matches!(need, Need::Entry | Need::Open)
            {
                continue;
            }
            let asked = format!("{who:?} {} {}", operation.method, operation.path);
            let answer = if operation.method == "GET" {
                lasting.ask(who, &operation)
            } else {
                World::new(app, "unlisted").ask(who, &operation)
            };
            judge(answer, Verdict::Allowed, &asked);
        }
    }
}

fn strangers_see_public_boards_and_unlisted_ones_by_their_address(app: &TestApp) {
    for visibility in ["unlisted", "public", "private"] {
        let world = World::new(app, visibility);
        let world = world.about(world.slug());
        for (operation, need) in operations(app) {
            if need != Need::View || !need.is_of_a_board() {
                continue;
            }
            for who in [
                Who::Nobody,
                Who::OtherOwner,
                Who::ForeignLink,
                Who::ForeignSeat,
                Who::Operator,
            ] {
                let asked = format!(
                    "{who:?} {} {} ({visibility})",
                    operation.method, operation.path
                );
                let verdict = if visibility == "private" {
                    HIDDEN
                } else {
                    Verdict::Allowed
                };
                judge(world.ask(who, &operation), verdict, &asked);
            }
        }
    }
}

fn an_absent_board_and_one_in_the_trash_tell_strangers_nothing(app: &TestApp) {
    let trashed = app.any_board();
    trashed.delete("").expect(204);
    let world = World::new(app, "unlisted");
    for board in [NOWHERE, &trashed.id] {
        let world = world.about(board);
        for (operation, need) in operations(app) {
            for who in Who::ALL.into_iter().filter(|_| need.is_of_a_board()) {
                let asked = format!("{who:?} {} {} of {board}", operation.method, operation.path);
                let verdict = match verdict(who, need, false) {
                    BAD => BAD,
                    UNKNOWN => UNKNOWN,
                    _ => HIDDEN,
                };
                judge(world.ask(who, &operation), verdict, &asked);
            }
        }
    }
}

both_engines!(
    an_absent_board_and_one_in_the_trash_tell_strangers_nothing,
    nobody_does_what_is_not_theirs_to_do,
    everybody_does_what_is_theirs_to_do,
    strangers_see_public_boards_and_unlisted_ones_by_their_address,
);
