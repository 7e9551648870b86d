//! Searches that are stopped, killed, resumed, tried again and given up, as it is typed.

use std::collections::{HashMap, HashSet};
use std::process::Stdio;

use scout_pipeline::job::{Job, Task};
use scout_upstream::{Options, Served};

use crate::guest::of_platform;
use crate::scene::{Scene, distinct, ended, faults, records, text};

const TIKTOK: &str = "search --platform tiktok --upstream UPSTREAM --format ndjson";
const BLUESKY: &str = "search --platform bluesky --upstream UPSTREAM --format ndjson --expand off";

/// What a search printed, checked: so many creators, and none of them twice.
fn assert_exact(output: &std::process::Output, creators: usize) {
    let (code, said) = ended(output);
    assert_eq!(code, 0, "{said}");
    let records = records(&output.stdout);
    assert_eq!((records.len(), distinct(&records)), (creators, creators));
}

/// The command in the hint that ends like this.
fn hinted(said: &str, ending: &str) -> String {
    let hint = said.lines().find_map(|line| line.strip_prefix("hint: scout ")?.strip_suffix(ending));
    hint.unwrap_or_else(|| panic!("no hint ends with {ending:?}: {said}")).to_owned()
}

#[test]
fn an_interrupted_search_says_how_to_go_on_and_then_asks_for_nothing_twice() {
    let scene = Scene::slow(60);
    let begun = scene.under_way(&format!("{TIKTOK} --target 200 fitness yoga"), 40);
    begun.signal("INT");
    let output = begun.output();
    let (code, said) = ended(&output);
    assert_eq!(code, 130, "{said}");
    assert!(output.stdout.is_empty(), "what is not over is not printed");
    assert!(said.contains("interrupted: ") && said.contains("kept in "), "{said}");
    assert_exact(&scene.run(&hinted(&said, " goes on")), 200);
    let counters = scene.upstream().counters();
    assert_eq!((counters.duplicates, scene.jobs()[0]["apiCalls"].as_u64()), (0, Some(counters.calls)));
}

#[test]
fn an_interrupted_search_writes_no_file_of_results_that_looks_like_all_of_them() {
    let scene = Scene::slow(60);
    let begun = scene.under_way(&format!("{TIKTOK} --target 200 --output found.ndjson yoga"), 20);
    begun.signal("INT");
    let (code, said) = ended(&begun.output());
    assert_eq!(code, 130, "{said}");
    assert!(!scene.file("found.ndjson").exists() && !scene.file("found.part").exists());
}

#[test]
fn a_search_that_is_terminated_stops_as_cleanly() {
    let scene = Scene::slow(60);
    let begun = scene.under_way(&format!("{TIKTOK} --target 200 --quiet fitness"), 20);
    begun.signal("TERM");
    let (code, said) = ended(&begun.output());
    assert_eq!(code, 143, "{said}");
    assert!(said.lines().all(|line| line.starts_with("hint: ")), "how to go on is said even so, and nothing else: {said}");
    assert_exact(&scene.run(&hinted(&said, " goes on")), 200);
}

#[test]
fn an_answer_that_does_not_come_holds_up_an_interrupt_for_a_short_time_only() {
    let scene = Scene::failing(&["hang=1"]);
    let begun = scene.under_way(&format!("{BLUESKY} --target 20 yoga"), 1);
    begun.signal("INT");
    let (code, said) = ended(&begun.output());
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("interrupted: 0 of 20 creators"), "{said}");
    scene.upstream().set_faults(faults(&[]));
    assert_exact(&scene.run("resume --upstream UPSTREAM --format ndjson"), 20);
}

#[test]
fn a_second_interrupt_stops_at_once_and_nothing_is_lost() {
    let scene = Scene::failing(&["profiles:hang=1"]);
    let mut begun = scene.under_way(&format!("{TIKTOK} --target 30 yoga"), 8);
    begun.signal("INT");
    begun.says("stopping: ");
    begun.signal("INT");
    let (code, said) = ended(&begun.output());
    assert_eq!((code, said.contains("interrupted: ")), (130, false), "{said}");
    scene.upstream().set_faults(faults(&[]));
    assert_exact(&scene.run("resume --upstream UPSTREAM --format ndjson"), 30);
}

