//! Adapters that misbehave while they run: each is stopped, says why, and harms nobody else.

use futures::future::join_all;
use scout_host::engine::{Component, Engine, Limits, Options};
use scout_pipeline::contract::{Fault, Page, Query, Response};
use scout_pipeline::ports::{Adapter as _, AdapterError};

use crate::guest::{Guest, RESULT, good};

fn engine(limits: Limits) -> Engine {
    Engine::new(Options { limits, cache: None }).unwrap()
}

fn query() -> Query {
    Query { keyword: "yoga".into(), settings: Vec::new(), extra: Vec::new() }
}

fn response(status: u16) -> Response {
    Response { status, headers: vec![("x-test".into(), "1".into())], body: b"body".to_vec() }
}

async fn search(adapter: &Component) -> Result<Page, AdapterError> {
    adapter.read_search(&query(), None, response(200)).await
}

/// Why a guest was stopped, without the hint. Afterwards a good adapter must answer on the same engine, and so
/// must the hostile one's next call be an instance of its own.
async fn stopped_within(limits: Limits, guest: &Guest) -> String {
    let engine = engine(limits);
    let hostile = engine.load(&guest.component()).unwrap();
    let neighbour = engine.load(&good().component()).unwrap();
    let error = search(&hostile).await.expect_err("it must be stopped");
    assert_eq!(search(&hostile).await.expect_err("and again"), error);
    assert_eq!(search(&neighbour).await.unwrap().creators[0].username, "yoga");
    let AdapterError::Broken(text) = error else { panic!("{error:?} is no breach") };
    let (fact, hint) = text.split_once("\nhint: ").expect("every breach has a hint");
    assert!(!hint.is_empty());
    fact.to_owned()
}

async fn stopped(guest: &Guest) -> String {
    stopped_within(Limits::default(), guest).await
}

/// A body that grows memory by so many pages and then answers like the good one.
fn growing(pages: u32) -> Guest {
    let mut guest = good();
    guest.read_search = format!("(drop (memory.grow (i32.const {pages}))) {}", guest.read_search);
    guest
}

#[tokio::test]
async fn an_adapter_that_keeps_to_the_contract_answers_every_question() {
    let adapter = engine(Limits::default()).load(&good().component()).unwrap();
    let request = adapter.plan_search(&query(), None).await.unwrap();
    assert_eq!((request.origin.as_str(), request.path.as_str()), ("api", "/search"));
    let page = search(&adapter).await.unwrap();
    assert_eq!(page.creators[0].bio.as_deref(), Some("body"));
    assert_eq!(page.next.as_deref(), Some("2"));
    let last = adapter.read_search(&query(), page.next.as_deref(), response(200)).await.unwrap();
    assert_eq!(last.next, None);
    let creators = [scout_pipeline::contract::CreatorRef { identity: "id-9".into(), username: "zoe".into(), ids: Vec::new() }];
    assert_eq!(adapter.plan_profiles(&creators).await.unwrap()[0].covers, [0]);
    let profiles = adapter.read_profiles(&creators, response(200)).await.unwrap();
    assert!(profiles.iter().all(|profile| profile.identity == "id-9"));
}

#[tokio::test]
async fn a_fault_is_the_adapters_answer_and_no_breach() {
    let adapter = engine(Limits::default()).load(&good().component()).unwrap();
    let limited = adapter.read_search(&query(), None, response(429)).await;
    assert_eq!(limited, Err(AdapterError::Fault(Fault::RateLimited(Some(30)))));
}

#[tokio::test]
async fn nothing_is_kept_between_calls() {
    let adapter = engine(Limits::default()).load(&growing(1).component()).unwrap();
    let last = adapter.read_search(&query(), Some("2"), response(200)).await.unwrap();
    assert_eq!(last.next, None);
    assert_eq!(search(&adapter).await.unwrap().next.as_deref(), Some("2"), "the first page's cursor is there again");
}

