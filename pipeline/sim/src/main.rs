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
use scout_sim::report::{self, Case};
use scout_sim::sabotage;
use scout_sim::sweep::{SEEDS_FOR_COVERAGE, Swept, sweep};
use scout_sim::world::Settings;

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
    /// Print one line, unless a law is broken or a long run never met something
    #[arg(long, short, conflicts_with = "table")]
    quiet: bool,
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
        (Some(name), _) => hunt(name, arguments, &settings),
        (None, Some(seed)) => Ok(one(&Case { seed, settings, known: None })),
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

fn one(case: &Case<'_>) -> ExitCode {
    let outcome = case.run();
    outcome.trace.lines().iter().for_each(|line| println!("{line}"));
    match outcome.violation {
        Some(violation) if case.settings.trace => {
            println!("\nseed {} breaks {}\n  job-{}: {}", case.seed, violation.law.text(), violation.job, violation.text);
            ExitCode::FAILURE
        }
        Some(violation) => {
            println!("{}", report::failure(case, &violation));
            ExitCode::FAILURE
        }
        None => {
            println!("seed {} keeps every law: {} steps, digest {:016x}", case.seed, outcome.happenings, outcome.trace.digest());
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
    if !arguments.quiet {
        println!("{}", table(&swept.coverage, arguments.table));
    }
    summary(arguments, &swept, seconds);
    if let Some((seed, violation)) = &swept.failed {
        let case = Case { seed: *seed, settings: settings.clone(), known: None };
        println!("\n{}", report::failure(&case, violation));
        return ExitCode::FAILURE;
    }
    coverage(arguments, &swept.coverage)
}

/// Names what was never met. In a long run that is a failure, because then the run proves less than it says.
fn coverage(arguments: &Arguments, coverage: &Coverage) -> ExitCode {
    let unmet = coverage.unmet();
    let counts = arguments.seeds >= SEEDS_FOR_COVERAGE && arguments.switched_off().is_empty();
    if unmet.is_empty() || arguments.quiet && !counts {
        return ExitCode::SUCCESS;
    }
    println!("\nnever met:");
    unmet.iter().for_each(|line| println!("  {}: {}", line.section, line.name));
    if counts {
        println!("hint: a run that does not meet everything proves less than it says; run more seeds, or make what is missing likelier");
        return ExitCode::FAILURE;
    }
    println!("({} seeds are too few to count that as a failure; {SEEDS_FOR_COVERAGE} are enough)", arguments.seeds);
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

/// Looks for a known bug in one seed, or in as many as it must be found in.
fn hunt(name: &str, arguments: &Arguments, settings: &Settings) -> Result<ExitCode> {
    let Some(known) = sabotage::named(name) else {
        bail!("there is no sabotage {name}\nhint: --sabotage list names them");
    };
    // Only the law that it breaks counts: a bug that is seen for another reason does not prove its law.
    let settings = Settings { only: Some(known.law), ..settings.clone() };
    if let Some(seed) = arguments.seed {
        return Ok(one(&Case { seed, settings, known: Some(&known) }));
    }
    let Some(outcome) = sabotage::hunt(&known, arguments.base, sabotage::SEEDS_MAX, &settings) else {
        println!("{name} was not found within {} seeds: {} is not looked at closely enough", sabotage::SEEDS_MAX, known.law.text());
        return Ok(ExitCode::FAILURE);
    };
    if let Some(violation) = &outcome.violation {
        println!("{}", report::failure(&Case { seed: outcome.seed, settings, known: Some(&known) }, violation));
        println!("\n{name} was found by seed {}", outcome.seed);
    }
    Ok(ExitCode::SUCCESS)
}
