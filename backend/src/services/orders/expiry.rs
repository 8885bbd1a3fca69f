//! Orders whose payment did not come: each ends by its own edge, written down, not by a rule of reading.

use std::time::Duration;

use super::steps;
use crate::db::Tx;
use crate::domain::order::OrderState;
use crate::error::Result;
use crate::repos;
use crate::state::AppState;

/// How often a server looks for them.
const EVERY: Duration = Duration::from_secs(60);
/// Orders ended at a time.
const SWEEP: i64 = 50;

/// Ends orders as their time comes. Never returns.
pub async fn keep_expiring(state: AppState) {
    loop {
        match state.db.write(expire_overdue).await {
            Ok(0) => {}
            Ok(expired) => tracing::info!(expired, "orders whose payment did not come"),
            Err(error) => tracing::warn!(%error, "orders wait to expire"),
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Ends the pending orders whose time is over, a few at a time. Answers how many there were.
///
/// # Errors
/// Only those of the database.
pub fn expire_overdue(tx: &mut Tx<'_>) -> Result<usize> {
    let mut expired = 0;
    for id in repos::orders::overdue(tx.conn, tx.now, SWEEP)? {
        // Whoever paid, cancelled or ended it meanwhile was first.
        let found = repos::orders::lock(tx.conn, id)?;
        if let Some(order) = found.filter(|order| order.state == OrderState::Pending) {
            steps::expire(tx, order)?;
            expired += 1;
        }
    }
    Ok(expired)
}
