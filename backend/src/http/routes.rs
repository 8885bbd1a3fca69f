//! The table of contents: every route of the API, in reading order.

use actix_web::web;
use utoipa_actix_web::scope::scope;
use utoipa_actix_web::service_config::ServiceConfig;

use super::handlers::{
    auth, events, games, history, journal, links, logos, me, orders, payments, players, rounds,
    scores, seats, sessions, standings,
};

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// Every operation, under [`BASE`].
#[rustfmt::skip]
#[allow(clippy::too_many_lines, reason = "one table, a line a route")]
pub fn api(config: &mut ServiceConfig) {
    config.service(
        scope(BASE)
            .service(auth::register)                        // POST   /auth/register
            .service(auth::log_in)                          // POST   /auth/login
            .service(auth::refresh)                         // POST   /auth/refresh
            .service(auth::log_out)                         // POST   /auth/logout
            .service(auth::verify)                          // POST   /auth/verify
            .service(auth::forgot_password)                 // POST   /auth/password/forgot
            .service(auth::reset_password)                  // POST   /auth/password/reset

            .service(me::read_me)                           // GET    /me
            .service(me::update_me)                         // PATCH  /me
            .service(me::delete_me)                         // DELETE /me
            .service(me::export_me)                         // GET    /me/export
            .service(me::change_password)                   // PUT    /me/password
            .service(me::change_email)                      // PUT    /me/email
            .service(me::send_verification)                 // POST   /me/verification
            .service(sessions::list_sessions)               // GET    /me/sessions
            .service(sessions::read_session)                // GET    /me/sessions/{session}
            .service(sessions::revoke_session)              // DELETE /me/sessions/{session}

            .service(games::list_games)                     // GET    /games
            .service(games::create_game)                    // POST   /games
            .service(games::read_game)                      // GET    /games/{game}
            .service(games::update_game)                    // PATCH  /games/{game}
            .service(games::trash_game)                     // DELETE /games/{game}
            .service(games::restore_game)                   // POST   /games/{game}/restore
            .service(games::claim_game)                     // POST   /games/{game}/claim

            .service(logos::read_logo)                      // GET    /games/{game}/logo
            .service(logos::put_logo)                       // PUT    /games/{game}/logo
            .service(logos::remove_logo)                    // DELETE /games/{game}/logo

            .service(links::list_links)                     // GET    /games/{game}/links
            .service(links::create_link)                    // POST   /games/{game}/links
            .service(links::update_link)                    // PATCH  /games/{game}/links/{link}
            .service(links::revoke_link)                    // DELETE /games/{game}/links/{link}
            .service(links::rotate_link)                    // POST   /games/{game}/links/{link}/rotate
            .service(links::mail_link)                      // POST   /games/{game}/links/{link}/mail
            .service(seats::approve_seat)                   // POST   /games/{game}/links/{link}/approve
            .service(seats::join_game)                      // POST   /games/{game}/join
            .service(seats::read_seat)                      // GET    /games/{game}/seat

            .service(players::list_players)                 // GET    /games/{game}/players
            .service(players::add_players)                  // POST   /games/{game}/players
            .service(players::put_player)                   // PUT    /games/{game}/players/by-external/{external_id}
            .service(players::read_player)                  // GET    /games/{game}/players/{player}
            .service(players::update_player)                // PATCH  /games/{game}/players/{player}
            .service(players::trash_player)                 // DELETE /games/{game}/players/{player}
            .service(players::restore_player)               // POST   /games/{game}/players/{player}/restore

            .service(rounds::list_rounds)                   // GET    /games/{game}/rounds
            .service(rounds::create_round)                  // POST   /games/{game}/rounds
            .service(rounds::put_round)                     // PUT    /games/{game}/rounds/by-external/{external_id}
            .service(rounds::read_round)                    // GET    /games/{game}/rounds/{round}
            .service(rounds::update_round)                  // PATCH  /games/{game}/rounds/{round}
            .service(rounds::trash_round)                   // DELETE /games/{game}/rounds/{round}
            .service(rounds::restore_round)                 // POST   /games/{game}/rounds/{round}/restore

            .service(scores::list_scores)                   // GET    /games/{game}/scores
            .service(scores::submit_score)                  // POST   /games/{game}/scores
            .service(scores::submit_batch)                  // POST   /games/{game}/scores/batch
            // Otherwise the routes below would take the word for an id: 405, not 404.
            .route("/games/{game}/scores/batch", web::route().to(super::otherwise))
            .service(scores::read_score)                    // GET    /games/{game}/scores/{score}
            .service(scores::amend_score)                   // PATCH  /games/{game}/scores/{score}
            .service(scores::void_score)                    // DELETE /games/{game}/scores/{score}
            .service(scores::restore_score)                 // POST   /games/{game}/scores/{score}/restore

            .service(standings::read_standings)             // GET    /games/{game}/standings
            .service(standings::read_around)                // GET    /games/{game}/standings/around/{player}
            .service(standings::read_standing)              // GET    /games/{game}/standings/{player}

            .service(events::stream_events)                 // GET    /games/{game}/events
            .service(events::create_ticket)                 // POST   /games/{game}/events/ticket
            .service(journal::list_journal)                 // GET    /games/{game}/journal
            .service(history::undo_actor)                   // POST   /games/{game}/journal/undo
            .service(history::undo_change)                  // POST   /games/{game}/journal/{revision}/undo
            .service(history::rewind_game)                  // POST   /games/{game}/rewind

            .service(orders::list_products)                 // GET    /products
            .service(orders::list_orders)                   // GET    /orders
            .service(orders::draft_order)                   // POST   /orders
            .service(orders::read_order)                    // GET    /orders/{order}
            .service(orders::update_order)                  // PATCH  /orders/{order}
            .service(orders::delete_order)                  // DELETE /orders/{order}
            .service(orders::submit_order)                  // POST   /orders/{order}/submit
            .service(orders::cancel_order)                  // POST   /orders/{order}/cancel
            .service(payments::pay_order)                   // POST   /orders/{order}/pay
            .service(payments::fulfil_order)                // POST   /orders/{order}/fulfil
            .service(payments::refund_order)                // POST   /orders/{order}/refund
            .service(orders::list_order_events),            // GET    /orders/{order}/events
    );
}
