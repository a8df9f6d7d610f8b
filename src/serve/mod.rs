//! `clickday serve`: a scenario in the browser, with levers, on this machine alone.
//!
//! One scenario is read before the first connection. From then on nothing is read from the disk, and nothing is written but
//! the files of a run in a folder of its own, removed at once, and a saved scenario in the one folder that was named for it. A
//! request can move `levers` and nothing else. `guard` says who may speak, `limits` how much, `work` runs, `routes`
//! answers, `listen` accepts.

mod guard;
mod levers;
mod limits;
mod listen;
mod page;
mod patient;
mod routes;
mod work;

pub use limits::{Limits, memory_needed};

use crate::report::Language;
use crate::scenario::{Mistakes, Scenario};
use guard::Guard;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::Notify;

/// What is served, and where.
#[derive(Debug)]
pub struct Options {
    /// The scenario that the page starts from.
    pub scenario: Scenario,
    /// Where to listen; port 0 for any that is free.
    pub address: SocketAddr,
    /// The size of the copy for quick looks; `None`: some twenty thousand people.
    pub scale: Option<f64>,
    /// Worker threads of a run; `None`: one a core.
    pub threads: Option<usize>,
    /// The folder into which scenarios may be saved; `None`: they can be downloaded only.
    pub save: Option<PathBuf>,
    /// The language that the page shows first.
    pub language: Language,
    /// What is allowed.
    pub limits: Limits,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The scenario.
    #[error(transparent)]
    Mistakes(#[from] Mistakes),
    /// The scenario is too large for a page.
    #[error("the scenario has {0} bytes of JSON; `serve` shows up to {limit}", limit = limits::SCENARIO)]
    TooLarge(usize),
    /// The address.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
    /// The system gives no random numbers for the token, or no threads.
    #[error("cannot start the server: {0}")]
    Start(String),
    /// Something else failed while it ran.
    #[error("the server stopped: {0}")]
    Io(#[from] io::Error),
}

/// A server that listens and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    site: Arc<routes::Site>,
    stop: Arc<Notify>,
}

/// Ends a server from another thread.
#[derive(Debug, Clone)]
pub struct Stopper(Arc<Notify>);

impl Stopper {
    /// Stops accepting, and what runs.
    pub fn stop(&self) {
        self.0.notify_one();
    }
}

impl Server {
    /// Checks the scenario and listens.
    ///
    /// # Errors
    /// A scenario that is too large or that has mistakes, an address that is taken or not of this machine.
    pub fn bind(options: Options) -> Result<Server, ServeError> {
        let study = options.scenario.compile(None)?;
        let size = options.scenario.to_json().to_string().len();
        if size > limits::SCENARIO {
            return Err(ServeError::TooLarge(size));
        }
        let failed = |source| ServeError::Listen { address: options.address, source };
        let listener = TcpListener::bind(options.address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let guard = Guard::new(listener.local_addr().map_err(failed)?).map_err(|error| ServeError::Start(error.to_string()))?;
        let site = Arc::new(routes::Site::new(options, &study, guard));
        Ok(Server { listener, site, stop: Arc::default() })
    }

    /// The address of the page, token and all.
    #[must_use]
    pub fn url(&self) -> String {
        self.site.guard.url()
    }

    /// What ends it.
    #[must_use]
    pub fn stopper(&self) -> Stopper {
        Stopper(Arc::clone(&self.stop))
    }

    /// Answers until it is stopped.
    ///
    /// # Errors
    /// When there are no threads or the listener fails.
    pub fn run(self) -> Result<(), ServeError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .max_blocking_threads(2)
            .build()
            .map_err(|error| ServeError::Start(error.to_string()))?;
        runtime.block_on(listen::listen(self.listener, self.site, self.stop))?;
        runtime.shutdown_timeout(std::time::Duration::from_secs(5));
        Ok(())
    }
}
