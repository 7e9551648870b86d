use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{Fake, read, rows, text};

const SEARCH: &str = "/youtube/api/v1/youtube/search";
const CHANNEL: &str = "/youtube/api/v1/youtube/channel";

/// Every page of a keyword, by the returned token, until there is none.
async fn pages(fake: &Fake, keyword: &str, kind: Option<&str>) -> Vec<Value> {
    let (mut pages, mut token): (Vec<Value>, Option<String>) = (Vec::new(), None);
    loop {
        let mut query = vec![("query", keyword)];
        query.extend(kind.map(|kind| ("type", kind)));
        query.extend(token.iter().map(|token| ("continuationToken", token.as_str())));
        let page = fake.json(SEARCH, &query).await;
        token = page["continuationToken"].as_str().map(str::to_owned);
        pages.push(page);
        if token.is_none() {
            return pages;
        }
    }
}

/// The videos of a page with their channel, those on shelves included.
fn videos(page: &Value) -> Vec<&Value> {
    let lists = ["videos", "shorts", "lives"].into_iter().flat_map(|list| rows(page, list));
    lists.chain(rows(page, "shelves").iter().flat_map(|shelf| rows(shelf, "items"))).filter(|row| row.get("channel").is_some()).collect()
}

fn channels(page: &Value) -> Vec<String> {
    let found = rows(page, "channels").iter().map(|row| text(&row["id"]));
    videos(page).into_iter().map(|row| text(&row["channel"]["id"])).chain(found).collect()
}

#[tokio::test]
async fn paging_to_the_end_gives_the_reach_exactly_whatever_is_searched_for() {
    let fake = Fake::new().await;
    let reach: HashSet<_> = fake.identities("youtube", "yoga").into_iter().collect();
    for kind in [None, Some("video"), Some("shorts"), Some("channel")] {
        let found: HashSet<_> = pages(&fake, "yoga", kind).await.iter().flat_map(channels).collect();
        assert_eq!(found, reach, "{kind:?}");
    }
}

#[tokio::test]
async fn half_of_a_page_s_channels_stand_on_shelves_and_shorts_there_say_nobody_s() {
    let page = Fake::with(&["none"], &[]).await.json(SEARCH, &[("query", "yoga")]).await;
    assert_eq!((rows(&page, "videos").len(), rows(&page, "shorts").len(), rows(&page, "lives").len()), (12, 4, 1));
    let shelves = rows(&page, "shelves");
    assert_eq!(shelves.iter().map(|shelf| text(&shelf["title"])).collect::<Vec<_>>(), ["Shorts", "People also watched"]);
    assert!(rows(&shelves[0], "items").iter().all(|row| row.get("channel").is_none()));
    assert_eq!(rows(&shelves[1], "items").len(), 15);
}

#[tokio::test]
async fn one_kind_is_all_that_comes_when_it_is_asked_for() {
    let fake = Fake::new().await;
    for (kind, list) in [("video", "videos"), ("shorts", "shorts"), ("channel", "channels")] {
        let page = fake.json(SEARCH, &[("query", "yoga"), ("type", kind)]).await;
        let filled: Vec<_> =
            ["videos", "shorts", "lives", "channels", "shelves"].into_iter().filter(|list| !rows(&page, list).is_empty()).collect();
        assert_eq!(filled, [list]);
    }
}

#[tokio::test]
async fn a_keyword_with_the_word_nothing_finds_nobody_and_says_so_plainly() {
    let page = Fake::new().await.json(SEARCH, &[("query", "nothing here")]).await;
    for list in ["videos", "shorts", "lives", "channels", "shelves", "playlists"] {
        assert_eq!(page[list], json!([]));
    }
    assert!(page["continuationToken"].is_null());
}

#[tokio::test]
async fn the_token_at_the_end_is_null_or_absent() {
    let fake = Fake::new().await;
    let mut forms = HashSet::new();
    for number in 0..12 {
        forms.insert(fake.json(SEARCH, &[("query", &format!("nothing {number}"))]).await.get("continuationToken").is_some());
    }
    assert_eq!(forms.len(), 2);
}

#[tokio::test]
async fn channels_without_a_handle_show_their_address_there() {
    let (none, all) = (Fake::with(&["none"], &[]).await, Fake::with(&["missing-handles=1"], &[]).await);
    for (fake, without) in [(none, false), (all, true)] {
        let page = fake.json(SEARCH, &[("query", "yoga")]).await;
        assert!(videos(&page).iter().all(|row| text(&row["channel"]["handle"]).starts_with("channel/UC") == without));
    }
}

#[tokio::test]
async fn a_live_stream_says_how_many_watch_and_a_number_that_is_only_its_digits() {
    let fake = Fake::new().await;
    let mut floats = 0;
    for number in 0..20 {
        let page = fake.json(SEARCH, &[("query", &format!("keyword {number}"))]).await;
        let live = &rows(&page, "lives")[0];
        let watching = text(&live["viewCountText"]);
        assert!(watching.ends_with(" watching") && live["lengthText"] == "LIVE" && live["lengthSeconds"].is_null());
        assert!(watching.starts_with(&live["viewCountInt"].to_string()), "{live}");
        floats += usize::from(live["viewCountInt"].is_f64());
    }
    assert!(floats > 0);
}

