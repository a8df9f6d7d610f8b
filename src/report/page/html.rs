//! Text in HTML: escaping, and the slots of a template.

use serde_json::Value;

/// A text as HTML shows it, in an element or in a quoted attribute; what a terminal or a browser would obey is a space.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A JSON value that cannot end the script element in which it stands, nor be read as anything but JSON.
pub(super) fn in_script(value: &Value) -> String {
    let text = value.to_string();
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            c => safe.push(c),
        }
    }
    safe
}

/// What a slot of the body asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Slot<'a> {
    /// `{{t:key}}`: a text of the language.
    Text(&'a str),
    /// `{{name}}`: a part of the page.
    Part(&'a str),
}

impl<'a> Slot<'a> {
    pub(super) fn of(slot: &'a str) -> Slot<'a> {
        slot.strip_prefix("t:").map_or(Slot::Part(slot), Slot::Text)
    }
}

/// Puts texts into the slots `{{name}}` of a template, once: what is put in is not looked at again. A slot that nobody
/// knows stays as it is.
pub(super) fn fill(template: &str, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        filled.push_str(before);
        let Some((slot, behind)) = after.split_once("}}") else {
            filled.push_str("{{");
            rest = after;
            continue;
        };
        match value(slot.trim()) {
            Some(text) => filled.push_str(&text),
            None => filled.push_str(&format!("{{{{{slot}}}}}")),
        }
        rest = behind;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_breaks_out() {
        assert_eq!(
            escape("<script>alert('1 & \"2\"')</script>\u{1b}"),
            "&lt;script&gt;alert(&#39;1 &amp; &quot;2&quot;&#39;)&lt;/script&gt; "
        );
        let safe = in_script(&serde_json::json!({"</script>": "<!-- & \u{2028}"}));
        assert!(!safe.contains(['<', '>', '&', '\u{2028}']));
        let back: Value = serde_json::from_str(&safe).unwrap();
        assert_eq!(back, serde_json::json!({"</script>": "<!-- & \u{2028}"}));
    }

    #[test]
    fn slots_are_filled_once() {
        let text = fill("a {{x}} {{t:y}} {{z}} {{", |slot| match Slot::of(slot) {
            Slot::Part("x") => Some("{{t:y}}".to_owned()),
            Slot::Text("y") => Some("why".to_owned()),
            _ => None,
        });
        assert_eq!(text, "a {{t:y}} why {{z}} {{");
    }
}