/// Asserts that none of these calls asks for a page or a profile that the job had noted before.
fn assert_nothing_noted_is_asked_again(noted: &Job, before: &[Served], after: &[Served]) {
    let value = |call: &Served, name: &str| call.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let page = |call: &Served| (value(call, "query").unwrap_or_default(), value(call, "cursor"));
    let searches = |calls: &[Served]| calls.iter().filter(|call| call.endpoint == "search").map(page).collect::<Vec<_>>();
    let mut pages: HashMap<String, usize> =
        noted.tasks().iter().filter_map(Task::search).map(|search| (search.keyword.as_str().to_owned(), search.pages as usize)).collect();
    let mut seen = HashSet::new();
    for page in searches(before).into_iter().filter(|page| seen.insert(page.clone())) {
        let Some(left) = pages.get_mut(&page.0).filter(|left| **left > 0) else { continue };
        *left -= 1;
        assert!(!searches(after).contains(&page), "the page {page:?} was noted");
    }
    let read = noted.creators().iter().filter(|found| !found.profile.is_open()).map(|found| found.creator.username.clone());
    let asked: HashSet<String> = after.iter().filter(|call| call.endpoint == "profiles").filter_map(|call| value(call, "handle")).collect();
    assert_eq!(read.filter(|handle| asked.contains(handle)).collect::<Vec<_>>(), [""; 0], "profiles that were noted");
}

#[test]
fn a_search_that_is_killed_at_any_moment_goes_on_where_it_was() {
    for calls in [1, 4, 12, 30, 70, 140] {
        let scene = Scene::slow(40);
        scene.under_way(&format!("{TIKTOK} --target 150 fitness yoga"), calls).kill();
        let before = scene.upstream().served();
        scene.upstream().reset();
        let noted = scene.job(scene.jobs()[0]["jobId"].as_str().unwrap());
        let output = scene.run("resume --upstream UPSTREAM --format ndjson");
        assert_exact(&output, 150);
        assert_nothing_noted_is_asked_again(&noted, &before, &scene.upstream().served());
        assert_eq!(scene.upstream().counters().duplicates, 0, "killed after {calls} calls");
    }
}

#[test]
fn a_search_that_is_killed_again_and_again_still_ends_exact() {
    let scene = Scene::slow(40);
    scene.under_way(&format!("{TIKTOK} --target 150 fitness yoga"), 10).kill();
    for calls in [20, 40, 60, 80] {
        scene.under_way("resume --upstream UPSTREAM", calls).kill();
    }
    assert_exact(&scene.run("resume --upstream UPSTREAM --format ndjson"), 150);
}

#[test]
fn a_second_scout_on_the_same_search_is_refused_and_disturbs_nothing() {
    // Long enough under way for five other processes to come and go, on a busy machine too.
    let scene = Scene::slow(300);
    let begun = scene.under_way(&format!("{TIKTOK} --target 150 yoga"), 10);
    let listed = &scene.jobs()[0];
    assert_eq!(listed["running"], true);
    let id = listed["jobId"].as_str().unwrap();
    for command in ["resume", "resume --retry", "cancel"] {
        let upstream = if command == "cancel" { "" } else { "--upstream UPSTREAM" };
        let (code, said) = ended(&scene.run(&format!("{command} {id} {upstream}")));
        assert_eq!(code, 1, "{said}");
        assert!(said.starts_with(&format!("error: another scout works on the search {id}, process ")), "{said}");
    }
    let (code, said) = ended(&scene.run("resume --upstream UPSTREAM"));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains(&format!("the only search that is not over is {id}")), "{said}");
    assert_exact(&begun.output(), 150);
    assert_eq!((scene.upstream().counters().duplicates, scene.jobs()[0]["running"].as_bool()), (0, Some(false)));
}

