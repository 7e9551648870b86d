//! Reading keywords from the answer of a language model, which rarely has exactly the form it was asked for.

use std::collections::HashSet;

use serde_json::Value;

use crate::{keyword::Keyword, limits::ANSWER_KEYWORDS_MAX};

/// The keywords of an answer, without twins, at most [`ANSWER_KEYWORDS_MAX`].
///
/// A JSON array of texts (or of objects with a `keyword`) counts wherever it stands: in a code fence, inside
/// an object, after an introduction. Without one, numbered or bulleted lines count, and without those every
/// line that is no sentence. What is no valid keyword is left out; nothing is an error.
#[must_use]
pub fn parse_answer(text: &str) -> Vec<Keyword> {
    let texts = array(text).unwrap_or_else(|| lines(text));
    let mut keys = HashSet::new();
    let keywords = texts.iter().filter_map(|text| Keyword::new(text.trim_start_matches('#')).ok());
    keywords.filter(|keyword| keys.insert(keyword.key())).take(ANSWER_KEYWORDS_MAX).collect()
}

/// How many opening brackets are tried; an answer has one, and brackets in an introduction come before it.
const BRACKETS_TRIED: usize = 16;

/// The texts of the first JSON array that has any.
fn array(text: &str) -> Option<Vec<String>> {
    text.match_indices('[').take(BRACKETS_TRIED).find_map(|(at, _)| {
        let items = serde_json::Deserializer::from_str(&text[at..]).into_iter::<Vec<Value>>().next()?.ok()?;
        let texts: Vec<String> = items.iter().filter_map(item).collect();
        (!texts.is_empty()).then_some(texts)
    })
}

/// The text of one item of an array.
fn item(value: &Value) -> Option<String> {
    value.as_str().or_else(|| value.get("keyword")?.as_str()).map(str::to_owned)
}

/// The keywords of an answer in lines.
fn lines(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("```")).collect();
    let marked: Vec<&str> = lines.iter().filter_map(|line| after_marker(line)).collect();
    if !marked.is_empty() {
        return marked.into_iter().map(bare).collect();
    }
    match lines.as_slice() {
        [only] if only.contains(',') => list(only),
        _ => lines.into_iter().filter(|line| !is_sentence(line)).map(bare).collect(),
    }
}

/// Longest phrase that is taken from between commas, in words; what is longer is a clause of a sentence.
const PHRASE_WORDS_MAX: usize = 5;

/// The phrases of a line with commas, unless it is a sentence.
fn list(line: &str) -> Vec<String> {
    let phrases: Vec<&str> = line.trim_end_matches('.').split(',').collect();
    let is_list = phrases.iter().all(|phrase| phrase.split_whitespace().count() <= PHRASE_WORDS_MAX);
    if is_list { phrases.into_iter().map(bare).collect() } else { Vec::new() }
}

/// The rest of a line after its number or bullet, if it has one.
fn after_marker(line: &str) -> Option<&str> {
    let bullet = line.strip_prefix(['-', '*', '•', '–', '·', '▪', '◦', '+']).filter(|rest| rest.starts_with(char::is_whitespace));
    bullet.or_else(|| {
        let line = line.strip_prefix('(').unwrap_or(line);
        let rest = line.trim_start_matches(|c: char| c.is_ascii_digit());
        let rest = if rest.len() < line.len() { rest.strip_prefix(['.', ')', ':'])? } else { return None };
        // "2.5 mile run" begins with a number and is no item.
        (!rest.starts_with(|c: char| c.is_ascii_digit())).then_some(rest)
    })
}

/// Whether a line without marker talks about keywords instead of being one.
fn is_sentence(line: &str) -> bool {
    line.ends_with(['.', ':', '!', '?']) || line.split_whitespace().count() > 8
}

