//! `results.parquet`: the rows of `results.csv` in columns, with names, units and the sweep's identity in the metadata.

use super::rows::{Row, number_of, rows};
use crate::report::numbers::nine_digits;
use crate::sweep::{Cells, Layout, Parameter, Unit};
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;
use std::io::Write;
use std::sync::Arc;

/// Rows of a group: few enough to hold, many enough to compress.
const GROUP: usize = 100_000;

/// What a column holds.
enum Column {
    Cell,
    Parameter(usize),
    Text(fn(&Row<'_>) -> String),
    Number(fn(&Row<'_>) -> Option<f64>),
    Count,
}

/// Writes `results.parquet`. Durations and times are in seconds.
///
/// # Errors
/// When `target` cannot be written to.
pub fn write_parquet(cells: &Cells, target: impl Write + Send) -> Result<()> {
    let layout = &cells.layout;
    let columns = columns(layout);
    let fields = columns.iter().map(|(name, column)| field(name, column, &layout.parameters)).collect::<Result<Vec<_>>>()?;
    let schema = Type::group_type_builder("sweep").with_fields(fields).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("clickday {}", layout.clickday))
        .set_key_value_metadata(Some(metadata(layout)))
        .build();
    let mut file = SerializedFileWriter::new(target, Arc::new(schema), Arc::new(properties))?;
    let mut all = rows(cells).peekable();
    while all.peek().is_some() {
        let group: Vec<Row<'_>> = all.by_ref().take(GROUP).collect();
        let mut writer = file.next_row_group()?;
        for (_, column) in &columns {
            if let Some(mut into) = writer.next_column()? {
                write_column(&mut into, column, &group, &layout.parameters)?;
                into.close()?;
            }
        }
        writer.close()?;
    }
    file.close()?;
    Ok(())
}

fn columns(layout: &Layout) -> Vec<(String, Column)> {
    let parameters = layout.parameters.iter().enumerate().map(|(i, p)| (p.pointer.clone(), Column::Parameter(i)));
    let text = |name: &str, value| (name.to_owned(), Column::Text(value));
    let number = |name: &str, value| (name.to_owned(), Column::Number(value));
    [("cell".to_owned(), Column::Cell)]
        .into_iter()
        .chain(parameters)
        .chain([
            text("policy", |row| row.policy.to_owned()),
            text("scope", |row| row.key.scope.clone()),
            text("name", |row| row.key.name.clone()),
            text("figure", |row| row.key.figure.clone()),
            text("unit", |row| row.key.unit.clone()),
            number("mean", |row| row.figure.map(|figure| figure.mean)),
            number("low", |row| row.figure.and_then(|figure| figure.low)),
            number("high", |row| row.figure.and_then(|figure| figure.high)),
            ("n".to_owned(), Column::Count),
        ])
        .collect()
}

fn field(name: &str, column: &Column, parameters: &[Parameter]) -> Result<Arc<Type>> {
    let text = |name| {
        let builder = Type::primitive_type_builder(name, Physical::BYTE_ARRAY);
        builder.with_logical_type(Some(LogicalType::String)).with_repetition(Repetition::REQUIRED).build()
    };
    let plain = |name, kind, repetition| Type::primitive_type_builder(name, kind).with_repetition(repetition).build();
    let built = match column {
        Column::Cell => plain(name, Physical::INT64, Repetition::REQUIRED),
        Column::Count => plain(name, Physical::INT32, Repetition::REQUIRED),
        Column::Number(_) => plain(name, Physical::DOUBLE, Repetition::OPTIONAL),
        Column::Parameter(i) if parameters.get(*i).is_some_and(|p| p.unit != Unit::Text) => {
            plain(name, Physical::DOUBLE, Repetition::OPTIONAL)
        }
        Column::Parameter(_) | Column::Text(_) => text(name),
    };
    built.map(Arc::new)
}

fn write_column(
    into: &mut SerializedColumnWriter<'_>,
    column: &Column,
    rows: &[Row<'_>],
    parameters: &[Parameter],
) -> Result<()> {
    let doubles = |into: &mut SerializedColumnWriter<'_>, values: Vec<Option<f64>>| {
        let levels: Vec<i16> = values.iter().map(|value| i16::from(value.is_some())).collect();
        let present: Vec<f64> = values.into_iter().flatten().map(nine_digits).collect();
        into.typed::<DoubleType>().write_batch(&present, Some(&levels), None).map(drop)
    };
    let texts = |into: &mut SerializedColumnWriter<'_>, values: Vec<String>| {
        let bytes: Vec<ByteArray> = values.into_iter().map(|text| ByteArray::from(text.into_bytes())).collect();
        into.typed::<ByteArrayType>().write_batch(&bytes, None, None).map(drop)
    };
    match column {
        Column::Cell => {
            let values: Vec<i64> = rows.iter().map(|row| row.cell.cell as i64).collect();
            into.typed::<Int64Type>().write_batch(&values, None, None).map(drop)
        }
        Column::Count => {
            let values: Vec<i32> = rows.iter().map(|row| row.figure.map_or(0, |figure| figure.n as i32)).collect();
            into.typed::<Int32Type>().write_batch(&values, None, None).map(drop)
        }
        Column::Text(value) => texts(into, rows.iter().map(value).collect()),
        Column::Number(value) => doubles(into, rows.iter().map(value).collect()),
        Column::Parameter(i) => {
            let values = || rows.iter().filter_map(|row| row.cell.values.get(*i));
            match parameters.get(*i).filter(|parameter| parameter.unit != Unit::Text) {
                Some(parameter) => doubles(into, values().map(|value| number_of(parameter, value)).collect()),
                None => texts(into, values().map(crate::sweep::CellValue::label).collect()),
            }
        }
    }
}

fn metadata(layout: &Layout) -> Vec<KeyValue> {
    let pair = |key: &str, value: String| KeyValue::new(format!("clickday.{key}"), value);
    let units: serde_json::Map<String, serde_json::Value> = layout
        .parameters
        .iter()
        .map(|parameter| {
            let unit = match parameter.unit {
                Unit::Number => "number",
                Unit::Seconds => "s",
                Unit::Text => "text",
            };
            (parameter.pointer.clone(), unit.into())
        })
        .collect();
    vec![
        pair("version", layout.clickday.clone()),
        pair("sweep", layout.sweep.clone()),
        pair("title", layout.title.clone()),
        pair("scenario", layout.scenario.clone()),
        pair("hash", layout.hash.clone()),
        pair("seed", layout.seed.to_string()),
        pair("replications", layout.replications.to_string()),
        pair("scale", layout.scale.to_string()),
        pair("parameters", serde_json::Value::Object(units).to_string()),
        pair("interval", "low and high: 95 % over replications".to_owned()),
    ]
}
