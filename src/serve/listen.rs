//! Accepting connections, so many at once, none of them slow for long.

use super::patient::Patient;
use super::routes::{Site, router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::io;
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, Semaphore};

/// The largest head of a request, in bytes, and the most headers in it.
const HEAD: usize = 16 << 10;
const HEADERS: usize = 64;

/// Until `stop` is told; then what runs is stopped too.
pub(super) async fn listen(listener: TcpListener, site: Arc<Site>, stop: Arc<Notify>) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let limits = site.limits();
    let places = Arc::new(Semaphore::new(limits.connections));
    let service = TowerToHyperService::new(router(Arc::clone(&site)));
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(limits.patience).max_headers(HEADERS).max_buf_size(HEAD).half_close(false);
    loop {
        let accepted = async {
            // Without a place free the next one waits in the system's own queue.
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stop.notified() => break,
            accepted = accepted => accepted,
        };
        let Ok((stream, _)) = accepted else {
            // No descriptors left, or a client that was gone at once: others are served meanwhile.
            tokio::time::sleep(Duration::from_millis(50)).await;
            continue;
        };
        // Progress is small and wants to be there at once.
        let _ = stream.set_nodelay(true);
        let connection = http.serve_connection(TokioIo::new(Patient::new(stream, limits.patience)), service.clone());
        tokio::spawn(async move {
            // What fails here is the client's connection, which is of no concern to anybody else.
            let _ = connection.await;
            drop(place);
        });
    }
    site.stop();
    Ok(())
}
