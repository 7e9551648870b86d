//! What inputs choose from: settings of the manifest, and cursors and creators that the fixtures gave.

use scout_sdk::testing::Draw;
use scout_sdk::{CreatorRef, Query};

/// Keywords as people type them.
const KEYWORDS: [&str; 6] =
    ["yoga", "vegan baking", "#caf\u{e9}", "\u{65e5}\u{672c}\u{8a9e}", "\"a\" & b=c/d?e#f%20", "\u{202e}\u{1f469}\u{200d}\u{1f373}"];

/// Cursors that no adapter gave.
const CURSORS: [&str; 9] = ["", "0", "1", "-1", "99999999999999999999", "{\"a\":", "1,2,3", "a|b:c", "\u{202e}\u{e9}"];

/// Headers that adapters look at, and values that they may hold.
const HEADERS: [(&str, &str); 14] = [
    ("retry-after", "7"),
    ("retry-after", "-7"),
    ("retry-after", "99999999999999999999"),
    ("retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"),
    ("ratelimit-reset", "1790000000"),
    ("ratelimit-remaining", "0"),
    ("x-ratelimit-reset", "1790000000"),
    ("x-ratelimit-reset", "2026-10-21T07:28:00.000Z"),
    ("x-ratelimit-remaining", "0"),
    ("date", "Wed, 21 Oct 2026 07:28:00 GMT"),
    ("content-type", "text/html; charset=utf-8"),
    ("link", "<https://a.test/api?max_id=7&offset=40>; rel=\"next\", <https://a.test/api?min_id=9>; rel=\"prev\""),
    ("www-authenticate", "OAuth realm=\"a\""),
    ("location", "https://a.test/login"),
];

/// Creators in one question.
const CREATORS_MAX: usize = 50;

/// What inputs choose from.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    /// Each setting with its default first and then what else it might be.
    settings: Vec<(String, Vec<String>)>,
    cursors: Vec<String>,
    creators: Vec<CreatorRef>,
}

impl Vocabulary {
    /// What there is to choose from: settings as name, default and documentation, whose words are values to try; cursors
    /// and creators as far as they are known.
    #[must_use]
    pub fn new(settings: &[(String, String, String)], cursors: Vec<String>, creators: Vec<CreatorRef>) -> Self {
        let settings = settings.iter().map(|(name, default, doc)| (name.clone(), values(default, doc))).collect();
        let known = CURSORS.into_iter().map(str::to_owned).chain(cursors);
        Self { settings, cursors: known.collect(), creators }
    }

    /// The query of a keyword with settings: 0 for those that are there by default, the next numbers for one that is
    /// changed, and the numbers behind these for several at once.
    #[must_use]
    pub fn query(&self, keyword: u8, settings: u8, text: &str) -> Query {
        let mut chosen: Vec<(String, String)> = self.settings.iter().map(|(name, values)| (name.clone(), values[0].clone())).collect();
        let others = self.settings.iter().enumerate().flat_map(|(place, (_, values))| values[1..].iter().map(move |value| (place, value)));
        let mut others = others.skip(usize::from(settings).wrapping_sub(1));
        match (settings, others.next()) {
            (0, _) => {}
            (_, Some((place, value))) => chosen[place].1.clone_from(value),
            (_, None) => self.draw(settings, text, &mut chosen),
        }
        let keyword = KEYWORDS[usize::from(keyword) % KEYWORDS.len()].to_owned();
        Query { keyword, settings: chosen, extra: Vec::new() }
    }

    fn draw(&self, seed: u8, text: &str, chosen: &mut [(String, String)]) {
        let mut draw = Draw::of(u64::from(seed));
        for ((_, chosen), (_, values)) in chosen.iter_mut().zip(&self.settings) {
            let place = draw.below(values.len() + 1);
            *chosen = values.get(place).cloned().unwrap_or_else(|| text.to_owned());
        }
    }

    /// No cursor for 0, one of those that are known for the next numbers, and the text for those behind.
    #[must_use]
    pub fn cursor(&self, choice: u8, text: &str) -> Option<String> {
        let place = usize::from(choice).checked_sub(1)?;
        Some(self.cursors.get(place).cloned().unwrap_or_else(|| text.to_owned()))
    }

