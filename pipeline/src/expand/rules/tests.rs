//! Which keywords rules derive, in which order.

use super::*;

fn keywords(texts: &[&str]) -> Vec<Keyword> {
    texts.iter().map(|text| Keyword::new(text).unwrap()).collect()
}

fn derive(given: &[&str], wanted: usize) -> Vec<String> {
    rules(Medium::Any, &keywords(given), wanted, &[]).into_iter().map(|derived| derived.keyword.to_string()).collect()
}

#[test]
fn a_topic_is_widened_by_what_people_search_for() {
    let expected = ["fitness tips", "fitness for beginners", "fitness routine", "fitness coach", "fitness motivation", "home fitness"];
    assert_eq!(derive(&["fitness"], 6), expected);
}

#[test]
fn the_closest_forms_come_first() {
    assert_eq!(derive(&["hot yoga class"], 3), ["hotyogaclass", "hot yoga class tips", "hot yoga class for beginners"]);
    assert_eq!(derive(&["vegan recipes"], 3), ["veganrecipes", "vegan recipe", "vegan recipes tips"]);
}

#[test]
fn number_changes_by_the_rules_of_regular_words() {
    let many = |text| other_number(text, plural).unwrap_or_default();
    let pairs =
        [("life story", "life stories"), ("coach", "coaches"), ("recipe", "recipes"), ("monkey", "monkeys"), ("toy", ""), ("recipes", "")];
    for (given, expected) in pairs.into_iter().chain([("running", ""), ("Recipe", ""), ("café", "")]) {
        assert_eq!(many(given), expected, "{given}");
    }
    let one = |text| other_number(text, singular).unwrap_or_default();
    for (given, expected) in
        [("stories", "story"), ("dresses", "dress"), ("hot-rods", "hot-rod"), ("fitness", ""), ("tennis", ""), ("recipe", "")]
    {
        assert_eq!(one(given), expected, "{given}");
    }
}

#[test]
fn a_hashtag_is_widened_without_its_sign() {
    assert_eq!(derive(&["#skincare"], 3), ["skincare", "skincare tips", "skincare for beginners"]);
    assert_eq!(derive(&["##"], 1), ["## vlog"]);
}

#[test]
fn parts_of_a_phrase_are_searched_too() {
    let all = derive(&["vegan street food"], 40);
    for part in ["street food", "vegan street", "food", "street", "vegan"] {
        assert!(all.iter().any(|text| text == part), "{part}");
    }
}

#[test]
fn words_that_say_nothing_alone_are_no_parts() {
    let all = derive(&["yoga for beginners"], 200);
    assert!(all.iter().any(|text| text == "yoga"));
    assert!(!all.iter().any(|text| text == "beginners" || text == "for"));
}

#[test]
fn a_keyword_gets_no_word_twice() {
    let all = derive(&["Fitness Tips"], 200);
    assert!(!all.iter().any(|text| text.to_lowercase().ends_with("tips tips")), "{all:?}");
    assert!(!derive(&["home workouts"], 200).iter().any(|text| text == "home workouts at home"));
}

#[test]
fn given_keywords_share_fairly() {
    let derived = rules(Medium::Any, &keywords(&["yoga", "pilates", "barre"]), 10, &[]);
    let count = |from: &str| derived.iter().filter(|one| one.from.as_str() == from).count();
    assert_eq!((derived.len(), count("yoga"), count("pilates"), count("barre")), (10, 4, 3, 3));
}

#[test]
fn one_that_has_nothing_left_leaves_its_turns_to_the_others() {
    let long = "x".repeat(100);
    let derived = rules(Medium::Any, &keywords(&[&long, "yoga"]), 50, &[]);
    assert_eq!(derived.iter().filter(|one| one.from.as_str() == "yoga").count(), 50);
}

#[test]
fn nothing_given_or_tried_comes_again_whatever_its_case() {
    let tried = keywords(&["FITNESS ROUTINE"]);
    let derived = rules(Medium::Any, &keywords(&["fitness", "Fitness Tips"]), 200, &tried);
    let mut keys = HashSet::from(["fitness".to_owned(), "fitness tips".to_owned(), "fitness routine".to_owned()]);
    assert!(derived.iter().all(|one| keys.insert(one.keyword.key())));
}

