//! One form of an address or of what only looks like one in each test. Persons and domains are invented.

mod table;

use super::*;

/// The addresses in a bio.
fn bio(text: &str) -> Vec<String> {
    found(&Creator { bio: Some(text.into()), ..Creator::default() })
}

/// The addresses in links.
fn links(links: &[&str]) -> Vec<String> {
    found(&Creator { links: links.iter().map(|link| (*link).to_owned()).collect(), ..Creator::default() })
}

fn found(profile: &Creator) -> Vec<String> {
    of_creator(profile).into_iter().map(|found| found.address).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn an_address_in_a_sentence_is_found_without_its_full_stop() {
    assert_eq!(bio("Mail: ana@mail.test."), ["ana@mail.test"]);
    assert_eq!(bio("write (ana@mail.test), or not!"), ["ana@mail.test"]);
}

#[test]
fn plus_addresses_are_kept_whole() {
    assert_eq!(bio("collabs: ana+collabs.2@mail.test"), ["ana+collabs.2@mail.test"]);
    assert_eq!(links(&["mailto:ana+shop@mail.test"]), ["ana+shop@mail.test"]);
}

#[test]
fn addresses_are_given_in_lower_case_and_once() {
    assert_eq!(bio("Ana@Mail.Test ana@mail.test ANA@MAIL.TEST"), ["ana@mail.test"]);
}

#[test]
fn emoji_and_punctuation_around_do_not_belong_to_it() {
    for text in [
        "📧ana@mail.test📧",
        "→ana@mail.test←",
        "💌 ana@mail.test💪🏽",
        "<ana@mail.test>",
        "\"ana@mail.test\"",
        "“ana@mail.test”",
        "'ana@mail.test'",
        "*ana@mail.test*",
        "mail|ana@mail.test|dm",
        "mail/ana@mail.test",
        "mail=ana@mail.test;",
        "•ana@mail.test…",
        "ana@mail.test_",
        "ana@mail.test\u{200b}",
        "-ana@mail.test-",
        "{ana@mail.test}",
        "email:ana@mail.test\nig: @ana",
    ] {
        assert_eq!(bio(text), ["ana@mail.test"], "{text}");
    }
}

#[test]
fn text_of_another_script_may_touch_it() {
    assert_eq!(bio("联系ana@mail.test谢谢"), ["ana@mail.test"]);
    assert_eq!(bio("お仕事はana@mail.testへ。"), ["ana@mail.test"]);
    assert_eq!(bio("メール：ana@mail.test！"), ["ana@mail.test"]);
}

#[test]
fn fancy_letters_are_read_as_plain_ones() {
    assert_eq!(bio("ａｎａ＠ｍａｉｌ．ｔｅｓｔ"), ["ana@mail.test"]);
    assert_eq!(bio("𝗮𝗻𝗮@𝗺𝗮𝗶𝗹.𝘁𝗲𝘀𝘁"), ["ana@mail.test"]);
}

#[test]
fn a_name_with_an_accent_is_not_cut_into_another_one() {
    assert_eq!(bio("mañana@mail.test"), NONE);
    assert_eq!(bio("man\u{303}ana@mail.test"), NONE);
}

#[test]
fn domains_may_be_international() {
    assert_eq!(bio("ana@Müller.test"), ["ana@müller.test"]);
    assert_eq!(bio("ana@xn--mller-kva.test"), ["ana@xn--mller-kva.test"]);
}

#[test]
fn several_addresses_come_in_their_order() {
    assert_eq!(
        bio("bo@mail.test,ana@mail.test; cy@mail.test/di@mail.test"),
        ["bo@mail.test", "ana@mail.test", "cy@mail.test", "di@mail.test"]
    );
}

#[test]
fn bracketed_at_and_dot_are_read() {
    for text in ["ana (at) mail (dot) test", "ana[at]mail[dot]test", "ana {AT} mail.test", "ana( at )mail( dot )test", "ana(@)mail.test"] {
        assert_eq!(bio(text), ["ana@mail.test"], "{text}");
    }
}

#[test]
fn at_and_dot_without_brackets_are_prose() {
    assert_eq!(bio("find ana at mail dot test"), NONE);
    assert_eq!(bio("live (at) home"), NONE);
    assert_eq!(bio("ana (at)\nmail"), NONE);
}

#[test]
fn handles_of_the_federated_web_are_not_addresses() {
    assert_eq!(bio("@ana@social.test and ＠bo＠social.test"), NONE);
    assert_eq!(bio("@ana hello@mail.test"), ["hello@mail.test"]);
}

#[test]
fn what_stands_in_a_web_url_is_not_an_address() {
    for text in [
        "https://social.test/@ana@other.test",
        "https://ana:pw@mail.test/x",
        "https://mail.test/to?email=ana@mail.test",
        "see http://ana@mail.test",
    ] {
        assert_eq!(bio(text), NONE, "{text}");
    }
    assert_eq!(bio("(https://shop.test/a) ana@mail.test"), ["ana@mail.test"]);
}

#[test]
fn files_versions_and_examples_are_refused() {
    for text in [
        "icon@2x.png",
        "hero@3x.WEBP",
        "pkg@1.2.3",
        "me@10.0.0.1",
        "ana@localhost",
        "ana@example.com",
        "ana@mail.example.org",
        "ana@example.net",
        "ana@my.example",
        "ana@mail.invalid",
        "ana@box.localhost",
    ] {
        assert_eq!(bio(text), NONE, "{text}");
    }
    assert_eq!(bio("ana@myexample.com ana@example.com.test"), ["ana@myexample.com", "ana@example.com.test"]);
}

#[test]
fn broken_addresses_are_refused() {
    for text in [
        "@",
        "ana@",
        "@mail.test",
        "ana@mail",
        "ana@.test",
        "ana@mail..test",
        "ana..b@mail.test@",
        "ana@-mail.test",
        "ana@mail-.test",
        "ana@mail.t",
    ] {
        assert_eq!(bio(text), NONE, "{text}");
    }
}

#[test]
fn a_percent_sign_in_text_is_not_guessed_at() {
    assert_eq!(bio("ana%2Bshop@mail.test"), NONE);
}

#[test]
fn mailto_is_decoded_and_loses_its_headers() {
    assert_eq!(links(&["mailto:ana%2Bshop%40mail.test?subject=Hi&cc=bo@mail.test"]), ["ana+shop@mail.test"]);
    assert_eq!(links(&["MAILTO:%20Ana%20%3Cana@mail.test%3E"]), ["ana@mail.test"]);
    assert_eq!(links(&["mailto://ana@mail.test#top"]), ["ana@mail.test"]);
}

#[test]
fn mailto_names_several_recipients() {
    assert_eq!(links(&["mailto:ana@mail.test,bo@mail.test%2Ccy@mail.test"]), ["ana@mail.test", "bo@mail.test", "cy@mail.test"]);
}

#[test]
fn broken_encoding_does_no_harm() {
    assert_eq!(links(&["mailto:%", "mailto:%ff%fe", "mailto:", "mailto", "mailto:%zz@mail.test", "é"]), NONE);
}

#[test]
fn other_links_hold_no_addresses() {
    assert_eq!(links(&["https://mail.test/?to=ana@mail.test", "https://social.test/@ana", "tel:+123", "ana@mail.test"]), NONE);
}

#[test]
fn a_mailto_written_into_the_bio_is_found() {
    assert_eq!(bio("mailto:ana@mail.test"), ["ana@mail.test"]);
    assert_eq!(bio("Mailto://ana@mail.test"), ["ana@mail.test"]);
}

#[test]
fn the_most_explicit_source_comes_first_and_is_kept() {
    let profile = Creator {
        bio: Some("ana@mail.test bo@mail.test cy@mail.test".into()),
        links: vec!["mailto:bo@mail.test".into(), "mailto:ana@mail.test".into()],
        email: Some("Ana@mail.test".into()),
        ..Creator::default()
    };
    let json = serde_json::to_value(of_creator(&profile)).unwrap();
    let expected = serde_json::json!([
        {"address": "ana@mail.test", "source": "field"},
        {"address": "bo@mail.test", "source": "link"},
        {"address": "cy@mail.test", "source": "bio"},
    ]);
    assert_eq!(json, expected);
}

#[test]
fn a_profile_without_text_has_no_addresses() {
    assert_eq!(of_creator(&Creator::default()), []);
    assert_eq!(found(&Creator { email: Some(String::new()), ..Creator::default() }), NONE);
}

#[test]
fn lengths_are_limited_on_both_sides() {
    let local = |length: usize| format!("{}@mail.test", "a".repeat(length));
    assert_eq!(bio(&local(EMAIL_LOCAL_BYTES_MAX)).len(), 1);
    assert_eq!(bio(&local(EMAIL_LOCAL_BYTES_MAX + 1)), NONE);
    let label = |length: usize| format!("a@{}.test", "b".repeat(length));
    assert_eq!(bio(&label(63)).len(), 1);
    assert_eq!(bio(&label(64)), NONE);
    let whole = |length: usize| {
        let labels = format!("{0}.{0}.{0}.", "b".repeat(60));
        format!("a@{labels}{}.test", "c".repeat(length - labels.len() - "a@.test".len()))
    };
    assert_eq!(bio(&whole(240)).len(), 1);
    let longest = format!("{}@{}", "a".repeat(EMAIL_BYTES_MAX - 200), &whole(201)[1..][1..]);
    assert_eq!(longest.len(), EMAIL_BYTES_MAX);
    assert_eq!(bio(&longest), [longest.as_str()]);
    assert_eq!(bio(&format!("a{longest}")), NONE);
}

#[test]
fn a_profile_has_at_most_20_addresses() {
    let many = |count: usize| (0..count).map(|n| format!("ana{n}@mail.test ")).collect::<String>();
    assert_eq!(bio(&many(EMAILS_MAX)).len(), EMAILS_MAX);
    assert_eq!(bio(&many(EMAILS_MAX + 1)).len(), EMAILS_MAX);
}

#[test]
fn only_the_first_hundred_links_are_searched() {
    let with_last = |place: usize| {
        let mut all = vec!["https://shop.test"; place - 1];
        all.push("mailto:ana@mail.test");
        links(&all)
    };
    assert_eq!(with_last(EMAIL_LINKS_MAX).len(), 1);
    assert_eq!(with_last(EMAIL_LINKS_MAX + 1), NONE);
}

#[test]
fn only_the_beginning_of_a_long_text_is_searched() {
    let address = " ana@mail.test";
    let filled = |length: usize| format!("{}{address}", "x".repeat(length - address.len()));
    assert_eq!(bio(&filled(EMAIL_TEXT_BYTES_MAX)).len(), 1);
    assert_eq!(bio(&filled(EMAIL_TEXT_BYTES_MAX + 20)), NONE);
    assert_eq!(bio(&"é".repeat(EMAIL_TEXT_BYTES_MAX)), NONE);
}

#[test]
fn hostile_texts_are_read_to_their_end() {
    for piece in
        ["@", "a@", "@a", "a.", ".", "a@b.", "(at)", "( ", "(at", "://", "mailto:", "%", "é@", "a@b.c@", "'", "_", "-", "@.", "a@a-"]
    {
        let text = piece.repeat(1_000_000 / piece.len());
        assert!(bio(&text).len() <= EMAILS_MAX, "{piece}");
        assert!(links(&[&format!("mailto:{text}")]).len() <= EMAILS_MAX, "{piece}");
    }
}
