//! Goal: an instance's directory, which has no search of its own, gives those whose profile has the keyword's words;
//! and accounts of other software than Mastodon are read as well.

#![allow(clippy::expect_used, clippy::panic, reason = "a panic is a failed test")]

use scout_mastodon::Mastodon;
use scout_sdk::testing::{answer, query_with, values};
use scout_sdk::{Creator, Fault, Page, Platform, Query};

const RELATIVES: &str = include_str!("../fixtures/relatives.json");

fn directory(keyword: &str) -> Query {
    query_with(keyword, &[("source", "directory")])
}

fn read(keyword: &str, cursor: Option<&str>, body: &str) -> Result<Page, Fault> {
    Mastodon::read_search(&directory(keyword), cursor, &answer(200, body))
}

fn names(keyword: &str) -> Vec<String> {
    read(keyword, None, RELATIVES).expect("it is a page").creators.into_iter().map(|creator| creator.username).collect()
}

fn called(username: &str) -> Creator {
    let page = read("yoga", None, RELATIVES).expect("it is a page");
    page.creators.into_iter().find(|creator| creator.username == username).expect("the creator is found")
}

#[test]
fn the_directory_is_asked_for_80_accounts_at_a_time() {
    let request = Mastodon::plan_search(&directory("yoga"), None).expect("it can be planned");
    assert_eq!(request.path, "/api/v1/directory");
    assert_eq!([values(&request, "limit"), values(&request, "offset"), values(&request, "order")], [["80"], ["0"], ["active"]]);
    let second = Mastodon::plan_search(&directory("yoga"), Some("80")).expect("it can be planned");
    assert_eq!(values(&second, "offset"), ["80"]);
}

#[test]
fn every_keyword_asks_for_the_same_pages_so_that_a_cache_answers_all_but_the_first() {
    let request = |keyword| Mastodon::plan_search(&directory(keyword), Some("80"));
    assert_eq!(request("yoga"), request("ceramics"));
}

#[test]
fn a_cursor_or_setting_that_is_not_known_is_refused() {
    for cursor in ["x", "-1", "", "99999999999999999999"] {
        assert!(matches!(Mastodon::plan_search(&directory("yoga"), Some(cursor)), Err(Fault::Unsupported(_))), "{cursor}");
    }
    let refused = Mastodon::plan_search(&query_with("yoga", &[("source", "posts")]), None);
    assert!(matches!(refused, Err(Fault::Unsupported(text)) if text.contains("search or directory")));
    let refused = Mastodon::plan_search(&query_with("yoga", &[("bots", "yes")]), None);
    assert!(matches!(refused, Err(Fault::Unsupported(text)) if text.contains("false or true")));
}

#[test]
fn only_profiles_with_every_word_of_the_keyword_are_found() {
    assert_eq!(names("yoga"), ["dora", "emil@pixels.test", "fay", "hana"]);
    assert_eq!(names("Hot YOGA"), ["hana"]);
    assert_eq!(names("yoga ceramics"), ["hana"], "fields count");
    assert_eq!(names("花"), ["hana"], "names count");
    assert_eq!(names("pixels.test"), ["emil@pixels.test"], "handles count");
    assert!(names("juggling").is_empty());
}

#[test]
fn longer_words_count_that_begin_alike_and_any_place_where_words_are_not_parted() {
    assert_eq!(names("photo"), ["emil@pixels.test"], "it is not the end of another word");
    assert_eq!(names("hot"), ["hana"]);
    let body = r#"[{"acct":"ren","note":"毎日茶道教室"}]"#;
    assert_eq!(read("茶道", None, body).expect("it is a page").creators.len(), 1);
}

#[test]
fn a_word_ends_in_either_small_form_of_sigma() {
    let body = r#"[{"acct":"ren","note":"δρομος"}]"#;
    assert_eq!(read("ΔΡΟΜΟΣ", None, body).expect("it is a page").creators.len(), 1);
}

