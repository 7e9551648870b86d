//! The simulator's command line.

use std::io::IsTerminal as _;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Result, bail};
use clap::Parser;
use comfy_table::{ContentArrangement, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};

use scout_sim::coverage::Coverage;
use scout_sim::faults::FaultKind;
use scout_sim::sweep::{SEEDS_FOR_COVERAGE, Swept, sweep};
use scout_sim::world::{Settings, run_caught};
use scout_sim::{report, sabotage};

/// Runs whole jobs in worlds that lose, repeat and delay everything, and checks the laws after every step.
///
/// Each seed is one world with one to three jobs. It ends with a table of what was really met; a run of 20 000 seeds
/// or more fails if anything was never met. A failing seed says which law was broken and how, shows what happened, and
/// gives the command that shows it again.
#[derive(Debug, Parser)]
#[command(name = "scout-sim", version, after_help = EXAMPLES)]
struct Arguments {
    /// How many seeds to run
    #[arg(long, default_value_t = 1_000, conflicts_with = "seed")]
    seeds: u64,
    /// The first seed; the others follow on it
    #[arg(long, default_value_t = 0, conflicts_with = "seed")]
    base: u64,
    /// Run this seed alone
    #[arg(long)]
    seed: Option<u64>,
    /// Jobs in each world; drawn from the seed unless given
    #[arg(long)]
    jobs: Option<usize>,
    /// Leave out this job of each world, by its number; may be given several times
    #[arg(long)]
    without: Vec<usize>,
    /// Switch off these kinds of faults, by the names that the table shows, with _ for spaces
    #[arg(long, value_delimiter = ',', value_parser = kind)]
    off: Vec<FaultKind>,
    /// Switch off all kinds of faults but these; `none` switches off all of them
    #[arg(long, value_delimiter = ',', value_parser = kind_or_none, conflicts_with = "off")]
    only: Option<Vec<Option<FaultKind>>>,
    /// Print what happens in the seed
    #[arg(long, requires = "seed")]
    trace: bool,
    /// Threads to run on; all of the machine's unless given
    #[arg(long)]
    threads: Option<usize>,
    /// Switch in a known bug and look for the law that it breaks; `list` names them
    #[arg(long, value_name = "NAME")]
    sabotage: Option<String>,
    /// Print the whole table, and not only what was met least
    #[arg(long)]
    table: bool,
}

impl Arguments {
    fn switched_off(&self) -> Vec<FaultKind> {
        match &self.only {
            Some(only) => FaultKind::ALL.iter().copied().filter(|kind| !only.contains(&Some(*kind))).collect(),
            None => self.off.clone(),
        }
    }
}

const EXAMPLES: &str = "Examples:
  cargo run -p scout-sim --release -- --seeds 100000
  cargo run -p scout-sim -- --seed 42 --trace
  cargo run -p scout-sim -- --sabotage list
  cargo run -p scout-sim -- --sabotage zombie_writes";

/// How many known bugs' worth of seeds a sabotage is hunted for at most.
const HUNT_SEEDS: u64 = sabotage::SEEDS_MAX;

fn main() -> ExitCode {
    // A panic of the rules is caught and reported with its seed; the hook's own words would only be in the way.
    std::panic::set_hook(Box::new(|_| {}));
    match run(&Arguments::parse()) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(arguments: &Arguments) -> Result<ExitCode> {
    let settings = Settings {
        jobs: arguments.jobs,
        off: arguments.switched_off(),
        without: arguments.without.clone(),
        trace: arguments.trace,
        ..Settings::default()
    };
    match (&arguments.sabotage, arguments.seed) {
        (Some(name), _) if name == "list" => Ok(list()),
        (Some(name), seed) => hunt(name, arguments, seed, &settings),
        (None, Some(seed)) => Ok(one(seed, &settings)),
        (None, None) => Ok(many(arguments, &settings)),
    }
}

fn kind(name: &str) -> Result<FaultKind, String> {
    FaultKind::ALL.iter().copied().find(|kind| kind.name() == name).ok_or_else(|| {
        format!("there is no such fault\nhint: there are {}", FaultKind::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", "))
    })
}

fn kind_or_none(name: &str) -> Result<Option<FaultKind>, String> {
    if name == "none" { Ok(None) } else { kind(name).map(Some) }
}