#[test]
fn asked_again_it_goes_on_where_it_stopped() {
    let given = keywords(&["yoga"]);
    let all: Vec<Keyword> = rules(Medium::Any, &given, 100, &[]).into_iter().map(|one| one.keyword).collect();
    let later: Vec<Keyword> = rules(Medium::Any, &given, 60, &all[..40]).into_iter().map(|one| one.keyword).collect();
    assert_eq!(later, all[40..]);
}

#[test]
fn every_script_gives_at_least_a_hundred() {
    for keyword in
        ["fitness", "ab", "home workout tips for busy women", "ヨガ", "瑜伽", "йога для начинающих", "يوغا", "योग", "👩\u{200d}🍳"]
    {
        let all = derive(&[keyword], 1_000);
        assert!(all.len() >= 100, "{keyword} gives {}", all.len());
    }
}

#[test]
fn keywords_in_other_scripts_are_widened_in_their_own_language_first() {
    for (given, expected) in [
        ("йога", ["йога для начинающих", "йога советы", "йога обучение"]),
        ("їжа", ["їжа для початківців", "їжа поради", "їжа навчання"]),
        ("γιόγκα", ["γιόγκα για αρχάριους", "γιόγκα συμβουλές", "γιόγκα μαθήματα"]),
        ("يوغا", ["يوغا للمبتدئين", "يوغا نصائح", "تعلم يوغا"]),
        ("آشپزی", ["آموزش آشپزی", "آشپزی برای مبتدیان", "آشپزی ایده"]),
        ("יוגה", ["יוגה למתחילים", "יוגה טיפים", "יוגה מדריך"]),
        ("योग", ["योग टिप्स", "योग कैसे करें", "योग शुरुआती के लिए"]),
        ("โยคะ", ["โยคะสำหรับมือใหม่", "โยคะเบื้องต้น", "โยคะ เทคนิค"]),
        ("요가", ["요가 초보", "요가 꿀팁", "요가 브이로그"]),
        ("朝 ヨガ", ["朝ヨガ", "朝 ヨガ 初心者", "朝 ヨガ コツ"]),
        ("瑜伽", ["瑜伽教程", "瑜伽入门", "瑜伽技巧"]),
        ("იოგა", ["იოგა vlog", "იოგა tutorial", "იოგა diy"]),
        ("🧶🪡", ["🧶🪡 vlog", "🧶🪡 tutorial", "🧶🪡 diy"]),
    ] {
        let [first, second, third] = expected;
        let all = derive(&[given], 3);
        assert!(all == [first, second, third], "{given}: {all:?}");
    }
}

#[test]
fn words_of_everywhere_and_english_ones_follow_those_of_the_own_language() {
    let all = derive(&["瑜伽"], 200);
    let place = |text: &str| all.iter().position(|one| one == text).unwrap();
    assert!(place("瑜伽灵感") < place("瑜伽 vlog") && place("瑜伽 vlog") < place("瑜伽 coach"));
}

#[test]
fn a_keyword_without_spaces_gets_no_word_twice_either() {
    let all = derive(&["瑜伽教程"], 200);
    assert!(!all.iter().any(|text| text.matches("教程").count() > 1), "{all:?}");
}

#[test]
fn a_platform_of_videos_is_searched_for_videos_one_of_shows_for_shows_and_one_of_software_for_software() {
    let first = |medium| rules(medium, &keywords(&["chess"]), 4, &[]).into_iter().map(|one| one.keyword.to_string()).collect::<Vec<_>>();
    assert_eq!(first(Medium::Video), ["chess tips", "chess vlog", "chess tutorial", "chess for beginners"]);
    assert_eq!(first(Medium::Audio), ["chess stories", "chess interviews", "chess explained", "chess show"]);
    assert_eq!(first(Medium::Code), ["chess library", "chess framework", "chess toolkit", "chess cli"]);
    assert_eq!(first(Medium::Any), ["chess tips", "chess for beginners", "chess routine", "chess coach"]);
}

