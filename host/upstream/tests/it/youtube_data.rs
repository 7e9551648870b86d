use std::collections::HashSet;

use serde_json::{Value, json};

use crate::{Answer, Fake, rows, text};

const SEARCH: &str = "/youtube-data/api/search";
const CHANNELS: &str = "/youtube-data/api/channels";

const KEY: (&str, &str) = ("key", "right");
const SNIPPET: (&str, &str) = ("part", "snippet");

/// Every row of a keyword, page by page, until the token is absent; no kind is all of them.
async fn search_all(fake: &Fake, kind: &str, limit: &str) -> Vec<Value> {
    let (mut all, mut token) = (Vec::new(), String::new());
    loop {
        let mut query = vec![KEY, SNIPPET, ("q", "yoga"), ("maxResults", limit)];
        query.extend((!kind.is_empty()).then_some(("type", kind)));
        query.extend((!token.is_empty()).then_some(("pageToken", token.as_str())));
        let page = fake.json(SEARCH, &query).await;
        assert_eq!(page["pageInfo"]["totalResults"], 1_000_000);
        all.extend_from_slice(rows(&page, "items"));
        match page.get("nextPageToken") {
            Some(next) => token = text(next),
            None => return all,
        }
    }
}

async fn channels(fake: &Fake, parts: &str, ids: &[String]) -> Answer {
    fake.get(CHANNELS, &[KEY, ("part", parts), ("id", &ids.join(","))]).await
}

fn reason(answer: &Answer) -> (u16, String) {
    (answer.status, text(&answer.json()["error"]["errors"][0]["reason"]))
}

#[tokio::test]
async fn paging_to_the_end_gives_the_reach_exactly_and_channels_nobody_twice() {
    let fake = Fake::new().await;
    let reach = fake.identities("youtube-data", "yoga");
    let owner = |row: &Value| text(&row["snippet"]["channelId"]);
    for limit in ["7", "50"] {
        assert_eq!(search_all(&fake, "channel", limit).await.iter().map(owner).collect::<Vec<_>>(), reach);
        let videos = search_all(&fake, "video", limit).await;
        assert!(videos.len() > reach.len() && videos.iter().all(|row| row["id"]["videoId"].is_string()));
        assert_eq!(videos.iter().map(owner).collect::<HashSet<_>>(), reach.iter().cloned().collect());
    }
}

#[tokio::test]
async fn without_a_type_all_kinds_take_turns_and_together_show_everybody_who_is_reached() {
    let fake = Fake::with(&["none"], &[]).await;
    let mixed = search_all(&fake, "", "50").await;
    for (place, row) in mixed.iter().enumerate() {
        let kind = ["video", "channel", "playlist"][place % 3];
        assert_eq!(row["id"]["kind"], format!("youtube#{kind}"));
        assert!(row["id"][format!("{kind}Id")].is_string() && row["snippet"]["title"].is_string(), "{row}");
    }
    let shown: Vec<_> = mixed.iter().map(|row| text(&row["snippet"]["channelId"])).collect();
    assert_eq!(shown, fake.identities("youtube-data", "yoga"));
}

#[tokio::test]
async fn several_types_are_those_that_come_and_what_is_none_is_refused() {
    let fake = Fake::new().await;
    let kinds: HashSet<_> = search_all(&fake, "video,channel", "50").await.iter().map(|row| text(&row["id"]["kind"])).collect();
    assert_eq!(kinds, HashSet::from(["youtube#video".to_owned(), "youtube#channel".to_owned()]));
    let none = fake.get(SEARCH, &[KEY, SNIPPET, ("q", "yoga"), ("type", "movie")]).await;
    assert_eq!(reason(&none), (400, "invalidParameter".to_owned()));
}

#[tokio::test]
async fn a_token_beyond_the_end_gives_an_empty_last_page() {
    let page = Fake::new().await.json(SEARCH, &[KEY, SNIPPET, ("q", "yoga"), ("pageToken", "C900000QAA")]).await;
    assert_eq!((&page["items"], page.get("nextPageToken")), (&json!([]), None));
}

#[tokio::test]
async fn the_channels_are_those_of_the_fake_youtube() {
    let fake = Fake::new().await;
    let (one, other) = (fake.running.reach("youtube", "yoga").unwrap(), fake.running.reach("youtube-data", "yoga").unwrap());
    assert_eq!(one, other);
}

#[tokio::test]
async fn a_page_has_5_rows_unless_another_number_is_asked_for() {
    let fake = Fake::new().await;
    let ask = async |limit: &str| fake.get(SEARCH, &[KEY, SNIPPET, ("q", "yoga"), ("maxResults", limit)]).await;
    assert_eq!(rows(&fake.json(SEARCH, &[KEY, SNIPPET, ("q", "yoga")]).await, "items").len(), 5);
    assert_eq!(rows(&ask("50").await.json(), "items").len(), 50);
    for limit in ["51", "-1", "many"] {
        assert_eq!(reason(&ask(limit).await), (400, "invalidParameter".to_owned()), "{limit}");
    }
}

#[tokio::test]
async fn a_keyword_with_the_word_nothing_finds_nobody_and_says_so_plainly() {
    let page = Fake::new().await.json(SEARCH, &[KEY, SNIPPET, ("q", "nothing here")]).await;
    assert_eq!((&page["items"], &page["pageInfo"]), (&json!([]), &json!({ "totalResults": 0, "resultsPerPage": 0 })));
    assert!(page.get("nextPageToken").is_none());
}

