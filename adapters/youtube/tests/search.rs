//! Goal: a search gives every channel that an answer names, with the video it was found by.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_sdk::testing::{answer, query, query_with, values};
use scout_sdk::{Content, Creator, Fault, Page, Platform};
use scout_youtube::Youtube;

const SEARCH: &str = include_str!("../fixtures/search.json");
const EMPTY: &str = include_str!("../fixtures/search-empty.json");
const ANA: &str = "UCanaanaanaanaanaanaana1";

fn read_after(cursor: Option<&str>, body: &str) -> Result<Page, Fault> {
    Youtube::read_search(&query("yoga"), cursor, &answer(200, body))
}

fn read(body: &str) -> Result<Page, Fault> {
    read_after(None, body)
}

/// The rows of one channel.
fn rows(settings: &[(&str, &str)], identity: &str) -> Vec<Creator> {
    let page = Youtube::read_search(&query_with("yoga", settings), None, &answer(200, SEARCH)).expect("it is a page");
    page.creators.into_iter().filter(|creator| creator.identity == identity).collect()
}

fn row(identity: &str) -> Creator {
    rows(&[], identity).into_iter().next().expect("it is found")
}

fn content(identity: &str) -> Content {
    rows(&[], identity).into_iter().find_map(|creator| creator.content).expect("it has a video")
}

