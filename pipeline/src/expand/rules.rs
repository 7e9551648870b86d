//! Derives keywords by rules: no network, and the same keywords every time.

use std::collections::HashSet;

use super::{
    Derived,
    modifiers::{ENGLISH, EVERYWHERE, Modifier},
};
use crate::{keyword::Keyword, limits::KEYWORD_CHARS_MAX};

/// Up to `wanted` keywords derived from those given, none of them given or tried before, whatever its case.
///
/// The given keywords take turns, so that each gets its share; one that has nothing left leaves its turns to
/// the others. A keyword in Latin script of ordinary length has at least 100 derived ones, and so has one in
/// another script. Fewer come of keywords that leave no room for a further word within
/// [`KEYWORD_CHARS_MAX`] characters; what would be longer is left out, never cut off.
///
/// Asked again with what it gave before as `tried`, it goes on where it stopped.
#[must_use]
pub fn rules(given: &[Keyword], wanted: usize, tried: &[Keyword]) -> Vec<Derived> {
    let mut seen: HashSet<String> = given.iter().chain(tried).map(Keyword::key).collect();
    let mut sources: Vec<_> = given.iter().map(|from| (from, candidates(from.as_str()))).collect();
    let mut derived = Vec::new();
    while !sources.is_empty() && derived.len() < wanted {
        sources.retain_mut(|(from, candidates)| {
            if derived.len() == wanted {
                return true;
            }
            let next = candidates.filter_map(|text| Keyword::new(&text).ok()).find(|keyword| seen.insert(keyword.key()));
            let found = next.map(|keyword| derived.push(Derived { keyword, from: (*from).clone() }));
            found.is_some()
        });
    }
    derived
}

/// What can be made of one keyword, the closest to it first.
fn candidates(keyword: &str) -> impl Iterator<Item = String> {
    let mut texts = Vec::new();
    texts.extend(joined(keyword));
    let keyword = Some(keyword.trim_start_matches('#')).filter(|topic| !topic.is_empty()).unwrap_or(keyword);
    texts.extend(other_number(keyword, singular));
    let (first, later) = if is_latin(keyword) { (&ENGLISH[..], &EVERYWHERE[..]) } else { (&EVERYWHERE[..], &ENGLISH[..]) };
    let mut widened = first.iter().chain(later).filter_map(|modifier| widen(keyword, *modifier));
    // Parts of a phrase are wider than the phrase, so a dozen closer keywords come before them.
    texts.extend(widened.by_ref().take(12));
    texts.extend(parts(keyword));
    // Few topics are searched for in the plural that were not given in it.
    texts.extend(other_number(keyword, plural));
    texts.extend(widened);
    texts.into_iter().filter(|text| text.chars().count() <= KEYWORD_CHARS_MAX)
}

/// Whether English words beside the keyword look natural: its letters are all Latin.
fn is_latin(keyword: &str) -> bool {
    keyword.chars().filter(|c| c.is_alphabetic()).all(|c| c < '\u{250}' || ('\u{1e00}'..'\u{1f00}').contains(&c))
}

/// The keyword as a hashtag is written: "hot yoga" becomes "hotyoga".
fn joined(keyword: &str) -> Option<String> {
    let joined: String = keyword.split(is_gap).collect();
    (joined != keyword).then_some(joined)
}

/// What stands between words.
fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '-' | '_' | '#' | '/' | '+' | ',' | '\u{30fb}')
}

/// The keyword with its last word in the other number, for regular English words. Words that only look like a
/// plural ("fitness", "tennis") stay as they are.
fn other_number(keyword: &str, change: fn(&str) -> Option<String>) -> Option<String> {
    let start = keyword.rfind(is_gap).map_or(0, |gap| gap + keyword[gap..].chars().next().map_or(0, char::len_utf8));
    let (before, word) = keyword.split_at(start);
    let is_regular = word.len() >= 4 && word.bytes().all(|b| b.is_ascii_lowercase());
    let other = if is_regular { change(word)? } else { return None };
    Some(format!("{before}{other}"))
}

/// "stories" → "story", "dresses" → "dress", "recipes" → "recipe".
fn singular(word: &str) -> Option<String> {
    if ["ss", "us", "is", "ics", "news"].iter().any(|end| word.ends_with(end)) {
        return None;
    }
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 2) {
        return Some(format!("{stem}y"));
    }
    if ["sses", "shes", "ches", "xes"].iter().any(|end| word.ends_with(end)) {
        return word.strip_suffix("es").map(str::to_owned);
    }
    word.strip_suffix('s').map(str::to_owned)
}

