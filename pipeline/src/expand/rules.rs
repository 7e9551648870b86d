//! Derives keywords by rules: no network, and the same keywords every time.

use std::collections::HashSet;

use super::{
    Derived,
    language::{Language, is_filler},
    medium::Medium,
    modifiers::{ENGLISH, EVERYWHERE, Modifier},
};
use crate::{keyword::Keyword, limits::KEYWORD_CHARS_MAX};

/// Up to `wanted` keywords derived from those given, none of them given or tried before, whatever its case.
///
/// They fit what the platform shows, and are in the language of the keyword as far as its script tells it. The
/// given keywords take turns, so that each gets its share; one that has nothing left leaves its turns to the others. A keyword in Latin script of ordinary length has at least 100 derived ones, and so has one in
/// another script. Fewer come of keywords that leave no room for a further word within
/// [`KEYWORD_CHARS_MAX`] characters; what would be longer is left out, never cut off.
///
/// Asked again with what it gave before as `tried`, it goes on where it stopped.
#[must_use]
pub fn rules(medium: Medium, given: &[Keyword], wanted: usize, tried: &[Keyword]) -> Vec<Derived> {
    let mut seen: HashSet<String> = given.iter().chain(tried).map(Keyword::key).collect();
    let mut sources: Vec<_> = given.iter().map(|from| (from, candidates(from.as_str(), medium))).collect();
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
fn candidates(keyword: &str, medium: Medium) -> impl Iterator<Item = String> {
    let mut texts = Vec::new();
    texts.extend(joined(keyword));
    let keyword = Some(keyword.trim_start_matches('#')).filter(|topic| !topic.is_empty()).unwrap_or(keyword);
    texts.extend(other_number(keyword, singular));
    let language = Language::of(keyword);
    let mut widened = vocabulary(language, medium).filter_map(|modifier| widen(keyword, modifier));
    // Parts of a phrase are wider than the phrase, so a dozen closer keywords come before them.
    texts.extend(widened.by_ref().take(12));
    texts.extend(parts(keyword, language));
    // Few topics are searched for in the plural that were not given in it.
    texts.extend(other_number(keyword, plural));
    texts.extend(widened);
    texts.into_iter().filter(|text| text.chars().count() <= KEYWORD_CHARS_MAX)
}

/// The words to put around a keyword: those of its own language, those that fit what the platform shows, those of
/// everywhere and English ones.
fn vocabulary(language: Language, medium: Medium) -> impl Iterator<Item = Modifier> {
    let (first, later) = if language == Language::Latin { (&ENGLISH[..], &EVERYWHERE[..]) } else { (&EVERYWHERE[..], &ENGLISH[..]) };
    let all = language.words().iter().chain(medium.words()).chain(first).chain(later);
    all.copied().filter(move |modifier| !medium.is_pointless(modifier.words()))
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
    let own = keyword.to_lowercase();
    // Without spaces there are no words to compare.
    let has =
        |word: &str| if matches!(modifier, Modifier::Joined(_)) { own.contains(word) } else { own.split(is_gap).any(|own| own == word) };
    let mut telling = modifier.words().split(' ').filter(|word| !is_filler(word));
    if telling.any(has) { None } else { Some(modifier.around(keyword)) }
}

/// What a phrase consists of: the phrase without its first word and without its last one, then each word.
fn parts(keyword: &str, language: Language) -> Vec<String> {
    let words: Vec<&str> = keyword.split(is_gap).filter(|word| !word.is_empty()).collect();
    let (Some((_, tail)), Some((_, head))) = (words.split_first(), words.split_last()) else { return Vec::new() };
    let mut parts = Vec::new();
    if words.len() > 2 {
        parts.extend([trimmed(tail), trimmed(head)].into_iter().filter(|part| part.contains(' ')));
    }
    if words.len() > 1 {
        let topics = words.iter().rev().filter(|word| is_topic(word, language));
        parts.extend(topics.map(|word| (*word).to_owned()));
    }
    parts
}

/// Words without those at either end that say nothing: "for beginners" is no part of "yoga for beginners".
fn trimmed(words: &[&str]) -> String {
    let telling = |word: &&str| !is_filler(word);
    let start = words.iter().position(telling).unwrap_or(words.len());
    let end = words.iter().rposition(telling).map_or(start, |last| last + 1);
    words[start..end].join(" ")
}

/// Whether a word of a phrase is a topic of its own: long enough, no number, and no word that only says something
/// about a topic.
fn is_topic(word: &str, language: Language) -> bool {
    let long_enough = word.chars().count() >= language.topic_chars_min();
    long_enough && word.chars().any(|c| !c.is_numeric() && !c.is_ascii_punctuation()) && !is_modifier(word, language)
}

/// Whether a word only says something about a topic.
fn is_modifier(word: &str, language: Language) -> bool {
    let all = ENGLISH.iter().chain(&EVERYWHERE).chain(language.words());
    is_filler(word) || all.flat_map(|modifier| modifier.words().split(' ')).any(|known| known == word.to_lowercase())
}

#[cfg(test)]
mod tests;
