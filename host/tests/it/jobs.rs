//! `scout jobs` as it is typed.

use crate::scene::{Scene, ended, text};

const BLUESKY: &str = "search --platform bluesky --upstream UPSTREAM --format ndjson --expand off";

#[test]
fn without_any_search_it_says_so_kindly_and_makes_no_file() {
    let scene = Scene::new();
    let output = scene.run("jobs --state kept.sqlite");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(text(&output.stdout), "no searches are kept in kept.sqlite yet; scout search begins one\n");
    assert!(!scene.file("kept.sqlite").exists());
    assert_eq!(text(&scene.run("jobs --json").stdout), "{\n  \"jobs\": []\n}\n");
}

#[test]
fn searches_are_listed_newest_first_with_what_is_missing() {
    let scene = Scene::failing(&["profiles:malformed=0.5"]);
    scene.run("search --platform tiktok --upstream UPSTREAM --expand off --target 30 yoga");
    scene.upstream().set_faults(crate::scene::faults(&[]));
    scene.run(&format!("{BLUESKY} --target 20 fitness"));
    let jobs = scene.jobs();
    let field = |name: &str| jobs.iter().map(|job| job[name].clone()).collect::<Vec<_>>();
    assert_eq!(field("platform"), ["bluesky", "tiktok"]);
    assert_eq!(field("status"), ["completed", "partial"]);
    assert_eq!((field("creatorsFound"), field("targetResults")), (vec![20.into(), 30.into()], vec![20.into(), 30.into()]));
    let missing = jobs[1]["profilesMissing"].as_u64().unwrap();
    assert!(missing > 0);
    assert_eq!(field("missing"), [serde_json::Value::Null, format!("{missing} profiles").into()]);
    let failed = scene.job(jobs[1]["jobId"].as_str().unwrap()).may_retry().unwrap().profiles;
    assert_eq!(u64::from(failed), missing);
}

#[test]
fn every_name_of_the_json_is_there_whatever_is_known() {
    let scene = Scene::new();
    scene.run(&format!("{BLUESKY} --target 5 yoga"));
    scene.state().execute("INSERT INTO rows VALUES ('0', 'progress', 0, '{}')", []).unwrap();
    for job in scene.jobs() {
        let names: Vec<_> = job.as_object().unwrap().keys().map(String::as_str).collect();
        insta::allow_duplicates! {
            insta::assert_snapshot!(names.join(" "), @"apiCalls createdAt creatorsFound finishedAt jobId keywords keywordsFailed missing platform profilesMissing running status targetResults unreadable");
        }
    }
}

#[test]
fn a_search_whose_rows_can_not_be_read_is_shown_as_such_and_hides_no_other() {
    let scene = Scene::new();
    scene.run(&format!("{BLUESKY} --target 5 yoga"));
    scene.run(&format!("{BLUESKY} --target 6 fitness"));
    let broken = scene.jobs()[0]["jobId"].as_str().unwrap().to_owned();
    scene.state().execute("UPDATE rows SET value = 'nonsense' WHERE job = ?1 AND kind = 'progress'", [&broken]).unwrap();
    let jobs = scene.jobs();
    assert_eq!((jobs[0]["jobId"].as_str(), jobs[0]["status"].as_str()), (Some(broken.as_str()), None));
    assert!(jobs[0]["unreadable"].as_str().unwrap().starts_with("the row 0 of progress can't be read"));
    assert_eq!(jobs[1]["creatorsFound"], 5);
    let table = text(&scene.run("jobs").stdout);
    assert!(table.lines().any(|line| line.contains("unreadable")) && table.lines().any(|line| line.contains("5 of 5")), "{table}");
    let (code, said) = ended(&scene.run(&format!("resume {broken}")));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains(&format!("the search {broken} can't be read")) && said.contains("hint: "), "{said}");
}

#[test]
fn a_search_that_was_killed_is_unfinished_and_the_last_line_says_how_to_go_on() {
    let scene = Scene::slow(40);
    scene.under_way("search --platform tiktok --upstream UPSTREAM --target 80 yoga", 8).kill();
    let table = text(&scene.run("jobs").stdout);
    assert!(table.contains("unfinished"), "{table}");
    assert_eq!(table.lines().last(), Some("hint: scout resume goes on with the latest that is unfinished"));
}

#[test]
fn a_file_that_is_something_else_is_refused_by_name() {
    let scene = Scene::new();
    scene.write("notes.txt", "shopping list, and long enough not to be taken for an empty file");
    let (code, said) = ended(&scene.run("jobs --state notes.txt"));
    assert_eq!(code, 1);
    assert!(said.contains("notes.txt") && said.contains("hint: --state FILE"), "{said}");
}
