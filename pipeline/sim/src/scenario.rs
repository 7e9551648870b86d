//! What a seed's jobs are: who asks for what, of which platform, and what their clients do.

use scout_pipeline::accept::Accepted;
use scout_pipeline::account::Plan as AccountPlan;
use scout_pipeline::contract::{Auth, Enrichment, Hints, Manifest, Origin};
use scout_pipeline::job::Dispatch;
use scout_pipeline::keyword::Keyword;
use scout_pipeline::time::Time;

use crate::chance::Chance;

/// When every world begins: a fixed point, so that traces of different machines are the same.
pub const BEGIN: Time = Time(1_800_000_000_000);

/// The platform that adapters of a world declare.
pub const PLATFORM: &str = "model";

/// The secret that the platform's origin wants.
pub const SECRET: &str = "MODEL_KEY";

const WORDS: [&str; 16] = [
    "yoga",
    "pilates",
    "running",
    "baking",
    "pottery",
    "chess",
    "knitting",
    "sailing",
    "surfing",
    "gardening",
    "painting",
    "climbing",
    "cycling",
    "fishing",
    "birding",
    "origami",
];

/// What a client will do.
#[derive(Debug, Clone)]
pub struct Client {
    /// When it dispatches.
    pub dispatch_at: Time,
    /// Whether it ever looks again.
    pub looks: bool,
    /// When it cancels, if it does; perhaps more than once.
    pub cancel_at: Vec<Time>,
    /// How often it has what failed tried again.
    pub retries: u32,
    /// How long it waits before it does, in milliseconds.
    pub patience_ms: u64,
}

/// One job of a world.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What the job is made from; its time is that of the dispatch.
    pub dispatch: Dispatch,
    /// What its client does.
    pub client: Client,
}

/// Draws one job.
#[must_use]
pub fn plan(seed: u64, number: usize, accounts: usize) -> Plan {
    let mut chance = Chance::new(seed, 0x2000 + number as u64);
    let client = client(&mut chance);
    let manifest = manifest(&mut chance);
    let accepted = accepted(&mut chance);
    let account = (!chance.hits(80)).then(|| account_name(chance.below(accounts as u64) as usize));
    let dispatch = Dispatch {
        id: format!("job-{number}"),
        accepted,
        manifest,
        settings: vec![],
        seed: chance.draw(),
        at: client.dispatch_at,
        account,
        waits: false,
    };
    Plan { dispatch, client }
}

/// Draws the plan of an account. `largest` is what the largest job of the world asks for: now and then that is all that
/// there is, so that the next has to wait until it is over.
#[must_use]
pub fn account_plan(chance: &mut Chance, largest: u32) -> AccountPlan {
    AccountPlan {
        name: "of this world".into(),
        creators_per_month: *chance.pick(&[Some(5), Some(largest), Some(largest), Some(200), Some(100_000), None]),
        concurrent_jobs: *chance.pick(&[1, 1, 2, 50]),
        target_max: *chance.pick(&[largest, largest, largest, 10]),
        requests_per_minute: 60,
        searches: *chance.pick(&[None, None, None, Some(2)]),
        days: None,
    }
}

/// The name of an account.
#[must_use]
pub fn account_name(number: usize) -> String {
    format!("account-{number}")
}

fn client(chance: &mut Chance) -> Client {
    let within = *chance.pick(&[30_000, 30_000, 30_000, 600_000]);
    let dispatch_at = BEGIN.plus(chance.below(within));
    let cancels = *chance.pick(&[0, 0, 0, 0, 0, 0, 0, 1, 1, 3]);
    let mut moment = || {
        let reach = *chance.pick(&[200, 5_000, 60_000, 600_000]);
        dispatch_at.plus(chance.below(reach))
    };
    let cancel_at = (0..cancels).map(|_| moment()).collect();
    let retries = if chance.hits(450) { chance.between(1, 3) as u32 } else { 0 };
    Client { dispatch_at, looks: !chance.hits(300), cancel_at, retries, patience_ms: *chance.pick(&[0, 500, 20_000, 400_000]) }
}

fn manifest(chance: &mut Chance) -> Manifest {
    let batch = *chance.pick(&[1, 1, 1, 2, 3, 5, 12, 50]);
    let enrichment = match chance.below(10) {
        0 | 1 => Enrichment::None,
        2..=4 => Enrichment::Optional(batch),
        _ => Enrichment::Required(batch),
    };
    let auth = if chance.hits(500) { Auth::Bearer(SECRET.into()) } else { Auth::None };
    Manifest {
        platform: PLATFORM.into(),
        label: "Model".into(),
        version: "1.0.0".into(),
        origins: vec![Origin { name: "api".into(), base_url: "https://model.test".into(), auth }],
        enrichment,
        hints: Hints {
            page_size: 10,
            creators_per_keyword: *chance.pick(&[1, 3, 5, 10, 25]),
            pages_per_keyword: chance.between(1, 6) as u32,
            calls_per_minute: None,
        },
        reports_views: true,
        settings: vec![],
        extra: vec![],
    }
}

fn accepted(chance: &mut Chance) -> Accepted {
    let first = chance.below(WORDS.len() as u64) as usize;
    let count = *chance.pick(&[1, 1, 2, 2, 3, 4, 5, 8]);
    let keywords = (0..count).filter_map(|place| Keyword::new(WORDS[(first + place) % WORDS.len()]).ok()).collect();
    Accepted {
        platform: PLATFORM.into(),
        keywords,
        target: *chance.pick(&[1, 2, 3, 5, 8, 10, 15, 20, 30, 50, 80]),
        expand: chance.hits(550),
        campaign_id: None,
        min_views: *chance.pick(&[None, Some(0), Some(1_000), Some(5_000)]),
        max_upstream_calls: chance.hits(250).then(|| chance.between(1, 40) as u32),
        max_age: None,
    }
}
