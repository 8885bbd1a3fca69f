//! How many streams each address holds open.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use super::place::Place;

/// Streams that one address may hold open.
pub const STREAMS: usize = 500;

/// Those of one node.
#[derive(Default)]
pub(super) struct Streams(Mutex<HashMap<Place, usize>>);

impl Streams {
    /// Counts one for as long as what is returned lives; `None`: there are too many.
    pub(super) fn open(self: &Arc<Self>, address: IpAddr) -> Option<OpenStream> {
        let place = Place::from(address);
        {
            let mut streams = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let open = streams.entry(place).or_default();
            if *open >= STREAMS {
                return None;
            }
            *open += 1;
        }
        Some(OpenStream {
            streams: self.clone(),
            place,
        })
    }
}

/// A stream that counts.
pub struct OpenStream {
    streams: Arc<Streams>,
    place: Place,
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut streams = self
            .streams
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = streams.get_mut(&self.place) {
            *open -= 1;
            if *open == 0 {
                streams.remove(&self.place);
            }
        }
    }
}
