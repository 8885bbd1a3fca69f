//! Those who came in by an invitation.

use serde_json::json;

use super::world::Who;
use crate::support::{Answer, Board, Client, TestApp, id_of};

/// Who sits at a board, and who would like to.
pub struct Table {
    pub people: Vec<(Who, Client)>,
    /// Whom [`Who::Seat`] plays.
    pub player: String,
    /// The seat that waits.
    pub waiting: String,
}

impl Table {
    pub fn set(app: &TestApp, board: &Board) -> Self {
        let [open, approve, off] = ["open", "approve", "off"].map(|mode| invitation(board, mode));
        let as_guest = |link: &Answer| app.anonymous().bearer(link["token"].as_str().unwrap());
        let join = |invitation: &Answer, board: &Board| {
            let path = board.path("/join");
            let seat = as_guest(invitation).post(&path, json!({"name": "Zoe"}));
            seat.expect(201)
        };
        let (seat, other, revoked) = (join(&open, board), join(&open, board), join(&open, board));
        let waiting = join(&approve, board);
        board
            .delete(&format!("/links/{}", id_of(&revoked.json)))
            .expect(204);
        let elsewhere = app.any_board();
        let foreign = join(&invitation(&elsewhere, "open"), &elsewhere);
        let people = [
            (Who::Invitation, &open),
            (Who::ClosedInvitation, &off),
            (Who::Seat, &seat),
            (Who::OtherSeat, &other),
            (Who::WaitingSeat, &waiting),
            (Who::ForeignSeat, &foreign),
            (Who::RevokedSeat, &revoked),
        ];
        Self {
            people: people.map(|(who, link)| (who, as_guest(link))).to_vec(),
            player: id_of(&seat["player"]),
            waiting: id_of(&waiting.json),
        }
    }
}

fn invitation(board: &Board, mode: &str) -> Answer {
    let join = json!({"mode": mode, "scores": true});
    let body = json!({"role": "join", "name": "Table", "join": join});
    board.post("/links", body).expect(201)
}
