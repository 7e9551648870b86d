//! Inputs that are drawn from a seed, without an engine: the same ones on every machine.

use scout_sdk::testing::Draw;

use crate::case::HEAD_BYTES;

/// The longest input, in bytes; the same as the engine's.
const INPUT_BYTES_MAX: usize = 32 * 1024;

/// Changes to one input, at most.
const CHANGES_MAX: usize = 5;

/// One input in so many is not made from a seed but drawn byte by byte.
const ARBITRARY_EVERY: usize = 24;

/// Makes inputs from seeds and words.
#[derive(Debug)]
pub struct Mutator<'a> {
    draw: Draw,
    seeds: &'a [Vec<u8>],
    words: &'a [Vec<u8>],
}

impl<'a> Mutator<'a> {
    /// A mutator that always makes the same of the same seeds and words.
    #[must_use]
    pub fn new(seed: u64, seeds: &'a [Vec<u8>], words: &'a [Vec<u8>]) -> Self {
        Self { draw: Draw::of(seed), seeds, words }
    }

    /// The next input.
    pub fn input(&mut self) -> Vec<u8> {
        if self.seeds.is_empty() || self.draw.below(ARBITRARY_EVERY) == 0 {
            return self.arbitrary();
        }
        let mut input = self.seed().to_vec();
        for _ in 0..=self.draw.below(CHANGES_MAX) {
            self.change(&mut input);
        }
        input.truncate(INPUT_BYTES_MAX);
        input
    }

    fn arbitrary(&mut self) -> Vec<u8> {
        let length = self.draw.below(512);
        (0..length).map(|_| self.draw.byte()).collect()
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        match self.draw.below(12) {
            0 => self.choose(input),
            1 => self.flip(input),
            2 => self.insert_word(input),
            3 | 4 => self.replace_value(input),
            5 => self.remove(input),
            6 => self.repeat(input),
            7 => self.copy(input),
            8 => input.truncate(self.place(input)),
            9 => self.splice(input),
            10 => self.insert_bytes(input),
            _ => self.swap_names(input),
        }
    }

    fn seed(&mut self) -> &'a [u8] {
        &self.seeds[self.draw.below(self.seeds.len())]
    }

    fn word(&mut self) -> &'a [u8] {
        match self.words.len() {
            0 => b"null",
            words => &self.words[self.draw.below(words)],
        }
    }

    /// A place in the body, its end included.
    fn place(&mut self, input: &[u8]) -> usize {
        let start = input.len().min(HEAD_BYTES);
        start + self.draw.below(input.len() - start + 1)
    }

    /// A short stretch of the body, perhaps an empty one.
    fn stretch(&mut self, input: &[u8]) -> std::ops::Range<usize> {
        let start = self.place(input);
        let length = self.draw.below(96);
        start..input.len().min(start + length)
    }

    /// Asks something else of the same body.
    fn choose(&mut self, input: &mut [u8]) {
        let place = self.draw.below(HEAD_BYTES);
        let byte = if self.draw.below(2) == 0 { self.draw.byte() } else { self.draw.below(32) as u8 };
        if let Some(chosen) = input.get_mut(place) {
            *chosen = byte;
        }
    }

    fn flip(&mut self, input: &mut [u8]) {
        let place = self.place(input);
        let bit = 1 << self.draw.below(8);
        if let Some(byte) = input.get_mut(place) {
            *byte ^= bit;
        }
    }

    fn insert_word(&mut self, input: &mut Vec<u8>) {
        let place = self.place(input);
        let word = self.word();
        input.splice(place..place, word.iter().copied());
    }

    fn insert_bytes(&mut self, input: &mut Vec<u8>) {
        let place = self.place(input);
        let byte = self.draw.byte();
        let count = 1 + self.draw.below(4);
        input.splice(place..place, std::iter::repeat_n(byte, count));
    }

    /// Puts a word where a value stands, so that the JSON stays whole.
    fn replace_value(&mut self, input: &mut Vec<u8>) {
        let place = self.place(input);
        let Some(colon) = input[place..].iter().position(|byte| *byte == b':').map(|colon| place + colon + 1) else { return };
        let end = colon + value_length(&input[colon..]);
        let word = self.word();
        input.splice(colon..end, word.iter().copied());
    }

    fn remove(&mut self, input: &mut Vec<u8>) {
        let stretch = self.stretch(input);
        input.drain(stretch);
    }

    fn repeat(&mut self, input: &mut Vec<u8>) {
        let stretch = self.stretch(input);
        let times = 1 + self.draw.below(64);
        let copy = input[stretch.clone()].repeat(times);
        input.splice(stretch.end..stretch.end, copy);
    }

    fn copy(&mut self, input: &mut Vec<u8>) {
        let stretch = self.stretch(input);
        let copy = input[stretch].to_vec();
        let place = self.place(input);
        input.splice(place..place, copy);
    }

    /// Ends as another seed does.
    fn splice(&mut self, input: &mut Vec<u8>) {
        input.truncate(self.place(input));
        let other = self.seed();
        let start = self.place(other);
        input.extend_from_slice(&other[start..]);
    }

    /// Gives a value another field's name.
    fn swap_names(&mut self, input: &mut Vec<u8>) {
        let place = self.place(input);
        let Some(start) = input[place..].iter().position(|byte| *byte == b'"').map(|start| place + start) else { return };
        let Some(length) = input[start + 1..].iter().position(|byte| *byte == b'"') else { return };
        let word = self.word();
        input.splice(start..start + length + 2, word.iter().copied());
    }
}

