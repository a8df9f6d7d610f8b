//! A strict JSON reader (RFC 8259) that keeps the place of every key and value.
//!
//! Written here because the parsers on offer either lose positions or let through what is not JSON (comments, missing
//! commas, blanks of Unicode). It never recurses deeper than [`MAX_DEPTH`].

use super::tree::{Entry, Node, Position, Value};

/// Objects and lists inside each other.
pub(crate) const MAX_DEPTH: usize = 128;

/// Where a text stops being JSON, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// The first character that is wrong.
    pub(crate) at: Position,
    /// What is wrong; what would be right.
    pub(crate) text: String,
}

/// Reads a whole text as one JSON value.
pub(crate) fn parse(text: &str) -> Result<Node, SyntaxError> {
    let mut reader = Reader { rest: text, at: Position::START, depth: 0 };
    reader.blanks();
    if reader.rest.is_empty() {
        return Err(reader.error("the file is empty; it should hold one JSON object"));
    }
    let node = reader.value()?;
    reader.blanks();
    match reader.peek() {
        None => Ok(node),
        Some(c) => Err(reader.error(format!("found {} after the end of the JSON value; remove what follows it", show(c)))),
    }
}

struct Reader<'a> {
    rest: &'a str,
    at: Position,
    depth: usize,
}

type Read<T> = Result<T, SyntaxError>;

impl<'a> Reader<'a> {
    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn bump(&mut self) {
        if let Some(c) = self.peek() {
            self.rest = &self.rest[c.len_utf8()..];
            // A lone carriage return and the pair with a line feed both end at the line feed or at the next character.
            if c == '\n' || (c == '\r' && !self.rest.starts_with('\n')) {
                self.at = Position { line: self.at.line + 1, column: 1 };
            } else {
                self.at.column += 1;
            }
        }
    }

    fn eat(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        if found {
            self.bump();
        }
        found
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.bump();
        }
    }

    fn error(&self, text: impl Into<String>) -> SyntaxError {
        SyntaxError { at: self.at, text: text.into() }
    }

    /// An error at the next character.
    fn unexpected(&self, wanted: &str) -> SyntaxError {
        match self.peek() {
            None => self.error(format!("the file ends too early; expected {wanted}")),
            Some('/') => self.error(format!("found `/` where {wanted} should be; JSON has no comments, use a `note` key")),
            Some(c) => self.error(format!("found {}; expected {wanted}", show(c))),
        }
    }

    fn value(&mut self) -> Read<Node> {
        let at = self.at;
        let value = match self.peek() {
            Some('{') => self.nested(Self::object)?,
            Some('[') => self.nested(Self::list)?,
            Some('"') => Value::Text(self.string()?),
            Some('-' | '0'..='9') => Value::Number(self.number()?),
            Some('a'..='z' | 'A'..='Z') => self.word()?,
            _ => return Err(self.unexpected("a value")),
        };
        Ok(Node { at, value })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Read<Value>) -> Read<Value> {
        if self.depth == MAX_DEPTH {
            return Err(self.error(format!("nested deeper than {MAX_DEPTH} levels; no scenario needs that")));
        }
        self.depth += 1;
        self.bump();
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn object(&mut self) -> Read<Value> {
        let mut entries = Vec::new();
        self.blanks();
        if self.eat('}') {
            return Ok(Value::Object(entries));
        }
        loop {
            self.blanks();
            let key_at = self.at;
            if self.peek() != Some('"') {
                let what = if entries.is_empty() { "a key in double quotes or `}`" } else { "a key in double quotes" };
                return Err(self.after_comma(what, '}', !entries.is_empty()));
            }
            let key = self.string()?;
            self.blanks();
            if !self.eat(':') {
                return Err(self.unexpected("`:` after the key"));
            }
            self.blanks();
            entries.push(Entry { key, key_at, value: self.value()? });
            self.blanks();
            if self.eat('}') {
                return Ok(Value::Object(entries));
            }
            if !self.eat(',') {
                return Err(self.unexpected("`,` or `}`"));
            }
        }
    }

    fn list(&mut self) -> Read<Value> {
        let mut items = Vec::new();
        self.blanks();
        if self.eat(']') {
            return Ok(Value::List(items));
        }
        loop {
            self.blanks();
            if self.peek() == Some(']') {
                return Err(self.after_comma("a value", ']', true));
            }
            items.push(self.value()?);
            self.blanks();
            if self.eat(']') {
                return Ok(Value::List(items));
            }
            if !self.eat(',') {
                return Err(self.unexpected("`,` or `]`"));
            }
        }
    }

    fn after_comma(&self, wanted: &str, close: char, comma: bool) -> SyntaxError {
        match self.peek() {
            Some(c) if c == close && comma => self.error(format!("found `{close}` after a comma; remove the comma")),
            _ => self.unexpected(wanted),
        }
    }

    fn word(&mut self) -> Read<Value> {
        let length = self.rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(self.rest.len());
        let value = match &self.rest[..length] {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" => Value::Null,
            "NaN" | "Infinity" => return Err(self.error("not a number that JSON knows; write a finite number")),
            word => {
                let word = super::tree::shorten(word);
                return Err(self.error(format!("found `{word}`; expected a value, and texts stand in double quotes")));
            }
        };
        for _ in 0..length {
            self.bump();
        }
        Ok(value)
    }

    fn digits(&mut self) -> Read<()> {
        if !matches!(self.peek(), Some('0'..='9')) {
            return Err(self.unexpected("a digit"));
        }
        while matches!(self.peek(), Some('0'..='9')) {
            self.bump();
        }
        Ok(())
    }

    fn number(&mut self) -> Read<String> {
        let whole: &'a str = self.rest;
        let at = self.at;
        self.eat('-');
        if self.rest.starts_with("Infinity") {
            return Err(SyntaxError { at, text: "not a number that JSON knows; write a finite number".to_owned() });
        }
        if self.eat('0') {
            if matches!(self.peek(), Some('0'..='9')) {
                return Err(SyntaxError { at, text: "a number begins with a zero too many; remove it".to_owned() });
            }
        } else {
            self.digits()?;
        }
        if self.eat('.') {
            self.digits()?;
        }
        if self.eat('e') || self.eat('E') {
            let _ = self.eat('+') || self.eat('-');
            self.digits()?;
        }
        let text = &whole[..whole.len() - self.rest.len()];
        match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(text.to_owned()),
            _ => Err(SyntaxError { at, text: format!("{} is too large for a number", super::tree::shorten(text)) }),
        }
    }

    fn string(&mut self) -> Read<String> {
        let start = self.at;
        self.bump();
        let mut text = String::new();
        loop {
            match self.peek() {
                None => {
                    return Err(SyntaxError { at: start, text: "this text does not end; expected a closing `\"`".to_owned() });
                }
                Some('"') => {
                    self.bump();
                    return Ok(text);
                }
                Some('\\') => {
                    self.bump();
                    text.push(self.escape()?);
                }
                Some(c) if (c as u32) < 0x20 => {
                    return Err(
                        self.error("a text may not hold a line break or control character; write it as `\\n` or the like")
                    );
                }
                Some(c) => {
                    text.push(c);
                    self.bump();
                }
            }
        }
    }

    fn escape(&mut self) -> Read<char> {
        let c = match self.peek() {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                self.bump();
                return self.unicode();
            }
            _ => return Err(self.unexpected("one of `\" \\ / b f n r t u` after a backslash")),
        };
        self.bump();
        Ok(c)
    }

    fn unicode(&mut self) -> Read<char> {
        let at = self.at;
        let high = self.hex()?;
        let code = if (0xD800..0xDC00).contains(&high) && self.rest.starts_with("\\u") {
            self.bump();
            self.bump();
            match self.hex()? {
                low @ 0xDC00..0xE000 => 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00),
                _ => high,
            }
        } else {
            high
        };
        char::from_u32(code)
            .ok_or_else(|| SyntaxError { at, text: "half of a surrogate pair; write the character itself".to_owned() })
    }

    fn hex(&mut self) -> Read<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|c| c.to_digit(16)).ok_or_else(|| self.unexpected("four hexadecimal digits"))?;
            code = code * 16 + digit;
            self.bump();
        }
        Ok(code)
    }
}

