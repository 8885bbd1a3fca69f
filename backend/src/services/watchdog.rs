//! The watchdog of one process: looks again and again whether a change could be acknowledged safely, and
//! lets none begin while it could not.

use std::time::Duration;

use crate::domain::maintenance::Fault;
use crate::state::AppState;

/// A fault is found within a second, or at the next commit.
const LOOK: Duration = Duration::from_millis(500);

/// Watches until the process drains. A fault that a commit has found is lifted here too, once a look that
/// began later finds everything well.
pub async fn watch(state: AppState) {
    let mut draining = state.draining();
    loop {
        let seen = state.maintenance.fault();
        match (look(&state, seen.is_some()).await, seen) {
            (Err(fault), _) => state.maintenance.report(fault),
            (Ok(()), Some(seen)) => state.maintenance.lift(&seen),
            (Ok(()), None) => {}
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = draining.changed() => return,
        }
    }
}

async fn look(state: &AppState, is_broken: bool) -> Result<(), Fault> {
    follow_pointer(state).await?;
    let barrier = state.db.barrier();
    let files = tokio::task::spawn_blocking(move || match is_broken {
        true => barrier.recovered(),
        false => barrier.look(),
    });
    // A look that could not end has found nothing out.
    let unknown = |_| Err(Fault::read_only("the watchdog could not look"));
    files.await.unwrap_or_else(unknown)?;
    let before = state.db.identity();
    state.db.is_intact().await?;
    if state.db.identity() != before {
        tracing::warn!("what was restored is in use from now on");
        // What was told of boards may be more than it knows.
        state.hub.end_all();
    }
    Ok(())
}

/// A restore that was swapped in: the server goes on with it by itself.
async fn follow_pointer(state: &AppState) -> Result<(), Fault> {
    let state = state.clone();
    let followed = tokio::task::spawn_blocking(move || state.follow_pointer());
    match followed.await {
        Ok(Ok(false)) => Ok(()),
        Ok(Ok(true)) => {
            tracing::warn!("another copy of the database is in use from now on");
            Ok(())
        }
        Ok(Err(refused)) => Err(Fault::read_only(refused.message)),
        Err(_) => Err(Fault::read_only("the watchdog could not look")),
    }
}
