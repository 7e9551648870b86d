//! `scout search` as it is typed, against fake platforms over real HTTP.

use std::path::Path;

use serde_json::Value;

use crate::guest::good;
use crate::scene::{Scene, distinct, ended, records, text};

#[test]
fn a_search_on_the_built_in_platform_gives_exactly_as_many_as_asked_for() {
    let scene = Scene::new();
    let output = scene.run("search --platform bluesky --upstream fake --target 100 --format ndjson fitness yoga");
    let (code, said) = ended(&output);
    assert_eq!(code, 0, "{said}");
    let records = records(&output.stdout);
    assert_eq!((records.len(), distinct(&records)), (100, 100));
    assert!(records.iter().all(|record| ["enriched", "empty"].contains(&record["enrichment"]["outcome"].as_str().unwrap())));
    assert!(said.contains("completed: 100 of 100 creators"), "{said}");
}

#[test]
fn a_platform_of_one_profile_a_call_and_a_secret_gives_exactly_as_many_too() {
    let scene = Scene::new();
    let output = scene.run("search --platform tiktok --upstream UPSTREAM --target 500 --format ndjson fitness yoga");
    let (code, said) = ended(&output);
    assert_eq!(code, 0, "{said}");
    let records = records(&output.stdout);
    assert_eq!((records.len(), distinct(&records)), (500, 500));
    let outcome = |wanted: &str| records.iter().filter(|record| record["enrichment"]["outcome"] == wanted).count();
    assert_eq!(outcome("enriched") + outcome("empty"), 500);
    assert!(outcome("empty") > 0, "some accounts of the fake platform are private");
}

#[test]
fn what_is_given_is_what_the_platform_knows() {
    let scene = Scene::new();
    let output = scene.run("search --platform bluesky --upstream UPSTREAM --expand off --target 60 --format ndjson yoga");
    let known = scene.upstream().reach("bluesky", "yoga").unwrap();
    let mut emails = 0;
    for record in records(&output.stdout) {
        let creator = &record["creator"];
        let key = record["mergeKey"].as_str().unwrap();
        let truth = known.iter().find(|known| key == format!("bluesky:{}", known.identity)).expect("nobody is invented");
        if record["enrichment"]["outcome"] == "enriched" {
            assert_eq!(creator["followers"], truth.followers);
            let expected: Vec<String> = truth.email.iter().map(|email| email.to_lowercase()).collect();
            assert_eq!(creator["emails"], serde_json::json!(expected));
            emails += expected.len();
        }
    }
    assert!(emails > 0);
}

#[test]
fn a_profile_is_asked_for_once() {
    let scene = Scene::new();
    scene.run("search --platform tiktok --upstream UPSTREAM --target 50 --format ndjson yoga");
    assert_eq!(scene.upstream().counters().duplicates, 0);
}

