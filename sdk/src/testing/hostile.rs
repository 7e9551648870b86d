//! A whole test: no answer makes an adapter panic, nor say something that no adapter may say.

use crate::contract::{CreatorRef, Outcome, Query};
use crate::platform::Platform;

use super::invariants::{check_page, check_plan, check_profiles, check_request};
use super::{answer, query, spoil};

/// Statuses that adapters treat each in its own way.
const STATUSES: [u16; 10] = [200, 204, 301, 400, 401, 402, 403, 404, 429, 500];

/// Spoils answers in every way there is, has all of them read as a search and as profiles, and checks what must hold
/// for any answer.
///
/// `queries` are those whose answers are read differently, such as one for each endpoint that settings choose.
/// `creators` are asked for together and the first of them alone, too; the fixtures should speak of that one.
/// `fixtures` are whole bodies of every kind: pages, empty pages, profiles, refusals.
///
/// # Panics
/// When the adapter panics, gives something that no adapter may give, or takes a page that was cut off for a whole one.
pub fn hostile<P: Platform>(queries: &[Query], creators: &[CreatorRef], fixtures: &[&str]) {
    let reader = Reader::<P> { queries, creators, platform: std::marker::PhantomData };
    reader.check_plans();
    for fixture in fixtures {
        reader.read_in_any_status(fixture.as_bytes());
        reader.read_cut(fixture);
        spoil::spoiled(fixture.as_bytes(), 5).for_each(|body| reader.read(200, &body));
        spoil::spoiled(fixture.as_bytes(), 97).for_each(|body| STATUSES.iter().for_each(|&status| reader.read(status, &body)));
        spoil::changed(fixture).iter().for_each(|body| reader.read(200, body.as_bytes()));
        spoil::nested(fixture).iter().for_each(|body| reader.read(200, body.as_bytes()));
    }
    spoil::spliced(fixtures).iter().for_each(|body| reader.read(200, body));
    spoil::meaningless().iter().for_each(|body| [200, 400, 500].into_iter().for_each(|status| reader.read(status, body)));
    (100..600).for_each(|status| reader.read(status, b""));
}

struct Reader<'t, P> {
    queries: &'t [Query],
    creators: &'t [CreatorRef],
    platform: std::marker::PhantomData<P>,
}

