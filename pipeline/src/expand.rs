//! How many keywords a search needs, and where further ones come from.
//!
//! Given keywords come first. What is missing is derived from them, by [`rules`] or by a language model: [`prompt`]
//! is what it is asked, [`parse_answer`] reads what it says, and [`ask`] makes a round's keywords of it, or falls back
//! to rules and says why. Reaching the model is the runtime's work: it lends a [`Model`], of which [`openai`] is one
//! over any [`Http`](crate::ports::Http).

mod answer;
mod language;
mod medium;
mod model;
mod modifiers;
pub mod openai;
mod prompt;
mod rules;
mod selection;

use serde::{Deserialize, Serialize};

use crate::{
    keyword::Keyword,
    limits::{KEYWORDS_AGAIN_MAX, KEYWORDS_FIRST_ROUND_MAX, YIELD_DEFAULT},
};

pub use answer::parse_answer;
pub use medium::Medium;
pub use model::{Expander, Model, ModelError, ask};
pub use prompt::{Prompt, prompt};
pub use rules::rules;

/// A keyword that was derived, and the given one it came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derived {
    /// What is to be searched for.
    pub keyword: Keyword,
    /// The given keyword that it belongs to.
    pub from: Keyword,
}

/// Creators expected of one keyword: the adapter's hint, or [`YIELD_DEFAULT`] where it has none (0).
#[must_use]
pub fn yield_of(hint: u32) -> u32 {
    if hint == 0 { YIELD_DEFAULT } else { hint }
}

/// Keywords in the first round: ⌈target ÷ yield × 1.2⌉, at least those given, at most
/// [`KEYWORDS_FIRST_ROUND_MAX`] unless more were given. A yield of 0 counts as unknown.
#[must_use]
pub fn needed(target: u32, yield_per_keyword: u32, given: u32) -> u32 {
    share(target, yield_per_keyword, 12).min(KEYWORDS_FIRST_ROUND_MAX).max(given)
}

/// Keywords in a further round: ⌈shortfall ÷ yield × 1.3⌉, at most [`KEYWORDS_AGAIN_MAX`]. A yield of 0
/// counts as unknown.
#[must_use]
pub fn needed_again(shortfall: u32, yield_per_keyword: u32) -> u32 {
    share(shortfall, yield_per_keyword, 13).min(KEYWORDS_AGAIN_MAX)
}

/// ⌈creators ÷ yield × tenths ÷ 10⌉ in whole numbers, so that it is the same on every machine.
fn share(creators: u32, yield_per_keyword: u32, tenths: u64) -> u32 {
    let keywords = (u64::from(creators) * tenths).div_ceil(u64::from(yield_of(yield_per_keyword)) * 10);
    u32::try_from(keywords).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fifth_more_than_expected_is_planned() {
        assert_eq!(needed(100, 25, 1), 5);
        assert_eq!(needed(500, 25, 3), 24);
        assert_eq!(needed(101, 25, 1), 5);
        assert_eq!(needed(105, 25, 1), 6);
    }

    #[test]
    fn at_least_the_given_keywords_are_searched() {
        assert_eq!(needed(1, 25, 1), 1);
        assert_eq!(needed(1, 25, 50), 50);
    }

    #[test]
    fn the_first_round_ends_at_50() {
        assert_eq!(needed(1_025, 25, 1), 50);
        assert_eq!(needed(5_000, 25, 1), 50);
        assert_eq!(needed(u32::MAX, 1, 1), 50);
    }

    #[test]
    fn further_rounds_plan_a_third_more_and_end_at_30() {
        assert_eq!(needed_again(100, 25), 6);
        assert_eq!(needed_again(576, 25), 30);
        assert_eq!(needed_again(5_000, 25), 30);
        assert_eq!(needed_again(1, 25), 1);
        assert_eq!(needed_again(0, 25), 0);
    }

    #[test]
    fn an_unknown_yield_is_25() {
        assert_eq!(needed(100, 0, 1), needed(100, 25, 1));
        assert_eq!(needed_again(100, 0), needed_again(100, 25));
    }
}
