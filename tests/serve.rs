//! The local server under attack: it answers its own page and nobody else, reads nothing of the disk, and takes no more of the
//! machine than it may. On loopback only.
#![cfg(feature = "serve")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A server of its own, ended with the test.
struct Served {
    child: Child,
    host: String,
    /// `/TOKEN/`.
    base: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn serve(arguments: &[&str]) -> Served {
    let mut child = Command::new(env!("CARGO_BIN_EXE_clickday"))
        .arg("serve")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let url = line.trim().strip_prefix("Open http://").unwrap_or_else(|| panic!("it says {line}"));
    let (host, token) = url.split_once('/').unwrap();
    assert!(host.starts_with("127.0.0.1:"), "{host} is not loopback");
    Served { child, host: host.to_owned(), base: format!("/{token}") }
}

impl Served {
    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.host).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(240))).unwrap();
        stream
    }

    /// The whole answer to some bytes; what the server cuts off is short or empty.
    fn raw(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        // It may close before everything is written.
        let _ = stream.write_all(bytes);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.raw(format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.host).as_bytes())
    }

    fn post_text(&self, what: &str, body: &str) -> String {
        let (host, base) = (&self.host, &self.base);
        format!(
            "POST {base}{what} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            body.len()
        )
    }

    fn post(&self, what: &str, body: &str) -> String {
        self.raw(self.post_text(what, body).as_bytes())
    }

    /// Memory that it holds, in KiB.
    #[cfg(target_os = "linux")]
    fn memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
}

#[test]
fn only_its_own_page_is_answered() {
    let served = serve(&["small-example"]);
    let (host, base) = (&served.host, &served.base);
    let page = served.get(base);
    assert_eq!(status(&page), 200);
    for header in
        ["content-security-policy: default-src 'none'", "referrer-policy: no-referrer", "x-content-type-options: nosniff"]
    {
        assert!(page.contains(header), "{header}");
    }
    assert!(!page.to_lowercase().contains("access-control-allow"));
    let wrong = "0".repeat(32);
    for path in ["/", "/index.html", "/live.js", &format!("/{wrong}/"), &base[..base.len() - 2], &base.to_uppercase(), "/*"] {
        assert_eq!(status(&served.get(path)), 404, "{path}");
    }
    let with = |method: &str, what: &str, headers: &str| {
        status(&served.raw(format!("{method} {base}{what} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n").as_bytes()))
    };
    let ours = format!("Host: {host}\r\n");
    for other in ["evil.example", "127.0.0.1", "127.0.0.1:1", "169.254.169.254"] {
        assert_eq!(with("GET", "", &format!("Host: {other}\r\n")), 421, "{other}");
    }
    assert_ne!(with("GET", "", ""), 200, "no host");
    assert_ne!(with("GET", "", &format!("{ours}Host: evil.example\r\n")), 200, "two hosts");
    let body = "Content-Type: application/json\r\nContent-Length: 14\r\n";
    for origin in ["", "Origin: null\r\n", "Origin: http://evil.example\r\n", "Origin: http://localhost:1\r\n"] {
        for what in ["run", "scenario", "save"] {
            assert_eq!(with("POST", what, &format!("{ours}{origin}{body}")), 403, "{what}: {origin}");
        }
    }
    assert_eq!(with("GET", "", &format!("{ours}Sec-Fetch-Site: cross-site\r\n")), 403);
    let origin = format!("{ours}Origin: http://{host}\r\n");
    assert_eq!(with("OPTIONS", "run", &origin), 405);
    assert_eq!(with("GET", "run", &ours), 405);
    assert_eq!(with("POST", "run", &format!("{origin}Content-Type: text/plain\r\nContent-Length: 0\r\n")), 415);
}

