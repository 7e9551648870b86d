//! The fakes against recorded answers of the real platforms. The recordings are not part of the repository;
//! where they are absent, these tests say so and pass.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use crate::Fake;

/// A recorded answer, if the recordings are there.
fn recording(name: &str) -> Option<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples");
    if !folder.is_dir() {
        eprintln!("skipped: there are no recordings in ../shared/samples");
        return None;
    }
    let text = std::fs::read_to_string(folder.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    Some(serde_json::from_str(&text).unwrap())
}

/// The members of an object with the kind of value that each has; null says nothing of the kind.
fn shape(object: &Value) -> BTreeSet<(String, &'static str)> {
    let kind = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    object.as_object().unwrap().iter().map(|(name, value)| (name.clone(), kind(value))).collect()
}

/// Every member of the recorded object is in the fake one, with the same kind of value.
#[track_caller]
fn assert_covers(fake: &Value, recorded: &Value) {
    let missing: Vec<_> = shape(recorded).difference(&shape(fake)).cloned().collect();
    assert!(missing.is_empty(), "the fake lacks {missing:?}");
}

#[tokio::test]
async fn authors_and_statistics_of_a_tiktok_search_have_every_member_that_was_recorded() {
    let Some(recorded) = recording("scrapecreators/v1-tiktok-search-keyword__recorded-page-11items.json") else { return };
    let page = Fake::new().await.json("/tiktok/api/v1/tiktok/search/keyword", &[("query", "yoga")]).await;
    let (fake, recorded) = (&page["search_item_list"][0]["aweme_info"], &recorded["search_item_list"][0]["aweme_info"]);
    assert_covers(&fake["author"], &recorded["author"]);
    assert_covers(&fake["statistics"], &recorded["statistics"]);
    assert_covers(&fake["video"]["bit_rate"][0], &recorded["video"]["bit_rate"][0]);
}

#[tokio::test]
async fn a_tiktok_page_without_rows_has_every_member_that_was_recorded() {
    let Some(recorded) = recording("scrapecreators/v1-tiktok-search-keyword__recorded-empty-array.json") else { return };
    let fake = Fake::new().await;
    for number in 0..12 {
        let page = fake.json("/tiktok/api/v1/tiktok/search/keyword", &[("query", &format!("nothing {number}"))]).await;
        if page.get("search_item_list").is_some() {
            assert_covers(&page, &recorded);
            return;
        }
    }
    panic!("no page had an empty list");
}

#[tokio::test]
async fn a_tiktok_profile_has_every_member_that_was_recorded() {
    let Some(recorded) = recording("scrapecreators/v1-tiktok-profile__recorded-beinsports.json") else { return };
    let fake = Fake::with(&["none"], &[]).await;
    for known in fake.running.reach("tiktok", "yoga").unwrap() {
        let profile = fake.json("/tiktok/api/v1/tiktok/profile", &[("handle", &known.username)]).await;
        if profile["user"].get("bioLink").is_some() && profile["user"].get("region").is_some() {
            assert_covers(&profile["user"], &recorded["user"]);
            assert_covers(&profile["stats"], &recorded["stats"]);
            assert_covers(&profile["statsV2"], &recorded["statsV2"]);
            return;
        }
    }
    panic!("no profile had both a link and a region");
}

#[tokio::test]
async fn a_bluesky_profile_has_every_member_that_was_recorded() {
    let Some(recorded) = recording("bluesky/actor-getProfiles__atproto-dart.json") else { return };
    let fake = Fake::with(&["none"], &[]).await;
    let known = fake.running.reach("bluesky", "yoga").unwrap();
    let actors: Vec<_> = known.iter().take(25).map(|known| ("actors", known.identity.as_str())).collect();
    let answer = fake.json("/bluesky/api/app.bsky.actor.getProfiles", &actors).await;
    let whole = |profile: &&Value| profile.get("banner").is_some() && profile.get("indexedAt").is_some();
    let profile = answer["profiles"].as_array().unwrap().iter().find(whole).unwrap();
    assert_covers(profile, &recorded["profiles"][0]);
}