#[test]
fn searches_in_one_file_run_at_the_same_time() {
    let scene = Scene::slow(5);
    let begun: Vec<_> = ["yoga", "fitness", "cooking", "travel"]
        .map(|keyword| {
            scene.command(&format!("{TIKTOK} --target 60 {keyword}")).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .into_iter()
        .collect();
    for child in begun {
        assert_exact(&child.wait_with_output().unwrap(), 60);
    }
    assert_eq!(scene.jobs().iter().filter(|job| job["status"] == "completed").count(), 4);
}

#[test]
fn the_latest_search_that_is_not_over_goes_on_whatever_came_after_it() {
    let scene = Scene::slow(40);
    scene.under_way(&format!("{TIKTOK} --target 80 yoga"), 8).kill();
    assert_exact(&scene.run(&format!("{BLUESKY} --target 10 fitness")), 10);
    assert_exact(&scene.run("resume --upstream UPSTREAM --format ndjson"), 80);
    let (code, said) = ended(&scene.run("resume --upstream UPSTREAM"));
    assert_eq!(code, 2);
    let latest = scene.jobs()[0]["jobId"].as_str().unwrap().to_owned();
    assert!(said.starts_with(&format!("error: no search is unfinished; the latest is {latest}, completed\nhint: ")), "{said}");
}

#[test]
fn a_search_is_named_by_any_beginning_of_its_id_that_no_other_has() {
    let scene = Scene::new();
    scene.run(&format!("{BLUESKY} --target 10 yoga"));
    let (yoga, fitness) = (scene.jobs()[0]["jobId"].as_str().unwrap().to_owned(), "ffffffff-0000-7000-8000-000000000000");
    // A second one whose id is known to begin otherwise.
    scene.state().execute("INSERT INTO rows SELECT ?2, kind, key, value FROM rows WHERE job = ?1", [yoga.as_str(), fitness]).unwrap();
    for beginning in [yoga.as_str(), &yoga[..8], &yoga[..1], &yoga[..13].to_uppercase()] {
        assert_exact(&scene.run(&format!("resume {beginning} --format ndjson")), 10);
    }
    let twin = format!("{}{}", &yoga[..35], if yoga.ends_with('0') { '1' } else { '0' });
    scene.state().execute("INSERT INTO rows SELECT ?2, kind, key, value FROM rows WHERE job = ?1", [yoga.as_str(), &twin]).unwrap();
    for (beginning, says) in [(&yoga[..20], "2 searches have ids that begin with"), ("eee", "holds no search whose id begins with \"eee\"")]
    {
        let (code, said) = ended(&scene.run(&format!("resume {beginning}")));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(says) && said.contains("\nhint: "), "{said}");
    }
}

#[test]
fn a_search_that_is_over_is_printed_again_without_a_call_a_key_or_a_platform() {
    let scene = Scene::new();
    let first = scene.run(&format!("{TIKTOK} --target 20 yoga"));
    let calls = scene.upstream().counters().calls;
    let id = scene.jobs()[0]["jobId"].as_str().unwrap().to_owned();
    let again = scene.command(&format!("resume {id} --format ndjson")).env_remove("SCRAPECREATORS_API_KEY").output().unwrap();
    assert_eq!((again.status.code(), text(&first.stdout)), (Some(0), text(&again.stdout)));
    assert_eq!(scene.upstream().counters().calls, calls);
}

#[test]
fn what_failed_is_tried_again_and_nothing_else() {
    let scene = Scene::failing(&["profiles:malformed=0.3"]);
    let output = scene.run(&format!("{TIKTOK} --target 40 yoga"));
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    let failed: Vec<_> = records(&output.stdout).into_iter().filter(|record| record["enrichment"]["outcome"] == "failed").collect();
    assert!(!failed.is_empty());
    scene.upstream().set_faults(faults(&[]));
    scene.upstream().reset();
    assert_exact(&scene.run("resume --retry --upstream UPSTREAM --format ndjson"), 40);
    let asked = scene.upstream().served();
    assert_eq!((asked.len(), asked.iter().all(|call| call.endpoint == "profiles")), (failed.len(), true));
    let (code, said) = ended(&scene.run("resume --retry --upstream UPSTREAM"));
    assert_eq!(code, 2);
    assert!(said.contains("nothing failed, so there is nothing to try again"), "{said}");
}

#[test]
fn a_search_that_is_not_over_is_gone_on_with_before_anything_is_tried_again() {
    let scene = Scene::slow(40);
    scene.under_way(&format!("{TIKTOK} --target 80 yoga"), 8).kill();
    let (code, said) = ended(&scene.run("resume --retry --upstream UPSTREAM"));
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("is not over, so there is nothing to try again yet\nhint: scout resume "), "{said}");
}

