//! An account: its plan, what it reserved and is charged for, its jobs, and its waiting line.
//!
//! It is driven like a [job](crate::job): one event in with the time it happened, effects out in the order in which they
//! come, [`Effect::Persist`] first. Whatever the other effects should have done is in the rows too, and the alarm does
//! it again until it is acknowledged.
//!
//! ```
//! # use scout_pipeline::{account::{Account, Effect, Event}, time::Time};
//! # fn carry_out(_: Effect) {}
//! # fn run(account: &mut Account, now: Time) {
//! account.handle(Event::Alarm, now);
//! while let Some(effect) = account.poll() {
//!     carry_out(effect);
//! }
//! # }
//! ```
//!
//! - A run belongs to the calendar month of UTC in which it was let in, however long it takes: what it reserves, delivers
//!   and releases counts there. Another run of the same job belongs to its own month, with what it adds.
//! - When the plan changes, what is reserved stays. A smaller plan leaves nothing remaining and lets nothing begin until
//!   there is room; a larger one helps at once. Days and searches of a plan count from the moment the account was put on it.
//! - A search that delivers nothing uses up none of the searches that a plan may allow; while it runs it holds one.

mod journal;
mod ledger;
mod line;
mod month;
mod plan;
mod requests;
mod rows;
mod settle;
mod validate;
mod view;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::job::{Status, Wake};
use crate::limits::{JOBS_KEPT_MAX, LEDGER_ROW_ENTRIES, LEDGER_ROWS_MAX};
use crate::time::Time;

pub use journal::{Balance, Held, Item, Page, Posting, Verdict, What, check};
pub use ledger::{Charge, Entry, Settled};
pub use month::Month;
pub use plan::{DEFAULT_PLAN, Plan, Plans, UNLIMITED_PLAN};
pub use requests::{Allowed, Meter, Mirror, REQUEST_WINDOW_S, Rate, Spent};
pub use rows::{Corrupt, Row, Table, Write};
pub use validate::{LetIn, Refusal, Search, Why};
pub use view::{JobItem, JobsPage, JobsUsage, Limits, Period, PlanUsage, Usage};

use rows::{Again, JobRow, Standing, Terms};

/// What can happen to an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A run wants to begin; answered by exactly one [`Answer::Validated`].
    Validate(Search),
    /// A job says what it delivered; answered by exactly one [`Answer::Settled`].
    Charge {
        /// The charge.
        charge: Charge,
        /// Where the job stands.
        status: Status,
    },
    /// The job has heard that its turn has come, in answer to [`Effect::Start`].
    Started {
        /// The job.
        job: String,
        /// Its run.
        run: u32,
    },
    /// The job knows of the run, in answer to [`Effect::Ask`].
    Begun {
        /// The job.
        job: String,
        /// Its run.
        run: u32,
    },
    /// There is no such job, or it knows nothing of the run; in answer to [`Effect::Ask`] or [`Effect::Start`].
    Missing {
        /// The job.
        job: String,
        /// Its run.
        run: u32,
    },
    /// The operator put the account on this plan.
    Plan(Plan),
    /// The operator's list knows of the account, in answer to [`Effect::Announce`].
    Announced,
    /// The time that [`Write::alarm`] named has come. One that comes early or twice does no harm.
    Alarm,
}

/// What a runtime has to do. All but the first two come of [`Event::Alarm`] alone, so that no caller waits for them.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write this in one transaction. Nothing that follows may happen before it is done.
    Persist(Write),
    /// Answer the event that is being handled.
    Answer(Answer),
    /// Tell the job that this run's turn has come; answer with [`Event::Started`] or [`Event::Missing`].
    Start {
        /// The job.
        job: String,
        /// Its run.
        run: u32,
    },
    /// Ask the job whether it knows of this run; answer with [`Event::Begun`] or [`Event::Missing`].
    Ask {
        /// The job.
        job: String,
        /// Its run.
        run: u32,
    },
    /// Tell the operator's list that the account is on this plan; answer with [`Event::Announced`].
    Announce {
        /// The account's id.
        account: String,
        /// The plan's name.
        plan: String,
        /// Since when.
        since: Time,
    },
}

/// What an account answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Whether a run may begin.
    Validated(Result<LetIn, Refusal>),
    /// What a charge did.
    Settled(Settled),
}

