//! Sources: not too long, nothing left undone, and nothing that belongs to one machine.

use super::Finding;
use super::texts::Text;

/// The longest file, in lines. Longer ones hold more than one thing.
const LINES_MAX: usize = 700;

/// Endings of sources whose length is looked at.
const SOURCES: [&str; 6] = ["rs", "ts", "js", "mjs", "svelte", "css"];

/// What may stand in no file, and what to do instead. Written in two parts, so that this file may hold it.
const FORBIDDEN: [(&str, &str, &str); 8] = [
    ("todo", "!(", "finish it, or return an error that says what is missing"),
    ("unimplemented", "!(", "finish it, or return an error that says what is missing"),
    ("/ro", "ot/", "a path of one machine means nothing on another"),
    ("/wo", "rk/", "a path of one machine means nothing on another"),
    ("/ho", "me/", "a path of one machine means nothing on another"),
    ("registry.npm", "js.org", "the package manager knows its registry"),
    ("arti", "factory", "the package manager knows its registry"),
    ("index.crates", ".io", "the package manager knows its registry"),
];

/// Checks every text.
pub(super) fn check(texts: &[Text]) -> Vec<Finding> {
    texts.iter().flat_map(|text| too_long(text).into_iter().chain(forbidden(text))).collect()
}

fn too_long(text: &Text) -> Option<Finding> {
    let lines = text.content.lines().count();
    (SOURCES.contains(&text.ending()) && lines > LINES_MAX).then(|| Finding {
        place: text.path.clone(),
        what: format!("it has {lines} lines, more than {LINES_MAX}"),
        hint: "part it where it changes its subject",
    })
}

fn forbidden(text: &Text) -> Vec<Finding> {
    let lines = text.lines().flat_map(|(number, line)| FORBIDDEN.iter().map(move |forbidden| (number, line, forbidden)));
    lines
        .filter_map(|(number, line, (start, end, hint))| {
            let word = format!("{start}{end}");
            line.contains(&word).then(|| Finding { place: format!("{}:{number}", text.path), what: format!("`{word}` stands here"), hint })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(content: String) -> Text {
        Text { path: "pipeline/src/job.rs".to_owned(), content }
    }

    #[test]
    fn a_file_of_exactly_the_longest_length_is_fine() {
        assert_eq!(check(&[text("x\n".repeat(LINES_MAX))]), []);
    }

    #[test]
    fn a_file_one_line_longer_is_a_finding() {
        assert_eq!(check(&[text("x\n".repeat(LINES_MAX + 1))]).len(), 1);
    }

    #[test]
    fn each_forbidden_word_is_found_with_its_line() {
        for (start, end, _) in FORBIDDEN {
            let findings = check(&[text(format!("fine\n{start}{end}"))]);
            assert_eq!(findings.first().map(|finding| finding.place.as_str()), Some("pipeline/src/job.rs:2"), "{start}{end}");
        }
    }
}