#[tokio::test]
async fn a_loop_without_end_is_stopped() {
    let limits = Limits { call_ms: 30, ..Limits::default() };
    let guest = Guest::searching("(loop $again (br $again)) unreachable");
    assert_eq!(stopped_within(limits, &guest).await, "it computed for more than 30 ms");
}

#[tokio::test]
async fn a_long_computation_within_the_time_is_not_stopped() {
    let mut guest = good();
    guest.read_search = format!(
        "(local $left i32) (local.set $left (i32.const 1000000))
         (loop $again (br_if $again (local.tee $left (i32.sub (local.get $left) (i32.const 1)))))
         {}",
        guest.read_search
    );
    let adapter = engine(Limits { call_ms: 600_000, ..Limits::default() }).load(&guest.component()).unwrap();
    assert!(search(&adapter).await.is_ok());
}

#[tokio::test]
async fn work_can_be_counted_and_stopped_wherever_it_is_more_than_allowed() {
    let counting = |call_fuel| Limits { call_ms: 600_000, call_fuel: Some(call_fuel), ..Limits::default() };
    let endless = Guest::searching("(loop $again (br $again)) unreachable");
    assert_eq!(stopped_within(counting(1_000_000), &endless).await, "it computed more than 1000000 units");
    let adapter = engine(counting(1_000_000)).load(&good().component()).unwrap();
    assert!(search(&adapter).await.is_ok());
}

#[tokio::test]
async fn a_loop_in_the_allocator_is_stopped_too() {
    // The host calls the allocator to hand the question over, before the adapter itself runs.
    let spin = "(func (export \"cabi_realloc\") (param i32 i32 i32 i32) (result i32) (loop $again (br $again)) unreachable)";
    let limits = Limits { call_ms: 30, ..Limits::default() };
    assert_eq!(stopped_within(limits, &Guest { allocator: spin.into(), ..good() }).await, "it computed for more than 30 ms");
}

#[tokio::test]
async fn four_gigabytes_are_not_granted() {
    assert_eq!(stopped(&growing(65_534)).await, "it wanted more than 128 MiB of memory");
}

#[tokio::test]
async fn memory_is_granted_up_to_the_last_page_and_not_one_further() {
    let limits = Limits { memory_bytes: 10 * 65_536, ..Limits::default() };
    let within = engine(limits.clone()).load(&growing(8).component()).unwrap();
    assert!(search(&within).await.is_ok());
    assert_eq!(stopped_within(limits, &growing(9)).await, "it wanted more than 640 KiB of memory");
}

#[tokio::test]
async fn a_table_that_only_grows_is_stopped() {
    let mut guest = Guest::searching("(drop (table.grow $t (ref.null func) (i32.const 1000000))) unreachable");
    guest.parts = "(table $t 1 funcref)".into();
    assert_eq!(stopped(&guest).await, "it wanted more than 100000 table entries");
}

#[tokio::test]
async fn a_trap_says_which() {
    assert_eq!(stopped(&Guest::searching("unreachable")).await, "it trapped: unreachable");
    assert_eq!(stopped(&Guest::searching("(i32.div_u (i32.const 1) (i32.const 0))")).await, "it trapped: integer divide by zero");
    assert_eq!(stopped(&Guest::searching("(i32.load (i32.const -4))")).await, "it trapped: out of bounds memory access");
}

#[tokio::test]
async fn recursion_without_end_is_stopped() {
    let mut guest = Guest::searching("(call $deep (i32.const 0))");
    guest.parts = "(func $deep (param i32) (result i32) (i32.add (call $deep (local.get 0)) (i32.const 1)))".into();
    assert_eq!(stopped(&guest).await, "it called itself too deeply: its stack is full");
}

#[tokio::test]
async fn an_answer_of_100_megabytes_is_not_taken() {
    let guest = Guest::answering(0, 0, 0, 100 * 1024 * 1024);
    assert_eq!(stopped(&guest).await, "it answered with more than 16 MiB");
}

