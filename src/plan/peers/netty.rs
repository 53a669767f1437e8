//! Netty's frame decoders (`io.netty.handler.codec`, 4.1 and 4.2).

use std::fmt;

use super::Configured;
use crate::plan::geometry::{Geometry, LengthField, geometry as geometry_of};
use crate::plan::{Endian, Oversize, Plan};

/// One of Netty's frame decoders and its arguments. Sizes are in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settings {
    /// `LengthFieldBasedFrameDecoder`
    LengthField {
        /// maxFrameLength
        max: u64,
        /// lengthFieldOffset
        offset: u64,
        /// lengthFieldLength: 1, 2, 3, 4 or 8
        length: u8,
        /// lengthAdjustment
        adjustment: i64,
        /// initialBytesToStrip
        strip: u64,
        /// byteOrder
        order: Endian,
    },
    /// `FixedLengthFrameDecoder`
    Fixed {
        /// frameLength
        size: u64,
    },
    /// `LineBasedFrameDecoder`
    Line {
        /// maxLength: the delimiter is not counted
        max: u64,
        /// stripDelimiter
        strip: bool,
    },
    /// `DelimiterBasedFrameDecoder`
    Delimiter {
        /// maxFrameLength: the delimiter is not counted
        max: u64,
        /// stripDelimiter
        strip: bool,
        /// In the order in which they are given.
        delimiters: Vec<Vec<u8>>,
    },
}

/// The largest number that a Java `int` holds.
const INT_MAX: u64 = 0x7fff_ffff;

/// Netty's settings for a protocol.
///
/// # Errors
///
/// A sentence that says why no decoder of Netty's splits this protocol.
pub fn settings(plan: &Plan) -> Result<Configured<Settings>, String> {
    let geometry = geometry_of(plan)?;
    let mut notes = Vec::new();
    let settings = match &geometry {
        Geometry::LengthField(field) => {
            let LengthField { offset, width, endian, signed: _, adjust, strip, max_frame: _ } = *field;
            let settings = Settings::LengthField {
                max: field.max_unsigned(),
                offset,
                length: width,
                adjustment: adjust,
                strip,
                order: endian,
            };
            notes.extend(super::short_frames(plan, field, "Netty", field.end().max(strip)));
            if plan.policy.oversize == Oversize::Close {
                notes.push(
                    "Netty discards a frame that is too large and goes on; close the channel in exceptionCaught."
                        .to_owned(),
                );
            }
            settings
        }
        Geometry::Fixed { size, strip: 0 } => Settings::Fixed { size: *size },
        Geometry::Fixed { strip, .. } => {
            return Err(format!(
                "FixedLengthFrameDecoder strips nothing, and `emit` takes {strip} bytes off the front"
            ));
        }
        Geometry::Delimiter { delimiters, emit_stripped, max_content } => {
            if plan.policy.oversize == Oversize::Close {
                notes.push(
                    "Netty discards a frame that is too long and goes on; close the channel in exceptionCaught."
                        .to_owned(),
                );
            }
            // The order of the two tells LineBasedFrameDecoder from Delimiters.lineDelimiter(), which behaves alike.
            if matches!(delimiters.as_slice(), [first, second] if first == b"\n" && second == b"\r\n") {
                Settings::Line { max: *max_content, strip: *emit_stripped }
            } else {
                Settings::Delimiter { max: *max_content, strip: *emit_stripped, delimiters: delimiters.clone() }
            }
        }
        Geometry::Msgpack { .. } => {
            return Err("a MessagePack object finds its own end, and Netty has no decoder for it".to_owned());
        }
    };
    check(&settings)?;
    notes.extend(super::unchecked(plan, "Netty"));
    Ok(Configured { settings, notes })
}

