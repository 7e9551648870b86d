use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};

use crate::{Fake, read, rows, text};

const SEARCH: &str = "/tiktok/api/v1/tiktok/search/keyword";
const PROFILE: &str = "/tiktok/api/v1/tiktok/profile";
const CREDIT: &str = "/tiktok/api/v1/account/credit-balance";

/// Every page of a keyword that has rows, by the returned cursor, until an answer has none.
async fn pages(fake: &Fake, keyword: &str, trim: bool) -> Vec<Value> {
    let (mut pages, mut cursor) = (Vec::new(), 0);
    loop {
        let given = cursor.to_string();
        let mut query = vec![("query", keyword), ("cursor", &given)];
        query.extend(trim.then_some(("trim", "true")));
        let page = fake.json(SEARCH, &query).await;
        assert_eq!(page["cursor"], cursor + 30);
        if rows(&page, "search_item_list").is_empty() {
            return pages;
        }
        cursor = page["cursor"].as_u64().unwrap();
        pages.push(page);
    }
}

fn authors(page: &Value) -> Vec<String> {
    rows(page, "search_item_list").iter().map(|row| text(&row.get("aweme_info").unwrap_or(row)["author"]["uid"])).collect()
}

async fn profile(fake: &Fake, handle: &str) -> Value {
    fake.json(PROFILE, &[("handle", handle)]).await
}

#[tokio::test]
async fn paging_to_the_end_gives_the_reach_exactly_in_both_forms() {
    let fake = Fake::new().await;
    let reach: HashSet<_> = fake.identities("tiktok", "yoga").into_iter().collect();
    for trim in [false, true] {
        let found: HashSet<_> = pages(&fake, "yoga", trim).await.iter().flat_map(authors).collect();
        assert_eq!(found, reach);
    }
}

#[tokio::test]
async fn pages_have_4_to_30_rows_and_only_the_last_says_that_it_is() {
    let fake = Fake::new().await;
    for keyword in ["yoga", "chess", "street food"] {
        let pages = pages(&fake, keyword, false).await;
        let (last, others) = pages.split_last().unwrap();
        assert_eq!(last["has_more"], 0);
        for page in others {
            assert_eq!(page["has_more"], 1);
            assert!((4..=30).contains(&rows(page, "search_item_list").len()));
        }
    }
}

#[tokio::test]
async fn a_full_page_is_as_long_as_a_real_one() {
    let fake = Fake::new().await;
    let mut lengths = Vec::new();
    for keyword in ["yoga", "chess", "street food", "ceramics"] {
        let answer = fake.get(SEARCH, &[("query", keyword)]).await;
        if rows(&answer.json(), "search_item_list").len() == 30 {
            lengths.push(answer.body.len());
        }
    }
    assert!(!lengths.is_empty() && lengths.iter().all(|length| (2_300_000..=2_500_000).contains(length)), "{lengths:?}");
}

#[tokio::test]
async fn a_trimmed_page_is_flat_and_small_and_does_not_say_whether_there_is_more() {
    let fake = Fake::new().await;
    let answer = fake.get(SEARCH, &[("query", "yoga"), ("trim", "true")]).await;
    let page = answer.json();
    let row = &page["search_item_list"][0];
    assert!(answer.body.len() < 400_000, "{}", answer.body.len());
    assert!(row.get("aweme_info").is_none() && row["aweme_id"].is_string() && row["statistics"]["play_count"].is_u64());
    assert_eq!(page.as_object().unwrap().keys().collect::<Vec<_>>(), ["cursor", "search_item_list"]);
}

#[tokio::test]
async fn rows_have_what_a_reader_needs_and_no_bio() {
    let fake = Fake::new().await;
    let followers: HashMap<_, _> =
        fake.running.reach("tiktok", "yoga").unwrap().into_iter().map(|known| (known.identity, known.followers)).collect();
    let page = fake.json(SEARCH, &[("query", "yoga")]).await;
    let mut untyped = 0;
    for row in rows(&page, "search_item_list") {
        let (video, author) = (&row["aweme_info"], &row["aweme_info"]["author"]);
        assert_eq!(author["follower_count"].as_u64(), Some(followers[&text(&author["uid"])]));
        assert!(author.get("signature").is_none() && author.get("verified").is_none() && author["custom_verify"].is_string());
        assert!(author["avatar_medium"]["url_list"][0].as_str().unwrap().starts_with("https://"));
        assert!(text(&video["url"]).ends_with(&format!("/@{}/video/{}", text(&author["unique_id"]), text(&video["aweme_id"]))));
        assert!(
            ["play_count", "digg_count", "comment_count", "share_count", "collect_count"]
                .iter()
                .all(|count| video["statistics"][count].is_u64())
        );
        assert!(video["create_time"].is_i64() && text(&video["create_time_utc"]).ends_with('Z') && video["desc"].is_string());
        untyped += usize::from(video.get("content_type").is_none());
    }
    assert!(untyped < rows(&page, "search_item_list").len());
}

