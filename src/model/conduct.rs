//! What a station may do beyond serving from a queue: call another, crash, be slow after a restart, fail its health checks.

use super::Sampler;
use crate::time::Span;

/// By default none of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conduct {
    /// The station that its workers wait for.
    pub calls: Option<Call>,
    /// With processor sharing: how many requests may be in service at once; `None` is without bound.
    pub connections: Option<u32>,
    /// When it breaks down by itself.
    pub crash: Option<Crash>,
    /// How slow it is after it was down.
    pub cold_start: Option<ColdStart>,
    /// Who takes it out of service when it is slow.
    pub health_check: Option<HealthCheck>,
}

/// A call of another station, made when the worker's own part is done; the worker is held until the answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Index of the station called.
    pub station: u16,
    /// Its work for one call.
    pub service: Sampler,
    /// The share of requests that need it: what a cache does not answer.
    pub share: f64,
    /// Tries in all, one at once after the other, before the request fails.
    pub attempts: u16,
}

/// Breaking down under load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Crash {
    /// So many requests waiting are too many.
    pub queue: u32,
    /// How long it is down.
    pub restart: Span,
}

/// Slow service after a restart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColdStart {
    /// The factor on a service right after it, above 1.
    pub slower: f64,
    /// In which what is above 1 of the factor halves.
    pub half_life: Span,
}

impl ColdStart {
    /// The factor on a service that starts so long after the restart.
    #[must_use]
    pub fn factor(self, since: Span) -> f64 {
        1.0 + (self.slower - 1.0) * libm::exp2(-(since.0 as f64) / self.half_life.0 as f64)
    }
}

/// A balancer that looks now and then and takes a slow station out of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HealthCheck {
    /// Time from one look to the next.
    pub every: Span,
    /// A look fails where someone has waited longer than this, or the station is down.
    pub slower_than: Span,
    /// So many failed looks in a row take it out.
    pub fall: u16,
    /// So many good ones in a row bring it back.
    pub rise: u16,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_slow_after_a_restart_halves() {
        let cold = ColdStart { slower: 5.0, half_life: Span(10) };
        assert_eq!([0, 10, 20, 40].map(|since| cold.factor(Span(since))), [5.0, 3.0, 2.0, 1.25]);
    }
}