#[test]
fn a_search_that_is_given_up_prints_what_it_found_and_stays_given_up() {
    let scene = Scene::slow(60);
    let begun = scene.under_way(&format!("{TIKTOK} --target 200 yoga"), 40);
    begun.signal("INT");
    let (_, said) = ended(&begun.output());
    let calls = scene.upstream().counters().calls;
    let cancelled = scene.run(&hinted(&said, " ends it and prints what was found"));
    let (code, said) = ended(&cancelled);
    assert_eq!(code, 0, "{said}");
    assert!(!cancelled.stdout.is_empty() && said.contains("cancelled: "), "{said}");
    let listed = scene.jobs()[0].clone();
    assert_eq!(
        (listed["status"].as_str(), listed["creatorsFound"].as_u64()),
        (Some("cancelled"), Some(records(&cancelled.stdout).len() as u64))
    );
    let id = listed["jobId"].as_str().unwrap();
    let (code, said) = ended(&scene.run(&format!("cancel {id}")));
    assert_eq!(code, 2);
    assert!(said.contains(&format!("the search {id} is over already: cancelled")), "{said}");
    let again = scene.run(&format!("resume {id} --format ndjson"));
    assert_eq!((again.status.code(), text(&again.stdout)), (Some(3), text(&cancelled.stdout)));
    assert_eq!(scene.upstream().counters().calls, calls);
}

#[test]
fn nothing_to_resume_or_to_cancel_is_bad_input() {
    let scene = Scene::new();
    for command in ["resume", "resume 01", "resume --retry", "cancel", "cancel 01"] {
        let (code, said) = ended(&scene.run(command));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains("holds no such search") && said.contains("\nhint: "), "{said}");
    }
    assert!(!scene.file("scout/jobs.sqlite").exists(), "looking makes no file");
}

/// The bytes with every occurrence of one part exchanged for another of the same length.
fn exchanged(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let places: Vec<usize> = bytes.windows(from.len()).enumerate().filter(|(_, part)| *part == from).map(|(at, _)| at).collect();
    assert!(!places.is_empty());
    for at in places {
        bytes[at..at + from.len()].copy_from_slice(to);
    }
    bytes
}

/// A search with an adapter of the test's own that was killed before anything was answered.
fn begun_with_1_2_3() -> (Scene, Vec<u8>) {
    let scene = Scene::with(Options { latency_ms: 600_000, ..Options::default() });
    let component = of_platform("bluesky").component();
    scene.write("one.wasm", &component);
    let mut child =
        scene.command("search --platform ./one.wasm --upstream UPSTREAM --expand off yoga").stderr(Stdio::piped()).spawn().unwrap();
    let mut said = std::io::BufReader::new(child.stderr.take().unwrap());
    // The first line stands for a change that was written before.
    std::io::BufRead::read_line(&mut said, &mut String::new()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    (scene, component)
}

#[test]
fn a_search_with_an_adapter_of_ones_own_is_gone_on_with_by_that_adapter() {
    let scene = Scene::failing(&["hang=1"]);
    scene.write("mine.wasm", of_platform("bluesky").component());
    let begun = scene.under_way("search --platform ./mine.wasm --upstream UPSTREAM --expand off yoga", 1);
    begun.signal("INT");
    let (code, said) = ended(&begun.output());
    assert_eq!(code, 130, "{said}");
    assert!(hinted(&said, " goes on").ends_with(" --platform ./mine.wasm"), "{said}");
}

#[test]
fn a_search_goes_on_with_another_version_of_its_adapter_and_says_so() {
    let (scene, component) = begun_with_1_2_3();
    scene.write("two.wasm", exchanged(&component, b"1.2.3", b"1.3.0"));
    let (code, said) = ended(&scene.run("resume --platform ./two.wasm --upstream http://127.0.0.1:9"));
    assert!(said.starts_with("note: the search was begun with bluesky 1.2.3 and this is 1.3.0; it goes on with this one\n"), "{said}");
    assert!(code != 2, "{said}");
}

#[test]
fn a_search_does_not_go_on_with_an_adapter_that_reads_profiles_otherwise_or_is_for_another_platform() {
    let (scene, component) = begun_with_1_2_3();
    let hints = |per_call: u8| [1, 0, 0, 0, per_call, 0, 0, 0, 20, 0, 0, 0];
    scene.write("two.wasm", exchanged(&exchanged(&component, b"1.2.3", b"2.0.0"), &hints(25), &hints(24)));
    scene.write("other.wasm", of_platform("example").component());
    for (file, says) in [("two", "this is 2.0.0, which reads profiles in another way"), ("other", "the adapter is for example")] {
        let (code, said) = ended(&scene.run(&format!("resume --platform ./{file}.wasm --upstream UPSTREAM")));
        assert_eq!(code, 2, "{said}");
        assert!(said.contains(says) && said.contains("hint: --platform FILE names"), "{said}");
    }
}