impl<P: Platform> Reader<'_, P> {
    /// Reads a body as a search and as profiles.
    fn read(&self, status: u16, body: &[u8]) {
        let response = answer(status, body);
        for query in self.queries {
            check_page::<P>(query, None, &response, &P::read_search(query, None, &response));
        }
        for creators in [self.creators, self.alone()] {
            check_profiles(creators, &response, &P::read_profiles(creators, &response));
        }
    }

    fn read_in_any_status(&self, body: &[u8]) {
        STATUSES.iter().for_each(|&status| self.read(status, body));
        let response = answer(200, body);
        for query in self.queries {
            // Whatever cursor was asked for, the next one is another.
            let after = Some("1");
            check_page::<P>(query, after, &response, &P::read_search(query, after, &response));
            assert_eq!(P::read_search(query, None, &response), P::read_search(query, None, &response), "twice is not the same");
        }
        assert_eq!(P::read_profiles(self.creators, &response), P::read_profiles(self.creators, &response), "twice is not the same");
    }

    /// A page of JSON that was cut off is never a shorter page, nor a profile with less in it.
    fn read_cut(&self, fixture: &str) {
        let whole = fixture.trim();
        if !whole.starts_with(['{', '[']) {
            return;
        }
        for end in 0..whole.len() {
            let response = answer(200, &whole.as_bytes()[..end]);
            for query in self.queries {
                let read = P::read_search(query, None, &response);
                assert!(read.is_err(), "a page that was cut off after {end} bytes passes: {read:?}");
            }
            let read = P::read_profiles(self.alone(), &response);
            let is_told = read.as_ref().is_ok_and(|profiles| profiles.iter().any(|profile| !matches!(profile.outcome, Outcome::Failed(_))));
            assert!(!is_told, "a profile that was cut off after {end} bytes passes: {read:?}");
        }
    }

    /// Whatever is asked for, requests are well formed, and each creator is asked for once.
    fn check_plans(&self) {
        for query in self.queries {
            check_request::<P>(&P::plan_search(query, None).expect("the first page can be planned"));
            for cursor in ["", "x", "-1", "1", "99999999999999999999", "{\"a\":", "\u{202e}é"] {
                if let Ok(request) = P::plan_search(query, Some(cursor)) {
                    check_request::<P>(&request);
                }
            }
        }
        check_plan::<P>(self.creators, &P::plan_profiles(self.creators));
        // Hosts give every setting with its value in force, and people expect the same where they set none.
        let settings = P::describe().settings.into_iter().map(|setting| (setting.name, setting.default)).collect();
        let by_default = P::plan_search(&Query { settings, ..query("yoga") }, None);
        assert_eq!(by_default, P::plan_search(&query("yoga"), None), "the defaults ask for something else than no settings");
    }

    fn alone(&self) -> &[CreatorRef] {
        self.creators.get(..1).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::contract::{Auth, Creator, Enrichment, Fault, Hints, Manifest, Origin, Page, Request, Response, Setting};
    use crate::json::{Body, List};
    use crate::status;
    use crate::text::Text;

    const NO_FLAW: u8 = 0;
    const TAKES_A_CUT_PAGE: u8 = 1;
    const HAS_A_DEFAULT_OF_ITS_OWN: u8 = 2;
    const TAKES_A_REFUSAL_FOR_NOBODY: u8 = 3;

    /// A platform of names, whose adapter has one flaw.
    struct Names<const FLAW: u8>;

    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Answer<'a> {
        #[serde(borrow)]
        names: List<Text<'a>>,
    }

    impl<const FLAW: u8> Platform for Names<FLAW> {
        fn describe() -> Manifest {
            Manifest {
                platform: "names".into(),
                label: "Names".into(),
                version: "1.0.0".into(),
                origins: vec![Origin { name: "api".into(), base_url: "https://names.test".into(), auth: Auth::None }],
                enrichment: Enrichment::None,
                hints: Hints { page_size: 1, creators_per_keyword: 1, pages_per_keyword: 1, calls_per_minute: None },
                reports_views: false,
                settings: vec![Setting::new("order", "best", "The order: best or latest.")],
                extra: Vec::new(),
            }
        }

        fn plan_search(query: &Query, _: Option<&str>) -> Result<Request, Fault> {
            let order = query.setting("order").filter(|&order| FLAW == HAS_A_DEFAULT_OF_ITS_OWN || order != "best");
            Ok(Request::get("api", "/names").with("q", query.keyword.as_str()).with_some("order", order))
        }

        fn read_search(_: &Query, _: Option<&str>, response: &Response) -> Result<Page, Fault> {
            if FLAW != TAKES_A_REFUSAL_FOR_NOBODY {
                status::check(response)?;
            }
            let body = Body::of(response);
            let answer: Answer<'_> = match body.read() {
                Err(_) if FLAW == TAKES_A_CUT_PAGE => Answer::default(),
                Err(_) if !response.is_success() => Answer::default(),
                read => read?,
            };
            let names = answer.names.rows().iter().filter_map(|name| Creator::named(name.get()?, name.get()?));
            Ok(Page::of(names.filter(|_| response.is_success()).collect(), None))
        }
    }

    fn search<const FLAW: u8>() {
        hostile::<Names<FLAW>>(&[query("yoga")], &[], &[r#"{"names":["ana","bo"]}"#]);
    }

    #[test]
    fn an_adapter_without_a_flaw_passes() {
        search::<NO_FLAW>();
    }

    #[test]
    #[should_panic(expected = "a page that was cut off after 0 bytes passes")]
    fn an_adapter_that_takes_a_cut_page_for_a_whole_one_is_noticed() {
        search::<TAKES_A_CUT_PAGE>();
    }

    #[test]
    #[should_panic(expected = "the defaults ask for something else than no settings")]
    fn an_adapter_whose_defaults_change_something_is_noticed() {
        search::<HAS_A_DEFAULT_OF_ITS_OWN>();
    }

    #[test]
    #[should_panic(expected = "a refusal with 401 looks like an empty page")]
    fn an_adapter_that_takes_a_refusal_for_nobody_found_is_noticed() {
        search::<TAKES_A_REFUSAL_FOR_NOBODY>();
    }
}
