//! Whether a manifest keeps to what the contract says of it. Both runtimes ask before they install an adapter.

use url::Url;

use crate::contract::{Auth, Credential, Enrichment, Hints, Manifest, Origin, Setting};
use crate::limits::{KEYWORD_PAGES_MAX, MANIFEST_ORIGINS_MAX, MANIFEST_SETTINGS_MAX, PAGE_CREATORS_MAX, PROFILE_CREATORS_MAX};

/// Headers that frame a message; none of them can carry a credential.
const FRAMING: [&str; 6] = ["connection", "content-length", "content-type", "host", "te", "transfer-encoding"];

/// Checks every rule of the contract that a manifest can break.
///
/// # Errors
/// One sentence for each rule that is broken, all of them at once, each naming the field and what it may be.
pub fn check(manifest: &Manifest) -> Result<(), Vec<String>> {
    let mut broken = Vec::new();
    check_names(manifest, &mut broken);
    check_origins(&manifest.origins, &mut broken);
    check_enrichment(manifest.enrichment, &mut broken);
    check_hints(&manifest.hints, &mut broken);
    check_settings(&manifest.settings, &mut broken);
    if broken.is_empty() { Ok(()) } else { Err(broken) }
}

fn check_names(manifest: &Manifest, broken: &mut Vec<String>) {
    if !is_name(&manifest.platform, 2) {
        broken.push(format!("platform is {:?}; it must be 2 to 32 characters of a-z, 0-9 and -", manifest.platform));
    }
    let label = manifest.label.chars().count();
    if label == 0 || label > 40 || manifest.label.trim() != manifest.label || manifest.label.chars().any(char::is_control) {
        broken.push(format!("label is {:?}; it must be 1 to 40 characters without white space around them", manifest.label));
    }
    if !is_version(&manifest.version) {
        broken.push(format!("version is {:?}; it must be a semantic version such as 1.0.0", manifest.version));
    }
}

fn check_origins(origins: &[Origin], broken: &mut Vec<String>) {
    if origins.is_empty() || origins.len() > MANIFEST_ORIGINS_MAX {
        broken.push(format!("origins has {} entries; it must have 1 to {MANIFEST_ORIGINS_MAX}", origins.len()));
    }
    for (at, origin) in origins.iter().enumerate() {
        let place = format!("origins[{at}]");
        if !is_name(&origin.name, 1) {
            broken.push(format!("{place}.name is {:?}; it must be 1 to 32 characters of a-z, 0-9 and -", origin.name));
        }
        if origins[..at].iter().any(|earlier| earlier.name == origin.name) {
            broken.push(format!("{place}.name is {:?}, as another origin's is; each needs its own", origin.name));
        }
        if let Err(reason) = check_base_url(&origin.base_url) {
            broken.push(format!("{place}.base-url is {:?}; {reason}", origin.base_url));
        }
        check_auth(&origin.auth, &format!("{place}.auth"), broken);
    }
}

/// A declared base URL: absolute, HTTPS, and nothing but scheme, host and path.
fn check_base_url(text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).map_err(|_| "it must be an absolute URL")?;
    if url.scheme() != "https" {
        return Err("it must be https; only the operator may put an http one in its place");
    }
    if url.host_str().is_none() || !url.username().is_empty() || url.password().is_some() {
        return Err("it must have a host and no user or password");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("it must end with the path; query parameters belong to requests");
    }
    if text.ends_with('/') {
        return Err("it must not end with a slash, since every request's path begins with one");
    }
    Ok(())
}

fn check_auth(auth: &Auth, place: &str, broken: &mut Vec<String>) {
    match auth {
        Auth::None => {}
        Auth::Header(Credential { name, secret }) => {
            check_header(name, &format!("{place}.name"), broken);
            check_secret(secret, &format!("{place}.secret"), broken);
        }
        Auth::Query(Credential { name, secret }) => {
            if name.is_empty() || name.chars().any(|c| c.is_control() || c.is_whitespace()) {
                broken.push(format!("{place}.name is {name:?}; it must name a query parameter"));
            }
            check_secret(secret, &format!("{place}.secret"), broken);
        }
        Auth::Bearer(secret) => check_secret(secret, place, broken),
        Auth::ClientCredentials(exchange) => {
            check_token_url(&exchange.token_url, place, broken);
            check_secret(&exchange.id, &format!("{place}.id"), broken);
            check_secret(&exchange.secret, &format!("{place}.secret"), broken);
            if let Some(header) = &exchange.id_header {
                check_header(header, &format!("{place}.id-header"), broken);
            }
        }
        Auth::Signed(signed) => {
            if !is_name(&signed.scheme, 1) {
                broken.push(format!("{place}.scheme is {:?}; it must be 1 to 32 characters of a-z, 0-9 and -", signed.scheme));
            }
            check_secret(&signed.key, &format!("{place}.key"), broken);
            check_secret(&signed.secret, &format!("{place}.secret"), broken);
        }
    }
}

