//! Requests of which each is as likely to be the next.

use super::Request;
use crate::engine::large::{LargeVec, large_vec};
use crate::random::{Draw, Key, Purpose};
use prefetch_index::prefetch_index;

/// Requests that are picked by chance. Where picks fall is drawn ahead, many at once, which do not wait for each other; so
/// that the next ones can be brought near.
#[derive(Debug, serde::Serialize, serde::Deserialize)]
pub(super) struct Urn {
    pub(super) held: LargeVec<Request>,
    /// How many picks were drawn.
    drawn: u64,
    picks: [u64; AT_ONCE + LOOKED_AHEAD],
    /// How many of `picks` are past.
    past: usize,
}

/// So many picks are drawn at once.
const AT_ONCE: usize = 16;
/// So many picks ahead of its turn a request is brought near.
const LOOKED_AHEAD: usize = 2;

impl Urn {
    pub(super) fn new() -> Urn {
        Urn { held: large_vec(), drawn: 0, picks: [0; AT_ONCE + LOOKED_AHEAD], past: 0 }
    }

    /// The next to be served; `key` is the station's.
    pub(super) fn pick(&mut self, key: &Key) -> Option<Request> {
        if self.held.is_empty() {
            return None;
        }
        if self.drawn == 0 || self.past == AT_ONCE {
            self.draw(key);
        }
        let place = self.place(0);
        self.past += 1;
        let request = self.held.swap_remove(place);
        // The pick after the next falls here, or one further if the line has grown again by then.
        let later = self.place(1);
        prefetch_index(&self.held, later);
        prefetch_index(&self.held, later + 1);
        Some(request)
    }

    /// Draws the next picks.
    #[inline(never)]
    fn draw(&mut self, key: &Key) {
        let first = if self.drawn == 0 { 0 } else { LOOKED_AHEAD };
        self.picks.copy_within(AT_ONCE.., 0);
        for pick in &mut self.picks[first..] {
            *pick = key.stream(Purpose::Pick, self.drawn, Draw::default()).bits();
            self.drawn += 1;
        }
        self.past = 0;
    }

    /// Where the pick falls so many behind the next, among as many as there are now.
    fn place(&self, behind: usize) -> usize {
        ((u128::from(self.picks[self.past + behind]) * self.held.len() as u128) >> 64) as usize
    }

    /// The next to be picked if as many are there then, or one more.
    pub(super) fn soon(&self) -> &[Request] {
        let place = self.place(0);
        &self.held[place..self.held.len().min(place + 2)]
    }
}