#[tokio::test]
async fn a_mastodon_search_and_its_accounts_have_every_member_that_was_recorded() {
    let Some(recorded) = recording("mastodon/search-v2__mastodon-py.json") else { return };
    let page = Fake::with(&["none"], &[]).await.json("/mastodon/api/api/v2/search", &[("q", "yoga"), ("limit", "40")]).await;
    assert_covers(&page, &recorded);
    let whole = |row: &&Value| row.get("noindex").is_some() && row["last_status_at"].is_string() && row["discoverable"].is_boolean();
    let account = page["accounts"].as_array().unwrap().iter().find(whole).unwrap();
    // What is null in the first recorded account is not in the second.
    assert_covers(account, &recorded["accounts"][1]);
    let field =
        page["accounts"].as_array().unwrap().iter().find_map(|row| row["fields"].get(0).filter(|field| field["verified_at"].is_null()));
    assert_covers(field.unwrap(), &recorded["accounts"][0]["fields"][0]);
}

#[tokio::test]
async fn a_peertube_search_and_its_videos_have_every_member_that_was_recorded() {
    let Some(recorded) = recording("peertube/search-videos__sepiasearch.json") else { return };
    let page = Fake::with(&["none"], &[]).await.json("/peertube/api/api/v1/search/videos", &[("search", "yoga")]).await;
    assert_covers(&page, &recorded);
    let (video, recorded) = (&page["data"][0], &recorded["data"][0]);
    assert_covers(video, recorded);
    assert_covers(&video["channel"], &recorded["channel"]);
    assert_covers(&video["channel"]["avatars"][0], &recorded["channel"]["avatars"][0]);
}

#[tokio::test]
async fn a_podcast_has_every_member_that_was_recorded() {
    let Some(recorded) = recording("itunes/search-podcast__syncify.json") else { return };
    let fake = Fake::new().await;
    let page = fake.json("/podcasts/api/search", &[("term", "yoga"), ("media", "podcast"), ("entity", "podcast")]).await;
    let whole = |row: &&Value| row.get("artistId").is_some() && row.get("feedUrl").is_some();
    assert_covers(page["results"].as_array().unwrap().iter().find(whole).unwrap(), &recorded["results"][0]);
}

#[tokio::test]
async fn a_dailymotion_list_and_its_rows_have_every_member_that_was_recorded() {
    let fake = Fake::new().await;
    let path = "/dailymotion/api/videos";
    if let Some(recorded) = recording("dailymotion/playlist-videos__brony.json") {
        let page = fake.json(path, &[("search", "yoga")]).await;
        assert_covers(&page, &recorded);
        assert_covers(&page["list"][0], &recorded["list"][0]);
    }
    if let Some(recorded) = recording("dailymotion/videos-search-dotted-keys__playlist-plugin.json") {
        let fields = "duration,id,owner.username,title,thumbnail_360_url,views_total";
        let mut row = fake.json(path, &[("search", "yoga"), ("fields", fields)]).await["list"][0].clone();
        row["thumbnail_medium_url"] = row["thumbnail_360_url"].clone();
        assert_covers(&row, &recorded["list"][0]);
    }
}

#[tokio::test]
async fn a_github_account_has_every_member_that_was_recorded() {
    let fake = Fake::with(&["none"], &[]).await;
    let get = async |path: &str, query: &[(&str, &str)]| -> Value {
        let response = fake.request(path, query).header("user-agent", "test").send().await.unwrap();
        crate::read(response).await.json()
    };
    if let Some(recorded) = recording("github/search-users-p1__pygithub.json") {
        let page = get("/github/api/search/users", &[("q", "yoga")]).await;
        assert_covers(&page, &recorded);
        assert_covers(&page["items"][0], &recorded["items"][0]);
    }
    let Some(mut recorded) = recording("github/users-login__pygithub.json") else { return };
    let known = &fake.running.reach("github", "yoga").unwrap()[0];
    let profile = get(&format!("/github/api/users/{}", known.username), &[]).await;
    // Whoever says nothing of these has null there, in reality as well.
    for unsaid in ["bio", "company", "email", "hireable", "location", "twitter_username"] {
        recorded[unsaid] = profile[unsaid].clone();
    }
    assert_covers(&profile, &recorded);
}