/// One account.
#[derive(Debug, Clone)]
pub struct Account {
    standing: Standing,
    /// Whether anything was ever done with it. An account that was only looked at leaves no row.
    known: bool,
    jobs: BTreeMap<u32, JobRow>,
    by_id: HashMap<String, u32>,
    page: Page,
    /// What the entries of the ledger add up to.
    balance: Balance,
    alarm: Option<Time>,
    changes: Changes,
    effects: VecDeque<Effect>,
}

/// What a handled event changed, until it is written.
#[derive(Debug, Clone, Default)]
struct Changes {
    standing: bool,
    jobs: BTreeSet<u32>,
    page: bool,
    /// Pages of the ledger that the event filled.
    filled: Vec<(u32, Page)>,
    gone: Vec<(Table, u32)>,
}

impl Account {
    /// Puts an account together from its rows, in any order. Of the ledger, only the newest row is needed. An account
    /// without rows goes by the name `id` and is on the plan `initial`; one with rows is on its own, as `plans` has it now.
    ///
    /// # Errors
    /// [`Corrupt`] names the row that can't be read.
    pub fn load(id: &str, rows: impl IntoIterator<Item = Row>, plans: &Plans, initial: Plan) -> Result<Account, Corrupt> {
        let mut rows: Vec<Row> = rows.into_iter().collect();
        rows.sort_by_key(|row| (row.table, row.key));
        let mut account = Account::blank(id, initial);
        for row in &rows {
            match row.table {
                Table::Standing => (account.standing, account.known) = (read(row)?, true),
                Table::Job => {
                    let job: JobRow = read(row)?;
                    account.by_id.insert(job.id.clone(), row.key);
                    account.jobs.insert(row.key, job);
                }
                Table::Ledger if row.key == account.standing.ledger => account.page = read(row)?,
                Table::Ledger => {}
            }
        }
        if let Some(plan) = plans.get(&account.standing.terms.plan.name).filter(|_| account.known) {
            account.standing.terms.plan = plan.clone();
        }
        account.balance = account.page.close().0;
        account.alarm = account.next_alarm();
        Ok(account)
    }

    fn blank(id: &str, plan: Plan) -> Account {
        let terms = Terms { plan, since: Time::default(), number: 0, searches: 0 };
        let standing =
            Standing { id: id.to_owned(), terms, used: BTreeMap::new(), next_job: 0, next_ticket: 0, ledger: 0, oldest: 0, announce: None };
        Account {
            standing,
            known: false,
            jobs: BTreeMap::new(),
            by_id: HashMap::new(),
            page: Page::default(),
            balance: Balance::default(),
            alarm: None,
            changes: Changes::default(),
            effects: VecDeque::new(),
        }
    }

    /// Takes in one event. Whatever follows from it comes out of [`Account::poll`].
    pub fn handle(&mut self, event: Event, now: Time) {
        let begin = self.effects.len();
        let mut answer = None;
        match event {
            Event::Validate(search) => answer = Some(Answer::Validated(self.validate_creator_search(&search, now))),
            Event::Charge { charge, status } => answer = Some(Answer::Settled(self.increment_creator_count(&charge, status, now))),
            Event::Started { job, run } => self.started(&job, run),
            Event::Begun { job, run } => self.heard_of(&job, run),
            Event::Missing { job, run } => self.missing(&job, run, now),
            Event::Plan(plan) => self.change_plan(plan, now),
            Event::Announced => self.announced(),
            Event::Alarm => self.ring(now),
        }
        self.let_waiting_ones_start(now);
        self.flush(begin);
        self.effects.extend(answer.map(Effect::Answer));
    }

    /// The next thing to do, in order; `None` when all is done.
    pub fn poll(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// The account's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.standing.id
    }