/// "story" → "stories", "coach" → "coaches", "recipe" → "recipes". Words for an activity, such as "running",
/// have no plural that anyone searches for.
fn plural(word: &str) -> Option<String> {
    if word.ends_with("ing") || word.ends_with('s') {
        return None;
    }
    if let Some(stem) = word.strip_suffix('y').filter(|stem| !stem.ends_with(['a', 'e', 'i', 'o', 'u'])) {
        return Some(format!("{stem}ies"));
    }
    let sibilant = ["x", "z", "sh", "ch"].iter().any(|end| word.ends_with(end));
    Some(format!("{word}{}", if sibilant { "es" } else { "s" }))
}

/// The keyword with words around it, unless it already has one of them: "home workout at home" helps nobody.
fn widen(keyword: &str, modifier: Modifier) -> Option<String> {
    let has = |word: &str| keyword.split(is_gap).any(|own| own.eq_ignore_ascii_case(word));
    let mut telling = modifier.words().split(' ').filter(|word| !is_filler(word));
    if telling.any(has) { None } else { Some(modifier.around(keyword)) }
}

/// Shortest word that is a topic of its own, in bytes: four Latin letters, or two of most other scripts.
const PART_BYTES_MIN: usize = 4;

/// What a phrase consists of: the phrase without its first word and without its last one, then each word.
fn parts(keyword: &str) -> Vec<String> {
    let words: Vec<&str> = keyword.split(is_gap).filter(|word| !word.is_empty()).collect();
    let (Some((_, tail)), Some((_, head))) = (words.split_first(), words.split_last()) else { return Vec::new() };
    let mut parts = Vec::new();
    if words.len() > 2 {
        parts.extend([tail.join(" "), head.join(" ")]);
    }
    if words.len() > 1 {
        let topics = words.iter().rev().filter(|word| word.len() >= PART_BYTES_MIN && !is_modifier(word));
        parts.extend(topics.map(|word| (*word).to_owned()));
    }
    parts
}

