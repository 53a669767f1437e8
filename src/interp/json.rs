//! The JSON form of a frame's fields, as testees and vectors write it.

use serde_json::{Map, Number, Value as Json};

use super::{EncodeClass, EncodeError};
use crate::plan::{Kind, Plan, Slot};
use crate::value::{Fields, Value, from_hex, to_hex};

/// Bits of the integers that every JSON reader keeps exact.
const EXACT_BITS: u8 = 53;

/// An object of the fields in their order: integers as numbers, those of more than 53 bits as strings of decimal digits, bytes as
/// a string of hex, text as a string.
#[must_use]
pub fn fields_to_json(plan: &Plan, fields: &Fields) -> Json {
    let wide = |name: &str| visible(plan, name).is_some_and(|slot| bits(slot.kind) > EXACT_BITS);
    let json = |(name, value): &(String, Value)| {
        let json = match value {
            Value::UInt(value) if wide(name) => Json::String(value.to_string()),
            Value::Int(value) if wide(name) => Json::String(value.to_string()),
            Value::UInt(value) => Json::Number(Number::from(*value)),
            Value::Int(value) => Json::Number(Number::from(*value)),
            Value::Bytes(bytes) => Json::String(to_hex(bytes)),
            Value::Text(text) => Json::String(text.clone()),
        };
        (name.clone(), json)
    };
    Json::Object(fields.iter().map(json).collect())
}

/// The fields of an object, in wire order. Integers of any width may be numbers or strings of digits; where bytes are read,
/// `{"text": "…"}`, `{"json": …}` and `{"msgpack": …}` are taken too.
///
/// Constants and lengths are read like all others; [`inputs`](super::inputs) leaves them out.
///
/// # Errors
///
/// `unknown-field`; `wrong-type`; `does-not-fit` for an integer outside of its type.
pub fn fields_from_json(plan: &Plan, json: &Json) -> Result<Fields, EncodeError> {
    let Json::Object(object) = json else {
        let message = "the fields of a frame are an object: {\"name\": value, …}".to_owned();
        return Err(EncodeError { class: EncodeClass::WrongType, field: None, message });
    };
    if let Some(name) = object.keys().find(|name| visible(plan, name).is_none()) {
        let names: Vec<&str> = plan.slots.iter().filter(|slot| !slot.hidden).map(|slot| slot.name.as_str()).collect();
        let message = format!("no such field; {} has {}", plan.name, names.join(", "));
        return Err(error(EncodeClass::UnknownField, name, message));
    }
    let slots = plan.slots.iter().filter(|slot| !slot.hidden);
    slots
        .filter_map(|slot| object.get(&slot.name).map(|json| (slot, json)))
        .map(|(slot, json)| Ok((slot.name.clone(), value(slot, json)?)))
        .collect()
}

fn visible<'a>(plan: &'a Plan, name: &str) -> Option<&'a Slot> {
    plan.slots.iter().find(|slot| !slot.hidden && slot.name == name)
}

fn bits(kind: Kind) -> u8 {
    match kind {
        Kind::Int(int) => int.bytes.saturating_mul(8),
        Kind::Bits(bits) => bits,
        Kind::Bytes | Kind::Text => 0,
    }
}

fn value(slot: &Slot, json: &Json) -> Result<Value, EncodeError> {
    match slot.kind {
        Kind::Int(int) => integer(slot, json, int.bounds()),
        Kind::Bits(bits) => {
            let above = 1_i128.checked_shl(u32::from(bits)).unwrap_or(i128::MAX);
            integer(slot, json, (0, above.saturating_sub(1)))
        }
        Kind::Bytes => bytes(slot, json).map(Value::Bytes),
        Kind::Text => match json {
            Json::String(text) => Ok(Value::Text(text.clone())),
            _ => Err(error(EncodeClass::WrongType, &slot.name, format!("it takes a string of text, not {json}"))),
        },
    }
}

fn integer(slot: &Slot, json: &Json, (min, max): (i128, i128)) -> Result<Value, EncodeError> {
    let digits = match json {
        Json::Number(number) => number.to_string(),
        Json::String(digits) => digits.clone(),
        _ => String::new(),
    };
    let plain = digits.strip_prefix('-').unwrap_or(&digits);
    if plain.is_empty() || !plain.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = format!("it takes an integer, as a number or as a string of decimal digits, not {json}");
        return Err(error(EncodeClass::WrongType, &slot.name, message));
    }
    let value = digits.parse::<i128>().ok().filter(|value| (min..=max).contains(value));
    let value = value.and_then(|value| match slot.kind {
        Kind::Int(int) if int.signed => i64::try_from(value).ok().map(Value::Int),
        _ => u64::try_from(value).ok().map(Value::UInt),
    });
    value.ok_or_else(|| error(EncodeClass::DoesNotFit, &slot.name, format!("{digits} is not within {min}..={max}")))
}

fn bytes(slot: &Slot, json: &Json) -> Result<Vec<u8>, EncodeError> {
    let read = match json {
        Json::String(hex) => from_hex(hex),
        Json::Object(object) => one_of(object),
        _ => None,
    };
    read.ok_or_else(|| {
        let message = format!(
            "it takes bytes, as hex or as one of {{\"text\": \"…\"}}, {{\"json\": …}}, {{\"msgpack\": …}}, not {json}"
        );
        error(EncodeClass::WrongType, &slot.name, message)
    })
}

fn one_of(object: &Map<String, Json>) -> Option<Vec<u8>> {
    let mut entries = object.iter();
    let (Some((form, value)), None) = (entries.next(), entries.next()) else { return None };
    match (form.as_str(), value) {
        ("text", Json::String(text)) => Some(text.clone().into_bytes()),
        ("json", json) => serde_json::to_vec(json).ok(),
        // Every integer in its shortest form, floats in 64 bits.
        ("msgpack", json) => rmp_serde::to_vec(json).ok(),
        _ => None,
    }
}

fn error(class: EncodeClass, field: &str, message: String) -> EncodeError {
    EncodeError { class, field: Some(field.to_owned()), message }
}