fn one(seed: u64, settings: &Settings) -> ExitCode {
    let outcome = run_caught(seed, settings, None);
    for line in outcome.trace.lines() {
        println!("{line}");
    }
    match outcome.violation {
        Some(violation) if settings.trace => {
            println!("\nseed {seed} breaks {}\n  job-{}: {}", violation.law.text(), violation.job, violation.text);
            ExitCode::FAILURE
        }
        Some(violation) => {
            println!("{}", report::failure(seed, settings, &violation));
            ExitCode::FAILURE
        }
        None => {
            println!("seed {seed} keeps every law: {} steps, digest {:016x}", outcome.happenings, outcome.trace.digest());
            ExitCode::SUCCESS
        }
    }
}

fn many(arguments: &Arguments, settings: &Settings) -> ExitCode {
    let threads = arguments.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let bar = progress(arguments.seeds);
    let begun = Instant::now();
    let swept = sweep(arguments.base, arguments.seeds, threads, settings, &|| bar.inc(1));
    let seconds = begun.elapsed().as_secs_f64();
    bar.finish_and_clear();
    println!("{}", table(&swept.coverage, arguments.table));
    summary(arguments, &swept, seconds);
    if let Some((seed, violation)) = &swept.failed {
        println!("\n{}", report::failure(*seed, settings, violation));
        return ExitCode::FAILURE;
    }
    let unmet = swept.coverage.unmet();
    if !unmet.is_empty() {
        println!("\nnever met:");
        unmet.iter().for_each(|line| println!("  {}: {}", line.section, line.name));
        if arguments.seeds >= SEEDS_FOR_COVERAGE && arguments.switched_off().is_empty() {
            println!(
                "hint: a run that does not meet everything proves less than it says; run more seeds, or make what is missing likelier"
            );
            return ExitCode::FAILURE;
        }
        println!("({} seeds are too few to count that as a failure; {SEEDS_FOR_COVERAGE} are enough)", arguments.seeds);
    }
    ExitCode::SUCCESS
}

fn summary(arguments: &Arguments, swept: &Swept, seconds: f64) {
    let rate = swept.seeds as f64 / seconds.max(0.001);
    println!(
        "{} seeds from {} in {seconds:.1} s: {rate:.0} seeds a second, {} steps{}",
        swept.seeds,
        arguments.base,
        swept.happenings,
        if swept.failed.is_none() { "; every law was kept" } else { "" }
    );
}

fn progress(seeds: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} seeds, {per_sec}, {eta} left");
    ProgressBar::new(seeds).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn table(coverage: &Coverage, whole: bool) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(vec!["", "met", "times"]);
    let mut lines = coverage.lines();
    if !whole {
        // Rare things are what one wants to know of; the rest is there for the asking.
        lines.sort_by_key(|line| line.count);
        lines.truncate(20);
    }
    for line in lines {
        table.add_row(vec![line.section.to_owned(), line.name, line.count.to_string()]);
    }
    table
}

fn list() -> ExitCode {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(vec!["name", "breaks", "what it does"]);
    for known in sabotage::all() {
        table.add_row(vec![known.name, known.law.text(), known.text]);
    }
    println!("{table}");
    ExitCode::SUCCESS
}

fn hunt(name: &str, arguments: &Arguments, seed: Option<u64>, settings: &Settings) -> Result<ExitCode> {
    let Some(known) = sabotage::named(name) else {
        bail!("there is no sabotage {name}\nhint: --sabotage list names them");
    };
    let (base, seeds) = seed.map_or((arguments.base, HUNT_SEEDS), |seed| (seed, 1));
    let Some(outcome) = sabotage::hunt(&known, base, seeds, settings) else {
        println!("{name} was not found within {seeds} seeds: {} is not looked at closely enough", known.law.text());
        return Ok(ExitCode::FAILURE);
    };
    outcome.trace.lines().iter().for_each(|line| println!("{line}"));
    if let Some(violation) = &outcome.violation {
        println!("{name} was found by seed {}: it breaks {}", outcome.seed, known.law.text());
        println!("  job-{}: {}", violation.job, violation.text);
        println!("again: cargo run -p scout-sim -- --sabotage {name} --seed {} --trace", outcome.seed);
    }
    Ok(ExitCode::SUCCESS)
}