#[tokio::test]
async fn a_channel_s_row_has_subscribers_and_a_description_that_may_be_cut() {
    let (whole, cut) = (Fake::with(&["none"], &[]).await, Fake::with(&["none", "cut-bios=1"], &[]).await);
    for (fake, is_cut) in [(whole, false), (cut, true)] {
        let page = fake.json(SEARCH, &[("query", "yoga"), ("type", "channel")]).await;
        for row in rows(&page, "channels") {
            assert_eq!(text(&row["description"]).ends_with("..."), is_cut, "{row}");
            assert!(row["subscriberCountInt"].is_u64() && row["subscriberCountText"].is_string());
        }
    }
}

#[tokio::test]
async fn likes_and_comments_come_with_the_extras_alone() {
    let fake = Fake::new().await;
    for (query, there) in [(vec![("query", "yoga")], false), (vec![("query", "yoga"), ("includeExtras", "true")], true)] {
        let page = fake.json(SEARCH, &query).await;
        assert!(videos(&page).iter().all(|row| row.get("likeCountInt").is_some() == there));
    }
}

#[tokio::test]
async fn a_channel_comes_by_id_or_handle_with_subscribers_cut_to_three_digits() {
    let fake = Fake::with(&["none"], &[]).await;
    for known in fake.running.reach("youtube", "yoga").unwrap().iter().take(20) {
        let channel = fake.json(CHANNEL, &[("channelId", &known.identity)]).await;
        assert_eq!((text(&channel["channelId"]), text(&channel["handle"])), (known.identity.clone(), format!("@{}", known.username)));
        let shown = channel["subscriberCount"].as_u64().unwrap();
        assert!(shown <= known.followers && known.followers - shown <= known.followers / 100, "{shown} of {}", known.followers);
        assert!(known.email.as_ref().is_none_or(|email| text(&channel["description"]).contains(email.as_str())));
        let by_handle = fake.json(CHANNEL, &[("handle", &known.username.to_uppercase())]).await;
        assert_eq!(by_handle["channelId"], channel["channelId"]);
    }
}

#[tokio::test]
async fn the_title_of_a_link_is_a_member_of_its_own() {
    let fake = Fake::with(&["none"], &[]).await;
    for known in fake.running.reach("youtube", "yoga").unwrap() {
        let channel = fake.json(CHANNEL, &[("channelId", &known.identity)]).await;
        if let Some(link) = rows(&channel, "links").first() {
            assert!(channel.as_object().unwrap().iter().any(|(name, value)| name != "links" && value == link));
            return;
        }
    }
    panic!("nobody has a link");
}

#[tokio::test]
async fn an_id_that_is_sent_as_a_handle_is_not_found() {
    let fake = Fake::with(&["none"], &[]).await;
    let id = fake.identities("youtube", "yoga")[0].clone();
    let answer = fake.get(CHANNEL, &[("handle", &id)]).await;
    assert_eq!((answer.status, answer.json()["errorStatus"].clone()), (404, json!(404)));
}

#[tokio::test]
async fn a_channel_that_is_gone_is_found_and_has_no_profile() {
    let fake = Fake::with(&["deactivated=1"], &[]).await;
    let found = channels(&fake.json(SEARCH, &[("query", "yoga")]).await);
    assert_eq!(fake.get(CHANNEL, &[("channelId", &found[0])]).await.status, 404);
}

#[tokio::test]
async fn a_missing_parameter_or_a_foreign_token_is_400() {
    let fake = Fake::new().await;
    for (path, query) in [(CHANNEL, vec![]), (SEARCH, vec![]), (SEARCH, vec![("query", "yoga"), ("continuationToken", "x")])] {
        let answer = fake.get(path, &query).await;
        assert_eq!((answer.status, answer.json().as_object().unwrap().keys().collect::<Vec<_>>()), (400, vec![&"message".to_owned()]));
    }
}

#[tokio::test]
async fn the_key_is_the_provider_s_and_missing_ones_are_500() {
    let fake = Fake::new().await;
    let url = format!("{}{SEARCH}?query=yoga", fake.running.url());
    let missing = read(fake.http.get(&url).send().await.unwrap()).await;
    assert_eq!((missing.status, text(&missing.json()["message"])), (500, "apiKey is required".to_owned()));
    assert_eq!(fake.http.get(&url).header("x-api-key", "invalid").send().await.unwrap().status(), 401);
    assert!(fake.json("/youtube/api/v1/account/credit-balance", &[]).await["creditCount"].is_i64());
    assert_eq!(fake.get("/youtube/api/v1/youtube/profile", &[]).await.media_type, "text/html; charset=utf-8");
}
