//! Goal: a search goes through the countries that were chosen, and reads whatever each store answers.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_podcasts::Podcasts;
use scout_sdk::testing::{answer, answer_with, query, query_with, values};
use scout_sdk::{Auth, Creator, Enrichment, Fault, Page, Platform, Query};

const SEARCH: &str = include_str!("../fixtures/search.json");

fn read(body: &str) -> Result<Page, Fault> {
    Podcasts::read_search(&query("bread"), None, &answer(200, body))
}

fn creators() -> Vec<Creator> {
    read(SEARCH).expect("it is a page").creators
}

fn in_countries(countries: &str) -> Query {
    query_with("bread", &[("countries", countries)])
}

/// The countries that are asked for until there is no further page.
fn sweep(query: &Query) -> Vec<String> {
    let (mut countries, mut cursor) = (Vec::new(), None);
    loop {
        let request = Podcasts::plan_search(query, cursor.as_deref()).expect("it can be planned");
        countries.push(values(&request, "country")[0].to_owned());
        let page = Podcasts::read_search(query, cursor.as_deref(), &answer(200, SEARCH)).expect("it is a page");
        match page.next {
            Some(next) => cursor = Some(next),
            None => return countries,
        }
    }
}

#[test]
fn podcasts_need_no_secret_and_no_profile_calls() {
    let manifest = Podcasts::describe();
    assert_eq!((manifest.platform.as_str(), manifest.label.as_str()), ("podcasts", "Apple Podcasts"));
    assert_eq!(manifest.enrichment, Enrichment::None);
    assert_eq!(manifest.origins[0].auth, Auth::None);
    assert_eq!(manifest.hints.calls_per_minute, Some(20));
    assert!(!manifest.reports_views);
    assert_eq!(manifest.extra, [("medium".to_owned(), "audio".to_owned())]);
    assert!(matches!(Podcasts::plan_profiles(&[]), Err(Fault::Unsupported(_))));
}

#[test]
fn a_page_is_all_of_a_country_s_store_and_never_an_offset() {
    let request = Podcasts::plan_search(&query("sourdough bread"), None).expect("it can be planned");
    assert_eq!(request.path, "/search");
    let expected = [("term", "sourdough bread"), ("country", "us"), ("media", "podcast"), ("entity", "podcast"), ("limit", "200")];
    assert_eq!(request.query, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn two_countries_are_swept_unless_others_are_chosen() {
    let manifest = Podcasts::describe();
    assert_eq!(sweep(&query("bread")), ["us", "gb"]);
    assert_eq!(sweep(&in_countries(&manifest.settings[0].default)), ["us", "gb"]);
}

#[test]
fn countries_are_asked_in_the_order_they_were_chosen_in_and_each_once() {
    assert_eq!(sweep(&in_countries("DE, at,,de ,ch")), ["de", "at", "ch"]);
    assert_eq!(sweep(&in_countries("jp")), ["jp"]);
}

#[test]
fn what_is_no_country_is_refused_by_name() {
    for (chosen, named) in [("us,germany", "germany"), ("u1", "u1"), ("ü", "ü")] {
        let refused = Podcasts::plan_search(&in_countries(chosen), None);
        assert!(matches!(&refused, Err(Fault::Unsupported(text)) if text.contains(named) && text.contains("countries")), "{refused:?}");
    }
    assert!(matches!(Podcasts::plan_search(&in_countries(" , "), None), Err(Fault::Unsupported(_))));
}

#[test]
fn a_cursor_of_somebody_else_is_refused() {
    for cursor in ["2", "", "usa", "US"] {
        assert!(matches!(Podcasts::plan_search(&query("bread"), Some(cursor)), Err(Fault::Unsupported(_))), "{cursor}");
    }
}

#[test]
fn a_country_that_is_no_longer_chosen_is_the_last() {
    let page = Podcasts::read_search(&in_countries("us,gb"), Some("fr"), &answer(200, SEARCH)).expect("it is a page");
    assert_eq!(page.next, None);
}

#[test]
fn a_show_is_read_with_all_that_apple_tells() {
    let bread = &creators()[0];
    assert_eq!((bread.identity.as_str(), bread.username.as_str()), ("1900000001", "id1900000001"));
    assert_eq!(bread.name.as_deref(), Some("Slow Bread & Other Stories"));
    assert_eq!(bread.profile_url.as_deref(), Some("https://podcasts.apple.test/us/podcast/slow-bread/id1900000001"));
    assert_eq!(bread.avatar_url.as_deref(), Some("https://art.pelican.test/600.jpg"));
    assert_eq!(bread.links, ["https://feeds.pelican.test/slow-bread.xml", "https://podcasts.apple.test/us/artist/pelican/900000101"]);
    let ids = [("collectionId", "1900000001"), ("artistId", "900000101")];
    assert_eq!(bread.ids, ids.map(|(name, value)| (name.to_owned(), value.to_owned())));
    let extra = [("artist", "Pelican Audio Works"), ("genre", "Food"), ("episodes", "142"), ("latest-release", "2026-08-28T04:00:00Z")];
    assert_eq!(bread.extra, extra.map(|(name, value)| (name.to_owned(), value.to_owned())));
    assert!(bread.complete);
}

#[test]
fn what_apple_does_not_know_stays_unknown() {
    for show in creators() {
        assert_eq!((show.followers, show.bio, show.email, show.verified, show.content), (None, None, None, None, None));
        assert_eq!(show.country, None, "the country of a row is the store's and not the show's");
    }
}

#[test]
fn two_shows_of_one_artist_are_two_creators() {
    let shows = creators();
    assert_eq!(shows[0].ids[1], shows[1].ids[1]);
    assert_ne!(shows[0].identity, shows[1].identity);
    assert_eq!(shows[1].avatar_url.as_deref(), Some("https://art.pelican.test/nb100.jpg"));
    assert_eq!(shows[1].extra[1], ("genre".to_owned(), "Society & Culture".to_owned()));
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let odd = &creators()[2];
    assert_eq!(odd.identity, "1900000003");
    assert_eq!(odd.profile_url.as_deref(), Some("https://podcasts.apple.com/podcast/id1900000003"));
    assert_eq!((&odd.name, &odd.avatar_url, odd.links.len(), odd.extra.len()), (&None, &None, 0, 0));
}

#[test]
fn a_row_without_an_id_is_dropped_alone() {
    assert_eq!(creators().len(), 3);
}

#[test]
fn the_media_type_says_nothing() {
    let headers = [("content-type", "text/javascript; charset=utf-8")];
    let page = Podcasts::read_search(&query("bread"), None, &answer_with(200, &headers, SEARCH)).expect("it is a page");
    assert_eq!(page.creators.len(), 3);
}

#[test]
fn finding_nothing_in_one_country_leaves_the_others() {
    let page = read(include_str!("../fixtures/empty.json")).expect("it is a page");
    assert_eq!((page.creators.len(), page.next.as_deref()), (0, Some("gb")));
    let last = Podcasts::read_search(&query("bread"), Some("gb"), &answer(200, include_str!("../fixtures/empty.json")));
    assert_eq!(last.expect("it is a page").next, None);
}