    /// Whether anything was ever done with it.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.known
    }

    /// The plan in force.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.standing.terms.plan
    }

    /// When the account wants to be woken.
    #[must_use]
    pub fn alarm(&self) -> Option<Time> {
        self.alarm
    }

    /// The number of the oldest entry of the ledger that is kept. Rows that are not kept any longer were full.
    #[must_use]
    pub fn first_posting(&self) -> u32 {
        self.standing.oldest.saturating_mul(LEDGER_ROW_ENTRIES as u32)
    }

    /// Whether the account agrees with these rows of its ledger, which are all that are kept, in order.
    #[must_use]
    pub fn check(&self, pages: &[Page]) -> Verdict {
        let held = self.jobs.values().filter(|job| job.is_open());
        let held = held.map(|job| (job.id.clone(), Held { run: job.entry.run, month: job.month, reserved: job.entry.reserved }));
        check(pages, &Balance { used: self.standing.used.clone(), held: held.collect() })
    }

    /// Notes that the account is used; its plan counts from the first time.
    fn open(&mut self, now: Time) {
        if self.known {
            return;
        }
        self.known = true;
        self.standing.terms.since = now;
        self.announce(now);
        self.post(What::Plan { plan: self.plan().name.clone() }, now);
    }

    fn change_plan(&mut self, plan: Plan, now: Time) {
        if !self.known {
            self.standing.terms.plan = plan;
            return self.open(now);
        }
        let terms = &mut self.standing.terms;
        self.changes.standing = true;
        if terms.plan.name == plan.name {
            terms.plan = plan;
            return;
        }
        *terms = Terms { plan, since: now, number: terms.number + 1, searches: 0 };
        self.announce(now);
        self.post(What::Plan { plan: self.plan().name.clone() }, now);
    }

    fn announce(&mut self, now: Time) {
        self.standing.announce = Some(Again { at: now, sends: 0 });
        self.changes.standing = true;
    }

    fn announced(&mut self) {
        self.changes.standing |= self.standing.announce.take().is_some();
    }

    /// Adds an entry to the ledger.
    fn post(&mut self, what: What, now: Time) {
        if self.page.is_full() {
            let filled = std::mem::replace(&mut self.page, Page::after(&self.balance));
            self.changes.filled.push((self.standing.ledger, filled));
            self.standing.ledger += 1;
            if self.standing.ledger - self.standing.oldest >= LEDGER_ROWS_MAX {
                self.changes.gone.push((Table::Ledger, self.standing.oldest));
                self.standing.oldest += 1;
            }
        }
        // What does not add up is a fault of these rules; it stays in the entries, where the check finds it.
        let _ = self.balance.add(&what);
        self.page.postings.push(Posting { at: now, what });
        self.changes.page = true;
        self.changes.standing = true;
    }

    fn job_mut(&mut self, seq: u32) -> Option<&mut JobRow> {
        self.changes.jobs.insert(seq);
        self.jobs.get_mut(&seq)
    }

    fn keep_job(&mut self, job: JobRow) -> u32 {
        let seq = self.standing.next_job;
        self.standing.next_job += 1;
        self.by_id.insert(job.id.clone(), seq);
        self.jobs.insert(seq, job);
        self.changes.jobs.insert(seq);
        if self.jobs.len() > JOBS_KEPT_MAX
            && let Some(oldest) = self.jobs.iter().find(|(_, job)| !job.is_open()).map(|(seq, _)| *seq).filter(|oldest| *oldest != seq)
        {
            self.drop_job(oldest);
        }
        seq
    }

    fn drop_job(&mut self, seq: u32) {
        if let Some(job) = self.jobs.remove(&seq) {
            self.by_id.remove(&job.id);
            self.changes.jobs.remove(&seq);
            self.changes.gone.push((Table::Job, seq));
        }
    }

    /// Turns the changes of one event into the effect that writes them, before everything else that the event led to,
    /// which begins at `begin`.
    fn flush(&mut self, begin: usize) {
        let changes = std::mem::take(&mut self.changes);
        let mut rows = Vec::new();
        if changes.standing {
            rows.push(row(Table::Standing, 0, &self.standing));
        }
        rows.extend(changes.jobs.iter().filter_map(|seq| Some(row(Table::Job, *seq, self.jobs.get(seq)?))));
        rows.extend(changes.filled.iter().map(|(key, page)| row(Table::Ledger, *key, page)));
        if changes.page {
            rows.push(row(Table::Ledger, self.standing.ledger, &self.page));
        }
        let next = self.next_alarm();
        let alarm = match std::mem::replace(&mut self.alarm, next) {
            last if last == next => Wake::Keep,
            _ => next.map_or(Wake::Never, Wake::At),
        };
        if !rows.is_empty() || !changes.gone.is_empty() || alarm != Wake::Keep {
            self.effects.insert(begin, Effect::Persist(Write { rows, gone: changes.gone, alarm }));
        }
    }
}

fn row<T: Serialize + ?Sized>(table: Table, key: u32, value: &T) -> Row {
    // These types hold nothing that JSON can't: no map with keys other than text, no error.
    Row { table, key, value: serde_json::to_string(value).unwrap_or_default() }
}

fn read<'a, T: Deserialize<'a>>(row: &'a Row) -> Result<T, Corrupt> {
    serde_json::from_str(&row.value).map_err(|error| Corrupt { table: row.table, key: row.key, detail: error.to_string() })
}

#[cfg(test)]
mod tests;