#[tokio::test]
async fn titles_in_searches_are_escaped_and_those_of_channels_are_not() {
    let fake = Fake::new().await;
    let videos = search_all(&fake, "video", "50").await;
    let titles: Vec<_> = videos.iter().map(|row| text(&row["snippet"]["title"])).collect();
    assert!(titles.iter().any(|title| title.contains("&#39;")) && titles.iter().any(|title| title.contains("&amp;")));
    assert!(titles.iter().all(|title| !title.contains(['\'', '"', '<'])));
}

#[tokio::test]
async fn counts_of_channels_are_strings_cut_to_three_digits_unless_they_are_hidden() {
    let (open, hidden) = (Fake::with(&["none"], &[]).await, Fake::with(&["none", "hidden-followers=1"], &[]).await);
    let known = open.running.reach("youtube-data", "yoga").unwrap();
    let ids: Vec<_> = known.iter().take(50).map(|known| known.identity.clone()).collect();
    let told = channels(&open, "snippet,statistics", &ids).await.json();
    assert_eq!(rows(&told, "items").len(), 50);
    for (channel, known) in rows(&told, "items").iter().zip(&known) {
        let shown: u64 = text(&channel["statistics"]["subscriberCount"]).parse().unwrap();
        assert!(shown <= known.followers && known.followers - shown <= known.followers / 100, "{shown} of {}", known.followers);
        assert_eq!(text(&channel["snippet"]["customUrl"]).trim_start_matches('@'), known.username.to_lowercase());
    }
    for channel in rows(&channels(&hidden, "statistics", &ids).await.json(), "items") {
        assert_eq!(channel["statistics"]["hiddenSubscriberCount"], true);
        assert_eq!((channel["statistics"]["subscriberCount"].as_str(), channel.get("snippet")), (Some("0"), None));
    }
}

#[tokio::test]
async fn a_call_covers_up_to_50_channels_or_one_handle() {
    let fake = Fake::with(&["none"], &[]).await;
    let known = fake.running.reach("youtube-data", "yoga").unwrap();
    let ids: Vec<_> = known.iter().map(|known| known.identity.clone()).collect();
    assert_eq!(reason(&channels(&fake, "snippet", &ids[..51]).await), (400, "invalidFilters".to_owned()));
    let by_handle = fake.json(CHANNELS, &[KEY, SNIPPET, ("forHandle", &format!("@{}", known[0].username))]).await;
    assert_eq!(text(&by_handle["items"][0]["id"]), known[0].identity);
    assert_eq!(reason(&fake.get(CHANNELS, &[KEY, SNIPPET]).await), (400, "missingRequiredParameter".to_owned()));
}

#[tokio::test]
async fn unknown_and_deactivated_channels_are_left_out_and_so_is_a_list_of_nobody() {
    let fake = Fake::with(&["none"], &[]).await;
    let known = fake.identities("youtube-data", "yoga");
    let unknown = "UCaaaaaaaaaaaaaaaaaaaaaa".to_owned();
    let told = channels(&fake, "snippet", &[unknown.clone(), known[0].clone()]).await.json();
    assert_eq!(rows(&told, "items").len(), 1);
    let nobody = channels(&fake, "snippet", &[unknown]).await.json();
    assert_eq!((nobody.get("items"), &nobody["pageInfo"]["totalResults"]), (None, &json!(0)));
    let gone = Fake::with(&["deactivated=1"], &[]).await;
    assert!(channels(&gone, "snippet", &known[..5]).await.json().get("items").is_none());
}

#[tokio::test]
async fn a_key_that_is_missing_or_wrong_is_refused_in_different_ways() {
    let fake = Fake::new().await;
    let missing = fake.get(SEARCH, &[SNIPPET, ("q", "yoga")]).await;
    assert_eq!(reason(&missing), (403, "forbidden".to_owned()));
    let wrong = fake.get(SEARCH, &[("key", "invalid"), SNIPPET, ("q", "yoga")]).await;
    assert_eq!(reason(&wrong), (400, "badRequest".to_owned()));
    assert_eq!(wrong.json()["error"]["details"][1]["reason"], "API_KEY_INVALID");
}

#[tokio::test]
async fn an_empty_quota_is_403_with_markup_in_its_message_and_haste_is_429() {
    let query = [KEY, SNIPPET, ("q", "yoga")];
    let spent = Fake::with(&[], &["out-of-credit=1"]).await.get(SEARCH, &query).await;
    assert_eq!(reason(&spent), (403, "quotaExceeded".to_owned()));
    assert!(text(&spent.json()["error"]["message"]).contains("<a href="));
    let fast = Fake::with(&[], &["rate-limited=1"]).await.get(SEARCH, &query).await;
    assert_eq!((reason(&fast), fast.retry_after.as_deref()), ((429, "rateLimitExceeded".to_owned()), Some("1")));
}

#[tokio::test]
async fn a_foreign_token_a_missing_part_and_an_unknown_path_are_refused() {
    let fake = Fake::new().await;
    let token = fake.get(SEARCH, &[KEY, SNIPPET, ("q", "yoga"), ("pageToken", "x")]).await;
    assert_eq!(reason(&token), (400, "invalidPageToken".to_owned()));
    assert_eq!(reason(&fake.get(SEARCH, &[KEY, ("q", "yoga")]).await), (400, "missingRequiredParameter".to_owned()));
    assert_eq!(fake.get("/youtube-data/api/videos", &[KEY]).await.status, 404);
}
