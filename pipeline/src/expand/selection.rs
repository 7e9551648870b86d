//! Which of the keywords that a language model named are searched, and which given keyword each belongs to.

use std::collections::HashSet;

use super::{Derived, language::is_filler};
use crate::{job::PlanRequest, keyword::Keyword, limits::EXPANDED_WORDS_MAX};

/// The keywords of an answer that a round can use, at most as many as it wants: none given, tried or no search
/// at all. Each belongs to the given keyword that it is most like; these take turns, so that each gets its share.
pub(super) fn select(request: &PlanRequest, answer: Vec<Keyword>) -> Vec<Derived> {
    let mut seen: HashSet<String> = request.given.iter().chain(&request.tried).map(Keyword::key).collect();
    let usable = answer.into_iter().filter(|keyword| is_search(keyword.as_str(), &request.given) && seen.insert(keyword.key()));
    let mut shares: Vec<Vec<Keyword>> = vec![Vec::new(); request.given.len()];
    for keyword in usable {
        let sizes: Vec<usize> = shares.iter().map(Vec::len).collect();
        if let Some(share) = source(&keyword, &request.given, &sizes).and_then(|place| shares.get_mut(place)) {
            share.push(keyword);
        }
    }
    in_turns(&request.given, shares).take(request.wanted).collect()
}

/// One of each share, then the second of each, and so on.
fn in_turns(given: &[Keyword], shares: Vec<Vec<Keyword>>) -> impl Iterator<Item = Derived> {
    let longest = shares.iter().map(Vec::len).max().unwrap_or_default();
    let given = given.to_vec();
    (0..longest).flat_map(move |turn| {
        let of_turn = |(from, share): (&Keyword, &Vec<Keyword>)| Some(Derived { keyword: share.get(turn)?.clone(), from: from.clone() });
        given.iter().zip(&shares).filter_map(of_turn).collect::<Vec<_>>()
    })
}

/// The place of the given keyword that one is most like; among those, the one with the smallest share.
fn source(keyword: &Keyword, given: &[Keyword], sizes: &[usize]) -> Option<usize> {
    let likeness = |place: &usize| likeness(&keyword.key(), &given[*place].key());
    let most = (0..given.len()).map(|place| likeness(&place)).max()?;
    (0..given.len()).filter(|place| likeness(place) == most).min_by_key(|place| sizes[*place])
}

/// How much two keywords have in common: letters of the words that both have, or all of one that stands in the other.
fn likeness(keyword: &str, given: &str) -> usize {
    if keyword.contains(given) {
        return 2 * given.chars().count();
    }
    let words: HashSet<&str> = keyword.split_whitespace().filter(|word| !is_filler(word)).collect();
    given.split_whitespace().filter(|word| words.contains(word)).map(|word| word.chars().count()).sum()
}

/// Signs that stand in markup, addresses and code, and in no search.
const SIGNS: [char; 10] = ['<', '>', '{', '}', '[', ']', '`', '|', '\\', '@'];

/// Whether a text can be a search: no sentence, no address, no markup, and no year unless a given keyword has it.
fn is_search(text: &str, given: &[Keyword]) -> bool {
    let is_dated = years(text).any(|year| !given.iter().any(|keyword| keyword.as_str().contains(year)));
    text.split(' ').count() <= EXPANDED_WORDS_MAX && !text.contains(SIGNS) && !text.contains("://") && !text.contains("www.") && !is_dated
}

/// Numbers that are years of our time.
fn years(text: &str) -> impl Iterator<Item = &str> {
    let numbers = text.split(|c: char| !c.is_ascii_digit());
    numbers.filter(|number| number.len() == 4 && ["19", "20"].iter().any(|century| number.starts_with(century)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expand::model::tests::request;

    fn keywords(texts: &[&str]) -> Vec<Keyword> {
        texts.iter().map(|text| Keyword::new(text).unwrap()).collect()
    }

    /// What is taken, as `keyword < given`.
    fn selected(request: &PlanRequest, answer: &[&str]) -> Vec<String> {
        select(request, keywords(answer)).into_iter().map(|derived| format!("{} < {}", derived.keyword, derived.from)).collect()
    }

    #[test]
    fn each_belongs_to_the_given_keyword_that_it_is_most_like() {
        let request = request(&["hot yoga", "vegan food", "ヨガ"], 10);
        let answer = ["vegan street food", "yoga flow", "朝ヨガ", "hot yoga class"];
        assert_eq!(
            selected(&request, &answer),
            ["yoga flow < hot yoga", "vegan street food < vegan food", "朝ヨガ < ヨガ", "hot yoga class < hot yoga"]
        );
    }

    #[test]
    fn what_is_like_none_goes_to_the_smallest_share() {
        let request = request(&["yoga", "pilates"], 10);
        let answer = ["yoga mats", "reformer", "stretching", "barre"];
        assert_eq!(selected(&request, &answer), ["yoga mats < yoga", "reformer < pilates", "stretching < yoga", "barre < pilates"]);
    }

    #[test]
    fn words_that_say_nothing_make_nothing_alike() {
        let request = request(&["yoga for beginners", "food for dogs"], 10);
        assert_eq!(
            selected(&request, &["treats for dogs", "stretching for two"]),
            ["stretching for two < yoga for beginners", "treats for dogs < food for dogs"]
        );
    }

    #[test]
    fn given_keywords_share_fairly_whatever_the_order_of_the_answer() {
        let request = request(&["yoga", "pilates"], 4);
        let answer = ["yoga a1", "yoga a2", "yoga a3", "yoga a4", "pilates b1", "pilates b2"];
        assert_eq!(selected(&request, &answer), ["yoga a1 < yoga", "pilates b1 < pilates", "yoga a2 < yoga", "pilates b2 < pilates"]);
    }

    #[test]
    fn nothing_given_tried_or_named_twice_is_taken_whatever_its_case() {
        let mut request = request(&["Yoga"], 10);
        request.tried = keywords(&["yoga", "YOGA MATS"]);
        assert_eq!(selected(&request, &["YOGA", "yoga mats", "yoga flow", "Yoga Flow"]), ["yoga flow < Yoga"]);
    }

    #[test]
    fn no_more_than_wanted_are_taken() {
        assert_eq!(selected(&request(&["yoga"], 0), &["yoga mats"]), Vec::<String>::new());
        assert_eq!(selected(&request(&["yoga"], 1), &["yoga mats", "yoga flow"]).len(), 1);
    }

    #[test]
    fn what_is_no_search_is_left_out() {
        let request = request(&["yoga"], 20);
        let eight = "one two three four five six seven eight";
        let hostile = [
            "https://evil.test/yoga",
            "visit www.evil.test",
            "<script>alert(1)</script>",
            "mail me@evil.test",
            "{{system}}",
            "`rm -rf`",
            "one two three four five six seven eight nine",
            eight,
        ];
        assert_eq!(selected(&request, &hostile), [format!("{eight} < yoga")]);
    }

    #[test]
    fn a_year_comes_only_from_a_given_keyword() {
        assert_eq!(
            selected(&request(&["yoga"], 9), &["yoga 2024", "best of 1999 yoga", "yoga 101", "10000 steps"]),
            ["yoga 101 < yoga", "10000 steps < yoga"]
        );
        assert_eq!(selected(&request(&["yoga 2031"], 9), &["yoga flow 2031"]), ["yoga flow 2031 < yoga 2031"]);
    }
}