/// The geometry that a decoder of Netty's implements.
///
/// # Errors
///
/// A number that Netty refuses.
pub fn geometry(settings: &Settings) -> Result<Geometry, String> {
    check(settings)?;
    Ok(match settings {
        Settings::LengthField { max, offset, length, adjustment, strip, order } => Geometry::LengthField(LengthField {
            offset: *offset,
            width: *length,
            endian: *order,
            signed: false,
            adjust: *adjustment,
            strip: *strip,
            max_frame: *max,
        }),
        Settings::Fixed { size } => Geometry::Fixed { size: *size, strip: 0 },
        Settings::Line { max, strip } => Geometry::Delimiter {
            delimiters: vec![b"\n".to_vec(), b"\r\n".to_vec()],
            emit_stripped: *strip,
            max_content: *max,
        },
        Settings::Delimiter { max, strip, delimiters } => {
            Geometry::Delimiter { delimiters: delimiters.clone(), emit_stripped: *strip, max_content: *max }
        }
    })
}

/// What Netty's constructors refuse.
fn check(settings: &Settings) -> Result<(), String> {
    match settings {
        Settings::LengthField { max, offset, length, adjustment, strip, .. } => {
            if !matches!(length, 1 | 2 | 3 | 4 | 8) {
                return Err(format!("Netty reads lengths of 1, 2, 3, 4 or 8 bytes, not of {length}"));
            }
            positive("maxFrameLength", *max)?;
            int("lengthFieldOffset", *offset)?;
            int("initialBytesToStrip", *strip)?;
            if adjustment.unsigned_abs() > INT_MAX {
                return Err(format!("lengthAdjustment is a Java int and cannot be {adjustment}"));
            }
            let end = offset.saturating_add((*length).into());
            if end > *max {
                return Err(format!("the length field ends at byte {end}, beyond the largest frame of {max} bytes"));
            }
            Ok(())
        }
        Settings::Fixed { size } => positive("frameLength", *size),
        Settings::Line { max, .. } => positive("maxLength", *max),
        Settings::Delimiter { max, delimiters, .. } => {
            if delimiters.is_empty() || delimiters.iter().any(Vec::is_empty) {
                return Err("DelimiterBasedFrameDecoder needs delimiters that are not empty".to_owned());
            }
            positive("maxFrameLength", *max)
        }
    }
}

fn int(name: &str, value: u64) -> Result<(), String> {
    if value > INT_MAX { Err(format!("{name} is a Java int and cannot be {value}")) } else { Ok(()) }
}

fn positive(name: &str, value: u64) -> Result<(), String> {
    if value == 0 { Err(format!("{name} must be at least 1")) } else { int(name, value) }
}

impl fmt::Display for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::LengthField { max, offset, length, adjustment, strip, order } => match order {
                Endian::Big => {
                    write!(out, "new LengthFieldBasedFrameDecoder({max}, {offset}, {length}, {adjustment}, {strip})")
                }
                Endian::Little => write!(
                    out,
                    "new LengthFieldBasedFrameDecoder(ByteOrder.LITTLE_ENDIAN, {max}, {offset}, {length}, {adjustment}, \
                     {strip}, true)"
                ),
            },
            Self::Fixed { size } => write!(out, "new FixedLengthFrameDecoder({size})"),
            Self::Line { max, strip } => write!(out, "new LineBasedFrameDecoder({max}, {strip}, true)"),
            Self::Delimiter { max, strip, delimiters } => {
                write!(out, "new DelimiterBasedFrameDecoder({max}, {strip}, true, ")?;
                let plain: Vec<&[u8]> = delimiters.iter().map(Vec::as_slice).collect();
                match plain.as_slice() {
                    [b"\r\n", b"\n"] => write!(out, "Delimiters.lineDelimiter())"),
                    [b"\0"] => write!(out, "Delimiters.nulDelimiter())"),
                    _ => {
                        for (index, delimiter) in plain.iter().enumerate() {
                            write!(out, "{}", if index == 0 { "" } else { ", " })?;
                            write!(out, "Unpooled.wrappedBuffer(new byte[] {{")?;
                            for (index, byte) in delimiter.iter().enumerate() {
                                let comma = if index == 0 { "" } else { ", " };
                                let cast = if *byte > 0x7f { "(byte) " } else { "" };
                                write!(out, "{comma}{cast}0x{byte:02x}")?;
                            }
                            write!(out, "}})")?;
                        }
                        write!(out, ")")
                    }
                }
            }
        }
    }
}
