//! What a crowd has in common: when it works, when it rests, and when it was last promised anything.

use std::collections::BTreeSet;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use crate::limits;
use crate::oracle::Outcome;

#[derive(Default)]
struct State {
    /// Scores that may still be begun.
    left: usize,
    paused: bool,
    stopped: bool,
    /// Clients in the middle of a change.
    busy: usize,
    answers: Vec<(Instant, Outcome, Option<String>)>,
}

/// Shared by the clients and the drill.
pub struct Pulse {
    state: Mutex<State>,
    changed: Condvar,
}

/// What happened in a span of time.
#[derive(Debug, Clone, Default)]
pub struct Window {
    pub acknowledged: usize,
    pub refused: usize,
    pub unknown: usize,
    /// What was said instead of an acknowledgement.
    pub reasons: BTreeSet<String>,
    /// The longest time without an acknowledgement.
    pub longest_pause: Duration,
}

impl Pulse {
    pub(super) fn new(scores: usize) -> Self {
        let state = State {
            left: scores,
            ..State::default()
        };
        Self {
            state: Mutex::new(state),
            changed: Condvar::new(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Called before each change: waits while the crowd rests; `false`: there is nothing left to do.
    pub(super) fn begin(&self) -> bool {
        let resting = |state: &mut State| state.paused && state.left > 0;
        let state = self.changed.wait_while(self.state(), resting);
        let mut state = state.unwrap_or_else(PoisonError::into_inner);
        let goes_on = state.left > 0;
        state.busy += usize::from(goes_on);
        goes_on
    }

    /// Called after each change.
    pub(super) fn end(&self, scores: usize) {
        let mut state = self.state();
        state.busy -= 1;
        state.left = state.left.saturating_sub(scores);
        self.changed.notify_all();
    }

    /// Called with each answer, and with each that does not come.
    pub(super) fn note(&self, outcome: Outcome, reason: Option<String>) {
        let answer = (Instant::now(), outcome, reason);
        self.state().answers.push(answer);
    }

    /// Has the crowd end, also those who are still asking.
    pub fn stop(&self) {
        let mut state = self.state();
        (state.left, state.stopped) = (0, true);
        self.changed.notify_all();
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.state().stopped
    }

    /// Lets the crowd rest; returns when no change is under way.
    pub fn pause(&self) -> Result<()> {
        self.state().paused = true;
        let busy = |state: &mut State| state.busy > 0;
        let waited = self
            .changed
            .wait_timeout_while(self.state(), limits::REST, busy);
        let (state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        drop(state);
        ensure!(
            !timeout.timed_out(),
            "the clients do not come to rest within {:?}",
            limits::REST
        );
        Ok(())
    }

    /// Lets the crowd work.
    pub fn resume(&self) {
        self.state().paused = false;
        self.changed.notify_all();
    }

    /// Waits until the next change is acknowledged; `false`: none is.
    pub fn goes_on(&self) -> bool {
        let begun = Instant::now();
        while self.window(begun).acknowledged == 0 {
            if begun.elapsed() > limits::PAUSE {
                return false;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        true
    }

    /// What happened since a moment.
    pub fn window(&self, from: Instant) -> Window {
        let state = self.state();
        let mut window = Window::default();
        let mut last = from;
        for (at, outcome, reason) in state.answers.iter().filter(|(at, ..)| *at >= from) {
            window.reasons.extend(reason.clone());
            match outcome {
                Outcome::Acknowledged => {
                    window.acknowledged += 1;
                    window.longest_pause =
                        window.longest_pause.max(at.saturating_duration_since(last));
                    last = *at;
                }
                Outcome::Refused => window.refused += 1,
                Outcome::Unknown => window.unknown += 1,
            }
        }
        window.longest_pause = window.longest_pause.max(last.elapsed());
        window
    }
}