#[tokio::test]
async fn a_youtube_search_has_every_member_that_was_recorded() {
    let Some(recorded) = recording("scrapecreators/v1-youtube-search__recorded-p1.json") else { return };
    let fake = Fake::with(&["none"], &[]).await.json("/youtube/api/v1/youtube/search", &[("query", "yoga")]).await;
    assert_covers(&fake, &recorded);
    for list in ["videos", "shorts"] {
        assert_covers(&fake[list][0], &recorded[list][0]);
        assert_covers(&fake[list][0]["channel"], &recorded[list][0]["channel"]);
    }
    assert_covers(&fake["shelves"][0], &recorded["shelves"][0]);
    assert_covers(&fake["shelves"][0]["items"][0], &recorded["shelves"][0]["items"][0]);
    assert_covers(&fake["shelves"][1]["items"][0], &recorded["videos"][0]);
}

#[tokio::test]
async fn a_youtube_channel_has_every_member_that_was_recorded() {
    let Some(mut recorded) = recording("scrapecreators/v1-youtube-channel__recorded-apple.json") else { return };
    // These are titles of links, which are everybody's own.
    for title in ["apple.com", "instagram"] {
        recorded.as_object_mut().unwrap().remove(title);
    }
    let fake = Fake::with(&["none"], &[]).await;
    for known in fake.running.reach("youtube", "yoga").unwrap() {
        let channel = fake.json("/youtube/api/v1/youtube/channel", &[("channelId", &known.identity)]).await;
        if channel["tags"].is_string() && channel["country"].is_string() {
            assert_covers(&channel, &recorded);
            assert_covers(&channel["avatar"], &recorded["avatar"]);
            return;
        }
    }
    panic!("no channel had both tags and a country");
}

#[tokio::test]
async fn google_s_lists_have_every_member_that_was_recorded() {
    let fake = Fake::with(&["none"], &[]).await;
    let ask = [("key", "right"), ("part", "snippet"), ("q", "yoga")];
    for (kind, name) in
        [("video", "youtube/search-list-video__python-youtube-p1.json"), ("channel", "youtube/search-list-channel__python-youtube.json")]
    {
        let Some(recorded) = recording(name) else { return };
        let page = fake.json("/youtube-data/api/search", &[&ask[..], &[("type", kind)]].concat()).await;
        assert_covers(&page, &recorded);
        assert_covers(&page["items"][0], &recorded["items"][0]);
        assert_covers(&page["items"][0]["id"], &recorded["items"][0]["id"]);
        assert_covers(&page["items"][0]["snippet"], &recorded["items"][0]["snippet"]);
    }
    let Some(mut recorded) = recording("youtube/channels-list__python-youtube-info-multiple.json") else { return };
    let ids = fake.running.reach("youtube-data", "yoga").unwrap()[0].identity.clone();
    let told = fake.json("/youtube-data/api/channels", &[("key", "right"), ("part", "snippet,statistics"), ("id", &ids)]).await;
    assert_covers(&told, &recorded);
    // Not every channel names its country.
    recorded["items"][0]["snippet"].as_object_mut().unwrap().remove("country");
    for part in ["snippet", "statistics"] {
        assert_covers(&told["items"][0][part], &recorded["items"][0][part]);
    }
}

#[tokio::test]
async fn reels_and_their_owners_have_every_member_that_was_recorded() {
    let fake = Fake::new().await;
    for (name, path) in [("v2-instagram-reels-search__vendor-docs", "v2"), ("v1-instagram-reels-search__recorded", "v1")] {
        let Some(recorded) = recording(&format!("scrapecreators/{name}.json")) else { return };
        let page = fake.json(&format!("/instagram/api/{path}/instagram/reels/search"), &[("query", "yoga")]).await;
        let recorded = &recorded["reels"][0];
        // Not every reel says where it was made.
        let reels = page["reels"].as_array().unwrap();
        let reel = reels.iter().find(|reel| reel["location"].is_object() == recorded["location"].is_object()).unwrap();
        assert_covers(reel, recorded);
        assert_covers(&reel["owner"], &recorded["owner"]);
    }
}
