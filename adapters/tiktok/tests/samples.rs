//! Goal: recorded answers are read as they should be. The recordings are no part of the repository; where they are
//! not at hand, these tests say so and pass. What is expected is taken from the recording itself, read strictly.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{Reading, Recording, answer, query, recordings, said, samples, typed};
use scout_sdk::{Absence, Creator, Fault, Outcome, Page, Platform};
use scout_tiktok::Tiktok;
use serde_json::Value;

fn search(status: u16, body: &[u8]) -> Result<Page, Fault> {
    Tiktok::read_search(&query("nike"), None, &answer(status, body))
}

fn check_row(creator: &Creator, post: &Value, name: &str) {
    let author = &post["author"];
    assert_eq!(Some(creator.identity.as_str()), author["uid"].as_str(), "{name}");
    assert_eq!(Some(creator.username.as_str()), author["unique_id"].as_str(), "{name}");
    assert_eq!(creator.followers, author["follower_count"].as_u64(), "{name}");
    let is_verified = said(author, "custom_verify").or(said(author, "enterprise_verify_reason")).is_some();
    assert_eq!(creator.verified, Some(is_verified), "{name}");
    assert_eq!(creator.avatar_url.as_deref(), author["avatar_medium"]["url_list"][0].as_str(), "{name}");
    assert_eq!(creator.bio, None, "{name}");
    let content = creator.content.as_ref().expect("a post is content");
    assert_eq!(Some(content.id.as_str()), post["aweme_id"].as_str(), "{name}");
    assert_eq!(content.url.as_deref(), post["url"].as_str(), "{name}");
    assert_eq!(content.description.as_deref(), said(post, "desc"), "{name}");
    assert_eq!(content.views, post["statistics"]["play_count"].as_u64(), "{name}");
    assert_eq!(content.likes, post["statistics"]["digg_count"].as_u64(), "{name}");
    assert_eq!(content.duration.map(u64::from), post["video"]["duration"].as_u64().map(|duration| duration / 1000), "{name}");
    assert!(content.posted_at.is_some() && content.thumbnail.is_some(), "{name}");
    let tags = post["text_extra"].as_array().is_some_and(|extras| extras.iter().any(|extra| said(extra, "hashtag_name").is_some()));
    assert!(!tags || !content.hashtags.is_empty(), "{name}");
}

#[test]
fn recorded_searches_give_every_post_with_its_author() {
    for recording in recordings("scrapecreators", &["v1-tiktok-search-keyword"]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let rows = recorded["search_item_list"].as_array().expect("a search has rows");
        let page = search(200, body).expect(name);
        assert_eq!(page.creators.len(), rows.len(), "{name}");
        for (creator, row) in page.creators.iter().zip(rows) {
            check_row(creator, row.get("aweme_info").unwrap_or(row), name);
        }
        let more = !rows.is_empty() && recorded["has_more"] != 0;
        assert_eq!(page.next, recorded["cursor"].as_u64().filter(|_| more).map(|cursor| cursor.to_string()), "{name}");
    }
}

#[test]
fn recorded_profiles_have_bios_and_exact_counts() {
    for recording in recordings("scrapecreators", &["v1-tiktok-profile__"]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let user = &recorded["user"];
        let Some(handle) = user["uniqueId"].as_str() else { continue };
        for key in [handle, user["id"].as_str().expect("a user has an id")] {
            let profiles = Tiktok::read_profiles(&[typed(key)], &answer(200, body)).expect(name);
            assert_eq!(profiles[0].identity, key, "{name}");
            let Outcome::Enriched(creator) = &profiles[0].outcome else { panic!("{name}: {profiles:?}") };
            let exact = recorded["statsV2"]["followerCount"].as_str().and_then(|count| count.parse().ok());
            assert_eq!(creator.followers, exact.or(recorded["stats"]["followerCount"].as_u64()), "{name}");
            assert_eq!(creator.bio.as_deref(), said(user, "signature"), "{name}");
            assert_eq!(creator.verified, user["verified"].as_bool(), "{name}");
            assert_eq!(creator.links.len(), usize::from(said(&user["bioLink"], "link").is_some()), "{name}");
            assert!(creator.links.iter().all(|link| link.starts_with("http")), "{name}");
        }
    }
}

