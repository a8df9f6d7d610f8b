//! What common servers take at once when nobody changes their settings.

use super::record::words;
use crate::model::OnFull;

/// A server with its default settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Server {
    /// nginx as a proxy, one worker process.
    Nginx,
    /// Apache httpd 2.4 with the prefork module.
    ApachePrefork,
    /// Apache httpd 2.4 with the event or worker module.
    ApacheEvent,
    /// Tomcat.
    Tomcat,
}

words! { Server, "Server", "A server with its default settings, which give `workers`, `queue` and `on_full` where they are absent." {
    "nginx" => Server::Nginx, "256 requests (512 connections, two a request), 511 in the backlog, then silence.";
    "apache-prefork" => Server::ApachePrefork, "256 processes, 511 in the backlog, then silence.";
    "apache-event" => Server::ApacheEvent, "400 threads (16 processes of 25), 511 in the backlog, then silence.";
    "tomcat" => Server::Tomcat, "200 threads, 9,800 connections that wait for one, 100 in the backlog, then silence.";
}}

/// What a full backlog does on Linux: the kernel drops the connection and tells nobody.
pub(super) const ON_FULL: OnFull = OnFull::Drop;

impl Server {
    /// Requests at once.
    ///
    /// nginx: `worker_connections` 512, of which a proxied request takes two. Apache: `MaxRequestWorkers` 256 (prefork), 16 ×
    /// 25 = 400 (event, worker), docs/manual/mod/mpm_common.xml. Tomcat: `maxThreads` 200, webapps/docs/config/http.xml.
    #[must_use]
    pub fn workers(self) -> u32 {
        match self {
            Server::Nginx | Server::ApachePrefork => 256,
            Server::ApacheEvent => 400,
            Server::Tomcat => 200,
        }
    }

    /// Requests that wait.
    ///
    /// nginx and Apache: a `listen` backlog of 511. Tomcat: `acceptCount` 100 beyond `maxConnections` 10,000, of which
    /// 200 are in service.
    #[must_use]
    pub fn queue(self) -> u32 {
        match self {
            Server::Nginx | Server::ApachePrefork | Server::ApacheEvent => 511,
            Server::Tomcat => 10_000 - 200 + 100,
        }
    }
}
