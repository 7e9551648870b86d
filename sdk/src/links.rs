//! Links, each made absolute with a scheme.

/// Makes a link absolute, or gives `None` for what is no link.
///
/// `//host/x` and `host.tld/x` become HTTPS, `name@host.tld` becomes `mailto:`, links that have a scheme keep it
/// when it is `http`, `https` or `mailto`. Other schemes could run code where the link is shown and are refused.
pub fn absolute(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.contains(|letter: char| letter.is_whitespace() || letter.is_control()) {
        return None;
    }
    if let Some(rest) = text.strip_prefix("//") {
        return is_host_and_path(rest).then(|| format!("https://{rest}"));
    }
    match scheme(text) {
        // What follows the first colon counts: `https:x://host` has slashes, too, and leads nowhere.
        Some("http" | "https") => {
            text.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//")).filter(|rest| has_host(rest)).map(|_| text.to_owned())
        }
        Some("mailto") => (text.len() > "mailto:".len()).then(|| text.to_owned()),
        Some(_) => None,
        None => without_scheme(text),
    }
}

/// Makes a link to a page or a picture absolute, or gives `None` for what is none, an address included: platforms let
/// people type what they like where a page belongs.
pub fn page(text: &str) -> Option<String> {
    absolute(text).filter(|link| scheme(link) != Some("mailto"))
}

/// Makes a link to a page or a picture absolute that may be relative to a host, such as `/avatars/ana.png` of
/// `https://video.test`.
pub fn absolute_at(base: &str, text: &str) -> Option<String> {
    let text = text.trim();
    match text.strip_prefix('/') {
        Some(path) if !path.starts_with('/') => page(&format!("{}/{path}", base.trim_end_matches('/'))),
        _ => page(text),
    }
}

/// Each of the links once, in order. With a slash at its end or without, it is the same link.
pub fn once(links: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for link in links {
        if !found.iter().any(|known| known.trim_end_matches('/') == link.trim_end_matches('/')) {
            found.push(link);
        }
    }
    found
}

/// The scheme in lower case as far as it is known here; any other is `"other"`.
fn scheme(text: &str) -> Option<&'static str> {
    let (name, rest) = text.split_once(':')?;
    let is_scheme = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-'));
    if !is_scheme {
        return None;
    }
    let known = ["http", "https", "mailto"].into_iter().find(|known| name.eq_ignore_ascii_case(known));
    // `host.tld:8080` and `localhost:80/x` have a port there, no scheme; an address may begin with a digit.
    let is_port = known.is_none() && rest.starts_with(|first: char| first.is_ascii_digit());
    (!is_port).then(|| known.unwrap_or("other"))
}

fn without_scheme(text: &str) -> Option<String> {
    if let Some((name, host)) = text.split_once('@') {
        let is_address = !name.is_empty() && !name.contains('/') && is_host(host);
        // `medium.test/@ana` has its sign in the path; `@ana` alone is a handle and no link.
        if is_address {
            return Some(format!("mailto:{text}"));
        }
    }
    is_host_and_path(text).then(|| format!("https://{text}"))
}

fn has_host(rest: &str) -> bool {
    !rest.is_empty() && !rest.starts_with(['/', '?', '#'])
}

fn is_host_and_path(text: &str) -> bool {
    let end = text.find(['/', '?', '#']).unwrap_or(text.len());
    is_host(&text[..end])
}

/// Whether this is a name with a dot between labels, and perhaps a port.
fn is_host(text: &str) -> bool {
    let (name, port) = text.split_once(':').unwrap_or((text, "0"));
    let labels_are_fine = name
        .split('.')
        .all(|label| !label.is_empty() && label.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_')));
    // A last label of digits is a version or a price rather than a host.
    let last_is_a_name =
        name.rsplit('.').next().is_some_and(|label| label.chars().all(|letter| !letter.is_ascii_digit()) || label.starts_with("xn--"));
    name.contains('.') && labels_are_fine && last_is_a_name && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        assert_eq!(absolute(text).as_deref(), expected, "{text}");
    }

    #[test]
    fn links_with_a_scheme_keep_it() {
        check("https://ana.test/x?y=1#z", Some("https://ana.test/x?y=1#z"));
        check("http://ana.test", Some("http://ana.test"));
        check("HTTPS://ana.test", Some("HTTPS://ana.test"));
        check("mailto:ana@ana.test", Some("mailto:ana@ana.test"));
    }

    #[test]
    fn a_scheme_whose_slashes_come_later_is_none() {
        check("https:x://ana.test/", None);
        check("http:/ana.test://", None);
        check("https:", None);
    }

    #[test]
    fn a_host_without_a_scheme_becomes_https() {
        check("ana.test", Some("https://ana.test"));
        check("Shop.Ana.test/spring-sale", Some("https://Shop.Ana.test/spring-sale"));
        check("ana.test:8080/x", Some("https://ana.test:8080/x"));
        check("ana.test?ref=bio", Some("https://ana.test?ref=bio"));
        check("ana.test/@ana", Some("https://ana.test/@ana"));
        check("xn--bcher-kva.xn--p1ai", Some("https://xn--bcher-kva.xn--p1ai"));
        check("bücher.test", Some("https://bücher.test"));
    }

    #[test]
    fn a_link_without_a_protocol_becomes_https() {
        check("//images.test/a.png", Some("https://images.test/a.png"));
        check("///a.png", None);
    }

    #[test]
    fn an_address_becomes_mailto() {
        check("ana@ana.test", Some("mailto:ana@ana.test"));
        check("mailto:", None);
        check("9ana@ana.test", Some("mailto:9ana@ana.test"));
        check("mailto:9ana@ana.test", Some("mailto:9ana@ana.test"));
    }

    #[test]
    fn an_address_is_no_page_and_no_picture() {
        for text in ["ana@ana.test", "9ana@ana.test", "mailto:ana@ana.test", "MAILTO:9ana@ana.test"] {
            assert_eq!(page(text), None, "{text}");
            assert_eq!(absolute_at("https://video.test", text), None, "{text}");
        }
        assert_eq!(page("ana.test/a.png").as_deref(), Some("https://ana.test/a.png"));
    }

    #[test]
    fn schemes_that_could_run_code_are_refused() {
        check("javascript:alert(1)", None);
        check("JavaScript:alert(1)", None);
        check("data:text/html,x", None);
        check("at://did:plc:x/y", None);
    }

    #[test]
    fn what_is_no_link_is_none() {
        for text in [
            "",
            "  ",
            "ana",
            "@ana",
            "two words.test",
            "/avatars/a.png",
            "https://",
            "https:///x",
            "1.5",
            "a..test",
            ".test",
            "ana.test:99999",
        ] {
            check(text, None);
        }
    }

    #[test]
    fn a_link_that_comes_again_counts_once() {
        let links = ["https://ana.test", "https://bo.test/", "https://ana.test/", "https://ana.test/x"].map(str::to_owned);
        assert_eq!(once(links.into_iter()), ["https://ana.test", "https://bo.test/", "https://ana.test/x"]);
    }

    #[test]
    fn a_path_is_completed_with_its_host() {
        assert_eq!(absolute_at("https://video.test/", "/avatars/a.png").as_deref(), Some("https://video.test/avatars/a.png"));
        assert_eq!(absolute_at("https://video.test", "//cdn.test/a.png").as_deref(), Some("https://cdn.test/a.png"));
        assert_eq!(absolute_at("https://video.test", "http://cdn.test/a.png").as_deref(), Some("http://cdn.test/a.png"));
        assert_eq!(absolute_at("https://video.test", ""), None);
    }
}