fn check_token_url(text: &str, place: &str, broken: &mut Vec<String>) {
    let fine = Url::parse(text)
        .is_ok_and(|url| url.scheme() == "https" && url.host_str().is_some() && url.username().is_empty() && url.password().is_none());
    if !fine {
        broken.push(format!("{place}.token-url is {text:?}; it must be an absolute https URL"));
    }
}

fn check_header(name: &str, place: &str, broken: &mut Vec<String>) {
    let token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    if name.is_empty() || !name.chars().all(token) {
        broken.push(format!("{place} is {name:?}; it must be a header's name"));
    } else if FRAMING.contains(&name.to_ascii_lowercase().as_str()) {
        broken.push(format!("{place} is {name:?}; that header frames the message and can't carry anything else"));
    }
}

fn check_secret(name: &str, place: &str, broken: &mut Vec<String>) {
    let capital = name.starts_with(|c: char| c.is_ascii_uppercase());
    if !capital || name.len() > 64 || !name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_') {
        broken.push(format!("{place} is {name:?}; it must be a secret's name in capitals, such as EXAMPLE_API_KEY"));
    }
}

fn check_enrichment(enrichment: Enrichment, broken: &mut Vec<String>) {
    if let Enrichment::Optional(creators) | Enrichment::Required(creators) = enrichment
        && !(1..=PROFILE_CREATORS_MAX).contains(&(creators as usize))
    {
        broken.push(format!("enrichment covers {creators} creators a call; it must be 1 to {PROFILE_CREATORS_MAX}"));
    }
}

fn check_hints(hints: &Hints, broken: &mut Vec<String>) {
    if !(1..=PAGE_CREATORS_MAX).contains(&(hints.page_size as usize)) {
        broken.push(format!("hints.page-size is {}; it must be 1 to {PAGE_CREATORS_MAX}", hints.page_size));
    }
    if hints.creators_per_keyword == 0 {
        broken.push("hints.creators-per-keyword is 0; it must be at least 1".into());
    }
    if !(1..=KEYWORD_PAGES_MAX).contains(&hints.pages_per_keyword) {
        broken.push(format!("hints.pages-per-keyword is {}; it must be 1 to {KEYWORD_PAGES_MAX}", hints.pages_per_keyword));
    }
    if hints.calls_per_minute == Some(0) {
        broken.push("hints.calls-per-minute is 0; it must be at least 1, or none where the platform does not say".into());
    }
}

fn check_settings(settings: &[Setting], broken: &mut Vec<String>) {
    if settings.len() > MANIFEST_SETTINGS_MAX {
        broken.push(format!("settings has {} entries; it must have at most {MANIFEST_SETTINGS_MAX}", settings.len()));
    }
    for (at, setting) in settings.iter().enumerate() {
        if !is_kebab(&setting.name) {
            broken.push(format!("settings[{at}].name is {:?}; it must be 1 to 32 characters in kebab-case", setting.name));
        }
        if settings[..at].iter().any(|earlier| earlier.name == setting.name) {
            broken.push(format!("settings[{at}].name is {:?}, as another setting's is; each needs its own", setting.name));
        }
        if setting.doc.trim().is_empty() {
            broken.push(format!("settings[{at}].doc is empty; it must say what the setting does"));
        }
    }
}

