//! Accounts as scenarios: what is let in, what is counted, who waits, and what comes of it when things get lost.

mod books;
mod lining;
mod listing;
mod random;
mod settling;
mod validating;

use std::collections::BTreeMap;

use super::*;

/// Noon of the 25th of November 2026, in UTC.
const NOON: Time = Time(1_795_608_000_000);
const DAY_MS: u64 = 86_400_000;

/// An account with the rows that its runtime wrote. After every event it is put together again from them.
struct Stage {
    account: Account,
    rows: BTreeMap<(Table, u32), String>,
    plans: Plans,
    now: Time,
    effects: Vec<Effect>,
}

fn plan(name: &str, creators: u32, concurrent: u32) -> Plan {
    Plan { name: name.into(), creators_per_month: Some(creators), concurrent_jobs: concurrent, ..Plans::default().unlimited() }
}

fn search(job: &str, wanted: u32) -> Search {
    Search {
        job: job.into(),
        run: 0,
        wanted,
        delivered: 0,
        platform: "sample".into(),
        keywords: vec!["yoga".into()],
        target: wanted,
        at: NOON,
    }
}

fn again(job: &str, run: u32, wanted: u32, delivered: u32) -> Search {
    Search { run, delivered, ..search(job, wanted) }
}

fn let_in() -> Result<LetIn, Refusal> {
    Ok(LetIn { place: None })
}

fn waits(place: u32) -> Result<LetIn, Refusal> {
    Ok(LetIn { place: Some(place) })
}

impl Stage {
    fn new(plan: Plan) -> Stage {
        let plans = Plans::default();
        Stage { account: Account::load("a", [], &plans, plan).unwrap(), rows: BTreeMap::new(), plans, now: NOON, effects: Vec::new() }
    }

    /// Room for as many jobs as a test may want, and as many creators as it says.
    fn of(creators: u32) -> Stage {
        Stage::new(plan("test", creators, 50))
    }

    fn event(&mut self, event: Event) -> Option<Answer> {
        let answer = self.event_in_memory(event);
        self.reload();
        answer
    }

    /// The same without the death of the object, for tests of very many events.
    fn event_in_memory(&mut self, event: Event) -> Option<Answer> {
        self.account.handle(event, self.now);
        let (mut answer, mut first) = (None, true);
        while let Some(effect) = self.account.poll() {
            match effect {
                Effect::Persist(write) => {
                    assert!(first, "what is written comes first");
                    for row in write.rows {
                        self.rows.insert((row.table, row.key), row.value);
                    }
                    for key in write.gone {
                        self.rows.remove(&key);
                    }
                }
                Effect::Answer(said) => answer = Some(said),
                effect => self.effects.push(effect),
            }
            first = false;
        }
        answer
    }

    /// The object dies and comes up again from what was written.
    fn reload(&mut self) {
        let rows = self.rows.iter().map(|((table, key), value)| Row { table: *table, key: *key, value: value.clone() });
        let again = Account::load("", rows, &self.plans, self.account.plan().clone()).unwrap();
        assert_eq!(again.alarm(), self.account.alarm(), "the alarm is a function of the rows");
        assert_eq!((again.usage(self.now), again.jobs(None, 2_000)), (self.account.usage(self.now), self.account.jobs(None, 2_000)));
        self.account = again;
        let verdict = self.verdict();
        assert!(verdict.agrees, "{verdict:#?}");
    }

    fn pages(&self) -> Vec<Page> {
        self.rows.iter().filter(|((table, _), _)| *table == Table::Ledger).map(|(_, value)| serde_json::from_str(value).unwrap()).collect()
    }

    fn verdict(&self) -> Verdict {
        self.account.check(&self.pages())
    }

    fn validate(&mut self, search: Search) -> Result<LetIn, Refusal> {
        match self.event(Event::Validate(search)) {
            Some(Answer::Validated(answer)) => answer,
            other => panic!("{other:?}"),
        }
    }

    fn why(&mut self, search: Search) -> (Why, u32) {
        let refusal = self.validate(search).unwrap_err();
        (refusal.why, refusal.remaining)
    }

    fn charge_of(&mut self, job: &str, run: u32, delivered: u32, status: Status) -> u32 {
        let charge = Charge { account: "a".into(), job: job.into(), run, delivered, closes: status.is_final() };
        match self.event(Event::Charge { charge, status }) {
            Some(Answer::Settled(settled)) => settled.counted,
            other => panic!("{other:?}"),
        }
    }

    fn charge(&mut self, job: &str, delivered: u32) -> u32 {
        self.charge_of(job, 0, delivered, Status::Searching)
    }

    fn end(&mut self, job: &str, delivered: u32) -> u32 {
        self.charge_of(job, 0, delivered, Status::Completed)
    }

    /// Many jobs of one creator each, one after the other, named by numbers.
    fn many(&mut self, jobs: usize) {
        for number in 0..jobs {
            let job = number.to_string();
            self.event_in_memory(Event::Validate(search(&job, 1)));
            let charge = Charge { account: "a".into(), job, run: 0, delivered: 1, closes: true };
            self.event_in_memory(Event::Charge { charge, status: Status::Completed });
        }
    }

    /// Lets time pass and rings whatever rings by then, once; gives what came of it.
    fn after(&mut self, ms: u64) -> Vec<Effect> {
        self.now = self.now.plus(ms);
        self.effects.clear();
        if self.account.alarm().is_some_and(|at| at <= self.now) {
            self.event(Event::Alarm);
        }
        std::mem::take(&mut self.effects)
    }

    /// The jobs that are told now that their turn has come.
    fn starts(&mut self) -> Vec<String> {
        let starts = self.after(0);
        starts.into_iter().filter_map(|effect| if let Effect::Start { job, .. } = effect { Some(job) } else { None }).collect()
    }

    /// Used, reserved and remaining in the present month.
    fn books(&self) -> (u32, u32, u32) {
        let usage = self.account.usage(self.now);
        (usage.used, usage.reserved, usage.remaining.unwrap())
    }
}