#[tokio::test]
async fn numeric_ids_are_rounded_as_the_real_ones_are() {
    let page = Fake::new().await.json(SEARCH, &[("query", "yoga")]).await;
    let video = &page["search_item_list"][0]["aweme_info"];
    assert_ne!(video["author_user_id"].to_string(), text(&video["author"]["uid"]));
    assert_eq!(video["author_user_id"].to_string().len(), 19);
}

#[tokio::test]
async fn authors_come_again_within_a_page_and_on_later_ones_unless_told_not_to() {
    let twice = |pages: &[Value]| pages.iter().any(|page| authors(page).iter().collect::<HashSet<_>>().len() < authors(page).len());
    let always = pages(&Fake::with(&["none", "duplicates-in-page=1"], &[]).await, "yoga", true).await;
    assert!(twice(&always));
    let between = pages(&Fake::with(&["none", "duplicates-between-pages=0.5"], &[]).await, "yoga", true).await;
    assert!(!twice(&between));
    let first: HashSet<_> = authors(&between[0]).into_iter().collect();
    assert!(between[1..].iter().flat_map(authors).any(|author| first.contains(&author)));
    let never = pages(&Fake::with(&["none"], &[]).await, "yoga", true).await;
    let all: Vec<_> = never.iter().flat_map(authors).collect();
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
}

#[tokio::test]
async fn a_page_without_rows_comes_in_both_of_its_forms() {
    let fake = Fake::new().await;
    let mut forms = HashSet::new();
    for number in 0..12 {
        let page = fake.json(SEARCH, &[("query", &format!("nothing {number}"))]).await;
        assert!(page["aweme_list"].is_null() && page["search_nil_info"].is_object());
        assert_eq!((&page["has_more"], &page["cursor"]), (&json!(0), &json!(30)));
        forms.insert(page.get("search_item_list").map(|list| list.as_array().unwrap().len()));
    }
    assert_eq!(forms, HashSet::from([None, Some(0)]));
}

#[tokio::test]
async fn a_misspelt_keyword_is_answered_with_a_correction_and_any_other_with_none() {
    let corrected = Fake::with(&["misspelt=1"], &[]).await.json(SEARCH, &[("query", "yoga")]).await;
    let correction = &corrected["components"][0]["components"][0]["biz_data"]["query_correct_info"];
    assert_eq!((text(&correction["original_query"]), text(&correction["corrected_query"])), ("yoga".to_owned(), "yogaa".to_owned()));
    let plain = Fake::with(&["misspelt=0"], &[]).await.json(SEARCH, &[("query", "yoga")]).await;
    assert!(plain["components"].is_null());
}

#[tokio::test]
async fn a_page_may_claim_to_be_the_last_and_not_be() {
    let fake = Fake::with(&["false-end=1"], &[]).await;
    let pages = pages(&fake, "yoga", false).await;
    assert!(pages.len() > 1 && pages.iter().all(|page| page["has_more"] == 0));
}

#[tokio::test]
async fn without_a_key_the_answer_is_500_with_the_wrong_one_401_and_with_any_other_right() {
    let fake = Fake::new().await;
    for path in [SEARCH, PROFILE, CREDIT] {
        let url = format!("{}{path}?query=yoga&handle=x", fake.running.url());
        let missing = read(fake.http.get(&url).send().await.unwrap()).await;
        assert_eq!((missing.status, missing.json()), (500, json!({ "success": false, "message": "apiKey is required" })));
        let wrong = read(fake.http.get(&url).header("x-api-key", "invalid").send().await.unwrap()).await;
        assert_eq!((wrong.status, wrong.json()["success"].clone()), (401, json!(false)));
        let right = read(fake.http.get(&url).header("x-api-key", "anything").send().await.unwrap()).await;
        assert!([200, 404].contains(&right.status));
    }
}

#[tokio::test]
async fn the_balance_is_more_than_32_bits_hold() {
    let balance = Fake::new().await.json(CREDIT, &[]).await;
    assert!(balance["creditCount"].as_i64().unwrap() > i64::from(u32::MAX));
}

#[tokio::test]
async fn an_envelope_stands_around_some_answers_and_not_around_others() {
    let fake = Fake::with(&["none"], &[]).await;
    let mut forms = HashSet::new();
    for known in fake.running.reach("tiktok", "yoga").unwrap().iter().take(20) {
        forms.insert(profile(&fake, &known.username).await.get("credits_remaining").is_some());
    }
    assert_eq!(forms.len(), 2);
}

