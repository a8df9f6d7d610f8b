//! The addresses and what they answer.

use super::guard::{Guard, Refusal};
use super::levers::{self, Change, ChangeError, Lever};
use super::limits::{BODY, Limits, REPORTS};
use super::work::{Job, NoJob, Word, work};
use super::{Options, page};
use crate::experiment::Progress;
use crate::model::Study;
use crate::report::Language;
use crate::scenario::Scenario;
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::path::Path as FilePath;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_stream::StreamExt;
use tokio_stream::wrappers::ReceiverStream;

/// Everything that answers need; no request changes more of it than the reports that are kept.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) guard: Guard,
    options: Options,
    levers: Vec<Lever>,
    /// Made once: the page, its style sheet, its script.
    page: [Bytes; 3],
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    reports: Mutex<VecDeque<(u64, Bytes)>>,
    report: AtomicU64,
    /// The run that has its turn, for stopping it when the server ends.
    current: Mutex<Option<Arc<Progress>>>,
}

/// What a page asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    changes: Vec<Change>,
    #[serde(default)]
    full: bool,
}

/// One of those who wait for their turn.
pub(super) struct Waiting(Arc<Site>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Site {
    pub(super) fn new(options: Options, study: &Study, guard: Guard) -> Site {
        let levers = levers::levers(&options.scenario, study);
        let page = page::files(&options, study, &levers);
        let turns = Arc::new(Semaphore::new(1));
        let (reports, current) = (Mutex::default(), Mutex::default());
        Site { guard, options, levers, page, turns, waiting: 0.into(), reports, report: 0.into(), current }
    }

    pub(super) fn limits(&self) -> Limits {
        self.options.limits
    }

    pub(super) fn scale(&self) -> Option<f64> {
        self.options.scale
    }

    pub(super) fn language(&self) -> Language {
        self.options.language
    }

    pub(super) fn threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, usize::from);
        self.options.threads.unwrap_or_else(cores)
    }

    /// The right to run; `None` when the server ends.
    pub(super) async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.turns).acquire_owned().await.ok()
    }

    /// Remembers what runs.
    pub(super) fn watch(&self, progress: &Arc<Progress>) -> Arc<Progress> {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(progress));
        Arc::clone(progress)
    }

    /// Stops what runs and lets nothing else begin.
    pub(super) fn stop(&self) {
        self.turns.close();
        if let Some(progress) = self.current.lock().unwrap_or_else(PoisonError::into_inner).take() {
            progress.stop();
        }
    }

    /// Keeps a report for reading, and gives its number.
    pub(super) fn keep(&self, page: String) -> u64 {
        let number = self.report.fetch_add(1, Ordering::Relaxed) + 1;
        let mut reports = self.reports.lock().unwrap_or_else(PoisonError::into_inner);
        reports.push_back((number, page.into()));
        while reports.len() > REPORTS {
            reports.pop_front();
        }
        number
    }

    fn wait(self: &Arc<Site>) -> Option<Waiting> {
        let before = self.waiting.fetch_add(1, Ordering::AcqRel);
        let waiting = Waiting(Arc::clone(self));
        (before <= self.options.limits.waiting).then_some(waiting)
    }

    fn changed(&self, wish: &Wish) -> Result<Scenario, ChangeError> {
        levers::apply(&self.options.scenario, &self.levers, &wish.changes)
    }
}

/// All addresses; the first part of each is the token, which the guard has looked at.
pub(super) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/{token}/", get(|site: State<Arc<Site>>| async move { file(&site, 0, "text/html; charset=utf-8") }))
        .route("/{token}/live.css", get(|site: State<Arc<Site>>| async move { file(&site, 1, "text/css; charset=utf-8") }))
        .route("/{token}/live.js", get(|site: State<Arc<Site>>| async move { file(&site, 2, "text/javascript; charset=utf-8") }))
        .route("/{token}/report/{number}", get(report))
        .route("/{token}/run", post(run))
        .route("/{token}/scenario", post(scenario))
        .route("/{token}/save", post(save))
        .fallback(|| async { refuse(StatusCode::NOT_FOUND, "there is nothing here") })
        .layer(from_fn_with_state(Arc::clone(&site), guarded))
        .with_state(site)
}

/// What every page may do and where it may be shown: nothing but its own files, in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";
/// A report has its scripts inside; it runs apart from the page, with no right to its addresses.
const REPORT_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; base-uri \
                             'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts allow-modals";

async fn guarded(State(site): State<Arc<Site>>, request: Request, next: Next) -> Response {
    let mut response = match site.guard.check(request.method(), request.uri().path(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(Refusal::Host) => refuse(StatusCode::MISDIRECTED_REQUEST, "another host was asked for"),
        Err(Refusal::Origin) => refuse(StatusCode::FORBIDDEN, "another page may not ask"),
        Err(Refusal::Token) => refuse(StatusCode::NOT_FOUND, "there is nothing here"),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

/// A refusal; the connection ends with it, so that what else was sent need not be read.
fn refuse(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CONNECTION, "close")], text).into_response()
}