#[test]
fn a_word_counts_at_any_place_only_where_its_script_does_not_part_words() {
    let is_found = |word: &str, note: &str| {
        let page = read(word, None, &format!(r#"[{{"acct":"ren","note":"{note}"}}]"#)).expect("it is a page");
        page.creators.len() == 1
    };
    for (word, note) in [("ヨガ", "朝ヨガ教室"), ("โยคะ", "สอนโยคะทุกวัน"), ("យូហ្គា", "រៀនយូហ្គា"), ("ໂຍຄະ", "ຮຽນໂຍຄະ"), ("yoga", "朝yoga教室")]
    {
        assert!(is_found(word, note), "{word} in {note}");
    }
    for (word, note) in [("über", "darüber"), ("йога", "апийога"), ("요가", "필요가")] {
        assert!(!is_found(word, note), "{word} in {note}");
    }
}

#[test]
fn tags_of_a_bio_are_no_words() {
    assert!(names("href").is_empty());
    assert!(names("amp").is_empty());
}

#[test]
fn the_next_page_begins_after_all_that_was_seen_and_a_page_without_accounts_is_the_last() {
    assert_eq!(read("yoga", None, RELATIVES).expect("it is a page").next.as_deref(), Some("6"));
    let nobody_fits = read("juggling", Some("80"), RELATIVES).expect("it is a page");
    assert_eq!((nobody_fits.creators.len(), nobody_fits.next.as_deref()), (0, Some("86")));
    assert_eq!(read("yoga", Some("80"), "[]").expect("it is a page").next, None);
    assert_eq!(read("yoga", Some(&u64::MAX.to_string()), RELATIVES).expect("it is a page").next, None);
}

#[test]
fn another_shape_names_what_is_missing() {
    assert_eq!(read("yoga", None, "{}"), Err(Fault::Malformed("the JSON is no list".into())));
    assert_eq!(read("yoga", None, r#"[{"display_name":"a"}]"#), Err(Fault::Malformed("`[].acct` is missing".into())));
    assert_eq!(read("yoga", None, r#"{"error":"Not now"}"#), Err(Fault::Other("HTTP 200: Not now".into())));
}

#[test]
fn an_account_of_an_old_server_has_a_number_for_an_id_and_a_path_for_a_picture() {
    let dora = called("dora");
    assert_eq!(dora.identity, "https://old.test/@dora");
    assert_eq!(dora.avatar_url.as_deref(), Some("https://old.test/system/accounts/avatars/dora.png"));
    assert_eq!(dora.bio.as_deref(), Some("Yoga since 2017\ndora.test"));
    assert_eq!((dora.links, dora.verified), (vec!["https://dora.test".to_owned()], None));
}

#[test]
fn a_path_for_the_picture_of_a_remote_account_leads_nowhere() {
    let body = r#"[{"acct":"bo@other.test","url":"https://other.test/@bo","note":"yoga","avatar":"/avatars/bo.png"}]"#;
    assert_eq!(read("yoga", None, body).expect("it is a page").creators[0].avatar_url, None);
}

#[test]
fn an_account_of_pixelfed_is_read() {
    let emil = called("emil@pixels.test");
    assert_eq!(emil.identity, "https://pixels.test/users/emil");
    assert_eq!((emil.avatar_url, emil.followers), (None, Some(5)), "the default picture is none");
    assert_eq!(emil.links, ["https://emil.test/photos"]);
    assert_eq!(emil.bio.as_deref(), Some("Yoga photographs"));
}

#[test]
fn an_account_of_pleroma_and_akkoma_is_read() {
    let fay = called("fay");
    assert_eq!(fay.identity, "https://soapbox.test/users/fay");
    assert_eq!(fay.followers, None, "the count is hidden, whatever it says");
    assert_eq!(fay.bio.as_deref(), Some("Yoga & tea"));
    assert_eq!(fay.links, ["https://fay.test"]);
}

#[test]
fn what_pleroma_says_of_discovery_and_programs_is_respected_too() {
    assert!(!names("yoga").iter().any(|name| name == "gus" || name == "feed"));
    let bots = query_with("yoga", &[("source", "directory"), ("bots", "true")]);
    let page = Mastodon::read_search(&bots, None, &answer(200, RELATIVES)).expect("it is a page");
    assert!(page.creators.iter().any(|creator| creator.username == "feed" && creator.extra == [("kind".into(), "bot".into())]));
}
