//! The house: which room may use which, how long a file may be, and what no code outside tests may say.

use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms it may use; a room may always use itself.
const ARROWS: [(&str, &[&str]); 19] = [
    ("main", &["cli"]),
    ("calibrate", &["experiment", "scenario", "stats", "time"]),
    (
        "cli",
        &[
            "calibrate",
            "disk",
            "report",
            "submit",
            "plan",
            "sweep",
            "experiment",
            "export",
            "fluid",
            "import",
            "scenario",
            "serve",
            "model",
            "time",
        ],
    ),
    ("export", &["scenario", "model", "time"]),
    ("fluid", &["experiment", "model", "time"]),
    ("import", &["stats"]),
    ("report", &["disk", "plan", "sweep", "fluid", "experiment", "model", "stats", "time"]),
    ("serve", &["disk", "report", "experiment", "scenario", "model"]),
    ("submit", &[]),
    ("plan", &["sweep", "experiment", "scenario", "model", "stats", "time"]),
    ("sweep", &["disk", "experiment", "scenario", "model", "random", "stats", "time"]),
    ("experiment", &["engine", "model", "random", "stats", "time"]),
    ("scenario", &["model", "random", "stats", "time"]),
    ("engine", &["model", "random", "stats", "time"]),
    ("model", &["random", "stats", "time"]),
    ("disk", &[]),
    ("stats", &[]),
    ("random", &[]),
    ("time", &[]),
];

/// Rooms that know no files, no JSON and no terminal.
const PURE: [&str; 5] = ["engine", "model", "random", "stats", "time"];

const LONGEST: usize = 400;

/// A piece of code with the line it stands on; a literal text is `""`.
#[derive(Debug, Clone, PartialEq)]
struct Token {
    text: String,
    line: usize,
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The code without comments, with the contents of texts left out.
fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let starts = |at: usize, what: &str| what.chars().enumerate().all(|(i, c)| chars.get(at + i) == Some(&c));
    let mut found = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while at < chars.len() {
        let from = at;
        let text = if starts(at, "//") {
            at += chars[at..].iter().take_while(|c| **c != '\n').count();
            None
        } else if starts(at, "/*") {
            at = after_block_comment(&chars, at);
            None
        } else if let Some(end) = after_raw_text(&chars, at) {
            at = end;
            Some("\"\"".to_owned())
        } else if chars[at] == '"' || starts(at, "b\"") {
            at = after_quoted(&chars, at + usize::from(chars[at] == 'b'), '"');
            Some("\"\"".to_owned())
        } else if let Some(end) = after_character(&chars, at) {
            at = end;
            Some("''".to_owned())
        } else if is_word(chars[at]) {
            at += chars[at..].iter().take_while(|c| is_word(**c)).count();
            Some(chars[from..at].iter().collect())
        } else if starts(at, "::") {
            at += 2;
            Some("::".to_owned())
        } else {
            at += 1;
            (!chars[from].is_whitespace()).then(|| chars[from].to_string())
        };
        found.extend(text.map(|text| Token { text, line }));
        line += chars[from..at].iter().filter(|c| **c == '\n').count();
    }
    found
}

