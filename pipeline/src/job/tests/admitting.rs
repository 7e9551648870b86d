//! Who belongs to a job: each creator once, and never one more than asked for.

use super::*;

#[test]
fn exactly_the_target_is_admitted_from_a_page_that_has_more() {
    let mut stage = Stage::started(&Wish { target: 7, ..Wish::default() });
    let lease = stage.lease(0);
    assert_eq!(stage.page(&lease, 0, creators("a", 30), Some("next")), Reply::Stop);
    assert_eq!(stage.job.creators().len(), 7);
}

#[test]
fn a_creator_that_two_keywords_give_is_admitted_once() {
    let mut stage = Stage::started(&Wish::default());
    let (first, second) = (stage.lease(0), stage.lease(1));
    stage.page(&first, 0, creators("a", 5), None);
    stage.page(&second, 0, creators("a", 6), None);
    assert_eq!(stage.job.creators().len(), 6);
    assert_eq!(stage.outcome(1), &TaskOutcome::Ok { creators: 1 });
}

#[test]
fn of_several_posts_of_a_creator_the_most_watched_counts() {
    let mut stage = Stage::started(&Wish { min_views: Some(1_000), ..Wish::default() });
    let lease = stage.lease(0);
    let page = vec![watched("a", "weak", Some(10)), watched("b", "weak", Some(999)), watched("a", "strong", Some(5_000))];
    stage.page(&lease, 0, page, None);
    assert_eq!(stage.job.creators().len(), 1);
    assert_eq!(stage.job.creators()[0].creator.content.as_ref().unwrap().id, "strong");
}

#[test]
fn the_least_number_of_views_is_enough_and_unknown_views_are_kept() {
    let mut stage = Stage::started(&Wish { min_views: Some(1_000), ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, vec![watched("a", "p", Some(1_000)), watched("b", "p", None), creator("c"), watched("d", "p", Some(999))], None);
    let admitted: Vec<_> = stage.job.creators().iter().map(|found| found.creator.identity.as_str()).collect();
    assert_eq!(admitted, ["a", "b", "c"]);
}

#[test]
fn a_creator_that_was_watched_too_little_is_admitted_with_a_better_post_later() {
    let mut stage = Stage::started(&Wish { min_views: Some(1_000), ..Wish::default() });
    let lease = stage.lease(0);
    stage.page(&lease, 0, vec![watched("a", "weak", Some(1))], Some("2"));
    stage.page(&lease, 1, vec![watched("a", "strong", Some(2_000))], None);
    assert_eq!(stage.job.creators().len(), 1);
}

#[test]
fn a_creator_without_a_name_to_keep_is_left_out() {
    let mut stage = Stage::started(&Wish::default());
    let lease = stage.lease(0);
    let long = |bytes: usize| Creator { username: "u".repeat(bytes), ..creator("long") };
    stage.page(&lease, 0, vec![creator(""), long(257)], Some("2"));
    assert!(stage.job.creators().is_empty());
    stage.page(&lease, 1, vec![long(256)], None);
    assert_eq!(stage.job.creators().len(), 1);
}

#[test]
fn of_posts_that_were_watched_as_often_the_first_stays() {
    let mut stage = Stage::started(&Wish::default());
    let lease = stage.lease(0);
    let rows = vec![watched("ana", "first", Some(5)), watched("ana", "second", Some(5)), watched("ana", "third", None)];
    stage.page(&lease, 0, rows, None);
    assert_eq!(stage.job.creators()[0].creator.content.as_ref().unwrap().id, "first");
}