/// A keyword without what surrounds it in a line: emphasis, quotation marks, commas and an explanation.
fn bare(line: &str) -> String {
    let line = line.trim();
    let emphasised = line.strip_prefix("**").and_then(|rest| rest.split_once("**")).map(|(inner, _)| inner);
    let quoted = line.strip_prefix('"').and_then(|rest| rest.split_once('"')).map(|(inner, _)| inner);
    let kept = emphasised
        .or(quoted)
        .unwrap_or_else(|| [" - ", " – ", " — ", ": "].iter().fold(line, |kept, gap| kept.split(gap).next().unwrap_or(kept)));
    kept.trim_matches(|c: char| c.is_whitespace() || "\"'`*,;:“”‘’«»[]".contains(c)).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        parse_answer(text).into_iter().map(String::from).collect()
    }

    const BOTH: [&str; 2] = ["hot yoga", "yoga flow"];

    #[test]
    fn a_json_array_is_read_wherever_it_stands() {
        for text in [
            r#"["hot yoga", "yoga flow"]"#,
            "```json\n[\"hot yoga\",\n \"yoga flow\"]\n```",
            r#"{"keywords": ["hot yoga", "yoga flow"], "note": "done"}"#,
            r#"Here you are [as asked]: ["hot yoga", "yoga flow"] Enjoy!"#,
            r#"[{"keyword": "hot yoga"}, {"keyword": "yoga flow"}]"#,
            r#"["hot yoga", 7, null, "yoga flow"]"#,
        ] {
            assert_eq!(read(text), BOTH, "{text}");
        }
    }

    #[test]
    fn numbered_and_bulleted_lines_are_read() {
        for text in [
            "1. hot yoga\n2. yoga flow",
            "1) hot yoga\n2) yoga flow",
            "(1) hot yoga\n(2) yoga flow",
            "- hot yoga\n- yoga flow",
            "* \"hot yoga\",\n* \"yoga flow\"",
            "• hot yoga\n• #yoga flow",
            "Sure, here are two keywords:\n\n1. **hot yoga** - warm rooms\n2. **yoga flow**: gentle\n\nTell me if you need more",
            "1. hot yoga – warm rooms\n2. yoga flow: gentle",
        ] {
            assert_eq!(read(text), BOTH, "{text}");
        }
    }

    #[test]
    fn bare_lines_are_read_and_sentences_are_not() {
        assert_eq!(read("Here are your keywords:\nhot yoga\n\nyoga flow\nI hope that this helps you to find them."), BOTH);
        assert_eq!(read("```\nhot yoga\nyoga flow\n```"), BOTH);
        assert_eq!(read("hot yoga, yoga flow."), BOTH);
    }

    #[test]
    fn numbers_that_belong_to_a_keyword_stay() {
        assert_eq!(read("1. 5 minute yoga\n2. 2.5 mile run"), ["5 minute yoga", "2.5 mile run"]);
        assert_eq!(read("2.5 mile run\nyoga flow"), ["2.5 mile run", "yoga flow"]);
    }

    #[test]
    fn twins_and_what_is_no_keyword_are_left_out() {
        assert_eq!(read(r#"["Hot Yoga", "hot  yoga", "x", "", "yoga flow"]"#), ["Hot Yoga", "yoga flow"]);
    }

    #[test]
    fn an_answer_without_keywords_gives_none() {
        assert_eq!(read(""), Vec::<String>::new());
        assert_eq!(read("[]"), Vec::<String>::new());
        assert_eq!(read("I'm sorry, but I can't help with that request today."), Vec::<String>::new());
    }

    #[test]
    fn no_more_than_200_are_taken() {
        let list = |count: usize| (0..count).map(|n| format!("- word {n}\n")).collect::<String>();
        assert_eq!(read(&list(200)).len(), 200);
        assert_eq!(read(&list(201)).len(), 200);
    }

    #[test]
    fn hostile_answers_do_no_harm() {
        assert_eq!(read(&"[".repeat(1_000_000)), Vec::<String>::new());
        assert_eq!(read(&"\"[".repeat(1_000)), Vec::<String>::new());
        assert_eq!(read(&"1.".repeat(1_000)), Vec::<String>::new());
    }
}
