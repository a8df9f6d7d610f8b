//! The JSON Schema of scenario files, generated from the types that read them.

use super::file::File;
use super::read::Remarks;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

/// The JSON Schema (draft 2020-12) of scenario files.
#[must_use]
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<File>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.insert("title".to_owned(), json!("clickday scenario, format 1"));
    }
    schema
}

/// Whether a key must be there.
#[derive(Debug)]
pub(crate) enum Presence {
    Required,
    Optional,
    Default(Value),
}

/// Puts the schema of a record together.
#[derive(Debug)]
pub(crate) struct Object {
    description: String,
    properties: Map<String, Value>,
    required: Vec<&'static str>,
}

impl Object {
    pub(crate) fn new(doc: &[&str]) -> Object {
        Object { description: words(doc), properties: Map::new(), required: Vec::new() }
    }

    pub(crate) fn key(&mut self, name: &'static str, schema: Schema, doc: &[&str], presence: Presence) {
        let mut schema = described(schema, doc);
        match presence {
            Presence::Required => self.required.push(name),
            Presence::Optional => {}
            Presence::Default(value) => {
                schema.insert("default".to_owned(), value);
            }
        }
        self.properties.insert(name.to_owned(), schema.to_value());
    }

    pub(crate) fn finish(mut self, generator: &mut SchemaGenerator) -> Schema {
        Remarks::schema(generator, &mut self.properties);
        json_schema!({
            "description": self.description,
            "type": "object",
            "properties": self.properties,
            "required": self.required,
            "additionalProperties": false,
        })
    }
}

/// An object with the one key `tag`.
pub(crate) fn tagged<T: JsonSchema>(tag: &'static str, doc: &[&str], generator: &mut SchemaGenerator) -> Schema {
    let value = generator.subschema_for::<T>();
    let mut object = Object::new(doc);
    object.key(tag, value, doc, Presence::Required);
    object.finish(generator)
}

/// One of several schemas.
pub(crate) fn any_of(kinds: Vec<Schema>, doc: &[&str]) -> Schema {
    json_schema!({"description": words(doc), "anyOf": kinds})
}

fn described(mut schema: Schema, doc: &[&str]) -> Schema {
    // Beside `$ref` other keywords hold as well since draft 2019-09.
    schema.insert("description".to_owned(), json!(words(doc)));
    schema
}

/// Doc lines as one text.
fn words(doc: &[&str]) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}