/// How long the value at the beginning is: a text to its quote, anything else to where a value may end.
fn value_length(rest: &[u8]) -> usize {
    let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let value = &rest[blank..];
    let length = match value.first() {
        Some(b'"') => value[1..].iter().position(|byte| *byte == b'"').map_or(value.len(), |end| end + 2),
        Some(b'{' | b'[') => nested_length(value),
        _ => value.iter().position(|byte| matches!(byte, b',' | b'}' | b']')).unwrap_or(value.len()),
    };
    blank + length
}

/// How long an object or a list is, by its brackets; those inside of texts count too, which is good enough here.
fn nested_length(value: &[u8]) -> usize {
    let mut depth = 0_usize;
    for (place, byte) in value.iter().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return place + 1;
        }
    }
    value.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &[u8] = b"\0\0\0\0\0\0{\"a\": {\"b\": [1, 2]}, \"c\": \"d\"}";

    fn inputs(seed: u64, count: usize) -> Vec<Vec<u8>> {
        let (seeds, words) = ([BODY.to_vec()], [b"null".to_vec(), b"\"e\"".to_vec()]);
        let mut mutator = Mutator::new(seed, &seeds, &words);
        (0..count).map(|_| mutator.input()).collect()
    }

    #[test]
    fn the_same_seed_makes_the_same_inputs_and_another_makes_others() {
        assert_eq!(inputs(1, 200), inputs(1, 200));
        assert_ne!(inputs(1, 200), inputs(2, 200));
    }

    #[test]
    fn inputs_differ_and_none_is_too_long() {
        let inputs = inputs(1, 2_000);
        let different: std::collections::HashSet<_> = inputs.iter().collect();
        assert!(different.len() > 1_500, "{}", different.len());
        assert!(inputs.iter().all(|input| input.len() <= INPUT_BYTES_MAX));
    }

    #[test]
    fn without_seeds_inputs_are_arbitrary() {
        let mut mutator = Mutator::new(1, &[], &[]);
        assert!((0..100).any(|_| mutator.input().len() > HEAD_BYTES));
    }

    #[test]
    fn a_value_is_as_long_as_it_is_written() {
        for (rest, value) in [(" \"x\",", " \"x\""), ("{\"a\":[]},1", "{\"a\":[]}"), ("12]", "12"), ("", ""), ("\"x", "\"x"), ("[1", "[1")]
        {
            assert_eq!(&rest[..value_length(rest.as_bytes())], value, "{rest}");
        }
    }
}
