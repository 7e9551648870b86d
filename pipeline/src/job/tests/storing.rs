//! What is written is the whole job: a runtime may lose everything else at any time.

use super::*;

#[test]
fn a_job_put_together_from_its_rows_is_the_same_job() {
    let mut stage = Stage::started(&Wish { target: 120, expand: true, ..Wish::default() });
    let mut steps = 0;
    while let Some(message) = (!stage.sent.is_empty()).then(|| stage.sent.remove(0)) {
        let Reply::Granted(lease) = stage.tell(Report::Lease { task: message.task }) else { continue };
        match lease.work.clone() {
            Work::Search { query, page, .. } => drop(stage.page(&lease, page, creators(&query.keyword, 20), None)),
            Work::Profiles { .. } => drop(stage.profiles(&lease, enriched)),
        }
        let again = stage.reloaded();
        assert_eq!(again.view(stage.now), stage.job.view(stage.now));
        assert_eq!(again.status_view(0, 500, stage.now), stage.job.status_view(0, 500, stage.now));
        assert_eq!(again.tasks(), stage.job.tasks());
        assert_eq!(again.alarm(), stage.job.alarm());
        steps += 1;
    }
    assert!(steps > 10 && stage.job.status() == Status::Completed);
}

#[test]
fn a_job_that_is_reloaded_after_every_step_ends_the_same() {
    let wish = Wish { target: 120, expand: true, ..Wish::default() };
    let mut kept = Stage::started(&wish);
    kept.run(|keyword| creators(keyword, 20));
    let mut dropped = Stage::started(&wish);
    while let Some(message) = (!dropped.sent.is_empty()).then(|| dropped.sent.remove(0)) {
        dropped.job = dropped.reloaded();
        let Reply::Granted(lease) = dropped.tell(Report::Lease { task: message.task }) else { continue };
        dropped.job = dropped.reloaded();
        match lease.work.clone() {
            Work::Search { query, page, .. } => drop(dropped.page(&lease, page, creators(&query.keyword, 20), None)),
            Work::Profiles { .. } => drop(dropped.profiles(&lease, enriched)),
        }
    }
    assert_eq!(dropped.job.status_view(0, 500, Time(0)), kept.job.status_view(0, 500, Time(0)));
}

#[test]
fn messages_that_were_written_and_never_sent_are_sent_after_a_restart() {
    let mut stage = Stage::started(&Wish::default());
    stage.sent.clear();
    stage.job = stage.reloaded();
    stage.alarm();
    assert_eq!(stage.sent.len(), 2);
}

#[test]
fn no_rows_are_no_job() {
    assert!(Job::load([]).unwrap().is_none());
}

#[test]
fn a_row_that_can_not_be_read_is_named() {
    let stage = Stage::started(&Wish::default());
    let rows = |table, key, value: &str| {
        let broken = Row { table, key, value: value.to_owned() };
        let kept = stage.rows.iter().filter(move |((t, k), _)| (*t, *k) != (table, key));
        let rows = kept.map(|((table, key), value)| Row { table: *table, key: *key, value: value.clone() });
        rows.chain([broken]).collect::<Vec<_>>()
    };
    let error = Job::load(rows(Table::Task, 1, "{")).unwrap_err();
    assert!(error.to_string().starts_with("the row 1 of task can't be read"), "{error}");
    let task = &stage.rows[&(Table::Task, 0)];
    assert!(Job::load(rows(Table::Task, 7, task)).is_err(), "tasks before it are missing");
    assert!(Job::load(rows(Table::Notices, 700, "[]")).is_err(), "notices before it are missing");
    assert!(Job::load(rows(Table::Creators, 7, "[]")).is_err(), "creators before it are missing");
    assert!(Job::load(rows(Table::Profiles, 0, r#"{"3":{"open":{"attempts":0}}}"#)).is_err(), "it is about nobody");
}

#[test]
fn a_page_is_a_handful_of_rows_and_not_one_for_each_creator() {
    let mut stage = Stage::started(&Wish { keywords: &["yoga"], ..Wish::default() });
    let lease = stage.lease(0);
    let before = stage.rows.len();
    stage.page(&lease, 0, creators("a", 30), None);
    // One for the creators, one for each batch of ten and one for what watchers are told; the others were there
    // and are written over.
    assert_eq!(stage.rows.len() - before, 5);
}

#[test]
fn an_alarm_that_rings_early_is_set_again_and_no_row_is_written() {
    let mut stage = Stage::started(&Wish::default());
    stage.writes.clear();
    stage.event(Event::Alarm);
    assert_eq!(stage.writes, [Write { rows: vec![], alarm: Wake::At(stage.job.alarm().unwrap()) }]);
}

#[test]
fn an_event_that_changes_nothing_writes_nothing() {
    let mut stage = Stage::started(&Wish::default());
    stage.writes.clear();
    stage.tell(Report::Lease { task: 99 });
    assert_eq!(stage.writes, []);
}

#[test]
fn the_creators_of_a_long_page_are_kept_in_several_rows_and_none_is_lost() {
    let mut stage = Stage::started(&Wish { target: 500, ..Wish::default() });
    let (first, second) = (stage.lease(0), stage.lease(1));
    stage.page(&first, 0, creators("a", 7), None);
    stage.page(&second, 0, creators("b", 2 * ROW_CREATORS_MAX as u32 + 1), None);
    let keys: Vec<u32> = stage.rows.keys().filter(|(table, _)| *table == Table::Creators).map(|(_, key)| *key).collect();
    assert_eq!(keys, [0, 7, 57, 107]);
    assert_eq!(stage.reloaded().creators().len(), 108);
}

#[test]
fn every_kind_of_row_has_a_name_of_its_own_by_which_stores_find_it() {
    for table in Table::ALL {
        assert_eq!(Table::named(table.name()), Some(table));
    }
    assert_eq!(Table::named("rows of a later version"), None);
}
