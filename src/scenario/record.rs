//! The three macros that declare what a file may hold. Each declares a type once; its reader, its known keys, its
//! defaults and its JSON Schema follow from that declaration.

/// Declares an object of the file.
///
/// `required key: Type` must be there; `optional key: Type` is `None` where it is absent; `default key: Type = json`
/// has that value where it is absent; `unless key: Type = "other"` must be there unless `other` is. `as "key"` gives a key that
/// is no Rust name.
macro_rules! record {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident, $what:literal {
            $(
                $(#[doc = $field_doc:literal])+
                $kind:ident $field:ident $(as $key:literal)? : $ty:ty $(= $default:tt)?,
            )*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $name {
            $($(#[doc = $field_doc])+ pub $field: $crate::scenario::record::record!(@type $kind $ty),)*
            /// Where the numbers come from.
            pub remarks: $crate::scenario::read::Remarks,
        }

        impl $name {
            const KEYS: &'static [&'static str] = &[$($crate::scenario::record::record!(@key $field $($key)?)),*];
        }

        impl $crate::scenario::read::Read for $name {
            fn read(node: &$crate::scenario::tree::Node, check: &mut $crate::scenario::mistake::Checker<'_>) -> Option<Self> {
                let entries = $crate::scenario::read::entries(node, $what, check)?;
                $(let $field = $crate::scenario::record::record!(
                    @read $kind $ty, entries, $crate::scenario::record::record!(@key $field $($key)?), Self::KEYS, check $(, $default)?
                );)*
                let remarks = $crate::scenario::read::Remarks::read(entries, check);
                $crate::scenario::read::unknown_keys(entries, Self::KEYS, check);
                Some($name { $($field: $crate::scenario::record::record!(@take $kind $field),)* remarks })
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut object = $crate::scenario::schema::Object::new(&[$($doc),+]);
                $(object.key(
                    $crate::scenario::record::record!(@key $field $($key)?),
                    generator.subschema_for::<$ty>(),
                    &[$($field_doc),+],
                    $crate::scenario::record::record!(@presence $kind $($default)?),
                );)*
                object.finish(generator)
            }
        }
    };
    (@type required $ty:ty) => { $ty };
    (@type default $ty:ty) => { $ty };
    (@type optional $ty:ty) => { Option<$ty> };
    (@type unless $ty:ty) => { Option<$ty> };
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    (@read required $ty:ty, $entries:ident, $key:expr, $known:expr, $check:ident) => {
        $crate::scenario::read::required::<$ty>($entries, $key, $known, $check)
    };
    (@read optional $ty:ty, $entries:ident, $key:expr, $known:expr, $check:ident) => {
        $crate::scenario::read::optional::<$ty>($entries, $key, $check)
    };
    (@read unless $ty:ty, $entries:ident, $key:expr, $known:expr, $check:ident, $other:tt) => {
        $crate::scenario::read::required_unless::<$ty>($entries, $key, $other, $known, $check)
    };
    (@read default $ty:ty, $entries:ident, $key:expr, $known:expr, $check:ident, $default:tt) => {
        $crate::scenario::read::optional::<$ty>($entries, $key, $check)
            .or_else(|| $crate::scenario::read::default_of(&serde_json::json!($default)))
    };
    (@take required $field:ident) => { $field? };
    (@take default $field:ident) => { $field? };
    (@take optional $field:ident) => { $field };
    (@take unless $field:ident) => { $field };
    (@presence required) => { $crate::scenario::schema::Presence::Required };
    (@presence optional) => { $crate::scenario::schema::Presence::Optional };
    (@presence unless $other:tt) => { $crate::scenario::schema::Presence::Optional };
    (@presence default $default:tt) => { $crate::scenario::schema::Presence::Default(serde_json::json!($default)) };
}

/// Declares an object with exactly one key out of several, which says what kind of thing it is:
/// `{"exponential": {"mean": "4min"}}`. A variant `otherwise` is read from whatever is not an object.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])+
        pub enum $name:ident, $what:literal {
            $(otherwise {
                $(#[doc = $plain_doc:literal])+
                $plain:ident($plain_ty:ty)
            })?
            $($(#[doc = $variant_doc:literal])+ $tag:literal $variant:ident($ty:ty),)+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub enum $name {
            $($(#[doc = $plain_doc])+ $plain($plain_ty),)?
            $($(#[doc = $variant_doc])+ $variant($ty),)+
        }

        impl $name {
            /// The keys that say what kind it is.
            pub(crate) const TAGS: &'static [&'static str] = &[$($tag),+];
        }

        impl $crate::scenario::read::Read for $name {
            fn read(node: &$crate::scenario::tree::Node, check: &mut $crate::scenario::mistake::Checker<'_>) -> Option<Self> {
                $(if node.entries().is_none() {
                    return <$plain_ty as $crate::scenario::read::Read>::read(node, check).map($name::$plain);
                })?
                let entry = $crate::scenario::record::tagged(node, $what, Self::TAGS, check)?;
                check.within(&entry.key, |check| match entry.key.as_str() {
                    $($tag => <$ty as $crate::scenario::read::Read>::read(&entry.value, check).map($name::$variant),)+
                    _ => None,
                })
            }
            fn stand_in() -> Option<Self> {
                let stand_in: Option<Self> = None;
                $(let stand_in = stand_in.or_else(|| <$plain_ty as $crate::scenario::read::Read>::stand_in().map($name::$plain));)?
                stand_in
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let kinds = vec![
                    $(generator.subschema_for::<$plain_ty>(),)?
                    $($crate::scenario::schema::tagged::<$ty>($tag, &[$($variant_doc),+], generator),)+
                ];
                $crate::scenario::schema::any_of(kinds, &[$($doc),+])
            }
        }
    };
}

/// Declares the words that a key may be set to, each with the value of the model that it stands for.
macro_rules! words {
    ($ty:ty, $name:literal, $doc:literal { $($word:literal => $value:path, $word_doc:literal;)+ }) => {
        impl $crate::scenario::read::Read for $ty {
            fn read(node: &$crate::scenario::tree::Node, check: &mut $crate::scenario::mistake::Checker<'_>) -> Option<Self> {
                match $crate::scenario::record::word(node, &[$($word),+], check)? {
                    $($word => Some($value),)+
                    _ => None,
                }
            }
        }

        impl schemars::JsonSchema for $ty {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "description": $doc,
                    "oneOf": [$({"const": $word, "description": $word_doc}),+],
                })
            }
        }
    };
}

pub(crate) use {choice, record, words};

use super::mistake::{Checker, one_of, suggestion};
use super::read::{REMARKS, Remarks, entries};
use super::tree::{Entry, Node, Value, shorten};

/// The one entry of a tagged object that is no remark.
pub(crate) fn tagged<'n>(node: &'n Node, what: &str, tags: &[&str], check: &mut Checker<'_>) -> Option<&'n Entry> {
    let entries = entries(node, what, check)?;
    let _ = Remarks::read(entries, check);
    let kinds: Vec<&Entry> = entries.iter().filter(|entry| !REMARKS.contains(&entry.key.as_str())).collect();
    let known = kinds.iter().filter(|entry| tags.contains(&entry.key.as_str())).count();
    match kinds[..] {
        [] => {
            check.mistake(format!("this says no kind; {what} has one key out of {}", one_of(tags)));
            None
        }
        [entry] if known == 1 => Some(entry),
        [entry] => {
            let (shown, hint) = (shorten(&entry.key), suggestion(&entry.key, tags.iter().copied()));
            check.within(&entry.key, |check| check.mistake_of_key(format!("{what} has no kind `{shown}`; {hint}")));
            None
        }
        [_, second, ..] => {
            let text = format!("{what} has one key and no more, out of {}; remove the others", one_of(tags));
            check.within(&second.key, |check| check.mistake_of_key(text));
            None
        }
    }
}

/// One of several words.
pub(crate) fn word<'n>(node: &'n Node, words: &[&str], check: &mut Checker<'_>) -> Option<&'n str> {
    match &node.value {
        Value::Text(text) if words.contains(&text.as_str()) => Some(text),
        Value::Text(text) => {
            let hint = suggestion(text, words.iter().copied());
            check.mistake(format!("unknown word `{}`; {hint}", shorten(text)));
            None
        }
        _ => {
            check.mistake(format!("found {}; use {}", node.describe(), one_of(words)));
            None
        }
    }
}