fn after_block_comment(chars: &[char], from: usize) -> usize {
    let (mut depth, mut at) = (0, from);
    while at < chars.len() {
        match (chars[at], chars.get(at + 1)) {
            ('/', Some('*')) => (depth, at) = (depth + 1, at + 2),
            ('*', Some('/')) => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// `r"…"`, `r#"…"#`, `br"…"`.
fn after_raw_text(chars: &[char], from: usize) -> Option<usize> {
    if from > 0 && is_word(chars[from - 1]) {
        return None;
    }
    let r = from + usize::from(chars[from] == 'b');
    let hashes = chars.get(r + 1..)?.iter().take_while(|c| **c == '#').count();
    if chars.get(r) != Some(&'r') || chars.get(r + 1 + hashes) != Some(&'"') {
        return None;
    }
    let closes = |at: &usize| chars[*at] == '"' && chars[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes;
    (r + 2 + hashes..chars.len()).find(closes).map(|at| at + 1 + hashes)
}

fn after_quoted(chars: &[char], from: usize, quote: char) -> usize {
    let mut at = from + 1;
    while at < chars.len() && chars[at] != quote {
        at += 1 + usize::from(chars[at] == '\\');
    }
    at + 1
}

/// `'x'`, `'\n'`, `b'x'`, and not `'lifetime`.
fn after_character(chars: &[char], from: usize) -> Option<usize> {
    let quote = from + usize::from(chars[from] == 'b' && chars.get(from + 1) == Some(&'\''));
    let inside = (chars.get(quote) == Some(&'\'')).then(|| chars.get(quote + 1)).flatten()?;
    (*inside == '\\' || chars.get(quote + 2) == Some(&'\'')).then(|| after_quoted(chars, quote, '\''))
}

/// Leaves out what only tests compile, and gives the names of the modules that stand in files of their own among it.
fn without_tests(tokens: &[Token]) -> (Vec<Token>, Vec<String>) {
    let is_at = |at: usize, what: &[&str]| what.iter().enumerate().all(|(i, t)| tokens.get(at + i).is_some_and(|x| x.text == *t));
    let (mut kept, mut modules) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < tokens.len() {
        if !is_at(at, &["#", "[", "cfg", "(", "test", ")", "]"]) {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        at += 7;
        if is_at(at, &["mod"]) && is_at(at + 2, &[";"]) {
            modules.push(tokens[at + 1].text.clone());
        }
        let mut depth = 0;
        while at < tokens.len() {
            match tokens[at].text.as_str() {
                "{" | "(" | "[" => depth += 1,
                "}" | ")" | "]" => depth -= 1,
                _ => {}
            }
            let ends = depth == 0 && matches!(tokens[at].text.as_str(), "}" | ";");
            at += 1;
            if ends {
                break;
            }
        }
    }
    (kept, modules)
}

/// The first names of what follows a `::` at `at`: one, or those of a group.
fn names(tokens: &[Token], at: usize) -> Vec<&Token> {
    let Some(first) = tokens.get(at) else { return Vec::new() };
    if first.text != "{" {
        return vec![first];
    }
    let mut found = Vec::new();
    let mut depth = 0;
    for pair in tokens[at..].windows(2) {
        match pair[0].text.as_str() {
            "{" => depth += 1,
            "}" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            break;
        }
        if depth == 1 && matches!(pair[0].text.as_str(), "{" | ",") && is_word(pair[1].text.chars().next().unwrap_or(' ')) {
            found.push(&pair[1]);
        }
    }
    found
}

/// The rooms that code names, by `crate::`, `clickday::`, or as many `super::` as lead to the root.
fn rooms_named(tokens: &[Token], depth: usize) -> Vec<&Token> {
    let mut found = Vec::new();
    let mut at = 0;
    while at + 1 < tokens.len() {
        let path = tokens[at + 1].text == "::" && (at == 0 || tokens[at - 1].text != "::");
        if path && matches!(tokens[at].text.as_str(), "crate" | "clickday") {
            found.extend(names(tokens, at + 2));
        } else if path && tokens[at].text == "super" {
            let supers = tokens[at..].chunks(2).take_while(|c| c.len() == 2 && c[0].text == "super" && c[1].text == "::").count();
            at += 2 * supers;
            if supers >= depth {
                found.extend(names(tokens, at));
            }
            continue;
        }
        at += 1;
    }
    found
}

/// `src/a/b.rs` is two modules deep, `src/a/mod.rs` one, `src/main.rs` none.
fn modules_of(path: &Path) -> Vec<String> {
    let mut modules: Vec<String> = path.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    if modules.last().is_some_and(|last| last == "mod" || (modules.len() == 1 && (last == "main" || last == "lib"))) {
        modules.pop();
    }
    modules
}

/// What is wrong with the code of one file, whose path is relative to `src`.
fn faults(path: &Path, tokens: &[Token]) -> Vec<String> {
    let modules = modules_of(path);
    let room = modules.first().map_or("main", String::as_str);
    let mut faults = Vec::new();
    let mut fault = |line: usize, text: String| faults.push(format!("src/{}:{line}: {text}", path.display()));
    match ARROWS.iter().find(|(name, _)| *name == room) {
        None => fault(1, format!("`{room}` is no room of the house; give it a line in ARROWS")),
        Some((_, allowed)) => {
            for named in rooms_named(tokens, modules.len()) {
                if named.text != room && !allowed.contains(&named.text.as_str()) {
                    fault(named.line, format!("`{room}` uses `{}`", named.text));
                }
            }
        }
    }
    for (at, token) in tokens.iter().enumerate() {
        let text = |ahead: usize| tokens.get(at + ahead).map_or("", |token| token.text.as_str());
        let method = at > 0 && tokens[at - 1].text == "." && text(1) == "(";
        let is_macro = text(1) == "!";
        match token.text.as_str() {
            name @ ("unwrap" | "expect") if method => fault(token.line, format!("`.{name}(` outside tests")),
            name @ ("panic" | "todo" | "unimplemented" | "dbg") if is_macro => {
                fault(token.line, format!("`{name}!` outside tests"));
            }
            "unreachable" if is_macro && text(3) == ")" => fault(token.line, "`unreachable!` without a reason".to_owned()),
            name @ ("println" | "eprintln" | "print" | "eprint") if is_macro => {
                fault(token.line, format!("`{name}!`, which panics when nobody listens"));
            }
            name @ ("fs" | "serde_json" | "csv") if PURE.contains(&room) && text(1) == "::" => {
                fault(token.line, format!("`{room}` uses `{name}`"));
            }
            _ => {}
        }
    }
    faults
}

fn source_files(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            source_files(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.push(path);
        }
    }
}

fn src() -> (PathBuf, Vec<PathBuf>) {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    source_files(&src, &mut files);
    assert!(files.len() > 50, "only {} source files found", files.len());
    (src, files)
}

#[test]
fn arrows_point_one_way_and_nothing_panics() {
    let (src, files) = src();
    let mut read = Vec::new();
    let mut of_tests = Vec::new();
    for file in &files {
        let path = file.strip_prefix(&src).unwrap();
        let (code, modules) = without_tests(&tokens(&fs::read_to_string(file).unwrap()));
        let above = modules_of(path);
        of_tests.extend(modules.into_iter().map(|module| [above.clone(), vec![module]].concat()));
        read.push((path, code));
    }
    let is_test = |path: &Path| of_tests.iter().any(|module| modules_of(path).starts_with(module));
    let faults: Vec<String> =
        read.iter().filter(|(path, _)| !is_test(path)).flat_map(|(path, code)| faults(path, code)).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn no_file_is_long() {
    let (src, files) = src();
    let long = |file: &PathBuf| {
        let lines = fs::read_to_string(file).unwrap().lines().count();
        (lines > LONGEST).then(|| format!("src/{}: {lines} lines", file.strip_prefix(&src).unwrap().display()))
    };
    let long: Vec<String> = files.iter().filter_map(long).collect();
    assert!(long.is_empty(), "more than {LONGEST} lines; split them:\n{}", long.join("\n"));
}

fn faults_of(path: &str, source: &str) -> Vec<String> {
    faults(Path::new(path), &without_tests(&tokens(source)).0)
}

#[test]
fn this_test_sees_what_it_looks_for() {
    let bad = r###"
        //! crate::cli is only spoken of here: x.unwrap()
        use crate::{report::{self, Folder}, model, scenario};
        /* nested /* crate::cli */ panic!() */
        fn f<'a>(x: &'a str) -> char { let _ = ("crate::cli", r#"a " crate::cli"#, b"panic!()", '"', '\''); 'x' }
        fn g() { super::super::engine::run(); super::line::go(); self::crate_like::go() }
        fn h() { x.unwrap(); x.expect("why"); panic!("no"); todo!(); unreachable!(); unreachable!("for a reason"); }
        fn i() { x.unwrap_or(1); std::fs::read(p); println!("{x}") }
        #[cfg(test)]
        mod tests { use crate::cli; fn f() { a.unwrap(); { panic!() } } }
        #[cfg(test)]
        use crate::cli::Thing;
        fn last() { crate::engine::x() }
    "###;
    let told = [
        ("3", "`model` uses `report`"),
        ("3", "`model` uses `scenario`"),
        ("6", "`model` uses `engine`"),
        ("13", "`model` uses `engine`"),
        ("7", "`.unwrap(` outside tests"),
        ("7", "`.expect(` outside tests"),
        ("7", "`panic!` outside tests"),
        ("7", "`todo!` outside tests"),
        ("7", "`unreachable!` without a reason"),
        ("8", "`model` uses `fs`"),
        ("8", "`println!`, which panics when nobody listens"),
    ];
    let want: Vec<String> = told.iter().map(|(line, text)| format!("src/model/curve.rs:{line}: {text}")).collect();
    assert_eq!(faults_of("model/curve.rs", bad), want);
    assert_eq!(faults_of("model/curve/rates.rs", "use super::super::super::cli; use super::super::cli;").len(), 1);
    assert_eq!(faults_of("model/mod.rs", "pub use super::cli::x;").len(), 1);
    assert_eq!(faults_of("main.rs", "fn main() { clickday::report::x(); clickday::cli::main() }").len(), 1);
    assert_eq!(faults_of("kitchen/mod.rs", "").len(), 1);
    let (_, modules) = without_tests(&tokens("mod a; #[cfg(test)] mod testdata; mod b;"));
    assert_eq!(modules, ["testdata"]);
}