#[tokio::test]
async fn an_answer_that_is_small_in_the_adapter_and_huge_outside_is_not_taken() {
    // A thousand creators share one megabyte of text, which would be a gigabyte once it is copied out.
    let guest = Guest::answering(1_000, 1, 1024 * 1024, 0);
    assert_eq!(stopped(&guest).await, "it answered with more than 16 MiB");
}

#[tokio::test]
async fn an_answer_is_taken_up_to_the_last_byte_and_not_one_further() {
    let guest = Guest::answering(0, 0, 0, 2_000);
    let within = engine(Limits { answer_bytes: 2_000, ..Limits::default() }).load(&guest.component()).unwrap();
    assert_eq!(search(&within).await.unwrap().next.unwrap().len(), 2_000);
    let limits = Limits { answer_bytes: 1_999, ..Limits::default() };
    assert_eq!(stopped_within(limits, &guest).await, "it answered with more than 2.0 KiB");
}

#[tokio::test]
async fn a_page_of_1000_creators_is_taken_and_one_of_1001_is_not() {
    let full = engine(Limits::default()).load(&Guest::answering(1_000, 1, 10, 0).component()).unwrap();
    assert_eq!(search(&full).await.unwrap().creators.len(), 1_000);
    assert_eq!(stopped(&Guest::answering(1_001, 1, 10, 0)).await, "it answered with 1001 creators, and a page has at most 1000");
}

#[tokio::test]
async fn an_identity_of_256_bytes_is_taken_and_one_of_257_is_not() {
    let long = engine(Limits::default()).load(&Guest::answering(1, 256, 0, 0).component()).unwrap();
    assert_eq!(search(&long).await.unwrap().creators[0].identity.len(), 256);
    assert_eq!(stopped(&Guest::answering(1, 257, 0, 0)).await, "a creator's identity has 257 bytes, and must have 1 to 256");
}

#[tokio::test]
async fn a_cursor_of_2048_bytes_is_taken_and_one_of_2049_is_not() {
    let long = engine(Limits::default()).load(&Guest::answering(0, 0, 0, 2_048).component()).unwrap();
    assert!(search(&long).await.is_ok());
    assert_eq!(stopped(&Guest::answering(0, 0, 0, 2_049)).await, "its cursor has 2049 bytes, and may have at most 2048");
}

#[tokio::test]
async fn a_list_that_points_nowhere_breaks_the_contract() {
    let body = format!(
        "(i32.store (i32.const {RESULT}) (i32.const 0)) (i32.store (i32.const {at}) (i32.const -8))
         (i32.store (i32.const {count}) (i32.const 5)) (i32.const {RESULT})",
        at = RESULT + 4,
        count = RESULT + 8,
    );
    let fact = stopped(&Guest::searching(&body)).await;
    assert!(fact.starts_with("it broke the contract: "), "{fact}");
}

#[tokio::test]
async fn text_that_is_no_utf_8_breaks_the_contract() {
    let body = format!(
        "(i32.store8 (i32.const 2048) (i32.const 255))
         (i64.store (i32.const {RESULT}) (i64.const 0)) (i32.store (i32.const {count}) (i32.const 0))
         (i32.store (i32.const {some}) (i32.const 1)) (i32.store (i32.const {at}) (i32.const 2048))
         (i32.store (i32.const {length}) (i32.const 1)) (i32.const {RESULT})",
        count = RESULT + 8,
        some = RESULT + 12,
        at = RESULT + 16,
        length = RESULT + 20,
    );
    let fact = stopped(&Guest::searching(&body)).await;
    assert!(fact.starts_with("it broke the contract: "), "{fact}");
}

#[tokio::test]
async fn more_calls_than_may_run_at_once_wait_for_each_other() {
    for calls_at_once in [1, 2] {
        let engine = engine(Limits { calls_at_once, ..Limits::default() });
        let adapter = engine.load(&good().component()).unwrap();
        let pages = join_all((0..16).map(|_| search(&adapter))).await;
        assert!(pages.iter().all(Result::is_ok));
        // The place that is kept for loading is there whatever the calls do.
        assert!(engine.load(&good().component()).is_ok());
    }
}
