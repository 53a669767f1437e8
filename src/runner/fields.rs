//! Fields that a testee wrote as JSON against fields that a frame has.

use serde_json::Value as Json;

use crate::value::{Fields, Value, to_hex};

/// Whether a JSON object has exactly these fields. The order of keys is free; an integer may be a number or a string of its
/// decimal digits.
pub(crate) fn same(json: &str, fields: &Fields) -> bool {
    let Ok(Json::Object(object)) = serde_json::from_str(json) else { return false };
    object.len() == fields.len()
        && fields.iter().all(|(name, value)| object.get(name).is_some_and(|json| same_value(json, value)))
}

fn same_value(json: &Json, value: &Value) -> bool {
    match (json, value) {
        (Json::Number(number), Value::UInt(value)) => number.as_u64() == Some(*value),
        (Json::Number(number), Value::Int(value)) => number.as_i64() == Some(*value),
        (Json::String(text), Value::UInt(value)) => *text == value.to_string(),
        (Json::String(text), Value::Int(value)) => *text == value.to_string(),
        (Json::String(text), Value::Bytes(bytes)) => *text == to_hex(bytes),
        (Json::String(text), Value::Text(value)) => text == value,
        _ => false,
    }
}
