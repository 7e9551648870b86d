//! Numbers that look drawn and are the same every time.

/// A stream of numbers from a seed (xorshift).
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// The stream of a seed; different seeds give different streams.
    #[must_use]
    pub fn of(seed: u64) -> Self {
        // Zero would stay zero, and small seeds begin alike: both are spread by an odd number.
        Self((seed ^ 0x5EED).wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// The next byte.
    pub fn byte(&mut self) -> u8 {
        self.next().to_le_bytes()[3]
    }

    /// The next number below `end`, which counts as 1 when it is 0.
    pub fn below(&mut self, end: usize) -> usize {
        ((self.next() >> 16) % end.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(seed: u64) -> Vec<u8> {
        let mut draw = Draw::of(seed);
        (0..64).map(|_| draw.byte()).collect()
    }

    #[test]
    fn a_seed_gives_the_same_every_time_and_another_gives_something_else() {
        assert_eq!(bytes(7), bytes(7));
        assert_ne!(bytes(0), bytes(1));
        assert_ne!(bytes(0x5EED), vec![0; 64]);
    }

    #[test]
    fn numbers_stay_below_the_end_and_reach_all_that_is_below() {
        let mut draw = Draw::of(1);
        let drawn: std::collections::BTreeSet<_> = (0..200).map(|_| draw.below(5)).collect();
        assert!(drawn.into_iter().eq(0..5));
        assert_eq!((draw.below(1), draw.below(0)), (0, 0));
    }
}
