//! Where chance comes from: every figure of the fake world follows from the seed and a name.
//!
//! The generator is written out here, rather than taken from a crate, because its values are part of
//! what this crate promises: the same seed gives the same bytes, whatever version of anything is used.
//! Only whole numbers are used on the way, so that no platform's mathematics library has a say.

/// The digits.
pub(crate) const DIGITS: &[u8; 10] = b"0123456789";

/// The digits of hexadecimal numbers.
pub(crate) const HEX: &[u8; 16] = b"0123456789abcdef";

/// The letters of base 32, as several platforms write it.
pub(crate) const BASE_32: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// The letters of base 36.
pub(crate) const BASE_36: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// The letters of base 64, as it is written in addresses.
pub(crate) const BASE_64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// A stream of draws that depends on nothing but what it was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Draw(u64);

impl Draw {
    /// The stream that belongs to a seed and a list of names.
    pub(crate) fn of(seed: u64, names: &[&str]) -> Self {
        names.iter().fold(Draw(mix(seed)), |draw, name| draw.branch(name))
    }

    /// A stream of its own for one matter, so that asking one question never shifts the answer to another.
    pub(crate) fn branch(self, name: &str) -> Self {
        // FNV-1a; the closing byte keeps ("ab", "c") apart from ("a", "bc").
        let hash = name
            .bytes()
            .chain([0xff])
            .fold(0xcbf2_9ce4_8422_2325 ^ self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        Draw(mix(hash))
    }

    /// A stream of its own for the `number`th of many.
    pub(crate) fn nth(self, number: u64) -> Self {
        Draw(mix(self.0 ^ mix(number.wrapping_add(1))))
    }

    /// The next 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// A number below `end`, or 0 when `end` is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        ((u128::from(self.bits()) * u128::from(end)) >> 64) as u64
    }

    /// A number from `low` to `high`, both possible.
    pub(crate) fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// Whether something happens that happens at this rate, 0 to 1.
    pub(crate) fn chance(&mut self, rate: f64) -> bool {
        // 53 bits are what a double holds exactly.
        ((self.bits() >> 11) as f64) < rate * (1u64 << 53) as f64
    }

    /// One of a fixed list.
    pub(crate) fn pick<T: Copy, const N: usize>(&mut self, list: &[T; N]) -> T {
        const { assert!(N > 0, "there must be something to pick from") };
        list[self.below(N as u64) as usize]
    }

    /// Text of `length` characters of an alphabet of ASCII bytes.
    pub(crate) fn text<const N: usize>(&mut self, alphabet: &[u8; N], length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(alphabet))).collect()
    }

    /// A random UUID; what else is drawn from this stream stays the same.
    pub(crate) fn uuid(self) -> String {
        let bits = |name: &str| self.branch(name).bits();
        let (first, last) = (bits("uuid-first"), bits("uuid-last"));
        let (time, clock) = (first >> 32, (first >> 16) & 0xffff);
        format!("{time:08x}-{clock:04x}-4{:03x}-8{:03x}-{:012x}", first & 0xfff, last >> 52, last & 0xffff_ffff_ffff)
    }
}

/// The finishing step of SplitMix64: every bit of the input moves about half of the output's.
fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_names_give_the_same_draws_and_others_do_not() {
        let draws = |seed, names: &[&str]| {
            let mut draw = Draw::of(seed, names);
            [draw.bits(), draw.bits()]
        };
        assert_eq!(draws(1, &["a", "bc"]), draws(1, &["a", "bc"]));
        assert_ne!(draws(1, &["a", "bc"]), draws(1, &["ab", "c"]));
        assert_ne!(draws(1, &["a"]), draws(2, &["a"]));
    }

    #[test]
    fn a_rate_is_kept_to_within_two_percent() {
        let mut draw = Draw::of(7, &["rate"]);
        let hits = (0..10_000).filter(|_| draw.chance(0.3)).count();
        assert!((2_800..=3_200).contains(&hits), "{hits} of 10000 at a rate of 0.3");
        assert!((0..1_000).all(|_| !draw.chance(0.0)));
        assert!((0..1_000).all(|_| draw.chance(1.0)));
    }

    #[test]
    fn bounds_are_never_left() {
        let mut draw = Draw::of(3, &["bounds"]);
        assert!((0..1_000).all(|_| (4..=30).contains(&draw.between(4, 30))));
        assert_eq!(draw.below(0), 0);
    }
}
