//! The contract's types, as `wit/adapter.wit` describes them, with the few constructors that keep its limits.
//!
//! Everything here but the constructors is generated from the contract; the documentation of each type and
//! field is the contract's own.

pub use bindings::exports::scout::adapter::adapter::{
    Absence, Auth, ClientCredentials, Content, Creator, CreatorRef, Credential, Enrichment, Fault, Hints, Manifest, Method, Origin,
    Outcome, Page, Planned, Profile, Query, Request, Response, Setting, Signed,
};

use crate::text;

/// What `wit-bindgen` makes of the contract. Authors use the types above and [`crate::export!`].
#[doc(hidden)]
#[allow(unsafe_code, reason = "the generated glue reads and writes the component's linear memory")]
#[allow(missing_docs, unreachable_pub, clippy::all, reason = "generated code")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "../wit",
        world: "platform",
        pub_export_macro: true,
        default_bindings_module: "::scout_sdk::contract::bindings",
        export_macro_name: "export_platform",
        additional_derives: [PartialEq, Eq],
        additional_type_attributes: {
            "scout:adapter/adapter@1.0.0/creator": [#[derive(Default)]],
            "scout:adapter/adapter@1.0.0/content": [#[derive(Default)]],
        },
    });
}

/// The longest identity or handle that the contract allows, in bytes.
pub const NAME_BYTES_MAX: usize = 256;

/// The longest cursor that the contract allows, in bytes.
pub const CURSOR_BYTES_MAX: usize = 2048;

/// The name under which a manifest's `extra` says that the platform answers without one of the secrets, too. The value is
/// the secret's name; hosts send it where the operator set it, and do without where not. It holds for secrets that
/// are sent as they are, in a header, a query parameter or as a bearer.
pub const OPTIONAL_SECRET: &str = "optional-secret";

/// The name under which a manifest's `extra` says that whoever asks pays for it: the value is `paid`. Nothing is said
/// where asking is free, with a key or without.
pub const PRICE: &str = "price";

/// The name under which a manifest's `extra` says what creators make there, which decides the words that people search the
/// platform with: `video` for videos and streams, `audio` for shows to listen to, `code` for software, `any` for
/// anything. Where nothing is said hosts guess from the rest of the manifest.
pub const MEDIUM: &str = "medium";

/// The name under which a manifest's `extra` says how many searches a day the platform allows: a whole number, such as
/// `100`. Hosts make no more.
pub const DAILY_SEARCHES: &str = "daily-searches";

/// The name under which a manifest's `extra` says which whole number at the top of an answer's JSON is the credit that is
/// left, such as `credits_remaining`. Hosts show it to their operators.
pub const CREDIT_FIELD: &str = "credit-field";

/// The most creators that the contract allows on a page.
pub const PAGE_CREATORS_MAX: usize = 1000;

impl Creator {
    /// A creator of whom nothing more is known, or `None` when identity or handle are outside of 1 to 256
    /// bytes. A leading `@` is not part of a handle.
    pub fn named(identity: &str, username: &str) -> Option<Self> {
        let username = text::bare(username);
        let fits = |name: &str| (1..=NAME_BYTES_MAX).contains(&name.len());
        (fits(identity) && fits(username)).then(|| Self { identity: identity.to_owned(), username: username.to_owned(), ..Self::default() })
    }

    /// Adds to `extra` what is known; what is not stays absent.
    pub fn note(&mut self, name: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.extra.push((name.to_owned(), value.to_string()));
        }
    }
}

impl CreatorRef {
    /// Whether an account of this id and handle is the creator that was asked for: by id or, where either side does not
    /// know it, by handle. A handle that was given up may belong to somebody else by now.
    pub fn is(&self, id: Option<&str>, handle: Option<&str>) -> bool {
        let is_called = |key: &str| handle.is_some_and(|handle| text::same_handle(handle, key));
        match id {
            Some(id) => id == self.identity || is_called(&self.identity),
            None => is_called(&self.identity) || is_called(&self.username),
        }
    }
}

impl Page {
    /// A page of these creators, cut to the number that the contract allows.
    pub fn of(mut creators: Vec<Creator>, next: Option<String>) -> Self {
        creators.truncate(PAGE_CREATORS_MAX);
        Self { creators, next }
    }
}

impl Profile {
    /// What became of the creator that was asked about; its identity is repeated letter by letter.
    pub fn of(creator: &CreatorRef, outcome: Outcome) -> Self {
        Self { identity: creator.identity.clone(), outcome }
    }

