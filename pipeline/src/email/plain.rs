//! Brings a text into a form in which addresses stand alone: what can't belong to one becomes a space.

use unicode_normalization::UnicodeNormalization as _;

/// The rest of a text that begins with `mailto:` in any case, without the slashes that some people add.
pub(super) fn after_mailto(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_at_checked("mailto:".len())?;
    scheme.eq_ignore_ascii_case("mailto:").then(|| rest.trim_start_matches('/'))
}

/// The text with every character that an address can't have replaced by a space.
pub(super) fn of_text(text: &str) -> String {
    let folded: Vec<char> = text.nfc().map(unfancied).collect();
    let folded = without_urls(&folded);
    let folded = with_at_and_dot(&folded);
    let mut plain = String::with_capacity(folded.len());
    // Whether an `@` came in this word: what may stand before it and after it differs.
    let mut in_domain = false;
    for (at, c) in folded.iter().copied().enumerate() {
        let next = folded.get(at + 1).copied();
        let kept = if belongs(c, next, in_domain) { c } else { ' ' };
        in_domain = kept == '@' || (in_domain && kept != ' ');
        plain.push(kept);
    }
    plain
}

/// Whether a character can be a part of an address at this place.
fn belongs(c: char, next: Option<char>, in_domain: bool) -> bool {
    match c {
        '@' | '.' | '-' => true,
        // After a domain it is markup, "_ana@mail.test_"; inside of one it spoils it, and must be seen to.
        '_' => !in_domain || next.is_some_and(char::is_alphanumeric),
        '+' | '%' | '&' | '\'' => !in_domain,
        _ => c.is_alphanumeric(),
    }
}

/// The ASCII character that a full-width or mathematical one stands for.
fn unfancied(c: char) -> char {
    let stands_for = match c {
        '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}' | '\u{fe52}' | '\u{fe6b}' => std::iter::once(c).nfkc().next().unwrap_or(c),
        '\u{2019}' => '\'',
        _ => c,
    };
    // Punctuation that is full-width belongs to the sentence around an address, such as `！` and `'`.
    let is_used = stands_for.is_ascii_alphanumeric() || "@.-_+'".contains(stands_for);
    if is_used { stands_for } else { c }
}

/// Replaces web URLs by spaces: an `@` in one belongs to a path, a handle or a login. `mailto://` is no web
/// URL, whatever its slashes say.
fn without_urls(text: &[char]) -> Vec<char> {
    let mut kept = Vec::with_capacity(text.len());
    let mut in_url = false;
    for (at, c) in text.iter().copied().enumerate() {
        let ends = c.is_whitespace() || matches!(c, '<' | '>' | '"' | '(' | ')' | '[' | ']' | '|');
        let begins = text[at..].starts_with(&[':', '/', '/']) && !ends_with_ignoring_case(&text[..at], "mailto");
        in_url = begins || (in_url && !ends);
        kept.push(if in_url { ' ' } else { c });
    }
    kept
}

/// Whether the text ends with this ASCII word.
fn ends_with_ignoring_case(text: &[char], word: &str) -> bool {
    let start = text.len().checked_sub(word.len());
    start.is_some_and(|start| text[start..].iter().zip(word.chars()).all(|(own, other)| own.eq_ignore_ascii_case(&other)))
}

/// Writes "(at)" as `@` and "(dot)" as `.`, together with the white space around them.
fn with_at_and_dot(text: &[char]) -> Vec<char> {
    let mut written = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if let Some((sign, length)) = bracketed(&text[at..]) {
            while written.last().is_some_and(|c: &char| is_blank(*c)) {
                written.pop();
            }
            written.push(sign);
            at += length;
            at += blanks(&text[at..]);
        } else {
            written.push(text[at]);
            at += 1;
        }
    }
    written
}

/// The sign that a bracketed word at the beginning of the text stands for, and how long the word is.
fn bracketed(text: &[char]) -> Option<(char, usize)> {
    let close = match text.first()? {
        '(' => ')',
        '[' => ']',
        '{' => '}',
        _ => return None,
    };
    let start = 1 + blanks(&text[1..]);
    [("at", '@'), ("dot", '.'), ("@", '@'), (".", '.')].into_iter().find_map(|(word, sign)| {
        let end = start + word.len();
        let is_word = text.len() > end && ends_with_ignoring_case(&text[..end], word);
        let after = if is_word { end + blanks(&text[end..]) } else { return None };
        (text.get(after) == Some(&close)).then_some((sign, after + 1))
    })
}

/// Most blanks that are skipped beside a bracketed word; more of them are a gap between two things.
const BLANKS_MAX: usize = 3;

/// How many blanks a text begins with, up to [`BLANKS_MAX`].
fn blanks(text: &[char]) -> usize {
    text.iter().take(BLANKS_MAX).take_while(|c| is_blank(**c)).count()
}

/// White space within a line.
fn is_blank(c: char) -> bool {
    c.is_whitespace() && !matches!(c, '\n' | '\r')
}