/// A page of one video, with more members of the page and of the video.
fn page_of_one(page: &str, video: &str) -> String {
    format!(r#"{{"videos":[{{"id":"v1","channel":{{"id":"{ANA}","handle":"anamoves"}}{video}}}]{page}}}"#)
}

fn one(video: &str) -> Content {
    let page = read(&page_of_one("", video)).expect("it is a page");
    page.creators.into_iter().next().and_then(|creator| creator.content).expect("it has a video")
}

#[test]
fn there_are_videos_to_be_searched_and_they_are_paid_for() {
    let said = [("price", "paid"), ("medium", "video"), ("credit-field", "credits_remaining")];
    let said = said.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(Youtube::describe().extra, said);
}

#[test]
fn a_search_is_asked_for_with_the_settings_that_are_set() {
    let request = Youtube::plan_search(&query_with("yoga", &[("type", "shorts"), ("upload-date", "this_week"), ("region", " ")]), None)
        .expect("it can be");
    assert_eq!((request.path.as_str(), request.origin.as_str()), ("/v1/youtube/search", "api"));
    let given: Vec<_> = request.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(given, [("query", "yoga"), ("type", "shorts"), ("uploadDate", "this_week")]);
}

#[test]
fn every_setting_but_one_has_a_parameter_of_its_own() {
    let settings = [("duration", "short"), ("sort-by", "upload_date"), ("region", "DE"), ("extras", "true"), ("cut-descriptions", "keep")];
    let request = Youtube::plan_search(&query_with("yoga", &settings), Some("token==")).expect("it can be planned");
    for (name, value) in
        [("continuationToken", "token=="), ("duration", "short"), ("sortBy", "upload_date"), ("region", "DE"), ("includeExtras", "true")]
    {
        assert_eq!(values(&request, name), [value]);
    }
    assert_eq!(request.query.len(), 6);
    let known: Vec<_> = Youtube::describe().settings.into_iter().map(|setting| setting.name).collect();
    assert_eq!(known, ["type", "upload-date", "duration", "sort-by", "region", "extras", "cut-descriptions"]);
}

#[test]
fn the_first_page_is_asked_for_by_keyword_alone() {
    let request = Youtube::plan_search(&query("yoga"), None).expect("it can be planned");
    assert_eq!(request.query, [("query".to_owned(), "yoga".to_owned())]);
}

#[test]
fn a_setting_that_is_none_of_its_choices_is_refused_before_it_is_paid_for() {
    for (name, value) in [("extras", "yes"), ("cut-descriptions", "anything")] {
        let refused = Youtube::plan_search(&query_with("yoga", &[(name, value)]), None);
        assert!(matches!(refused, Err(Fault::Unsupported(text)) if text.contains(value)), "{name}");
    }
}

#[test]
fn channels_videos_shorts_lives_and_shelves_are_all_read_in_this_order() {
    let page = read(SEARCH).expect("it is a page");
    let found: Vec<_> = page.creators.iter().map(|creator| creator.username.as_str()).collect();
    let bo = "UCbobobobobobobobobobob1";
    assert_eq!(found, ["anamoves", "cutshort", "mailme", "anamoves", bo, "cy.breathes", "elistreams", "deetests"]);
}

#[test]
fn a_video_gives_its_channel_and_itself() {
    let cy = row("UCcycycycycycycycycycyc1");
    assert_eq!((cy.username.as_str(), cy.name.as_deref()), ("cy.breathes", Some("Cy")));
    assert_eq!(cy.profile_url.as_deref(), Some("https://www.youtube.com/@cy.breathes"));
    assert_eq!(cy.avatar_url.as_deref(), Some("https://cdn.example.test/cy-68.jpg"));
    assert_eq!(cy.ids, [("channelId".to_owned(), "UCcycycycycycycycycycyc1".to_owned())]);
    assert_eq!((cy.followers, cy.bio, cy.verified, cy.complete), (None, None, None, false));
    let video = content(ANA);
    assert_eq!((video.id.as_str(), video.views, video.duration), ("vid-ana-1", Some(2_683_196), Some(806)));
    assert_eq!(video.url.as_deref(), Some("https://www.youtube.com/watch?v=vid-ana-1"));
    assert_eq!((video.description.as_deref(), &*video.hashtags), (Some("Slow #yoga for stiff backs"), &["yoga".to_owned()][..]));
}

#[test]
fn a_channel_without_a_handle_goes_by_its_id() {
    let bo = row("UCbobobobobobobobobobob1");
    assert_eq!(bo.username, "UCbobobobobobobobobobob1");
    assert_eq!(bo.profile_url.as_deref(), Some("https://www.youtube.com/channel/UCbobobobobobobobobobob1"));
}

#[test]
fn a_channel_whose_row_tells_all_needs_no_profile_call() {
    let ana = row(ANA);
    assert_eq!((ana.followers, ana.bio.as_deref(), ana.complete), (Some(1_738_332), Some("Yoga in the park."), true));
    assert_eq!((ana.name.as_deref(), ana.username.as_str()), (Some("Ana Moves"), "anamoves"));
}

#[test]
fn a_video_of_a_channel_that_was_found_as_such_has_what_that_row_tells() {
    let rows = rows(&[], ANA);
    assert_eq!(rows.len(), 2);
    assert_eq!((rows[0].content.is_some(), rows[1].content.is_some()), (false, true));
    assert!(rows.iter().all(|row| row.complete && row.followers == Some(1_738_332) && row.bio.is_some()));
}

#[test]
fn a_channel_that_lacks_subscribers_or_a_description_needs_a_profile_call() {
    let complete = |members: &str| {
        let page = read(&format!(r#"{{"channels":[{{"id":"{ANA}","handle":"anamoves"{members}}}]}}"#)).expect("it is a page");
        page.creators[0].complete
    };
    assert!(complete(r#","description":"Yoga","subscriberCountInt":7"#));
    assert!(complete(r#","description":"Yoga","subscriberCountText":"7 subscribers""#));
    assert!(!complete(r#","description":"Yoga""#));
    assert!(!complete(r#","description":"","subscriberCountInt":7"#));
    assert!(!complete(r#","description":"Yoga","subscriberCountText":"7 Abonnenten","subscriberCountInt":7"#));
}

#[test]
fn a_description_that_was_cut_is_read_in_full_by_a_profile_call() {
    let cut = row("UCcutcutcutcutcutcutcut1");
    assert_eq!((cut.followers, cut.complete), (Some(20_000_000), false));
    assert_eq!(cut.bio.as_deref(), Some("Stretching for people who sit all day, every day, and ..."));
}

#[test]
fn an_operator_may_keep_cut_descriptions_but_never_one_where_an_address_may_stand() {
    let complete = |identity| rows(&[("cut-descriptions", "keep")], identity)[0].complete;
    assert!(complete("UCcutcutcutcutcutcutcut1"));
    assert!(!complete("UCmailmailmailmailmailm1"));
    assert!(complete(ANA));
}

#[test]
fn an_address_in_any_form_in_which_one_is_read_needs_the_whole_description() {
    let complete = |description: &str| {
        let body = format!(r#"{{"channels":[{{"id":"{ANA}","subscriberCountInt":7,"description":"{description}"}}]}}"#);
        let query = query_with("yoga", &[("cut-descriptions", "keep")]);
        let page = Youtube::read_search(&query, None, &answer(200, body)).expect("it is a page");
        page.creators[0].complete
    };
    for cut in [
        "ana@mail.te...",
        "ana＠mail.te...",
        "ana﹫mail.te...",
        "ana (at) mail (dot) te...",
        "ana[AT]mail.te...",
        "ana { at...",
        "ana (𝐚𝐭) mail...",
    ] {
        assert!(!complete(cut), "{cut}");
    }
    for cut in ["Yoga at home (attic) and ...", "Yoga [daily] at ...", "Yoga (a t) and ..."] {
        assert!(complete(cut), "{cut}");
    }
}

#[test]
fn people_who_watch_a_live_stream_now_are_no_views_and_it_has_no_length() {
    let live = content("UCelielielielielielieli1");
    assert_eq!((live.id.as_str(), live.views, live.duration), ("liv-eli-1", None, None));
    assert_eq!(one(r#","viewCountText":"1.4K watching","viewCountInt":1.4"#).views, None);
}

#[test]
fn a_length_may_have_a_fraction_and_is_never_0() {
    let length = |seconds: &str| one(&format!(r#","lengthSeconds":{seconds}"#)).duration;
    assert_eq!(["0", "7.9", "7"].map(length), [None, Some(7), Some(7)]);
}

#[test]
fn views_are_exact_where_they_can_be_and_never_guessed_from_another_language() {
    assert_eq!(content("UCbobobobobobobobobobob1").views, Some(750_000));
    assert_eq!(one(r#","viewCountText":"1.2M views","viewCountInt":1234567"#).views, Some(1_234_567));
    assert_eq!(one(r#","viewCountText":"1,2 Mio. Aufrufe","viewCountInt":1"#).views, None);
    assert_eq!(one(r#","viewCountInt":-5"#).views, None);
}

#[test]
fn a_date_is_given_only_where_the_platform_says_one() {
    assert_eq!(content("UCbobobobobobobobobobob1").posted_at.as_deref(), Some("2025-01-08T01:23:09Z"));
    assert_eq!(content(ANA).posted_at, None, "the provider works it out from `5 years ago`");
    assert_eq!(one(r#","publishDate":"2025-02-16T19:25:39.493Z","publishDateText":"11 months ago""#).posted_at, None);
}

#[test]
fn likes_and_comments_come_with_the_extras() {
    let video = content("UCbobobobobobobobobobob1");
    assert_eq!((video.likes, video.comments), (Some(4_043), Some(358)));
    assert_eq!((content(ANA).likes, content(ANA).comments), (None, None));
}

#[test]
fn a_link_that_is_missing_is_made_of_the_id() {
    assert_eq!(content("UCdeedeedeedeedeedeedee1").url.as_deref(), Some("https://www.youtube.com/watch?v=vid-dee-1"));
}

#[test]
fn the_returned_token_is_the_next_cursor_until_it_is_missing_or_the_same() {
    assert_eq!(read(SEARCH).map(|page| page.next), Ok(Some("EqQDEgR5b2dhGpQD".into())));
    let next = |asked, page: &str| read_after(asked, &page_of_one(page, "")).map(|page| page.next);
    assert_eq!(next(Some("a"), r#","continuationToken":"b""#), Ok(Some("b".into())));
    assert_eq!(next(Some("a"), r#","continuationToken":"a""#), Ok(None));
    assert_eq!(next(None, r#","continuationToken":null"#), Ok(None));
    assert_eq!(next(None, ""), Ok(None));
}

#[test]
fn empty_lists_are_an_empty_page_and_the_last() {
    let nothing = Page { creators: Vec::new(), next: None };
    assert_eq!(read(EMPTY), Ok(nothing.clone()));
    assert_eq!(read(r#"{"videos":[],"continuationToken":"more"}"#), Ok(nothing));
}

#[test]
fn a_page_of_playlists_alone_gives_nobody_and_goes_on() {
    let page = read(r#"{"videos":[],"playlists":[{"id":"PL1"}],"continuationToken":"more"}"#);
    assert_eq!(page, Ok(Page { creators: Vec::new(), next: Some("more".into()) }));
}

#[test]
fn an_answer_without_any_list_names_what_is_missing() {
    for body in ["{}", r#"{"videos":null}"#, r#"{"videos":{}}"#, r#"{"continuationToken":"x"}"#, r#"{"playlists":[{"id":"PL1"}]}"#] {
        assert_eq!(read(body), Err(Fault::Malformed("`videos` is missing".into())), "{body}");
    }
}

#[test]
fn rows_that_all_lack_their_channel_are_a_changed_shape_and_not_an_empty_page() {
    let fault = |body| read(body).err();
    assert_eq!(fault(r#"{"videos":[{"id":"1"},7]}"#), Some(Fault::Malformed("`videos[].channel.id` is missing".into())));
    assert_eq!(fault(r#"{"videos":[],"lives":[{"id":"1"}]}"#), Some(Fault::Malformed("`lives[].channel.id` is missing".into())));
    assert_eq!(fault(r#"{"channels":[{"channelName":"x"}]}"#), Some(Fault::Malformed("`channels[].id` is missing".into())));
}

#[test]
fn a_field_of_another_type_is_unknown() {
    let video = one(r#","title":7.5,"viewCountInt":[],"lengthSeconds":"long","thumbnail":{},"url":null,"likeCountInt":true"#);
    assert_eq!((video.description, video.views, video.duration, video.thumbnail, video.likes), (None, None, None, None, None));
}