#[test]
fn bad_input_is_named_all_at_once_and_nothing_is_printed() {
    let scene = Scene::new();
    let output = scene.run("search --platform bluesky --upstream fake --target 0 --min-views many y fitness");
    insta::assert_snapshot!(text(&output.stderr), @r#"
    error: keyword 1: the keyword has 1 of at least 2 characters
           --target: 0 is less than allowed
           --min-views: this is a text, not a number
    hint: give a word or phrase of 2 to 100 characters, such as "home workout"
    hint: give a whole number from 1 to 5000
    hint: give a whole number from 0 to 9007199254740991, without quotation marks
    "#);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0));
    assert_eq!(scene.upstream().counters().calls, 0);
}

#[test]
fn a_target_is_1_to_5000() {
    let scene = Scene::new();
    for (target, code) in [("0", 2), ("1", 0), ("5001", 2), ("-3", 2), ("1.5", 2), ("many", 2)] {
        let output = scene.run(&format!("search --platform bluesky --upstream UPSTREAM --expand off --target {target} yoga"));
        assert_eq!(output.status.code(), Some(code), "{target}: {}", text(&output.stderr));
    }
}

#[test]
fn a_platform_that_is_not_installed_and_an_upstream_that_is_none_are_refused_with_a_hint() {
    let scene = Scene::new();
    for arguments in ["search --platform nowhere yoga", "search --platform bluesky --upstream nowhere yoga", "search --platform bluesky"] {
        let (code, said) = ended(&scene.run(arguments));
        assert_eq!(code, 2, "{said}");
        assert!(said.starts_with("error: "), "{said}");
    }
}

#[test]
fn a_missing_secret_is_named_with_what_to_do() {
    let scene = Scene::new();
    let output = scene.command("search --platform tiktok yoga").env_remove("SCRAPECREATORS_API_KEY").output().unwrap();
    let (code, said) = ended(&output);
    assert_eq!(code, 2);
    assert!(said.contains("hint: export SCRAPECREATORS_API_KEY="), "{said}");
}

#[test]
fn a_refused_credential_is_an_error_and_not_an_empty_result() {
    let scene = Scene::failing(&["unauthorized=1"]);
    let (code, said) = ended(&scene.run("search --platform tiktok --upstream UPSTREAM --format ndjson yoga"));
    assert_eq!(code, 1);
    assert!(said.contains("error: 0 of 100 creators") && said.contains("credentials"), "{said}");
}

#[test]
fn profiles_that_can_not_be_read_make_the_search_partial_and_are_counted() {
    let scene = Scene::failing(&["profiles:malformed=0.3"]);
    let output = scene.run("search --platform tiktok --upstream UPSTREAM --target 40 --format ndjson yoga");
    let (code, said) = ended(&output);
    assert_eq!(code, 3, "{said}");
    let failed = records(&output.stdout).iter().filter(|record| record["enrichment"]["outcome"] == "failed").count();
    assert!(failed > 0 && said.contains(&format!("{failed} profiles failed: malformed")), "{said}");
}

#[test]
fn a_platform_that_stumbles_is_asked_again_until_all_is_there() {
    let scene = Scene::failing(&["unavailable=0.1", "disconnect=0.05"]);
    let output = scene.run("search --platform bluesky --upstream UPSTREAM --target 100 --format ndjson fitness yoga");
    let (code, said) = ended(&output);
    assert_eq!((code, records(&output.stdout).len()), (0, 100), "{said}");
}

#[test]
fn a_keyword_that_reaches_nobody_completes_and_says_so() {
    let scene = Scene::new();
    let mut command = scene.command("search --platform bluesky --upstream UPSTREAM --expand off --format ndjson");
    let output = command.arg("nothing here").output().unwrap();
    let (code, said) = ended(&output);
    assert_eq!((code, output.stdout.len()), (0, 0));
    assert!(said.contains("100 fewer than asked for: every keyword was searched to its end"), "{said}");
}

#[test]
fn no_more_calls_are_made_than_were_allowed() {
    let scene = Scene::new();
    let (code, said) = ended(&scene.run("search --platform tiktok --upstream UPSTREAM --target 100 --max-calls 7 --format ndjson yoga"));
    assert_eq!(code, 3, "{said}");
    assert!(scene.upstream().counters().calls <= 7);
    assert!(said.contains("as many upstream calls as it may"), "{said}");
}

#[test]
fn a_file_of_csv_has_a_header_and_a_line_for_each_creator() {
    let scene = Scene::new();
    let output = scene.run("search --platform bluesky --upstream UPSTREAM --target 30 --format csv --output found.csv yoga");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(0), 0), "{}", text(&output.stderr));
    let mut reader = csv::Reader::from_path(scene.file("found.csv")).unwrap();
    assert_eq!(reader.headers().unwrap().get(0), Some("handle"));
    assert_eq!(reader.records().filter(Result::is_ok).count(), 30);
    assert!(!scene.file("found.part").exists());
}

#[test]
fn json_is_one_object_and_a_table_has_a_row_for_each_creator() {
    let scene = Scene::new();
    let run = |format| scene.run(&format!("search --platform bluesky --upstream UPSTREAM --target 12 --format {format} yoga")).stdout;
    let json: Value = serde_json::from_slice(&run("json")).unwrap();
    assert_eq!((json["status"].as_str(), json["results"][0]["creators"].as_array().unwrap().len()), (Some("completed"), 12));
    assert_eq!(text(&run("table")).lines().filter(|line| line.contains("enriched")).count(), 12);
}

#[test]
fn a_result_that_could_not_be_written_is_refused_before_the_search() {
    let scene = Scene::new();
    let (code, said) = ended(&scene.run("search --platform bluesky --upstream UPSTREAM --output no/such/found.csv yoga"));
    assert_eq!(code, 2, "{said}");
    assert_eq!(scene.upstream().counters().calls, 0);
}

/// A search with a component of the test's own, against a platform that knows no such path: 404 on every page.
fn hostile(scene: &Scene, component: &[u8]) -> (i32, String) {
    scene.write("hostile.wasm", component);
    ended(&scene.run("search --platform ./hostile.wasm --upstream UPSTREAM --expand off yoga fitness"))
}

#[test]
fn an_adapter_that_traps_fails_its_keywords_and_the_search_ends_with_the_reason() {
    let (code, said) = hostile(&Scene::new(), &good().component());
    assert_eq!(code, 1);
    assert!(said.contains("keyword \"yoga\" failed") && said.contains("keyword \"fitness\" failed"), "{said}");
    assert!(said.contains("trapped"), "{said}");
    assert!(!said.contains(Path::new(env!("CARGO_MANIFEST_DIR")).to_str().unwrap()), "{said}");
}

#[test]
fn a_file_that_is_no_component_is_refused_before_anything_is_asked() {
    let scene = Scene::new();
    let (code, said) = hostile(&scene, b"not a component");
    assert_eq!(code, 1, "{said}");
    assert!(said.starts_with("error: the component is refused"), "{said}");
    assert_eq!(scene.upstream().counters().calls, 0);
}
