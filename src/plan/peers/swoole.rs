//! Swoole's `open_length_check` and `open_eof_split` (a server's or client's settings in PHP, up to 6.x).

use std::fmt;

use super::Configured;
use crate::model::SWOOLE_PACKS;
use crate::plan::geometry::{Geometry, LengthField, geometry as geometry_of};
use crate::plan::{Endian, Plan};

/// Swoole's settings. Sizes are in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settings {
    /// `open_length_check`
    Length {
        /// package_length_type: a letter of PHP's `pack`
        pack: char,
        /// package_length_offset
        length_offset: u64,
        /// package_body_offset: added to the value to give a package's size
        body_offset: u64,
        /// package_max_length: everything counted
        max: u64,
    },
    /// `open_eof_split`
    Eof {
        /// package_eof: at most 8 bytes
        eof: Vec<u8>,
        /// package_max_length: the delimiter is counted
        max: u64,
    },
}

/// Bytes of the longest `package_eof`.
const EOF_MAX: usize = 8;
/// A smaller `package_max_length` is raised to this by a server.
const RAISED_TO: u64 = 65536;
/// The setting is stored in 16 bits.
const OFFSET_MAX: u64 = 0xffff;
/// The setting is stored in 32 bits.
const LENGTH_MAX: u64 = 0xffff_ffff;

/// Swoole's settings for a protocol.
///
/// # Errors
///
/// A sentence that says why Swoole cannot split this protocol.
pub fn settings(plan: &Plan) -> Result<Configured<Settings>, String> {
    let geometry = geometry_of(plan)?;
    let settings = match &geometry {
        Geometry::LengthField(field) => length_check(plan, field)?,
        Geometry::Fixed { .. } => {
            return Err("Swoole splits by a length or a delimiter, not by a fixed size".to_owned());
        }
        Geometry::Delimiter { delimiters, emit_stripped, max_content } => match delimiters.as_slice() {
            [eof] => {
                if *emit_stripped {
                    return Err("Swoole hands out packages with their delimiter, and `emit` strips it".to_owned());
                }
                let eof_len = u64::try_from(eof.len()).unwrap_or(u64::MAX);
                Settings::Eof { eof: eof.clone(), max: max_content.saturating_add(eof_len) }
            }
            several => return Err(format!("package_eof is one delimiter, and there are {}", several.len())),
        },
        Geometry::Msgpack { .. } => {
            return Err("a MessagePack object finds its own end, and Swoole needs a length or a delimiter".to_owned());
        }
    };
    check(&settings)?;
    let mut notes = Vec::new();
    let (Settings::Length { max, .. } | Settings::Eof { max, .. }) = &settings;
    if *max < RAISED_TO {
        notes.push(format!("A Swoole server raises package_max_length to {RAISED_TO}, so longer frames pass."));
    }
    if let (Settings::Length { pack, .. }, Geometry::LengthField(field)) = (&settings, &geometry) {
        notes.extend(super::short_frames(plan, field, "Swoole", 1));
        if "sSlLqQ".contains(*pack) {
            notes.push(format!("'{pack}' has the machine's byte order, here little-endian."));
        }
    }
    notes.extend(super::unchecked(plan, "Swoole"));
    Ok(Configured { settings, notes })
}

fn length_check(plan: &Plan, field: &LengthField) -> Result<Settings, String> {
    if field.strip > 0 {
        return Err(format!("Swoole hands out whole packages, and `emit` takes {} bytes off the front", field.strip));
    }
    let body_offset = u64::try_from(field.base()).map_err(|_| {
        format!(
            "the length counts {} bytes more than the frame has, and package_body_offset cannot be negative",
            field.base().unsigned_abs()
        )
    })?;
    let same_bytes = |&&(_, width, signed, endian): &&(char, u8, bool, Endian)| {
        width == field.width && signed == field.signed && (width == 1 || endian == field.endian)
    };
    let kept =
        plan.peers.swoole.and_then(|kept| SWOOLE_PACKS.iter().filter(same_bytes).find(|(pack, ..)| *pack == kept));
    let Some((pack, ..)) = kept.or_else(|| SWOOLE_PACKS.iter().find(same_bytes)) else {
        let sign = if field.signed { "signed" } else { "unsigned" };
        let order = match field.endian {
            Endian::Big => "big-endian",
            Endian::Little => "little-endian",
        };
        return Err(format!("no package_length_type is a {order} {sign} integer of {} bytes", field.width));
    };
    Ok(Settings::Length { pack: *pack, length_offset: field.offset, body_offset, max: field.max_frame })
}

