//! The table of cases: where a text stood, the text, and the addresses in it. Persons and domains are invented.

use super::*;
use Source::{Bio, Field, Link};

const CASES: &[(Source, &str, &[&str])] = &[
    // What people write.
    (Bio, "ana@mail.test", &["ana@mail.test"]),
    (Bio, "Business: ana@mail.test", &["ana@mail.test"]),
    (Bio, "business:ana@mail.test", &["ana@mail.test"]),
    (Bio, "ana@mail.test for collabs", &["ana@mail.test"]),
    (Bio, "Coach\nBerlin\nana@mail.test\n", &["ana@mail.test"]),
    (Bio, "📩 ana.b@studio.mail.test 📍Berlin", &["ana.b@studio.mail.test"]),
    (Bio, "📩ana_b@mail.test", &["ana_b@mail.test"]),
    (Bio, "mail: ana-b@mail.test!", &["ana-b@mail.test"]),
    (Bio, "PR → ana@mail.test | IG @ana", &["ana@mail.test"]),
    (Bio, "pr@mail.test / booking@mail.test", &["pr@mail.test", "booking@mail.test"]),
    (Bio, "pr@mail.test,booking@mail.test", &["pr@mail.test", "booking@mail.test"]),
    (Bio, "(ana@mail.test)", &["ana@mail.test"]),
    (Bio, "[ana@mail.test]", &["ana@mail.test"]),
    (Bio, "«ana@mail.test»", &["ana@mail.test"]),
    (Bio, "„ana@mail.test“", &["ana@mail.test"]),
    (Bio, "ana@mail.test?", &["ana@mail.test"]),
    (Bio, "ana@mail.test:", &["ana@mail.test"]),
    (Bio, "ana@mail.test…", &["ana@mail.test"]),
    (Bio, "ana@mail.test。", &["ana@mail.test"]),
    (Bio, "ana@mail.test、bo@mail.test", &["ana@mail.test", "bo@mail.test"]),
    (Bio, "~ana@mail.test~", &["ana@mail.test"]),
    (Bio, "`ana@mail.test`", &["ana@mail.test"]),
    (Bio, "#ana@mail.test", &["ana@mail.test"]),
    (Bio, "ANA@MAIL.TEST", &["ana@mail.test"]),
    (Bio, "Ana.B@Mail.Test", &["ana.b@mail.test"]),
    (Bio, "ana+tiktok@mail.test", &["ana+tiktok@mail.test"]),
    (Bio, "ana+a+b@mail.test", &["ana+a+b@mail.test"]),
    (Bio, "o'ana@mail.test", &["o'ana@mail.test"]),
    (Bio, "o’ana@mail.test", &["o'ana@mail.test"]),
    (Bio, "a@mail.test", &["a@mail.test"]),
    (Bio, "007@mail.test", &["007@mail.test"]),
    (Bio, "ana@1mail.test", &["ana@1mail.test"]),
    (Bio, "ana@a-b.test", &["ana@a-b.test"]),
    (Bio, "ana@a.b.c.d.test", &["ana@a.b.c.d.test"]),
    (Bio, "ana@mail.photography", &["ana@mail.photography"]),
    // Other scripts beside and within.
    (Bio, "почта:ana@mail.test", &["ana@mail.test"]),
    (Bio, "للتواصل ana@mail.test", &["ana@mail.test"]),
    (Bio, "合作请联系ana@mail.test", &["ana@mail.test"]),
    (Bio, "문의ana@mail.test입니다", &["ana@mail.test"]),
    (Bio, "お仕事ana@mail.testまで", &["ana@mail.test"]),
    (Bio, "ａｎａ＠ｍａｉｌ．ｔｅｓｔ", &["ana@mail.test"]),
    (Bio, "𝐚𝐧𝐚@𝐦𝐚𝐢𝐥.𝐭𝐞𝐬𝐭", &["ana@mail.test"]),
    (Bio, "𝒶𝓃𝒶@mail.test", &["ana@mail.test"]),
    (Bio, "ana﹫mail.test", &["ana@mail.test"]),
    (Bio, "ana@bücher.test", &["ana@bücher.test"]),
    (Bio, "ana@xn--bcher-kva.test", &["ana@xn--bcher-kva.test"]),
    // Written so that machines don't see it.
    (Bio, "ana(at)mail.test", &["ana@mail.test"]),
    (Bio, "ana [at] mail [dot] test", &["ana@mail.test"]),
    (Bio, "ana {at} mail {dot} test", &["ana@mail.test"]),
    (Bio, "ana (AT) mail (DOT) test", &["ana@mail.test"]),
    (Bio, "ana(@)mail(.)test", &["ana@mail.test"]),
    (Bio, "ana.b (at) mail (dot) co (dot) test", &["ana.b@mail.co.test"]),
    // Near misses in texts.
    (Bio, "ana at mail dot test", &[]),
    (Bio, "ana (at mail.test", &[]),
    (Bio, "meet me (at) noon", &[]),
    (Bio, "@ana", &[]),
    (Bio, "@ana.b", &[]),
    (Bio, "@ana@social.test", &[]),
    (Bio, "IG:@ana@mail.test", &[]),
    (Bio, "ana@", &[]),
    (Bio, "ana@mail", &[]),
    (Bio, "ana @ mail.test", &[]),
    (Bio, "ana@ mail.test", &[]),
    (Bio, "ana @mail.test", &[]),
    (Bio, "ana@mail,test", &[]),
    (Bio, "ana@mail..test", &[]),
    (Bio, "more...ana@mail.test", &["ana@mail.test"]),
    (Bio, "ana.@mail.test", &[]),
    (Bio, "ana@mail.t", &[]),
    (Bio, "ana@mail.123", &[]),
    (Bio, "ana@192.168.0.1", &[]),
    (Bio, "ana@[10.0.0.1]", &[]),
    (Bio, "ana@@mail.test", &[]),
    (Bio, "ana@mail@other.test", &[]),
    (Bio, "josé@mail.test", &[]),
    (Bio, "logo@2x.png", &[]),
    (Bio, "avatar@3x.jpeg", &[]),
    (Bio, "clip@4k.mp4", &[]),
    (Bio, "left-pad@1.3.0", &[]),
    (Bio, "vue@next.js", &[]),
    (Bio, "you@example.com", &[]),
    (Bio, "you@mail.example.org", &[]),
    (Bio, "you@your.example", &[]),
    (Bio, "root@localhost", &[]),
    (Bio, "ana@nobody.invalid", &[]),
    (Bio, "https://social.test/@ana@other.test", &[]),
    (Bio, "https://ana@mail.test", &[]),
    (Bio, "https://mail.test/?to=ana@mail.test", &[]),
    (Bio, "10 followers @ 5 posts", &[]),
    (Bio, "50%@mail.test", &[]),
    (Bio, "", &[]),
    // Links.
    (Link, "mailto:ana@mail.test", &["ana@mail.test"]),
    (Link, "MailTo:Ana@Mail.Test", &["ana@mail.test"]),
    (Link, " mailto:ana@mail.test ", &["ana@mail.test"]),
    (Link, "mailto://ana@mail.test", &["ana@mail.test"]),
    (Link, "mailto:ana%40mail.test", &["ana@mail.test"]),
    (Link, "mailto:ana%2Bwork@mail.test", &["ana+work@mail.test"]),
    (Link, "mailto:ana@mail.test?subject=Collab%20with%20bo@mail.test", &["ana@mail.test"]),
    (Link, "mailto:ana@mail.test?cc=bo@mail.test", &["ana@mail.test"]),
    (Link, "mailto:ana@mail.test,bo@mail.test", &["ana@mail.test", "bo@mail.test"]),
    (Link, "mailto:Ana%20%3Cana@mail.test%3E", &["ana@mail.test"]),
    (Link, "mailto:", &[]),
    (Link, "mailto:ana", &[]),
    (Link, "mailto:?to=ana@mail.test", &[]),
    (Link, "mailto:you@example.com", &[]),
    (Link, "mailto:%E0%A4%A", &[]),
    (Link, "https://mail.test/ana@mail.test", &[]),
    (Link, "https://social.test/@ana", &[]),
    (Link, "tel:+4930123", &[]),
    (Link, "ana@mail.test", &[]),
    // The profile's own field.
    (Field, "ana@mail.test", &["ana@mail.test"]),
    (Field, "Ana <ana@mail.test>", &["ana@mail.test"]),
    (Field, "mailto:ana@mail.test", &["ana@mail.test"]),
    (Field, "ana@mail.test; bo@mail.test", &["ana@mail.test", "bo@mail.test"]),
    (Field, "n/a", &[]),
    (Field, "hidden", &[]),
    (Field, "ana@example.com", &[]),
    (Field, " ", &[]),
];

fn profile(source: Source, text: &str) -> Creator {
    let text = text.to_owned();
    match source {
        Field => Creator { email: Some(text), ..Creator::default() },
        Link => Creator { links: vec![text], ..Creator::default() },
        Bio => Creator { bio: Some(text), ..Creator::default() },
    }
}

#[test]
fn every_case_gives_its_addresses_with_the_place_where_they_stood() {
    let wrong = CASES.iter().filter_map(|(source, text, expected)| {
        let expected: Vec<Address> = expected.iter().map(|address| Address { address: (*address).to_owned(), source: *source }).collect();
        let found = of_creator(&profile(*source, text));
        (found != expected).then(|| format!("{source:?} {text:?}: {found:?}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}

#[test]
fn the_table_has_hits_and_near_misses_of_every_source() {
    assert!(CASES.len() >= 80);
    for source in [Field, Link, Bio] {
        assert!(CASES.iter().any(|(of, _, found)| *of == source && found.is_empty()));
        assert!(CASES.iter().any(|(of, _, found)| *of == source && !found.is_empty()));
    }
}
