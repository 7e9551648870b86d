//! No platform's name outside of its adapter: looking up the adapter is the only branch on a platform.

use super::Finding;
use super::texts::Text;

/// Endings of files that make up the product.
const PRODUCT: [&str; 6] = ["rs", "ts", "js", "svelte", "toml", "wit"];

/// Where a platform may be named, each with the reason.
const ALLOWED: [(&str, &str); 5] = [
    ("adapters/", "a platform's own folder"),
    ("host/upstream/", "the fake platforms"),
    ("host/src/search/wish.rs", "examples in the help of `scout search`, which people copy"),
    ("wit/", "examples in the contract's documentation"),
    // `tests` as a folder holds nothing that ships.
    ("/tests/", "tests that name one platform"),
];

/// Finds each line of the product that names one of these platforms as a word of its own.
pub(super) fn check(texts: &[Text], names: &[String]) -> Vec<Finding> {
    let product = texts.iter().filter(|text| PRODUCT.contains(&text.ending()) && !is_allowed(&text.path));
    product.flat_map(|text| of_text(text, names)).collect()
}

fn is_allowed(path: &str) -> bool {
    path.ends_with("/tests.rs")
        || ALLOWED.iter().any(|(place, _)| if place.starts_with('/') { path.contains(place) } else { path.starts_with(place) })
}

fn of_text(text: &Text, names: &[String]) -> Vec<Finding> {
    shipped(text)
        .filter_map(|(number, line)| {
            let name = names.iter().find(|name| names_it(line, name))?;
            Some(Finding {
                place: format!("{}:{number}", text.path),
                what: format!("the platform {name} is named outside of its adapter"),
                hint: "take the name from the adapter's manifest, or move what is special about it into the adapter",
            })
        })
        .collect()
}

/// A source's lines before its tests, which stand last in a Rust file, and without its documentation.
fn shipped(text: &Text) -> impl Iterator<Item = (usize, &str)> {
    let is_rust = text.ending() == "rs";
    let lines = text.lines().take_while(move |(_, line)| !(is_rust && line.trim_start().starts_with("#[cfg(test)]")));
    lines.filter(|(_, line)| !is_documentation(line.trim_start()))
}

/// Documentation may give a platform as an example; other comments speak of the code beside them.
fn is_documentation(line: &str) -> bool {
    line.starts_with("///") || line.starts_with("//!")
}

fn names_it(line: &str, name: &str) -> bool {
    let line = line.to_lowercase();
    line.match_indices(name).any(|(start, found)| {
        let before = line[..start].chars().next_back();
        let after = line[start + found.len()..].chars().next();
        !before.is_some_and(is_of_word) && !after.is_some_and(is_of_word)
    })
}

fn is_of_word(character: char) -> bool {
    character.is_alphanumeric()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, content: &str) -> Vec<String> {
        let text = Text { path: path.to_owned(), content: content.to_owned() };
        check(&[text], &["example".to_owned()]).into_iter().map(|finding| finding.place).collect()
    }

    #[test]
    fn a_name_in_the_product_is_found_with_its_line() {
        assert_eq!(found("pipeline/src/job.rs", "let a = 1;\nif platform == \"Example\" {}"), ["pipeline/src/job.rs:2"]);
    }

    #[test]
    fn a_name_inside_an_identifier_is_found() {
        assert_eq!(found("edge/src/lib.rs", "fn read_example_page() {}").len(), 1);
    }

    #[test]
    fn a_longer_word_is_another_word() {
        assert!(found("pipeline/src/job.rs", "// for examples see below").is_empty());
    }

    #[test]
    fn adapters_fake_platforms_and_tests_may_name_it() {
        for path in ["adapters/example/src/lib.rs", "host/upstream/src/example.rs", "edge/tests/search.rs", "wit/adapter.wit"] {
            assert!(found(path, "example").is_empty(), "{path}");
        }
    }

    #[test]
    fn tests_at_the_end_of_a_source_may_name_it() {
        assert!(found("pipeline/src/job.rs", "fn x() {}\n#[cfg(test)]\nmod tests { /* example */ }").is_empty());
    }

    #[test]
    fn documentation_may_give_it_as_an_example_and_other_comments_may_not() {
        assert!(found("pipeline/src/job.rs", "/// Such as `example`.").is_empty());
        assert_eq!(found("pipeline/src/job.rs", "// Only for example.").len(), 1);
    }

    #[test]
    fn prose_may_name_it() {
        assert!(found("README.md", "example").is_empty());
    }
}
