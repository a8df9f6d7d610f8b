//! What a station does beyond serving from a queue, as a person writes it.

use super::distribution::Distribution;
use super::leaf::{Attempts, Count, Factor, Share};
use super::record::record;
use crate::time::Span;

/// At least one, at most what fits.
pub(super) type InARow = Count<1, 65_535>;
/// At least one request.
pub(super) type AtLeastOne = Count<1, 4_294_967_295>;

record! {
    /// A call of another station, made when the worker's own part is done; the worker is held until the answer.
    pub struct Call, "a call" {
        /// The station called.
        required station: String,
        /// Its work for one call.
        required service: Distribution,
        /// The share of requests that need it; what a cache answers is the rest.
        default share: Share = 1,
        /// Tries in all, one at once after the other, before the request fails.
        default attempts: Attempts = 1,
    }
}

record! {
    /// A station that breaks down by itself: as in an outage, all in service and queued fails.
    pub struct Crash, "a crash" {
        /// So many requests waiting make it crash.
        required queue: AtLeastOne,
        /// How long it is down.
        required restart: Span,
    }
}

record! {
    /// Slow service after the station was down: 1 + (slower − 1)·2^(−t/half_life) times the work.
    pub struct ColdStart, "a cold start" {
        /// How much longer a service takes right after.
        required slower: Factor,
        /// In which what is above 1 of that factor halves.
        required half_life: Span,
    }
}

record! {
    /// A balancer that takes a slow station out of service, and back when it is no longer slow.
    pub struct HealthCheck, "a health check" {
        /// Time from one look to the next.
        required every: Span,
        /// A look fails where a request has waited longer than this, or the station is down.
        required slower_than: Span,
        /// So many failed looks in a row take it out of service: whoever comes is refused, who is inside is served.
        default fall: InARow = 3,
        /// So many good looks in a row bring it back.
        default rise: InARow = 2,
    }
}