    /// Where the platform says that it knows none of them: they were found a moment ago and are gone, so nothing failed.
    pub fn nobody(creators: &[CreatorRef]) -> Vec<Self> {
        creators.iter().map(|creator| Self::of(creator, Outcome::Empty(Absence::Missing))).collect()
    }
}

impl Planned {
    /// A request for each of the creators.
    pub fn each(creators: &[CreatorRef], request: impl Fn(&CreatorRef) -> Request) -> Vec<Self> {
        (0..).zip(creators).map(|(place, creator)| Self { request: request(creator), covers: vec![place] }).collect()
    }

    /// A request for up to `size` keys at once, each of which stands beside the place of its creator among those that were
    /// asked about.
    pub fn batches<Key>(numbered: &[(u32, Key)], size: usize, request: impl Fn(&[(u32, Key)]) -> Request) -> Vec<Self> {
        let plan = |batch| Self { request: request(batch), covers: batch.iter().map(|(place, _)| *place).collect() };
        numbered.chunks(size).map(plan).collect()
    }
}

impl Request {
    /// A `GET` of a path below an origin's base URL; neither path nor query are encoded yet.
    pub fn get(origin: &str, path: &str) -> Self {
        Self { origin: origin.to_owned(), method: Method::Get, path: path.to_owned(), query: Vec::new(), headers: Vec::new(), body: None }
    }

