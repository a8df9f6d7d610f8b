//! Integrals of numbers over time, by sums of moments.

use crate::time::Time;

/// The integral of a number over time without a multiplication at each change: the moments at which it fell less those at
/// which it rose. What is still up counts until now, so that the integral at any time is that sum and the number times now.
/// Whole numbers modulo 2^128: in the end, whatever the order, it is exact.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(super) struct Moments(u128);

impl Moments {
    /// A number whose integral up to `now` is `area`.
    pub(super) fn of_area(area: u128, level: u64, now: Time) -> Moments {
        Moments(area.wrapping_sub(u128::from(level) * u128::from(now.0)))
    }

    /// It rose by one.
    #[inline]
    pub(super) fn up(&mut self, now: Time) {
        self.0 = self.0.wrapping_sub(u128::from(now.0));
    }

    /// It fell by one.
    #[inline]
    pub(super) fn down(&mut self, now: Time) {
        self.0 = self.0.wrapping_add(u128::from(now.0));
    }

    /// The number, which is `level`, times nanoseconds up to `now`.
    pub(super) fn area(self, level: u64, now: Time) -> u128 {
        self.0.wrapping_add(u128::from(level) * u128::from(now.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn are_the_integral(changes in prop::collection::vec((0u64..1 << 50, any::<bool>()), 1..100), area in any::<u64>()) {
            let (mut now, mut level, mut want) = (Time(u64::MAX >> 8), 7_u64, u128::from(area));
            let mut moments = Moments::of_area(want, level, now);
            for (passed, rises) in changes {
                want += u128::from(level) * u128::from(passed);
                now = Time(now.0 + passed);
                if rises {
                    moments.up(now);
                    level += 1;
                } else if level > 0 {
                    moments.down(now);
                    level -= 1;
                }
                prop_assert_eq!(moments.area(level, now), want);
            }
            prop_assert_eq!(Moments::of_area(want, level, now).area(level, Time(now.0 + 3)), want + 3 * u128::from(level));
        }
    }
}