/// The geometry that Swoole implements with these settings.
///
/// # Errors
///
/// A setting that Swoole refuses or cuts.
pub fn geometry(settings: &Settings) -> Result<Geometry, String> {
    check(settings)?;
    match settings {
        Settings::Length { pack, length_offset, body_offset, max } => {
            let (_, width, signed, endian) = pack_type(*pack)?;
            let end = i128::from(*length_offset).saturating_add(width.into());
            let adjust = i128::from(*body_offset).saturating_sub(end);
            Ok(Geometry::LengthField(LengthField {
                offset: *length_offset,
                width,
                endian,
                signed,
                adjust: i64::try_from(adjust).map_err(|_| "package_body_offset is out of bounds".to_owned())?,
                strip: 0,
                max_frame: *max,
            }))
        }
        Settings::Eof { eof, max } => {
            let eof_len = u64::try_from(eof.len()).unwrap_or(u64::MAX);
            let max_content = max
                .checked_sub(eof_len)
                .ok_or_else(|| format!("package_max_length {max} leaves no room for a delimiter of {eof_len} bytes"))?;
            Ok(Geometry::Delimiter { delimiters: vec![eof.clone()], emit_stripped: false, max_content })
        }
    }
}

/// The letter that has to be kept because another stands for the same bytes.
#[must_use]
pub fn ambiguous(settings: &Settings) -> Option<char> {
    match settings {
        Settings::Length { pack: pack @ ('S' | 'L' | 'Q'), .. } => Some(*pack),
        Settings::Length { .. } | Settings::Eof { .. } => None,
    }
}

fn pack_type(pack: char) -> Result<(char, u8, bool, Endian), String> {
    SWOOLE_PACKS.iter().find(|(known, ..)| *known == pack).copied().ok_or_else(|| {
        let known: Vec<String> = SWOOLE_PACKS.iter().map(|(known, ..)| known.to_string()).collect();
        format!("'{pack}' is no package_length_type; there are {}", known.join(" "))
    })
}

fn check(settings: &Settings) -> Result<(), String> {
    let at_most = |name: &str, value: u64, limit: u64| {
        if value > limit { Err(format!("{name} is at most {limit}, and {value} is needed")) } else { Ok(()) }
    };
    match settings {
        Settings::Length { pack, length_offset, body_offset, max } => {
            pack_type(*pack)?;
            at_most("package_length_offset", *length_offset, OFFSET_MAX)?;
            at_most("package_body_offset", *body_offset, OFFSET_MAX)?;
            at_most("package_max_length", *max, LENGTH_MAX)
        }
        Settings::Eof { eof, max } => {
            if eof.is_empty() || eof.len() > EOF_MAX {
                return Err(format!("package_eof has 1 to {EOF_MAX} bytes, not {}", eof.len()));
            }
            at_most("package_max_length", *max, LENGTH_MAX)
        }
    }
}

impl fmt::Display for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length { pack, length_offset, body_offset, max } => write!(
                out,
                "[\n    'open_length_check' => true,\n    'package_length_type' => '{pack}',\n    \
                 'package_length_offset' => {length_offset},\n    'package_body_offset' => {body_offset},\n    \
                 'package_max_length' => {max},\n]"
            ),
            Self::Eof { eof, max } => write!(
                out,
                "[\n    'open_eof_split' => true,\n    'package_eof' => \"{}\",\n    'package_max_length' => {max},\n]",
                super::escaped(eof, b"$")
            ),
        }
    }
}