    /// The request with one more query parameter; a name may repeat.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.query.push((name.to_owned(), value.into()));
        self
    }

    /// The request with one more query parameter, unless there is no value for it.
    #[must_use]
    pub fn with_some(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl Response {
    /// The first header of this name, which is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether the status says that the request was done, 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }
}

impl Query {
    /// A setting's value in force, or `None` when it is not set or blank.
    pub fn setting(&self, name: &str) -> Option<&str> {
        let value = self.settings.iter().find(|(given, _)| given == name).map(|(_, value)| value.trim())?;
        (!value.is_empty()).then_some(value)
    }

    /// What a setting means that has so many choices, each of them a value with its meaning; where it is not set, the first.
    ///
    /// # Errors
    /// [`Fault::Unsupported`], which lists the choices, when the value is none of them.
    pub fn choice<Meaning: Copy>(&self, name: &str, choices: &[(&str, Meaning)]) -> Result<Meaning, Fault> {
        let chosen = match self.setting(name) {
            Some(value) => choices.iter().find(|(choice, _)| *choice == value),
            None => choices.first(),
        };
        let meaning = chosen.map(|(_, meaning)| *meaning);
        meaning.ok_or_else(|| self.none_of(name, &choices.iter().map(|(choice, _)| *choice).collect::<Vec<_>>()))
    }

    /// Whether a setting is `true`; where it is not set, it is `false`.
    ///
    /// # Errors
    /// [`Fault::Unsupported`] when it is neither.
    pub fn switch(&self, name: &str) -> Result<bool, Fault> {
        self.choice(name, &[("false", false), ("true", true)])
    }

    fn none_of(&self, name: &str, choices: &[&str]) -> Fault {
        let value = self.setting(name).unwrap_or_default();
        let last = choices.last().copied().unwrap_or_default();
        let others = choices[..choices.len().saturating_sub(1)].join(", ");
        Fault::Unsupported(format!("the setting `{name}` is `{value}`; it must be {others} or {last}"))
    }
}

impl Setting {
    /// A setting with its default, which is a value or empty, and what it does in a sentence that names its values.
    pub fn new(name: &str, default: &str, doc: &str) -> Self {
        Self { name: name.to_owned(), default: default.to_owned(), doc: doc.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_1_to_256_bytes_makes_a_creator() {
        assert!(Creator::named("", "ana").is_none());
        assert!(Creator::named("1", "").is_none());
        assert!(Creator::named("1", "@").is_none());
        assert!(Creator::named("1", &"a".repeat(256)).is_some());
        assert!(Creator::named("1", &"a".repeat(257)).is_none());
        assert!(Creator::named(&"1".repeat(257), "ana").is_none());
    }

    #[test]
    fn a_handle_loses_its_at_sign() {
        for typed in ["@ana", "@@ana", " @ana "] {
            assert_eq!(Creator::named("1", typed).map(|creator| creator.username), Some("ana".to_owned()), "{typed}");
        }
    }

    #[test]
    fn what_is_known_is_noted_and_what_is_not_stays_absent() {
        let mut creator = Creator::default();
        creator.note("videos", Some(7));
        creator.note("hearts", None::<u64>);
        creator.note("company", Some("-7"));
        let noted: Vec<_> = creator.extra.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(noted, [("videos", "7"), ("company", "-7")]);
    }

    #[test]
    fn a_creator_is_known_again_by_id_or_by_handle_where_the_id_is_not_known() {
        let named = |identity: &str, username: &str| CreatorRef { identity: identity.into(), username: username.into(), ids: Vec::new() };
        assert!(named("7", "ana").is(Some("7"), Some("renamed")));
        assert!(named("@Ana", "@Ana").is(Some("7"), Some("ana")), "typed");
        assert!(named("7", "ana").is(None, Some("Ana")));
        assert!(!named("8", "ana").is(Some("7"), Some("ana")), "somebody else has the handle by now");
        assert!(!named("7", "ana").is(None, Some("bo")));
        assert!(!named("7", "ana").is(None, None));
    }

    #[test]
    fn creators_are_planned_one_by_one_or_in_batches_with_their_places() {
        let creators = ["ana", "bo", "cy"].map(|name| CreatorRef { identity: name.into(), username: name.into(), ids: Vec::new() });
        let each = Planned::each(&creators, |creator| Request::get("api", &creator.username));
        let paths: Vec<_> = each.iter().map(|planned| (planned.request.path.as_str(), planned.covers.clone())).collect();
        assert_eq!(paths, [("ana", vec![0]), ("bo", vec![1]), ("cy", vec![2])]);
        let numbered = [(4, "d"), (0, "a"), (2, "c")];
        let batches = Planned::batches(&numbered, 2, |batch| Request::get("api", &batch.iter().map(|(_, key)| *key).collect::<String>()));
        let paths: Vec<_> = batches.iter().map(|planned| (planned.request.path.as_str(), planned.covers.clone())).collect();
        assert_eq!(paths, [("da", vec![4, 0]), ("c", vec![2])]);
    }

    #[test]
    fn a_page_holds_no_more_creators_than_the_contract_allows() {
        let page = |count| Page::of(vec![Creator::default(); count], None).creators.len();
        assert_eq!(page(PAGE_CREATORS_MAX), PAGE_CREATORS_MAX);
        assert_eq!(page(PAGE_CREATORS_MAX + 1), PAGE_CREATORS_MAX);
    }

    #[test]
    fn a_header_is_found_whatever_its_case() {
        let response = Response { status: 200, headers: vec![("Retry-After".into(), "3".into())], body: Vec::new() };
        assert_eq!(response.header("retry-after"), Some("3"));
        assert_eq!(response.header("date"), None);
    }

    #[test]
    fn success_is_200_to_299() {
        let success = |status| Response { status, headers: Vec::new(), body: Vec::new() }.is_success();
        assert_eq!([199, 200, 299, 300].map(success), [false, true, true, false]);
    }

    #[test]
    fn a_blank_setting_counts_as_not_set() {
        let settings = vec![("region".into(), " ".into()), ("sort-by".into(), "likes".into())];
        let query = Query { keyword: "yoga".into(), settings, extra: Vec::new() };
        assert_eq!(query.setting("region"), None);
        assert_eq!(query.setting("sort-by"), Some("likes"));
        assert_eq!(query.setting("trim"), None);
    }

    #[test]
    fn a_choice_is_the_first_until_another_is_made_and_none_but_those_there_are() {
        let chosen = |value: &str| {
            let settings = vec![("find".to_owned(), value.to_owned())];
            Query { keyword: "yoga".into(), settings, extra: Vec::new() }.choice("find", &[("videos", 1), ("users", 2), ("all", 3)])
        };
        assert_eq!(["", "videos", " users "].map(chosen), [Ok(1), Ok(1), Ok(2)]);
        assert_eq!(chosen("posts"), Err(Fault::Unsupported("the setting `find` is `posts`; it must be videos, users or all".into())));
    }

    #[test]
    fn a_switch_is_off_until_it_is_on_and_nothing_else_turns_it() {
        let turned = |value: &str| {
            let settings = vec![("bots".to_owned(), value.to_owned())];
            Query { keyword: "yoga".into(), settings, extra: Vec::new() }.switch("bots")
        };
        assert_eq!(["", "false", "true"].map(turned), [Ok(false), Ok(false), Ok(true)]);
        assert!(matches!(turned("yes"), Err(Fault::Unsupported(text)) if text.contains("`yes`; it must be false or true")));
    }

    #[test]
    fn query_parameters_keep_their_order_and_may_repeat() {
        let request = Request::get("api", "/x").with("actors", "a").with_some("cursor", None).with("actors", "b");
        assert_eq!(request.query, [("actors".to_owned(), "a".to_owned()), ("actors".to_owned(), "b".to_owned())]);
    }
}