    /// The creators that are known for 0, one alone for the next numbers, and for those behind some of them with one
    /// whose name is the text.
    #[must_use]
    pub fn creators(&self, choice: u8, text: &str) -> Vec<CreatorRef> {
        let Some(place) = usize::from(choice).checked_sub(1) else {
            return self.creators.iter().take(CREATORS_MAX).cloned().collect();
        };
        if let Some(creator) = self.creators.get(place) {
            return vec![creator.clone()];
        }
        let mut draw = Draw::of(u64::from(choice));
        let mut creators: Vec<_> = self.creators.iter().take(CREATORS_MAX).filter(|_| draw.below(3) == 0).cloned().collect();
        let name = if text.is_empty() { "nobody" } else { text }.to_owned();
        creators.insert(0, CreatorRef { identity: name.clone(), username: name, ids: Vec::new() });
        creators
    }

    /// No headers for 0, one of those that are known for the next numbers, and for those behind several, of which one
    /// holds the text.
    #[must_use]
    pub fn headers(&self, choice: u8, text: &str) -> Vec<(String, String)> {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let Some(place) = usize::from(choice).checked_sub(1) else { return Vec::new() };
        if let Some(header) = HEADERS.get(place) {
            return vec![owned(*header)];
        }
        let mut draw = Draw::of(u64::from(choice));
        let mut headers = vec![owned((HEADERS[draw.below(HEADERS.len())].0, text))];
        headers.extend(HEADERS.into_iter().filter(|_| draw.below(3) == 0).map(owned));
        headers
    }

    /// How many choices of settings change one of them.
    #[must_use]
    pub fn settings(&self) -> usize {
        self.settings.iter().map(|(_, values)| values.len() - 1).sum()
    }
}

/// What a setting might be: its default first, the words of its documentation, and what is always worth a try.
fn values(default: &str, doc: &str) -> Vec<String> {
    let words = doc.split(|character: char| !character.is_alphanumeric() && !matches!(character, '-' | '_')).filter(|word| word.len() > 2);
    let mut values = vec![default.to_owned()];
    for value in words.chain(["true", "false", "", "DE", "de,us", "7"]) {
        if !values.iter().any(|known| known == value) {
            values.push(value.to_owned());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vocabulary() -> Vocabulary {
        let creator = |name: &str| CreatorRef { identity: name.into(), username: name.into(), ids: Vec::new() };
        let settings = [("shelf".into(), "scrolls".into(), "What: scrolls, tablets or old-scrolls.".into())];
        Vocabulary::new(&settings, vec!["page-2".into()], vec![creator("ana"), creator("bo")])
    }

    fn setting(choice: u8) -> String {
        vocabulary().query(0, choice, "free").settings.swap_remove(0).1
    }

    #[test]
    fn settings_are_the_default_then_each_word_of_the_documentation() {
        assert_eq!([0, 1, 2, 3].map(setting), ["scrolls", "What", "tablets", "old-scrolls"]);
        assert_eq!(vocabulary().settings(), 9);
    }

    #[test]
    fn settings_behind_the_last_word_are_drawn_and_sometimes_free() {
        let drawn: Vec<_> = (10..=u8::MAX).map(setting).collect();
        assert!(drawn.iter().any(|value| value == "free") && drawn.iter().any(|value| value == "tablets"));
    }

    #[test]
    fn every_cursor_that_is_known_can_be_chosen_and_so_can_none_and_a_text() {
        let vocabulary = vocabulary();
        let chosen = |choice: usize| vocabulary.cursor(choice as u8, "free");
        assert_eq!(chosen(0), None);
        assert_eq!(chosen(CURSORS.len() + 1).as_deref(), Some("page-2"));
        assert_eq!(chosen(CURSORS.len() + 2).as_deref(), Some("free"));
    }

    #[test]
    fn creators_are_all_then_each_alone_then_some_with_a_stranger() {
        let names = |choice| vocabulary().creators(choice, "free").into_iter().map(|creator| creator.username).collect::<Vec<_>>();
        assert_eq!(names(0), ["ana", "bo"]);
        assert_eq!(names(2), ["bo"]);
        assert_eq!(names(3)[0], "free");
    }

    #[test]
    fn equal_choices_are_equal() {
        let all = |choice| (vocabulary().query(1, choice, "x"), vocabulary().headers(choice, "y"), vocabulary().creators(choice, "z"));
        assert!((0..=u8::MAX).all(|choice| all(choice) == all(choice)));
    }
}
