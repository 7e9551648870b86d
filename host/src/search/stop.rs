//! Signals that end a search: the first one asks it to stop cleanly, any further one ends the program at once.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::watch;

/// A signal that ends programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Signal {
    /// Ctrl-C.
    Interrupt,
    /// What `kill` sends, and whoever shuts a machine down.
    Terminate,
}

impl Signal {
    /// 128 and the number of the signal, as shells have it.
    fn code(self) -> u8 {
        match self {
            Signal::Interrupt => 130,
            Signal::Terminate => 143,
        }
    }

    /// The exit code of a program that this signal ended.
    pub(super) fn exit_code(self) -> ExitCode {
        ExitCode::from(self.code())
    }
}

/// Listens to signals from when it is made until the program ends.
#[derive(Debug)]
pub(super) struct Signals {
    first: watch::Receiver<Option<Signal>>,
    released: Arc<AtomicBool>,
}

impl Signals {
    /// Begins to listen. Must be called within a tokio runtime.
    pub(super) fn listen() -> Signals {
        let (sender, first) = watch::channel(None);
        let released = Arc::new(AtomicBool::new(false));
        // Without signals a search can only run to its end.
        if let Ok(listener) = Listener::new() {
            // A task of its own: a main thread that waits for a slow reader of its output can be ended too.
            tokio::spawn(serve(listener, sender, Arc::clone(&released)));
        }
        Signals { first, released }
    }

    /// Waits for the first signal.
    pub(super) async fn first(&self) -> Signal {
        let mut first = self.first.clone();
        match first.wait_for(Option::is_some).await.map(|signal| *signal) {
            Ok(Some(signal)) => signal,
            // Nobody listens.
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// There is nothing left to stop cleanly: from now on the first signal ends the program, too.
    pub(super) fn release(&self) {
        self.released.store(true, Ordering::SeqCst);
    }
}

async fn serve(mut listener: Listener, first: watch::Sender<Option<Signal>>, released: Arc<AtomicBool>) {
    loop {
        let signal = listener.next().await;
        if released.load(Ordering::SeqCst) || first.borrow().is_some() {
            // Whatever was found is on disk: rows are written before anything follows from them.
            std::process::exit(signal.code().into());
        }
        first.send_replace(Some(signal));
    }
}

#[cfg(unix)]
struct Listener {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Listener {
    fn new() -> std::io::Result<Listener> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Listener { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::Interrupt,
            _ = self.terminate.recv() => Signal::Terminate,
        }
    }
}

#[cfg(not(unix))]
struct Listener;

#[cfg(not(unix))]
impl Listener {
    fn new() -> std::io::Result<Listener> {
        Ok(Listener)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}