fn file(site: &Site, which: usize, kind: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], site.page[which].clone()).into_response()
}

async fn report(State(site): State<Arc<Site>>, Path((_, number)): Path<(String, String)>) -> Response {
    let reports = site.reports.lock().unwrap_or_else(PoisonError::into_inner);
    let found = number.parse().ok().and_then(|number: u64| reports.iter().find(|(known, _)| *known == number));
    match found {
        Some((_, page)) => {
            let headers = [(header::CONTENT_TYPE, "text/html; charset=utf-8"), (header::CONTENT_SECURITY_POLICY, REPORT_POLICY)];
            (headers, page.clone()).into_response()
        }
        None => refuse(StatusCode::NOT_FOUND, "this report is no longer kept"),
    }
}

/// The body of a request, read whole within its bounds of size and time.
async fn wish(site: &Site, request: Request) -> Result<Wish, Response> {
    let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind == "application/json");
    if !is_json {
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "send application/json"));
    }
    let bytes = match tokio::time::timeout(site.limits().patience, to_bytes(request.into_body(), BODY)).await {
        Err(_) => return Err(refuse(StatusCode::REQUEST_TIMEOUT, "too slow")),
        Ok(Err(_)) => return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "too large")),
        Ok(Ok(bytes)) => bytes,
    };
    serde_json::from_slice(&bytes).map_err(|_| refuse(StatusCode::BAD_REQUEST, "this is no list of changes"))
}

fn answer(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

/// What is wrong, without the name of the file.
fn unfit(error: ChangeError) -> Response {
    let told: Vec<Value> = match error {
        ChangeError::NoLever(text) => vec![json!({"text": text})],
        ChangeError::Mistakes(mistakes) => {
            mistakes.0.iter().map(|mistake| json!({"pointer": mistake.pointer, "text": mistake.text})).collect()
        }
    };
    answer(StatusCode::UNPROCESSABLE_ENTITY, &json!({"mistakes": told}))
}

async fn run(State(site): State<Arc<Site>>, request: Request) -> Response {
    let wish = match wish(&site, request).await {
        Ok(wish) => wish,
        Err(response) => return response,
    };
    let Some(waiting) = site.wait() else {
        return answer(StatusCode::TOO_MANY_REQUESTS, &json!({"why": "busy"}));
    };
    let job = match site.changed(&wish).map(|scenario| Job::new(scenario, wish.full, &site)) {
        Err(error) => return unfit(error),
        Ok(Err(NoJob::Mistakes(mistakes))) => return unfit(mistakes.into()),
        Ok(Err(NoJob::Memory(needed))) => {
            let told = json!({"why": "memory", "needed": needed, "allowed": site.limits().memory});
            return answer(StatusCode::UNPROCESSABLE_ENTITY, &told);
        }
        Ok(Ok(job)) => job,
    };
    let (tell, words) = mpsc::channel::<Word>(4);
    tokio::spawn(work(site, job, tell, waiting));
    let events = ReceiverStream::new(words).map(|(kind, data)| Ok::<_, Infallible>(format!("event: {kind}\ndata: {data}\n\n")));
    ([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(events)).into_response()
}

fn as_file(site: &Site, wish: &Wish) -> Result<(String, String), ChangeError> {
    let changed = site.changed(wish)?;
    let file = levers::as_file(&site.options.scenario, &site.levers, &changed);
    Ok((changed.file.name.0.clone(), format!("{file:#}\n")))
}

async fn scenario(State(site): State<Arc<Site>>, request: Request) -> Response {
    let wish = match wish(&site, request).await {
        Ok(wish) => wish,
        Err(response) => return response,
    };
    match as_file(&site, &wish) {
        // The name holds letters, digits, `.`, `_` and `-` only.
        Ok((name, text)) => {
            let disposition = format!("attachment; filename=\"{name}.json\"");
            ([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, disposition)], text)
                .into_response()
        }
        Err(error) => unfit(error),
    }
}

async fn save(State(site): State<Arc<Site>>, request: Request) -> Response {
    let wish = match wish(&site, request).await {
        Ok(wish) => wish,
        Err(response) => return response,
    };
    let Some(folder) = &site.options.save else {
        return refuse(StatusCode::FORBIDDEN, "no folder was named on the command line");
    };
    match as_file(&site, &wish) {
        Err(error) => unfit(error),
        Ok((name, text)) => match write_new(folder, &name, &text) {
            Ok(file) => answer(StatusCode::OK, &json!({"file": file})),
            Err(_) => answer(StatusCode::INTERNAL_SERVER_ERROR, &json!({"why": "disk"})),
        },
    }
}

/// So many files of one name are saved at most.
const MOST_SAVED: u32 = 100;

/// Writes a file that was not there before, and gives its name: nothing is replaced.
fn write_new(folder: &FilePath, name: &str, text: &str) -> std::io::Result<String> {
    for number in 1..=MOST_SAVED {
        let file = if number == 1 { format!("{name}.json") } else { format!("{name}-{number}.json") };
        match crate::disk::write_new(&folder.join(&file), text) {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(std::io::ErrorKind::AlreadyExists.into())
}
