//! What watchers are told.

use super::*;

fn whats(stage: &Stage) -> Vec<&What> {
    stage.notices.iter().map(|notice| &notice.what).collect()
}

#[test]
fn notices_are_numbered_without_a_gap_and_are_kept() {
    let mut stage = Stage::started(&Wish { target: 150, expand: true, ..Wish::default() });
    stage.run(|keyword| creators(keyword, 20));
    assert_eq!(stage.job.notices(), stage.notices);
    assert!(stage.notices.iter().map(|notice| notice.seq).eq(0..stage.notices.len() as u64));
    assert_eq!(stage.reloaded().notices(), stage.notices);
}

#[test]
fn watchers_hear_of_keywords_creators_profiles_and_the_end_in_order() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], target: 3, ..Wish::default() });
    stage.notices.clear();
    stage.run(|keyword| creators(keyword, 3));
    let kinds: Vec<_> = whats(&stage)
        .into_iter()
        .map(|what| match what {
            What::Keyword { task } => format!("keyword {task}"),
            What::Creators { from, to } => format!("creators {from} to {to}"),
            What::Enriched { creators } => format!("enriched {creators:?}"),
            What::Progress { status, .. } => format!("{status:?}"),
            What::Done { status } => format!("done {status:?}"),
        })
        .collect();
    let expected = ["keyword 0", "creators 0 to 3", "Enriching", "enriched [0, 1, 2]", "Completed", "done Completed"];
    assert_eq!(kinds, expected);
}

#[test]
fn an_event_that_changes_nothing_tells_nothing() {
    let mut stage = Stage::started(&Wish::default());
    let zombie = stage.lease(0);
    stage.event(Event::Cancelled);
    let told = stage.notices.len();
    stage.page(&zombie, 0, creators("a", 3), None);
    stage.event(Event::Alarm);
    stage.event(Event::Cancelled);
    assert_eq!(stage.notices.len(), told);
}

#[test]
fn a_keyword_that_is_taken_up_again_is_told_again_and_so_is_the_end() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    stage.event(Event::Cancelled);
    stage.notices.clear();
    stage.event(Event::Retried { waits: false });
    assert!(
        matches!(whats(&stage)[..], [What::Keyword { task: 0 }, What::Progress { status: Status::Searching, .. }]),
        "{:?}",
        stage.notices
    );
    stage.event(Event::Cancelled);
    assert!(matches!(whats(&stage)[2..], [What::Keyword { task: 0 }, What::Progress { .. }, What::Done { .. }]), "{:?}", stage.notices);
}

#[test]
fn the_last_progress_told_is_how_the_job_stands() {
    let mut stage = Stage::started(&Wish { target: 40, expand: true, ..Wish::default() });
    stage.run(|keyword| creators(keyword, 12));
    let last = whats(&stage).into_iter().rev().find_map(|what| match what {
        What::Progress { status, counters } => Some((*status, *counters)),
        _ => None,
    });
    assert_eq!(last, Some((stage.job.status(), stage.job.counters())));
}

#[test]
fn a_page_of_twins_tells_of_no_creators() {
    let mut stage = Stage::started(&Wish::default());
    let (first, second) = (stage.lease(0), stage.lease(1));
    stage.page(&first, 0, creators("a", 2), None);
    stage.notices.clear();
    stage.page(&second, 0, creators("a", 2), Some("2"));
    assert!(!whats(&stage).iter().any(|what| matches!(what, What::Creators { .. })), "{:?}", stage.notices);
}
