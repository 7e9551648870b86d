//! What a search will probably cost, said before it begins.

use serde::{Deserialize, Serialize};

use super::Accepted;
use crate::{
    contract::{Enrichment, Manifest},
    expand::{needed, yield_of},
    limits::KEYWORD_PAGES_MAX,
};

/// What to expect of a search. It sizes expectations, never the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Estimate {
    /// Keywords in the first round.
    pub keywords: u32,
    /// Calls of the platform: pages of search results and profiles.
    pub upstream_calls: u32,
}

/// Estimates a search on the platform of this manifest.
///
/// Keywords are those of the first round (see [`needed`]). Each is read until its expected yield is
/// there, within the pages worth reading; the creators that are expected, at most the target, are then
/// read in batches. A cap on calls caps the estimate as well.
#[must_use]
pub fn estimate(accepted: &Accepted, manifest: &Manifest) -> Estimate {
    let expected = yield_of(manifest.hints.creators_per_keyword);
    let given = u32::try_from(accepted.keywords.len()).unwrap_or(u32::MAX);
    let keywords = if accepted.expand { needed(accepted.target, expected, given) } else { given };
    let pages_worth = manifest.hints.pages_per_keyword.clamp(1, KEYWORD_PAGES_MAX);
    let pages = expected.div_ceil(manifest.hints.page_size.max(1)).clamp(1, pages_worth);
    let creators = accepted.target.min(keywords.saturating_mul(expected));
    let profiles = match manifest.enrichment {
        Enrichment::None => 0,
        Enrichment::Optional(batch) | Enrichment::Required(batch) => creators.div_ceil(batch.max(1)),
    };
    let calls = keywords.saturating_mul(pages).saturating_add(profiles);
    Estimate { keywords, upstream_calls: calls.min(accepted.max_upstream_calls.unwrap_or(u32::MAX)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::{Auth, Hints, Origin},
        keyword::Keyword,
    };

    fn manifest(enrichment: Enrichment, page_size: u32, creators_per_keyword: u32) -> Manifest {
        Manifest {
            platform: "video".into(),
            label: "Video".into(),
            version: "1.0.0".into(),
            origins: vec![Origin { name: "api".into(), base_url: "https://api.video.test".into(), auth: Auth::None }],
            enrichment,
            hints: Hints { page_size, creators_per_keyword, pages_per_keyword: 3, calls_per_minute: None },
            reports_views: true,
            settings: vec![],
            extra: vec![],
        }
    }

    fn search(target: u32, expand: bool) -> Accepted {
        Accepted {
            platform: "video".into(),
            keywords: vec![Keyword::new("hot yoga").unwrap(), Keyword::new("pilates").unwrap()],
            target,
            expand,
            campaign_id: None,
            min_views: None,
            max_upstream_calls: None,
            max_age: None,
        }
    }

    #[test]
    fn pages_and_profiles_are_counted() {
        // 5 keywords of 25 creators each: one page each, and 100 profiles in batches of 10.
        let estimate = estimate(&search(100, true), &manifest(Enrichment::Required(10), 30, 25));
        assert_eq!(estimate, Estimate { keywords: 5, upstream_calls: 15 });
    }

    #[test]
    fn without_expansion_only_given_keywords_count() {
        let estimate = estimate(&search(1_000, false), &manifest(Enrichment::Optional(1), 10, 25));
        assert_eq!(estimate, Estimate { keywords: 2, upstream_calls: 2 * 3 + 50 });
    }

    #[test]
    fn full_profiles_in_search_answers_cost_nothing_more() {
        let estimate = estimate(&search(100, true), &manifest(Enrichment::None, 30, 25));
        assert_eq!(estimate.upstream_calls, 5);
    }

    #[test]
    fn a_cap_on_calls_caps_the_estimate() {
        let capped = Accepted { max_upstream_calls: Some(7), ..search(100, true) };
        assert_eq!(estimate(&capped, &manifest(Enrichment::Required(1), 30, 25)).upstream_calls, 7);
    }

    #[test]
    fn hints_of_zero_do_no_harm() {
        let mut hintless = manifest(Enrichment::Required(0), 0, 0);
        hintless.hints.pages_per_keyword = 0;
        assert_eq!(estimate(&search(100, true), &hintless), Estimate { keywords: 5, upstream_calls: 5 + 100 });
    }
}