#[test]
fn nothing_of_the_disk_can_be_read_or_written() {
    let served = serve(&["small-example"]);
    let base = &served.base;
    let up = "../".repeat(12);
    let coded = "%2e%2e%2f".repeat(12);
    for path in [
        format!("{base}{up}etc/passwd"),
        format!("{base}{coded}etc/passwd"),
        format!("{base}report/{up}etc/passwd"),
        format!("{base}report/{coded}etc%2fpasswd"),
        format!("{base}report/%2fetc%2fpasswd"),
        format!("{base}report/..%5c..%5cetc"),
        format!("{base}report/1%00"),
        format!("{base}report/-1"),
        format!("{base}/etc/passwd"),
        format!("{base}Cargo.toml"),
        "/etc/passwd".to_owned(),
        format!("file://{base}"),
    ] {
        let answer = served.get(&path);
        assert!(matches!(status(&answer), 400 | 404), "{path}: {answer}");
        assert!(!answer.contains("root:") && !answer.contains("[package]"));
    }
    let curl = r#"{"changes":[{"pointer":"/classes/citizens/arrivals/0/curve","value":{"trace":{"file":"/etc/passwd"}}}]}"#;
    let place = r#"{"changes":[{"pointer":"/name","value":"../../escaped"}]}"#;
    for wish in [curl, place] {
        for what in ["run", "scenario"] {
            let answer = served.post(what, wish);
            assert_eq!(status(&answer), 422, "{answer}");
            assert!(answer.contains("no such lever"), "{answer}");
        }
    }
    assert_eq!(status(&served.post("save", r#"{"changes":[]}"#)), 403, "no folder was named");
    assert_eq!(status(&served.post("save", r#"{"changes":[],"folder":"/tmp"}"#)), 400);
}

#[test]
fn a_saved_scenario_is_a_new_file_in_the_named_folder() {
    let home = tempfile::tempdir().unwrap();
    std::fs::write(home.path().join("small-example.json"), "mine").unwrap();
    let served = serve(&["small-example", "--save", home.path().to_str().unwrap()]);
    let answer = served.post("save", r#"{"changes":[{"pointer":"/stations/portal/workers","value":30}]}"#);
    assert!(answer.ends_with(r#"{"file":"small-example-2.json"}"#), "{answer}");
    assert_eq!(std::fs::read_to_string(home.path().join("small-example.json")).unwrap(), "mine");
    let text = std::fs::read_to_string(home.path().join("small-example-2.json")).unwrap();
    let scenario = clickday::scenario::Scenario::parse(&text, Path::new("small-example-2.json")).unwrap();
    assert_eq!(scenario.value("/stations/portal/workers"), Some(30.into()));
    assert_eq!(scenario.value("/stations/portal/chosen"), Some("workers: 40 before, changed with clickday serve".into()));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 2);
}

#[test]
fn what_is_too_large_is_not_read() {
    let served = serve(&["small-example"]);
    let (host, base) = (&served.host, &served.base);
    let head = format!("POST {base}run HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Type: application/json\r\n");
    let announced = format!("{head}Content-Length: 100000000000\r\n\r\n{}", "x".repeat(200_000));
    assert_eq!(status(&served.raw(announced.as_bytes())), 413);
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x10000));
    let endless = format!("{head}Transfer-Encoding: chunked\r\n\r\n{}", chunk.repeat(8));
    assert!(matches!(status(&served.raw(endless.as_bytes())), 413 | 0), "chunks");
    let headers = format!("GET {base} HTTP/1.1\r\nHost: {host}\r\n{}\r\n", "X: y\r\n".repeat(5_000));
    assert_ne!(status(&served.raw(headers.as_bytes())), 200, "5,000 headers");
    let long = format!("GET {base} HTTP/1.1\r\nHost: {host}\r\nX: {}\r\n\r\n", "y".repeat(1 << 20));
    assert_ne!(status(&served.raw(long.as_bytes())), 200, "a header of a mebibyte");
    assert_ne!(status(&served.get(&format!("{base}{}", "a/".repeat(100_000)))), 200, "a long address");
    for body in ["", "[", "null", "{\"changes\":3}", &"[".repeat(60_000), "{\"changes\":[],\"more\":1}", "\u{0}"] {
        assert_eq!(status(&served.post("run", body)), 400, "{}", &body[..body.len().min(30)]);
    }
    assert_eq!(status(&served.raw(&[0xff; 4096])), 400, "no HTTP at all");
    assert_eq!(status(&served.get(base)), 200, "it is still there");
}

#[test]
fn two_hundred_slow_clients_keep_nobody_out_and_are_let_go() {
    let served = serve(&["small-example"]);
    let body = format!("POST {}run HTTP/1.1\r\nHost: {}\r\n", served.base, served.host)
        + &format!("Origin: http://{}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{{", served.host);
    let half = format!("GET {} HTTP/1.1\r\nHos", served.base);
    let mut slow: Vec<TcpStream> = (0..200)
        .map(|i| {
            let mut stream = served.connect();
            stream.write_all(if i % 2 == 0 { half.as_bytes() } else { body.as_bytes() }).unwrap();
            stream
        })
        .collect();
    assert_eq!(status(&served.get(&served.base)), 200, "others are served meanwhile");
    for stream in &mut slow {
        let mut rest = Vec::new();
        // Ended by the server: with a word or without one, never by our own patience.
        if let Err(error) = stream.read_to_end(&mut rest) {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset, "{error}");
        }
        assert!(!String::from_utf8_lossy(&rest).contains(" 200 "));
    }
}

#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_requests_over_two_hundred_connections_need_no_more_memory() {
    let served = serve(&["small-example"]);
    let request = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: {}\r\n\r\n", served.host);
    let (good, bad) = (request(&served.base), request(&format!("{}live.css", served.base)));
    let round = || {
        std::thread::scope(|scope| {
            for _ in 0..200 {
                scope.spawn(|| {
                    let mut reader = BufReader::new(served.connect());
                    for i in 0..50 {
                        let text = if i % 5 == 0 { &bad } else { &good };
                        reader.get_mut().write_all(text.as_bytes()).unwrap();
                        assert!(read_answer(&mut reader) > 1_000);
                    }
                });
            }
        });
    };
    round();
    let before = served.memory();
    round();
    round();
    let after = served.memory();
    assert!(after < before + 4 * 1024, "{before} KiB grew to {after} KiB over 20,000 requests");
}

/// Reads one answer of a connection that goes on, and gives the size of its body.
fn read_answer(reader: &mut BufReader<TcpStream>) -> usize {
    let mut length = 0;
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert_eq!(status(&line), 200, "{line}");
    while line != "\r\n" {
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.trim().parse().unwrap();
        }
        line.clear();
        reader.read_line(&mut line).unwrap();
    }
    reader.read_exact(&mut vec![0; length]).unwrap();
    length
}

#[test]
fn runs_are_bounded_in_number_and_end_with_whoever_asked() {
    let served = serve(&["inps-2020-04", "--threads", "1", "--scale", "0.02"]);
    let full = served.post_text("run", r#"{"changes":[],"full":true}"#);
    let mut asked: Vec<TcpStream> = Vec::new();
    let mut busy = 0;
    // One that runs, eight that wait, and one that may be between the two.
    for _ in 0..14 {
        let mut stream = served.connect();
        stream.write_all(full.as_bytes()).unwrap();
        let mut head = [0; 12];
        stream.read_exact(&mut head).unwrap();
        match status(&String::from_utf8_lossy(&head)) {
            200 => asked.push(stream),
            429 => busy += 1,
            other => panic!("{other}"),
        }
    }
    assert!(busy >= 4 && asked.len() <= 10, "{busy} were refused, {} taken", asked.len());
    // Fifteen million people a time on one thread: all of them have to stop for this one to have its turn.
    drop(asked);
    let mut answer = served.post("run", r#"{"changes":[]}"#);
    while status(&answer) == 429 {
        std::thread::yield_now();
        answer = served.post("run", r#"{"changes":[]}"#);
    }
    assert!(answer.contains("event: done"), "{}", &answer[..answer.len().min(2_000)]);
}

#[test]
fn runs_are_bounded_in_memory_and_time() {
    let served = serve(&["inps-2020-04", "--memory", "1", "--seconds", "1"]);
    let answer = served.post("run", r#"{"changes":[],"full":true}"#);
    assert_eq!(status(&answer), 422);
    assert!(answer.contains(r#""why":"memory""#), "{answer}");
    let served = serve(&["inps-2020-04", "--seconds", "1", "--threads", "1"]);
    let people = r#"{"changes":[{"pointer":"/classes/citizens/population","value":9000000000000000000}],"full":true}"#;
    assert_eq!(status(&served.post("run", people)), 422);
    let answer = served.post("run", r#"{"changes":[],"full":true}"#);
    assert!(answer.contains("event: failed") && answer.contains(r#""why":"time""#), "{answer}");
}

#[test]
fn names_that_look_like_markup_are_only_names() {
    let served = serve(&["tests/browser/hostile.json"]);
    let text = std::fs::read_to_string("tests/browser/hostile.json").unwrap();
    assert!(text.contains("<script>"), "the file has lost its venom");
    let page = served.get(&served.base);
    let ours = page.matches("<script").count();
    assert_eq!((ours, page.matches("</script>").count()), (4, 4), "the four script elements of the frame, and no other");
    assert!(!page.contains("<img") && !page.contains("onerror=\""));
    let answer = served.post("scenario", r#"{"changes":[]}"#);
    assert!(answer.contains("content-type: application/json") && answer.contains("content-disposition: attachment"));
}

#[test]
#[cfg(unix)]
fn it_stops_when_asked() {
    let mut served = serve(&["inps-2020-04", "--threads", "1"]);
    let mut stream = served.connect();
    stream.write_all(served.post_text("run", r#"{"changes":[],"full":true}"#).as_bytes()).unwrap();
    let mut head = [0; 12];
    stream.read_exact(&mut head).unwrap();
    let pid = served.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
    assert!(served.child.wait().unwrap().success());
}

#[test]
fn a_folder_that_is_none_and_a_port_that_is_taken_are_told() {
    let run = |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_clickday")).arg("serve").args(arguments).output().unwrap();
    let told = run(&["small-example", "--save", "no/such/folder"]);
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("no/such/folder is no folder"));
    let served = serve(&["small-example"]);
    let port = served.host.rsplit_once(':').unwrap().1;
    let told = run(&["small-example", "--port", port]);
    assert_eq!(told.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&told.stderr).contains("cannot listen"));
    assert_eq!(run(&["no-such-scenario"]).status.code(), Some(2));
}