#[test]
fn what_finds_nobody_on_a_platform_is_never_derived_there() {
    let all = |medium| {
        rules(medium, &keywords(&["chess", "шахматы"]), 1_000, &[]).into_iter().map(|one| one.keyword.to_string()).collect::<Vec<_>>()
    };
    for (medium, pointless) in [
        (Medium::Audio, "chess podcast"),
        (Medium::Audio, "шахматы unboxing"),
        (Medium::Code, "luxury chess"),
        (Medium::Code, "chess haul"),
    ] {
        assert!(!all(medium).iter().any(|text| text == pointless), "{pointless}");
        assert!(all(Medium::Any).iter().any(|text| text == pointless), "{pointless}");
    }
}

#[test]
fn every_medium_gives_at_least_a_hundred() {
    for medium in [Medium::Any, Medium::Video, Medium::Audio, Medium::Code] {
        for keyword in ["chess", "шахматы", "棋"].map(|text| format!("{text}{text}")) {
            let count = rules(medium, &keywords(&[&keyword]), 1_000, &[]).len();
            assert!(count >= 100, "{medium:?} {keyword} {count}");
        }
    }
}

#[test]
fn no_keyword_has_a_year_that_was_not_given() {
    let given = ["fitness", "йога", "瑜伽", "vegan street food"];
    for medium in [Medium::Any, Medium::Video, Medium::Audio, Medium::Code] {
        for derived in rules(medium, &keywords(&given), 2_000, &[]) {
            let text = derived.keyword.as_str();
            let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            assert!(longest < Some(4), "{text}");
        }
    }
}

#[test]
fn numbers_and_fillers_are_no_topics_in_any_language() {
    for (given, never) in [
        ("fitness 2031 plan", "2031"),
        ("йога для женщин", "для"),
        ("йога для женщин", "для женщин"),
        ("yoga para mujeres", "para"),
        ("recettes sans gluten", "sans"),
        ("vegan food for dogs", "for dogs"),
        ("يوغا في المنزل", "في"),
    ] {
        let all = derive(&[given], 1_000);
        assert!(!all.iter().any(|text| text == never), "{given} gives {never}");
    }
    assert!(derive(&["йога для женщин"], 60).iter().any(|text| text == "женщин"));
}

#[test]
fn no_two_are_the_same_search_whatever_their_case_and_form() {
    let given = keywords(&["Йога", "йога дома", "ＹＯＧＡ", "yoga", "café au lait", "cafe\u{301} au lait"]);
    let mut keys: HashSet<String> = given.iter().map(Keyword::key).collect();
    let derived = rules(Medium::Any, &given, 600, &[]);
    assert!(derived.len() >= 400 && derived.iter().all(|one| keys.insert(one.keyword.key())));
}

#[test]
fn given_keywords_in_different_scripts_share_fairly_too() {
    let given = keywords(&["yoga", "йога", "瑜伽", "يوغا", "🧘🧘"]);
    let derived = rules(Medium::Any, &given, 50, &[]);
    for from in &given {
        assert_eq!(derived.iter().filter(|one| one.from == *from).count(), 10, "{from}");
    }
}

#[test]
fn long_keywords_are_never_cut_off() {
    let exact = "a".repeat(95);
    let all = derive(&[&exact], 1_000);
    assert!(all.contains(&format!("{exact} tips")), "100 characters fit");
    assert!(!all.is_empty() && all.iter().all(|text| text.chars().count() <= 100 && text.contains(&exact)));
    assert_eq!(derive(&[&"a".repeat(100)], 10), Vec::<String>::new());
}

#[test]
fn no_more_than_wanted_come() {
    assert_eq!(derive(&["yoga", "pilates"], 0), Vec::<String>::new());
    assert_eq!(derive(&["yoga", "pilates"], 1).len(), 1);
    assert_eq!(derive(&[], 10), Vec::<String>::new());
}

#[test]
fn the_same_question_has_the_same_answer() {
    assert_eq!(derive(&["yoga", "vegan food"], 150), derive(&["yoga", "vegan food"], 150));
}