fn show(c: char) -> String {
    if c.is_control() || (c.is_whitespace() && c != ' ') { format!("the character U+{:04X}", c as u32) } else { format!("`{c}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        let error = parse(text).expect_err(text);
        format!("{}: {}", error.at, error.text)
    }

    #[test]
    fn places_are_lines_and_characters() {
        let node = parse("{\r\n \"è\": [1, \"\\ud83d\\ude00\"],\n \"b\": {}}").unwrap();
        let (key, list) = node.child("è").unwrap();
        assert_eq!((key.to_string(), list.at.to_string()), ("2:2".to_owned(), "2:7".to_owned()));
        assert_eq!(list.child("1").unwrap().1.value, Value::Text("😀".to_owned()));
        assert_eq!(node.child("b").unwrap().1.at.to_string(), "3:7");
    }

    #[test]
    fn numbers_stay_as_written() {
        for text in ["18446744073709551615", "-0.5e-3", "0", "1E+2"] {
            assert_eq!(parse(text).unwrap().value, Value::Number(text.to_owned()));
        }
    }

    #[test]
    fn what_is_not_json_is_told_with_its_place() {
        assert_eq!(error(""), "1:1: the file is empty; it should hold one JSON object");
        assert_eq!(error("{} x"), "1:4: found `x` after the end of the JSON value; remove what follows it");
        assert_eq!(error("{\"a\": 1,}"), "1:9: found `}` after a comma; remove the comma");
        assert_eq!(error("[1, 2"), "1:6: the file ends too early; expected `,` or `]`");
        assert_eq!(error("{\"a\": 1 \"b\": 2}"), "1:9: found `\"`; expected `,` or `}`");
        assert_eq!(error("[{} {}]"), "1:5: found `{`; expected `,` or `]`");
        assert_eq!(error("{a: 1}"), "1:2: found `a`; expected a key in double quotes or `}`");
        assert_eq!(error("[01]"), "1:2: a number begins with a zero too many; remove it");
        assert_eq!(error("[1e999]"), "1:2: 1e999 is too large for a number");
        assert_eq!(error("[NaN]"), "1:2: not a number that JSON knows; write a finite number");
        assert_eq!(error("[-Infinity]"), "1:2: not a number that JSON knows; write a finite number");
        assert_eq!(error("\"abc"), "1:1: this text does not end; expected a closing `\"`");
        assert_eq!(error("// x\n{}"), "1:1: found `/` where a value should be; JSON has no comments, use a `note` key");
        assert_eq!(error("[\u{a0}1]"), "1:2: found the character U+00A0; expected a value");
        for bad in ["[1 2]", "[.5]", "[5.]", "[+1]", "['a']", "[0x1]", "\"\\x41\"", "\"\\ud800\"", "\"a\nb\"", "[1,,2]", "tru"] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_deep_file_is_an_error_and_no_overflow() {
        assert!(parse(&("[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH))).is_ok());
        assert_eq!(error(&"[".repeat(100_000)), "1:129: nested deeper than 128 levels; no scenario needs that");
        assert!(parse(&"{\"a\":".repeat(100_000)).is_err());
    }
}
