//! HTML to plain text.

use std::borrow::Cow;

/// The plain text of HTML: tags dropped, line breaks and paragraphs kept as lines, character references resolved,
/// white space tidied. It never fails; what is no HTML comes out as it went in.
pub fn to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(place) = rest.find('<') {
        let (before, from_tag) = rest.split_at(place);
        text.push_str(&unescape(before));
        rest = match tag(from_tag) {
            Some((name, after)) => {
                text.push_str(line_break(&name));
                skip_content(&name, after)
            }
            // A sign that opens no tag is text.
            None => {
                text.push('<');
                &from_tag[1..]
            }
        };
    }
    text.push_str(&unescape(rest));
    tidy(&text)
}

/// Resolves character references such as `&amp;`, `&#39;` and `&#x27;`; unknown ones stay as they are.
pub fn unescape(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(place) = rest.find('&') {
        plain.push_str(&rest[..place]);
        rest = &rest[place..];
        let (letter, length) = reference(rest).unwrap_or(('&', 1));
        plain.push(letter);
        rest = &rest[length..];
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// The lower-cased name of the tag that begins here, with its `/`, and what follows the tag. A tag that never ends
/// takes all the rest with it: the text was cut there.
fn tag(text: &str) -> Option<(String, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return Some((String::new(), comment.find("-->").map_or("", |end| &comment[end + 3..])));
    }
    let inside = text.strip_prefix('<')?;
    inside.strip_prefix('/').unwrap_or(inside).strip_prefix(|first: char| first.is_ascii_alphabetic() || first == '!')?;
    let (inside, after) = inside.split_once('>').unwrap_or((inside, ""));
    let end = inside
        .char_indices()
        .find(|&(place, letter)| letter.is_whitespace() || (letter == '/' && place > 0))
        .map_or(inside.len(), |(place, _)| place);
    Some((inside[..end].to_ascii_lowercase(), after))
}

fn line_break(name: &str) -> &'static str {
    match name.trim_start_matches('/') {
        "br" => "\n",
        "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "ul" | "ol" => "\n\n",
        "div" | "li" | "tr" | "title" | "pre" | "body" => "\n",
        _ => "",
    }
}

/// Scripts and styles are no text; what follows them is found by their closing tag.
fn skip_content<'a>(name: &str, after: &'a str) -> &'a str {
    if !matches!(name, "script" | "style") {
        return after;
    }
    let closing = format!("</{name}");
    let bytes = after.as_bytes();
    let place = bytes.windows(closing.len()).position(|window| window.eq_ignore_ascii_case(closing.as_bytes()));
    place.map_or("", |place| &after[place..])
}

/// The letter that a character reference at the beginning stands for, and the reference's length.
fn reference(text: &str) -> Option<(char, usize)> {
    // The longest one that is known here is `&hellip;`; a number has at most seven digits.
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let name = text.get(1..end)?;
    let letter = match name.strip_prefix('#') {
        Some(number) => numbered(number)?,
        None => named(name)?,
    };
    Some((letter, end + 1))
}

fn numbered(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|&letter| letter != '\0')
}

fn named(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "bull" => '•',
        "middot" => '·',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "euro" => '€',
        "eacute" => 'é',
        _ => return None,
    })
}

/// One space between words, no white space at the ends of lines, at most one blank line in a row.
fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut blank_lines = 0;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if words.is_empty() {
            blank_lines += 1;
            continue;
        }
        if !tidied.is_empty() {
            tidied.push_str(if blank_lines > 0 { "\n\n" } else { "\n" });
        }
        tidied.push_str(&words.join(" "));
        blank_lines = 0;
    }
    tidied
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        assert_eq!(to_text(html), expected, "{html}");
    }

    #[test]
    fn tags_are_dropped_and_their_text_is_kept() {
        check(r#"<a href="https://x.test"><span class="invisible">https://</span>x.test</a>"#, "https://x.test");
        check("plain", "plain");
        check("", "");
    }

    #[test]
    fn line_breaks_and_paragraphs_become_lines() {
        check("a<br>b<br/>c<BR />d", "a\nb\nc\nd");
        check("<p>one</p><p>two</p>", "one\n\ntwo");
        check("<ul><li>a</li><li>b</li></ul>", "a\n\nb");
    }

    #[test]
    fn character_references_are_resolved_once() {
        check("Tom &amp; Ana&#39;s &#x1F600; &quot;x&quot;&nbsp;&hellip;", "Tom & Ana's 😀 \"x\" …");
        check("&amp;lt;b&amp;gt;", "&lt;b&gt;");
        check("&lt;b&gt;", "<b>");
    }

    #[test]
    fn unknown_references_stay_as_they_are() {
        for text in ["AT&T", "&unknown;", "&;", "&#0;", "&#x110000;", "&#xD800;", "&#99999999999;", "a & b", "&é;"] {
            assert_eq!(unescape(text), text);
        }
    }

    #[test]
    fn scripts_styles_and_comments_are_no_text() {
        check("a<script>alert('<b>')</SCRIPT>b<style>p{}</style>c<!-- d > e -->f", "abcf");
        check("a<script>never closed", "a");
        check("a<!-- never closed", "a");
    }

    #[test]
    fn a_sign_that_opens_no_tag_is_text() {
        check("1 < 2 <3 <> a<", "1 < 2 <3 <> a<");
    }

    #[test]
    fn a_tag_that_was_cut_is_dropped() {
        check("text <a href=\"https://x", "text");
    }

    #[test]
    fn white_space_is_tidied() {
        check("<p>  a \t b  </p>\n\n\n<p>c</p>", "a b\n\nc");
    }
}
