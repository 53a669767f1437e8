//! tokio-util's codecs (`tokio_util::codec`, 0.7).

use std::fmt;

use super::Configured;
use crate::plan::geometry::{Geometry, LengthField, geometry as geometry_of};
use crate::plan::{Codec, Content, Endian, OpKind, Oversize, Plan};

/// One of tokio-util's codecs and its arguments. Sizes are in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settings {
    /// `LengthDelimitedCodec`
    LengthDelimited {
        /// length_field_offset
        offset: u64,
        /// length_field_length: 1 to 8
        length: u8,
        /// length_adjustment
        adjustment: i64,
        /// num_skip
        num_skip: u64,
        /// max_frame_length: the largest value of the length field, before the adjustment
        max: u64,
        /// big_endian or little_endian
        order: Endian,
    },
    /// `LinesCodec`
    Lines {
        /// max_length: a CR before the LF is counted
        max: u64,
    },
    /// `AnyDelimiterCodec`
    AnyDelimiter {
        /// seek_delimiters: bytes, each of which ends a chunk
        delimiters: Vec<u8>,
        /// sequence_writer: what the encoder writes, one of the delimiters
        writer: u8,
        /// max_length
        max: u64,
    },
}

/// tokio-util's settings for a protocol.
///
/// # Errors
///
/// A sentence that says why no codec of tokio-util's splits this protocol.
pub fn settings(plan: &Plan) -> Result<Configured<Settings>, String> {
    let geometry = geometry_of(plan)?;
    let mut notes = Vec::new();
    let settings = match &geometry {
        Geometry::LengthField(field) => {
            let (settings, note) = length_delimited(field)?;
            notes.extend(note);
            notes.extend(super::short_frames(plan, field, "tokio-util", field.strip));
            if field.base() <= 0 && field.strip == 0 {
                notes.push(format!(
                    "tokio-util hands out empty frames without end where the length is {}.",
                    field.base().unsigned_abs()
                ));
            }
            settings
        }
        Geometry::Fixed { .. } => return Err("tokio-util has no codec for frames of a fixed size".to_owned()),
        Geometry::Delimiter { delimiters, emit_stripped, max_content } => {
            if !emit_stripped {
                return Err("tokio-util hands out content without its delimiter, and `emit` keeps it".to_owned());
            }
            notes.push("At the end of the stream tokio-util hands out what has no delimiter yet.".to_owned());
            if plan.policy.oversize == Oversize::Close {
                notes.push("tokio-util discards content that is too long and can go on after the error.".to_owned());
            }
            delimited(plan, delimiters, *max_content, &mut notes)?
        }
        Geometry::Msgpack { .. } => {
            return Err("a MessagePack object finds its own end, and tokio-util has no codec for it".to_owned());
        }
    };
    let judges_text = matches!(settings, Settings::Lines { .. }) && is_text(plan);
    notes.extend(super::unchecked(plan, "tokio-util").filter(|_| !judges_text));
    Ok(Configured { settings, notes })
}

fn length_delimited(field: &LengthField) -> Result<(Settings, Option<String>), String> {
    let adjustment = field.base().saturating_sub(field.strip.into());
    let adjustment = i64::try_from(adjustment).map_err(|_| "length_adjustment is out of bounds".to_owned())?;
    let max = u64::try_from(i128::from(field.max_unsigned()).saturating_sub(field.base()))
        .map_err(|_| "no value of the length field gives a frame within `max_frame`".to_owned())?;
    let clipped = clip(field.width, adjustment, u64::MAX);
    let reachable = max.min(largest(field.width));
    let note = (clipped < reachable).then(|| {
        format!("tokio-util refuses a length above {clipped}, although the field could hold {reachable} (it clips max_frame_length).")
    });
    let settings = Settings::LengthDelimited {
        offset: field.offset,
        length: field.width,
        adjustment,
        num_skip: field.strip,
        max,
        order: field.endian,
    };
    Ok((settings, note))
}

