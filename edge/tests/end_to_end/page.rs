//! The page in a real browser, served by the Worker.

use std::process::Command;

use scout_upstream::{Options, start};

use crate::worker::{Worker, root, search_path};

#[tokio::test(flavor = "multi_thread")]
async fn the_page_shows_a_whole_search_in_a_browser() {
    let upstream = start(Options { latency_ms: 150, ..Options::default() }).await.unwrap();
    let worker = Worker::over(&upstream);
    let url = worker.url.clone();
    let mut script = Command::new("node");
    script.arg("web/tests/page.mjs").arg(&url).current_dir(root()).env("PATH", search_path());
    script.env("SCOUT_UPSTREAM", upstream.url());
    let output = tokio::task::spawn_blocking(move || script.output()).await.unwrap().expect("node can't be started");
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
}
