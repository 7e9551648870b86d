//! The command line of the fake platforms, for every program that starts them.

use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::faults::{Fault, FaultRule, SCOPES};
use crate::options::Options;
use crate::quirks::{Quirk, QuirkRule, Quirks};
use crate::rates;
use crate::server::{self, Server};

/// What can be chosen on a command line. Any clap command can flatten it.
#[derive(Debug, Clone, clap::Args)]
#[command(after_help = kinds())]
pub struct Args {
    /// Port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 9797)]
    pub port: u16,
    /// What everything follows from: the same seed and request give the same bytes
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Creators of every platform
    #[arg(long, default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub creators: u32,
    /// How long every answer takes at least
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=600_000))]
    pub latency: u64,
    /// How much longer each answer may take; every call draws its own
    #[arg(long, value_name = "MS", default_value_t = 0, value_parser = clap::value_parser!(u64).range(..=600_000))]
    pub jitter: u64,
    /// How long answers take that the fault `slow` happens to
    #[arg(long, value_name = "MS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(..=600_000))]
    pub slow: u64,
    /// How long answers say to wait that the fault `rate-limited` happens to
    #[arg(long, value_name = "S", default_value_t = 1, value_parser = clap::value_parser!(u32).range(..=86_400))]
    pub retry_after: u32,
    /// Something that goes wrong and how often, such as `unavailable=0.2` or `profiles:unavailable=1`; repeatable
    #[arg(long = "fault", value_name = "[SCOPE:]KIND=RATE")]
    pub faults: Vec<FaultRule>,
    /// How often something odd shows, such as `private=0.1`, or `none` for nothing odd; repeatable
    #[arg(long = "quirk", value_name = "KIND=RATE")]
    pub quirks: Vec<QuirkRule>,
}

impl Args {
    /// The options that were chosen.
    pub fn options(&self) -> Options {
        Options {
            seed: self.seed,
            creators: self.creators,
            latency_ms: self.latency,
            jitter_ms: self.jitter,
            slow_ms: self.slow,
            retry_after_s: self.retry_after,
            quirks: self.quirks.iter().fold(Quirks::usual(), |quirks, &rule| quirks.with(rule)),
            faults: self.faults.iter().cloned().collect(),
        }
    }

    /// Serves until a signal to end comes (Ctrl-C, or `SIGTERM` where there is one). `ready` is told the
    /// address once requests are accepted; a program prints `listening on http://…` there.
    ///
    /// # Errors
    /// The port can't be had, or the signal can't be waited for. The message says what to do.
    pub async fn run(self, ready: impl FnOnce(SocketAddr)) -> io::Result<()> {
        let end = end_signal()?;
        let listener = listen(self.port).await?;
        ready(listener.local_addr()?);
        server::run(listener, Arc::new(Server::new(self.options())), end).await
    }
}

/// Ready when the process is asked to end. The signals are taken over at once, so that none is missed.
#[cfg(unix)]
fn end_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ready when the process is asked to end.
#[cfg(not(unix))]
fn end_signal() -> io::Result<impl Future<Output = ()> + Send + 'static> {
    Ok(async {
        // Without a way to be asked, there is nothing to wait for but the process's own end.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}

/// Listens on this machine only: the fake platforms are nobody else's business.
pub(crate) async fn listen(port: u16) -> io::Result<TcpListener> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|error| {
        let advice = "hint: choose another with --port, or --port 0 for any that is free";
        io::Error::new(error.kind(), format!("can't listen on {address}: {error}\n{advice}"))
    })
}

fn kinds() -> String {
    format!(
        "Faults:\n{}\n\nScopes of faults: {}\n\nQuirks, with their usual rates:\n{}",
        rates::table::<Fault>(),
        SCOPES.join(", "),
        rates::table::<Quirk>()
    )
}
