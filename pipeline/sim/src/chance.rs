//! Where a world's chance comes from: one seed, and a stream of its own for each thing that draws, so that
//! switching one kind of fault off leaves what the others draw as it was.

/// A stream of numbers that is the same for the same seed and name.
///
/// It is SplitMix64: a stream is one number, so that hundreds of them cost nothing.
#[derive(Debug, Clone)]
pub struct Chance(u64);

impl Chance {
    /// The stream of this name under this seed.
    #[must_use]
    pub fn new(seed: u64, stream: u64) -> Self {
        let mut mixed = Chance(seed ^ stream.wrapping_mul(0xd6e8_feb8_6659_fd93));
        Chance(mixed.draw() ^ stream)
    }

    /// The next number.
    pub fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`, and 0 where there is none.
    pub fn below(&mut self, end: u64) -> u64 {
        // The bias of a remainder is far below anything that a simulation could notice.
        self.draw() % end.max(1)
    }

    /// A number from `first` to `last`, both included.
    pub fn between(&mut self, first: u64, last: u64) -> u64 {
        first + self.below(last.saturating_sub(first) + 1)
    }

    /// Whether something happens that happens so often in a thousand times.
    pub fn hits(&mut self, per_mille: u16) -> bool {
        // Nothing is drawn for what never happens; each kind has its stream, so nothing shifts.
        per_mille > 0 && self.below(1_000) < u64::from(per_mille)
    }

    /// One of these; the list must not be empty.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len() as u64) as usize]
    }
}

/// A number for a text, the same on every machine.
#[must_use]
pub fn number_of(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_stream_draw_the_same_and_others_draw_others() {
        let first = |seed, stream| Chance::new(seed, stream).draw();
        assert_eq!(first(1, 2), first(1, 2));
        assert_ne!(first(1, 2), first(2, 1));
        assert_ne!(first(1, 2), first(1, 3));
    }

    #[test]
    fn what_never_happens_never_happens_and_what_always_does_always_does() {
        let mut chance = Chance::new(1, 1);
        assert!((0..1_000).all(|_| !chance.hits(0)));
        assert!((0..1_000).all(|_| chance.hits(1_000)));
    }

    #[test]
    fn a_range_reaches_both_ends_and_nothing_else() {
        let mut chance = Chance::new(1, 1);
        let drawn: std::collections::BTreeSet<u64> = (0..200).map(|_| chance.between(3, 5)).collect();
        assert_eq!(drawn.into_iter().collect::<Vec<_>>(), [3, 4, 5]);
    }
}