/// What the contract calls a name: `a-z`, `0-9` and `-`, up to 32 of them.
fn is_name(text: &str, least: usize) -> bool {
    (least..=32).contains(&text.len()) && text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// Words of small letters and digits with single hyphens between them, the first beginning with a letter.
fn is_kebab(text: &str) -> bool {
    is_name(text, 1) && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(|word| !word.is_empty())
}

/// `MAJOR.MINOR.PATCH`, with an optional pre-release and build as semantic versioning writes them.
fn is_version(text: &str) -> bool {
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    let (core, pre) = text.split_once('-').map_or((text, None), |(core, pre)| (core, Some(pre)));
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
    let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let numeric = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    core.split('.').count() == 3
        && core.split('.').all(number)
        && pre.is_none_or(|pre| pre.split('.').all(|part| word(part) && (!numeric(part) || number(part))))
        && build.is_none_or(|build| build.split('.').all(word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{ClientCredentials, Signed};

    fn origin() -> Origin {
        Origin { name: "api".into(), base_url: "https://api.example.test/v1".into(), auth: Auth::None }
    }

    fn setting(name: &str) -> Setting {
        Setting { name: name.into(), default: String::new(), doc: "Chooses the endpoint.".into() }
    }

    fn manifest() -> Manifest {
        Manifest {
            platform: "example".into(),
            label: "Example".into(),
            version: "1.0.0".into(),
            origins: vec![origin()],
            enrichment: Enrichment::Optional(25),
            hints: Hints { page_size: 25, creators_per_keyword: 20, pages_per_keyword: 3, calls_per_minute: None },
            reports_views: false,
            settings: vec![setting("endpoint")],
            extra: Vec::new(),
        }
    }

    /// What is wrong with a good manifest after a change, or nothing.
    fn wrong(change: impl FnOnce(&mut Manifest)) -> Vec<String> {
        let mut changed = manifest();
        change(&mut changed);
        check(&changed).err().unwrap_or_default()
    }

    fn fine(change: impl FnOnce(&mut Manifest)) {
        assert_eq!(wrong(change), Vec::<String>::new());
    }

    /// The change breaks exactly one rule, and the sentence begins with the field.
    fn one(field: &str, change: impl FnOnce(&mut Manifest)) {
        let found = wrong(change);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].starts_with(field), "{found:?}");
    }

    #[test]
    fn a_manifest_that_keeps_every_rule_passes() {
        fine(|_| ());
    }

    #[test]
    fn a_platform_is_named_in_2_to_32_small_letters_digits_and_hyphens() {
        fine(|m| m.platform = "ab".into());
        fine(|m| m.platform = "a".repeat(32));
        one("platform", |m| m.platform = "a".into());
        one("platform", |m| m.platform = "a".repeat(33));
        one("platform", |m| m.platform = "Example".into());
        one("platform", |m| m.platform = "ex ample".into());
    }

    #[test]
    fn a_label_has_1_to_40_characters() {
        fine(|m| m.label = "é".repeat(40));
        one("label", |m| m.label = "é".repeat(41));
        one("label", |m| m.label = String::new());
        one("label", |m| m.label = " Example".into());
        one("label", |m| m.label = "Exam\nple".into());
    }

    #[test]
    fn a_version_is_a_semantic_one() {
        for version in ["0.1.0", "10.20.30", "1.0.0-alpha.1", "1.0.0+build.5", "1.0.0-rc-1+x"] {
            fine(|m| m.version = version.into());
        }
        for version in ["", "1", "1.0", "01.0.0", "1.0.0.0", "1.0.x", "1.0.0-", "1.0.0-01", "1.0.0+", "v1.0.0"] {
            one("version", |m| m.version = version.into());
        }
    }

    #[test]
    fn there_are_1_to_4_origins_of_different_names() {
        let named = |n: usize| (0..n).map(|at| Origin { name: format!("o{at}"), ..origin() }).collect::<Vec<_>>();
        fine(|m| m.origins = named(4));
        one("origins has 5", |m| m.origins = named(5));
        one("origins has 0", |m| m.origins = Vec::new());
        one("origins[1].name", |m| m.origins = vec![origin(), origin()]);
        one("origins[0].name", |m| m.origins[0].name = "API".into());
    }

    #[test]
    fn a_base_url_is_absolute_https_without_query_user_or_final_slash() {
        for url in [
            "http://api.example.test",
            "api.example.test",
            "/v1",
            "https://api.example.test/v1/",
            "https://api.example.test?x=1",
            "https://api.example.test#x",
            "https://ana:secret@api.example.test",
            "ftp://api.example.test",
        ] {
            one("origins[0].base-url", |m| m.origins[0].base_url = url.into());
        }
        fine(|m| m.origins[0].base_url = "https://api.example.test:8443/a/b".into());
    }

    #[test]
    fn secrets_are_named_in_capitals() {
        fine(|m| m.origins[0].auth = Auth::Bearer("EXAMPLE_KEY_2".into()));
        one("origins[0].auth", |m| m.origins[0].auth = Auth::Bearer("example".into()));
        one("origins[0].auth", |m| m.origins[0].auth = Auth::Bearer("2_KEYS".into()));
        one("origins[0].auth", |m| m.origins[0].auth = Auth::Bearer("K".repeat(65)));
        fine(|m| m.origins[0].auth = Auth::Bearer("K".repeat(64)));
    }

    #[test]
    fn a_credential_travels_in_a_header_that_does_not_frame_the_message() {
        let header = |name: &str| Auth::Header(Credential { name: name.into(), secret: "KEY".into() });
        fine(|m| m.origins[0].auth = header("x-api-key"));
        one("origins[0].auth.name", |m| m.origins[0].auth = header("Content-Length"));
        one("origins[0].auth.name", |m| m.origins[0].auth = header("x api key"));
        one("origins[0].auth.name", |m| m.origins[0].auth = header(""));
    }

    #[test]
    fn a_query_credential_names_its_parameter() {
        let query = |name: &str| Auth::Query(Credential { name: name.into(), secret: "KEY".into() });
        fine(|m| m.origins[0].auth = query("key"));
        one("origins[0].auth.name", |m| m.origins[0].auth = query(""));
    }

    #[test]
    fn a_token_exchange_is_https_and_names_its_secrets() {
        let exchange = ClientCredentials {
            token_url: "https://id.example.test/token".into(),
            id: "CLIENT_ID".into(),
            secret: "CLIENT_SECRET".into(),
            id_header: Some("client-id".into()),
        };
        let with = |change: fn(&mut ClientCredentials)| {
            let mut exchange = exchange.clone();
            change(&mut exchange);
            Auth::ClientCredentials(exchange)
        };
        fine(|m| m.origins[0].auth = with(|_| ()));
        one("origins[0].auth.token-url", |m| m.origins[0].auth = with(|e| e.token_url = "http://id.example.test".into()));
        one("origins[0].auth.token-url", |m| m.origins[0].auth = with(|e| e.token_url = "https://:pw@id.example.test".into()));
        one("origins[0].auth.id ", |m| m.origins[0].auth = with(|e| e.id = "id".into()));
        one("origins[0].auth.id-header", |m| m.origins[0].auth = with(|e| e.id_header = Some("host".into())));
    }

    #[test]
    fn a_signature_names_its_scheme() {
        let signed = |scheme: &str| Auth::Signed(Signed { scheme: scheme.into(), key: "KEY".into(), secret: "SECRET".into() });
        fine(|m| m.origins[0].auth = signed("podcast-index"));
        one("origins[0].auth.scheme", |m| m.origins[0].auth = signed(""));
    }

    #[test]
    fn a_profile_call_covers_1_to_100_creators() {
        fine(|m| m.enrichment = Enrichment::None);
        fine(|m| m.enrichment = Enrichment::Required(1));
        fine(|m| m.enrichment = Enrichment::Optional(100));
        one("enrichment", |m| m.enrichment = Enrichment::Required(0));
        one("enrichment", |m| m.enrichment = Enrichment::Optional(101));
    }

    #[test]
    fn hints_stay_within_their_ranges() {
        fine(|m| m.hints = Hints { page_size: 1_000, creators_per_keyword: 1, pages_per_keyword: 5, calls_per_minute: Some(1) });
        one("hints.page-size", |m| m.hints.page_size = 1_001);
        one("hints.page-size", |m| m.hints.page_size = 0);
        one("hints.creators-per-keyword", |m| m.hints.creators_per_keyword = 0);
        one("hints.pages-per-keyword", |m| m.hints.pages_per_keyword = 6);
        one("hints.pages-per-keyword", |m| m.hints.pages_per_keyword = 0);
        one("hints.calls-per-minute", |m| m.hints.calls_per_minute = Some(0));
    }

    #[test]
    fn there_are_at_most_16_settings_each_in_kebab_case_and_explained() {
        let many = |n: usize| (0..n).map(|at| setting(&format!("s{at}"))).collect::<Vec<_>>();
        fine(|m| m.settings = many(16));
        one("settings has 17", |m| m.settings = many(17));
        for name in ["", "End", "-a", "a-", "a--b", "1a", "a_b"] {
            one("settings[0].name", |m| m.settings[0].name = name.into());
        }
        one("settings[1].name", |m| m.settings.push(setting("endpoint")));
        one("settings[0].doc", |m| m.settings[0].doc = " ".into());
    }

    #[test]
    fn all_that_is_wrong_is_reported_at_once() {
        let found = wrong(|m| {
            m.platform = String::new();
            m.version = "one".into();
            m.origins[0].base_url = "http://x".into();
            m.hints.pages_per_keyword = 9;
        });
        assert_eq!(found.len(), 4, "{found:?}");
    }
}
