//! What people write on their profiles: HTML in bios and fields, and custom emoji everywhere.

use scout_sdk::{links as web, markup};

/// What instances write beside custom emoji, so that words next to them don't run into them.
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// The custom emoji that an account uses, which stand as `:name:` where a picture is meant. Words between colons
/// that are no emoji of the account are text.
pub(crate) struct Shortcodes<'a>(Vec<&'a str>);

impl Shortcodes<'_> {
    /// No emoji: whatever stands between colons is text.
    pub(crate) fn none() -> Self {
        Self(Vec::new())
    }

    /// The text without the emoji.
    fn strip(&self, text: &str) -> String {
        let mut plain = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once(':') {
            plain.push_str(before);
            rest = match after.split_once(':') {
                Some((name, beyond)) if self.0.binary_search(&name).is_ok() => {
                    plain.truncate(plain.trim_end_matches(ZERO_WIDTH_SPACE).len());
                    beyond.trim_start_matches(ZERO_WIDTH_SPACE)
                }
                _ => {
                    plain.push(':');
                    after
                }
            };
        }
        plain + rest
    }
}

impl<'a> FromIterator<&'a str> for Shortcodes<'a> {
    fn from_iter<I: IntoIterator<Item = &'a str>>(names: I) -> Self {
        let mut names: Vec<&str> = names.into_iter().collect();
        names.sort_unstable();
        Self(names)
    }
}

/// The plain text of HTML without custom emoji. Links stand in it as they are shown, which is whole.
pub(crate) fn text(html: &str, shortcodes: &Shortcodes<'_>) -> String {
    markup::to_text(&shortcodes.strip(html))
}

/// A name, which is no HTML, without custom emoji.
pub(crate) fn name(name: &str, shortcodes: &Shortcodes<'_>) -> String {
    let plain = shortcodes.strip(name);
    let words: Vec<&str> = plain.split_whitespace().collect();
    words.join(" ")
}

/// Whether a word may begin between these letters: where none stands before, or where one of both is of a script that
/// does not part its words.
pub(crate) fn begins_word(before: Option<char>, first: Option<char>) -> bool {
    before.is_none_or(|before| !before.is_alphanumeric() || is_unparted(before)) || first.is_some_and(is_unparted)
}

/// Whether a letter is of a script that writes words one after another without a space: Thai, Lao, Tibetan, Burmese,
/// Khmer, Chinese or Japanese.
fn is_unparted(letter: char) -> bool {
    matches!(letter,
        '\u{e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{312f}' | '\u{31a0}'..='\u{31ff}'
        | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{3ffff}')
}

/// Where the links of HTML lead, but for those to other people and to hashtags, which are not the writer's own.
pub(crate) fn links(html: &str) -> impl Iterator<Item = String> {
    html.split('<').skip(1).filter_map(|tag| {
        let attributes = tag.strip_prefix(['a', 'A'])?.split_once('>')?.0;
        // Without white space it is another tag whose name begins alike.
        attributes.starts_with(|first: char| first.is_ascii_whitespace()).then_some(())?;
        let names_other = |list: &str| list.split_whitespace().any(|word| matches!(word, "mention" | "hashtag" | "tag"));
        let is_other = ["class", "rel"].iter().filter_map(|name| attribute(attributes, name)).any(names_other);
        attribute(attributes, "href").filter(|_| !is_other).and_then(|link| web::absolute(&markup::unescape(link)))
    })
}

/// The quoted value of an attribute, which instances always write after white space.
fn attribute<'h>(attributes: &'h str, name: &str) -> Option<&'h str> {
    attributes.match_indices(name).find_map(|(place, _)| {
        attributes[..place].ends_with(|before: char| before.is_ascii_whitespace()).then_some(())?;
        let value = attributes[place + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|&quote| matches!(quote, '"' | '\''))?;
        value[1..].split_once(quote).map(|(value, _)| value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shortcodes() -> Shortcodes<'static> {
        ["leaf", "ana_wave"].into_iter().collect()
    }

    #[test]
    fn custom_emoji_are_left_out_and_other_words_between_colons_stay() {
        assert_eq!(name(":leaf: Ana :ana_wave:\u{200b} Example", &shortcodes()), "Ana Example");
        assert_eq!(name("Ana\u{200b}:leaf:", &shortcodes()), "Ana");
        assert_eq!(name(":she: at 10:30:15", &shortcodes()), ":she: at 10:30:15");
        assert_eq!(name(":leaf::leaf:", &shortcodes()), "");
        assert_eq!(text("<p>:leaf:\u{200b} Yoga<br>daily</p>", &shortcodes()), "Yoga\ndaily");
    }

    #[test]
    fn a_colon_that_opens_nothing_is_text() {
        for plain in [":", "::", "a:", ":a", "leaf:", ":leaf", ":::leaf"] {
            assert_eq!(name(plain, &shortcodes()), plain);
        }
    }

    #[test]
    fn a_link_that_is_shown_in_parts_is_text_as_a_whole() {
        let html = r#"<a href="https://ana.test/long"><span class="invisible">https://</span><span class="ellipsis">ana.test/lo</span><span class="invisible">ng</span></a>"#;
        assert_eq!(text(html, &Shortcodes::none()), "https://ana.test/long");
        assert_eq!(links(html).collect::<Vec<_>>(), ["https://ana.test/long"]);
    }

    #[test]
    fn links_to_other_people_and_hashtags_are_not_the_writer_s() {
        let others = [
            r#"<a href="https://a.test/@bo" class="u-url mention">@bo</a>"#,
            r#"<a class="mention hashtag" href="https://a.test/tags/yoga">#yoga</a>"#,
            r#"<a href='https://a.test/tag/yoga' rel='tag'>#yoga</a>"#,
        ];
        assert_eq!(others.iter().flat_map(|html| links(html)).count(), 0);
    }

    #[test]
    fn what_is_no_anchor_or_leads_nowhere_is_no_link() {
        for html in [
            "<abbr href=\"https://a.test\">",
            "<a>",
            "<a href=>",
            "<a href=\"x",
            "<a href=\"javascript:alert(1)\">",
            "<a data-href=\"https://a.test\">",
            "a href=\"https://a.test\">",
        ] {
            assert_eq!(links(html).next(), None, "{html}");
        }
    }

    #[test]
    fn a_link_s_references_are_resolved() {
        assert_eq!(links(r#"<A rel="me" HREF="" href = "https://a.test/?x=1&amp;y=2">"#).collect::<Vec<_>>(), ["https://a.test/?x=1&y=2"]);
        assert_eq!(links(r#"<a href="mailto:ana@a.test">"#).collect::<Vec<_>>(), ["mailto:ana@a.test"]);
    }
}