#[tokio::test]
async fn a_profile_is_found_by_handle_whatever_its_case_and_has_the_exact_counts_as_strings() {
    let fake = Fake::with(&["none"], &[]).await;
    for known in fake.running.reach("tiktok", "yoga").unwrap().iter().take(20) {
        let profile = profile(&fake, &format!("@{}", known.username.to_uppercase())).await;
        assert_eq!((text(&profile["user"]["id"]), text(&profile["user"]["uniqueId"])), (known.identity.clone(), known.username.clone()));
        assert_eq!(text(&profile["statsV2"]["followerCount"]), known.followers.to_string());
        let rounded = profile["stats"]["followerCount"].as_u64().unwrap();
        assert!(rounded.abs_diff(known.followers) <= known.followers / 10);
        assert!(profile["user"]["verified"].is_boolean() && profile["itemList"] == json!([]));
        assert!(known.email.as_ref().is_none_or(|email| text(&profile["user"]["signature"]).contains(email.as_str())));
    }
}

#[tokio::test]
async fn huge_accounts_have_fewer_likes_than_none_in_one_place_and_the_right_ones_in_two() {
    let fake = Fake::with(&["none"], &[]).await;
    let mut negative = 0;
    for known in fake.running.reach("tiktok", "yoga").unwrap().iter().filter(|known| known.followers > 100_000_000) {
        let profile = profile(&fake, &known.username).await;
        let exact: i64 = text(&profile["statsV2"]["heart"]).parse().unwrap();
        assert!(exact > 0 && profile["stats"]["heart"].as_i64().unwrap() > 0);
        assert_eq!(profile["stats"]["heartCount"].as_i64().unwrap().rem_euclid(1 << 32), exact.rem_euclid(1 << 32));
        negative += usize::from(profile["stats"]["heartCount"].as_i64() < Some(0));
    }
    assert!(negative > 0);
}

#[tokio::test]
async fn regions_and_links_are_sometimes_absent_and_links_sometimes_lack_a_scheme() {
    let fake = Fake::with(&["none"], &[]).await;
    let (mut region, mut link, mut scheme) = (HashSet::new(), HashSet::new(), HashSet::new());
    for known in fake.running.reach("tiktok", "yoga").unwrap().iter().take(50) {
        let user = profile(&fake, &known.username).await["user"].clone();
        region.insert(user.get("region").is_some());
        link.insert(user.get("bioLink").is_some());
        scheme.extend(user.get("bioLink").map(|link| text(&link["link"]).starts_with("https://")));
    }
    assert_eq!((region.len(), link.len(), scheme.len()), (2, 2, 2));
}

#[tokio::test]
async fn private_and_deactivated_accounts_are_200_without_a_user() {
    let private = Fake::with(&["private=1", "deactivated=0"], &[]).await;
    let handle = private.running.reach("tiktok", "yoga").unwrap()[0].username.clone();
    let husk = profile(&private, &handle).await;
    assert_eq!((&husk["account_private"], text(&husk["handle"])), (&json!(true), handle.clone()));
    assert!(husk.get("user").is_none());

    let gone = Fake::with(&["deactivated=1"], &[]).await;
    let husk = profile(&gone, &handle).await;
    assert_eq!((&husk["account_deactivated"], husk["message"].is_string()), (&json!(true), true));
    assert!(husk.get("user").is_none());
}

#[tokio::test]
async fn bios_are_missing_at_the_rate_that_is_said() {
    for (rule, all, none) in [("missing-bios=0", true, false), ("missing-bios=1", false, true)] {
        let fake = Fake::with(&["none", rule], &[]).await;
        for known in fake.running.reach("tiktok", "yoga").unwrap().iter().take(10) {
            let empty = text(&profile(&fake, &known.username).await["user"]["signature"]).is_empty();
            assert_eq!((empty, !empty), (none, all), "{rule}");
        }
    }
}

#[tokio::test]
async fn an_unknown_handle_is_404_and_a_missing_parameter_400() {
    let fake = Fake::new().await;
    let unknown = fake.get(PROFILE, &[("handle", "nobody.of.this.name")]).await;
    assert_eq!((unknown.status, unknown.json()["errorStatus"].clone()), (404, json!(404)));
    for (path, query) in [(PROFILE, None), (SEARCH, None), (SEARCH, Some([("query", "yoga"), ("cursor", "next")]))] {
        let answer = fake.get(path, query.as_ref().map_or(&[], |query| query.as_slice())).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
    }
}

#[tokio::test]
async fn an_unknown_route_is_404_with_a_page_that_repeats_no_markup() {
    let answer = Fake::new().await.get("/tiktok/api/v1/tiktok/<script>", &[]).await;
    assert_eq!((answer.status, answer.media_type.as_str()), (404, "text/html; charset=utf-8"));
    assert!(answer.text().contains("Cannot GET /v1/tiktok/") && !answer.text().contains("<script>"));
}