/// Whether a word only says something about a topic.
fn is_modifier(word: &str) -> bool {
    let all = ENGLISH.iter().chain(&EVERYWHERE);
    is_filler(word) || all.flat_map(|modifier| modifier.words().split(' ')).any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a word says nothing by itself.
fn is_filler(word: &str) -> bool {
    let fillers = ["a", "and", "at", "for", "from", "how", "in", "of", "on", "over", "the", "to", "with", "without", "your"];
    fillers.iter().any(|filler| filler.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keywords(texts: &[&str]) -> Vec<Keyword> {
        texts.iter().map(|text| Keyword::new(text).unwrap()).collect()
    }

    fn derive(given: &[&str], wanted: usize) -> Vec<String> {
        rules(&keywords(given), wanted, &[]).into_iter().map(|derived| derived.keyword.to_string()).collect()
    }

    #[test]
    fn a_topic_is_widened_by_what_people_search_for() {
        let expected = ["fitness tips", "fitness for beginners", "fitness routine", "fitness coach", "fitness motivation", "home fitness"];
        assert_eq!(derive(&["fitness"], 6), expected);
    }

    #[test]
    fn the_closest_forms_come_first() {
        assert_eq!(derive(&["hot yoga class"], 3), ["hotyogaclass", "hot yoga class tips", "hot yoga class for beginners"]);
        assert_eq!(derive(&["vegan recipes"], 3), ["veganrecipes", "vegan recipe", "vegan recipes tips"]);
    }

    #[test]
    fn number_changes_by_the_rules_of_regular_words() {
        let many = |text| other_number(text, plural).unwrap_or_default();
        let pairs = [
            ("life story", "life stories"),
            ("coach", "coaches"),
            ("recipe", "recipes"),
            ("monkey", "monkeys"),
            ("toy", ""),
            ("recipes", ""),
        ];
        for (given, expected) in pairs.into_iter().chain([("running", ""), ("Recipe", ""), ("café", "")]) {
            assert_eq!(many(given), expected, "{given}");
        }
        let one = |text| other_number(text, singular).unwrap_or_default();
        for (given, expected) in
            [("stories", "story"), ("dresses", "dress"), ("hot-rods", "hot-rod"), ("fitness", ""), ("tennis", ""), ("recipe", "")]
        {
            assert_eq!(one(given), expected, "{given}");
        }
    }

    #[test]
    fn a_hashtag_is_widened_without_its_sign() {
        assert_eq!(derive(&["#skincare"], 3), ["skincare", "skincare tips", "skincare for beginners"]);
        assert_eq!(derive(&["##"], 1), ["## tips"]);
    }

    #[test]
    fn parts_of_a_phrase_are_searched_too() {
        let all = derive(&["vegan street food"], 40);
        for part in ["street food", "vegan street", "food", "street", "vegan"] {
            assert!(all.iter().any(|text| text == part), "{part}");
        }
    }

    #[test]
    fn words_that_say_nothing_alone_are_no_parts() {
        let all = derive(&["yoga for beginners"], 200);
        assert!(all.iter().any(|text| text == "yoga"));
        assert!(!all.iter().any(|text| text == "beginners" || text == "for"));
    }

    #[test]
    fn a_keyword_gets_no_word_twice() {
        let all = derive(&["Fitness Tips"], 200);
        assert!(!all.iter().any(|text| text.to_lowercase().ends_with("tips tips")), "{all:?}");
        assert!(!derive(&["home workouts"], 200).iter().any(|text| text == "home workouts at home"));
    }

    #[test]
    fn given_keywords_share_fairly() {
        let derived = rules(&keywords(&["yoga", "pilates", "barre"]), 10, &[]);
        let count = |from: &str| derived.iter().filter(|one| one.from.as_str() == from).count();
        assert_eq!((derived.len(), count("yoga"), count("pilates"), count("barre")), (10, 4, 3, 3));
    }

    #[test]
    fn one_that_has_nothing_left_leaves_its_turns_to_the_others() {
        let long = "x".repeat(100);
        let derived = rules(&keywords(&[&long, "yoga"]), 50, &[]);
        assert_eq!(derived.iter().filter(|one| one.from.as_str() == "yoga").count(), 50);
    }

    #[test]
    fn nothing_given_or_tried_comes_again_whatever_its_case() {
        let tried = keywords(&["FITNESS ROUTINE"]);
        let derived = rules(&keywords(&["fitness", "Fitness Tips"]), 200, &tried);
        let mut keys = HashSet::from(["fitness".to_owned(), "fitness tips".to_owned(), "fitness routine".to_owned()]);
        assert!(derived.iter().all(|one| keys.insert(one.keyword.key())));
    }

    #[test]
    fn asked_again_it_goes_on_where_it_stopped() {
        let given = keywords(&["yoga"]);
        let all: Vec<Keyword> = rules(&given, 100, &[]).into_iter().map(|one| one.keyword).collect();
        let later: Vec<Keyword> = rules(&given, 60, &all[..40]).into_iter().map(|one| one.keyword).collect();
        assert_eq!(later, all[40..]);
    }

    #[test]
    fn every_script_gives_at_least_a_hundred() {
        for keyword in
            ["fitness", "ab", "home workout tips for busy women", "ヨガ", "瑜伽", "йога для начинающих", "يوغا", "योग", "👩\u{200d}🍳"]
        {
            let all = derive(&[keyword], 1_000);
            assert!(all.len() >= 100, "{keyword} gives {}", all.len());
        }
    }

    #[test]
    fn other_scripts_begin_with_words_that_are_used_everywhere() {
        assert_eq!(derive(&["朝 ヨガ"], 3), ["朝ヨガ", "朝 ヨガ vlog", "朝 ヨガ tutorial"]);
        assert_eq!(derive(&["кофейня"], 1), ["кофейня vlog"]);
    }

    #[test]
    fn long_keywords_are_never_cut_off() {
        let exact = "a".repeat(95);
        let all = derive(&[&exact], 1_000);
        assert!(all.contains(&format!("{exact} tips")), "100 characters fit");
        assert!(!all.is_empty() && all.iter().all(|text| text.chars().count() <= 100 && text.contains(&exact)));
        assert_eq!(derive(&[&"a".repeat(100)], 10), Vec::<String>::new());
    }

    #[test]
    fn no_more_than_wanted_come() {
        assert_eq!(derive(&["yoga", "pilates"], 0), Vec::<String>::new());
        assert_eq!(derive(&["yoga", "pilates"], 1).len(), 1);
        assert_eq!(derive(&[], 10), Vec::<String>::new());
    }

    #[test]
    fn the_same_question_has_the_same_answer() {
        assert_eq!(derive(&["yoga", "vegan food"], 150), derive(&["yoga", "vegan food"], 150));
    }
}