#[test]
fn recorded_husks_are_absent_profiles() {
    let mut seen = 0;
    for recording in recordings("scrapecreators", &["v1-tiktok-profile__"]) {
        let Recording { name, body } = &recording;
        let recorded = recording.json();
        let expected = match (recorded["account_private"] == true, recorded["account_deactivated"] == true) {
            (true, _) => Absence::Private,
            (_, true) => Absence::Deactivated,
            _ => continue,
        };
        let handle = recorded["handle"].as_str().expect("a husk names its handle");
        let profiles = Tiktok::read_profiles(&[typed(handle)], &answer(200, body)).expect(name);
        assert_eq!(profiles[0].outcome, Outcome::Empty(expected), "{name}");
        seen += 1;
    }
    assert!(seen == 0 || seen == 2, "one private and one closed account were recorded, not {seen}");
}

#[test]
fn recorded_refusals_have_their_fault() {
    for recording in recordings("scrapecreators", &["error-"]) {
        let Recording { name, body } = &recording;
        let read = |status| search(status, body).expect_err(name);
        match name.as_str() {
            name if name.starts_with("error-400") => {
                assert!(matches!(read(400), Fault::Other(text) if text.starts_with("HTTP 400: You must")))
            }
            name if name.starts_with("error-403") => {
                assert!(matches!(read(403), Fault::Blocked(text) if text.starts_with("HTTP 403: This")))
            }
            name if name.starts_with("error-404") => assert_eq!(read(404), Fault::NotFound),
            name if name.starts_with("error-500-no-key") => assert!(matches!(read(500), Fault::Unauthorized(_))),
            other => panic!("nothing is known of {other}"),
        }
    }
}

#[test]
fn recordings_of_other_endpoints_never_look_like_an_empty_page() {
    for recording in
        recordings("scrapecreators", &["v1-tiktok-user-live", "v1-tiktok-search-users", "v1-instagram", "husk-200", "v1-account"])
    {
        let Recording { name, body } = &recording;
        assert!(search(200, body).is_err(), "{name}");
        let profiles = Tiktok::read_profiles(&[typed("ana.example")], &answer(200, body));
        assert!(profiles.is_err() || profiles.is_ok_and(|read| !matches!(read[0].outcome, Outcome::Enriched(_))), "{name}");
    }
}

#[test]
fn every_recording_is_read_and_the_known_fields_are_counted() {
    let tally = samples::<Tiktok>("scrapecreators", |recording| {
        if recording.is(&["v1-tiktok-search-keyword__"]) {
            return Reading::Search(query("nike"));
        }
        if !recording.is(&["v1-tiktok-profile__"]) {
            return Reading::Other;
        }
        let recorded = recording.json();
        let handle = recorded["user"]["uniqueId"].as_str().or(recorded["handle"].as_str());
        Reading::Profiles(vec![typed(handle.expect("a profile names its handle"))])
    });
    let Some(tally) = tally else { return };
    assert!(tally.search.rows > 0 && tally.search.fields["followers"] == tally.search.rows, "{tally:?}");
    assert!(tally.profiles.rows > 0 && tally.profiles.fields["followers"] == tally.profiles.rows, "{tally:?}");
}

#[test]
fn a_recorded_page_that_is_cut_never_panics_and_never_passes() {
    for recording in
        recordings("scrapecreators", &["v1-tiktok-search-keyword__recorded-page-1item", "v1-tiktok-search-keyword__vendor-docs-trim"])
    {
        let Recording { name, body } = &recording;
        for end in (0..body.trim_ascii_end().len()).step_by(997) {
            assert!(search(200, &body[..end]).is_err(), "{name} cut after {end} bytes");
        }
    }
}
