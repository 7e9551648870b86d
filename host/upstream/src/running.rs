//! Starting and ending a server from a program.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::args::listen;
use crate::counters::{Counters, Served};
use crate::faults::Faults;
use crate::known::Known;
use crate::options::Options;
use crate::server::{self, Server};

/// Serves until the second future is ready; answers under way may then take half a second more.
///
/// # Errors
/// Those of the listener.
pub async fn serve(listener: TcpListener, options: Options, until: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
    server::run(listener, Arc::new(Server::new(options)), until).await
}

/// Starts a server on a free port of this machine, as a task of the current tokio runtime.
///
/// # Errors
/// No port can be had.
pub async fn start(options: Options) -> io::Result<Running> {
    let listener = listen(0).await?;
    let address = listener.local_addr()?;
    let server = Arc::new(Server::new(options));
    let (end, ended) = oneshot::channel::<()>();
    let until = async {
        // Dropping the other side ends the server as well.
        let _ = ended.await;
    };
    let task = tokio::spawn(server::run(listener, Arc::clone(&server), until));
    Ok(Running { address, server, end, task })
}

/// A server that runs. It ends when this is dropped.
pub struct Running {
    address: SocketAddr,
    server: Arc<Server>,
    end: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Running {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its URL, without a final slash, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// What stands for the base URL of a platform's origin, such as `http://127.0.0.1:40123/bluesky/api`.
    pub fn base_url(&self, platform: &str, origin: &str) -> String {
        format!("http://{}/{platform}/{origin}", self.address)
    }

    /// Whom a keyword reaches on a platform, best first: what a client finds that reads every page. `None` if
    /// there is no such platform.
    pub fn reach(&self, platform: &str, keyword: &str) -> Option<Vec<Known>> {
        self.server.reach(platform, keyword)
    }

    /// What it has seen since the start or the last [`Running::reset`].
    pub fn counters(&self) -> Counters {
        self.server.ledger.counters()
    }

    /// The latest 100 000 calls in the order in which they came, since the start or the last [`Running::reset`].
    pub fn served(&self) -> Vec<Served> {
        self.server.ledger.served()
    }

    /// Forgets what it has seen, also how often each request came.
    pub fn reset(&self) {
        self.server.ledger.reset();
    }

    /// Replaces everything that goes wrong.
    pub fn set_faults(&self, faults: Faults) {
        self.server.set_faults(faults);
    }

    /// Ends it and waits until it has ended, half a second at most.
    ///
    /// # Errors
    /// Those that the server ended with.
    pub async fn stop(self) -> io::Result<()> {
        drop(self.end);
        self.task.await.map_err(io::Error::other)?
    }
}

impl std::fmt::Debug for Running {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Running").field("address", &self.address).finish_non_exhaustive()
    }
}