fn delimited(plan: &Plan, delimiters: &[Vec<u8>], max: u64, notes: &mut Vec<String>) -> Result<Settings, String> {
    let mut lines: Vec<&[u8]> = delimiters.iter().map(Vec::as_slice).collect();
    lines.sort_unstable();
    if lines == [b"\n".as_slice(), b"\r\n"] {
        notes.push("LinesCodec counts the CR of CR LF towards max_length.".to_owned());
        if !is_text(plan) {
            notes.push("LinesCodec refuses lines that are not UTF-8.".to_owned());
        }
        return Ok(Settings::Lines { max });
    }
    let mut bytes = Vec::new();
    for delimiter in delimiters {
        match delimiter.as_slice() {
            [byte] => bytes.push(*byte),
            _ => {
                return Err(format!(
                    "AnyDelimiterCodec's delimiters are single bytes, and \"{}\" has {}",
                    super::escaped(delimiter, &[]),
                    delimiter.len()
                ));
            }
        }
    }
    match bytes.first() {
        Some(&writer) => Ok(Settings::AnyDelimiter { writer, delimiters: bytes, max }),
        None => Err("there is no delimiter".to_owned()),
    }
}

/// Whether the frame is one field of UTF-8.
fn is_text(plan: &Plan) -> bool {
    plan.ops.iter().any(|op| matches!(op.kind, OpKind::Bytes { content: Content::Always(Codec::Utf8), .. }))
}

/// The geometry that a codec of tokio-util's implements.
///
/// # Errors
///
/// A number that tokio-util refuses, or that leaves no frame.
pub fn geometry(settings: &Settings) -> Result<Geometry, String> {
    match settings {
        Settings::LengthDelimited { offset, length, adjustment, num_skip, max, order } => {
            if !(1..=8).contains(length) {
                return Err(format!("tokio-util reads lengths of 1 to 8 bytes, not of {length}"));
            }
            let base = i128::from(*adjustment).saturating_add((*num_skip).into());
            let end = i128::from(*offset).saturating_add((*length).into());
            let max_frame = base.saturating_add(clip(*length, *adjustment, *max).into());
            let max_frame = u64::try_from(max_frame)
                .map_err(|_| format!("max_frame_length {max} leaves no frame after the adjustment of {adjustment}"))?;
            Ok(Geometry::LengthField(LengthField {
                offset: *offset,
                width: *length,
                endian: *order,
                signed: false,
                adjust: i64::try_from(base.saturating_sub(end))
                    .map_err(|_| "length_adjustment is out of bounds".to_owned())?,
                strip: *num_skip,
                max_frame,
            }))
        }
        Settings::Lines { max } => Ok(Geometry::Delimiter {
            delimiters: vec![b"\n".to_vec(), b"\r\n".to_vec()],
            emit_stripped: true,
            max_content: *max,
        }),
        Settings::AnyDelimiter { delimiters, writer, max } => {
            if !delimiters.contains(writer) {
                return Err("the encoder's delimiter is none of those that the decoder seeks".to_owned());
            }
            let mut ordered = vec![vec![*writer]];
            ordered.extend(delimiters.iter().filter(|byte| *byte != writer).map(|byte| vec![*byte]));
            Ok(Geometry::Delimiter { delimiters: ordered, emit_stripped: true, max_content: *max })
        }
    }
}

/// The limit that the builder makes of `max_frame_length`: at most the field's largest value plus the adjustment.
fn clip(width: u8, adjustment: i64, max: u64) -> u64 {
    max.min(largest(width).saturating_add_signed(adjustment))
}

/// The largest value of a field of so many bytes.
fn largest(width: u8) -> u64 {
    u64::MAX.checked_shr(64_u32.saturating_sub(u32::from(width).saturating_mul(8))).unwrap_or(0)
}

impl fmt::Display for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LengthDelimited { offset, length, adjustment, num_skip, max, order } => {
                let order = match order {
                    Endian::Big => "big_endian",
                    Endian::Little => "little_endian",
                };
                write!(
                    out,
                    "LengthDelimitedCodec::builder()\n    .length_field_offset({offset})\n    \
                     .length_field_length({length})\n    .length_adjustment({adjustment})\n    .num_skip({num_skip})\n    \
                     .max_frame_length({max})\n    .{order}()\n    .new_codec()"
                )
            }
            Self::Lines { max } => write!(out, "LinesCodec::new_with_max_length({max})"),
            Self::AnyDelimiter { delimiters, writer, max } => write!(
                out,
                "AnyDelimiterCodec::new_with_max_length(b\"{}\".to_vec(), b\"{}\".to_vec(), {max})",
                super::escaped(delimiters, &[]),
                super::escaped(&[*writer], &[])
            ),
        }
    }
}
