//! The sweep over the geometries that a length-field framer can be configured for.
//!
//! Offset 0 to 3, width 1, 2, 3, 4 and 8, both byte orders, adjustment −(offset + width) to 3, strip 0 to offset + width, in Netty's words. The
//! streams and what they mean follow from the arithmetic alone: frame = offset + width + value + adjustment.

use super::{Expect, Expected, Level, Vector};
use crate::interp::{Class, End};
use crate::plan::peers::netty::Settings;
use crate::plan::{Endian, IntType};

/// One geometry. Sizes are in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    /// Bytes before the length field.
    pub offset: usize,
    /// Of the length field.
    pub width: u8,
    /// Of the length field.
    pub endian: Endian,
    /// Netty's lengthAdjustment.
    pub adjustment: i64,
    /// Netty's initialBytesToStrip.
    pub strip: usize,
}

/// How much larger than the header the largest frame is.
const ROOM: usize = 16;

/// Every point of the sweep.
pub fn points() -> impl Iterator<Item = Point> {
    let widths = [1_u8, 2, 3, 4, 8];
    let headers = (0..=3_usize).flat_map(move |offset| widths.into_iter().map(move |width| (offset, width)));
    let orders =
        headers.flat_map(|(offset, width)| [Endian::Big, Endian::Little].map(|endian| (offset, width, endian)));
    orders.flat_map(|(offset, width, endian)| {
        let header = offset.saturating_add(usize::from(width));
        let least = i64::try_from(header).unwrap_or(0).saturating_neg();
        (least..=3).flat_map(move |adjustment| {
            (0..=header).map(move |strip| Point { offset, width, endian, adjustment, strip })
        })
    })
}

impl Point {
    fn header(self) -> usize {
        self.offset.saturating_add(usize::from(self.width))
    }

    fn max(self) -> usize {
        self.header().saturating_add(ROOM)
    }

    /// The settings of Netty's decoder.
    #[must_use]
    pub fn settings(self) -> Settings {
        let size = |size: usize| u64::try_from(size).unwrap_or(u64::MAX);
        Settings::LengthField {
            max: size(self.max()),
            offset: size(self.offset),
            length: self.width,
            adjustment: self.adjustment,
            strip: size(self.strip),
            order: self.endian,
        }
    }

    /// A name for the point: `sweep-o1-w4be-am2-s0`, with `m` before a negative adjustment.
    #[must_use]
    pub fn name(self) -> String {
        let order = match self.endian {
            Endian::Big => "be",
            Endian::Little => "le",
        };
        let sign = if self.adjustment < 0 { "m" } else { "" };
        let adjustment = self.adjustment.unsigned_abs();
        format!("sweep-o{}-w{}{order}-a{sign}{adjustment}-s{}", self.offset, self.width, self.strip)
    }

    /// Coalesced, truncated, oversize and too small streams, and what they mean.
    #[must_use]
    pub fn vectors(self) -> Vec<Vector> {
        let header = self.header();
        let smallest = header.saturating_add(usize::try_from(self.adjustment).unwrap_or(0));
        let all = [
            self.stream("coalesced", &[smallest, smallest.saturating_add(3), smallest], Tail::None),
            self.stream("long then short", &[smallest.saturating_add(7), smallest], Tail::None),
            self.stream("a truncated body", &[smallest], Tail::Truncated(smallest.saturating_add(2), 1)),
            self.stream(
                "a truncated header",
                &[smallest.saturating_add(1)],
                Tail::Truncated(smallest, smallest.saturating_sub(header).saturating_add(1)),
            ),
            self.stream(
                "the largest, then an oversize frame",
                &[self.max()],
                Tail::Refused(self.max().saturating_add(1), Class::FrameTooLarge),
            ),
            self.stream(
                "a frame that ends inside its header",
                &[smallest],
                Tail::Refused(header.saturating_sub(1), Class::LengthTooSmall),
            ),
        ];
        all.into_iter().flatten().collect()
    }

    /// The bytes of a frame of this size, its length field included; nothing where no value says so.
    fn frame(self, size: usize) -> Option<Vec<u8>> {
        let value = i128::try_from(size).ok()?.checked_sub(i128::try_from(self.header()).ok()?)?;
        let value = value.checked_sub(i128::from(self.adjustment))?;
        let int = IntType { bytes: self.width, signed: false, endian: self.endian };
        if value < 0 || value > int.bounds().1 {
            return None;
        }
        let mut bytes: Vec<u8> = (0xa0..).take(self.offset).collect();
        bytes.extend(int.to_wire(value));
        let body = size.saturating_sub(self.header());
        bytes.extend((1_u8..).take(body));
        Some(bytes)
    }

    fn stream(self, name: &str, sizes: &[usize], tail: Tail) -> Option<Vector> {
        let mut stream = Vec::new();
        let mut events = Vec::new();
        for size in sizes {
            let frame = self.frame(*size)?;
            let emitted = frame.get(self.strip..)?.to_vec();
            stream.extend(frame);
            events.push(Expected::Frame { end: stream.len(), emitted, fields: None });
        }
        let end = match tail {
            Tail::None => End::Clean,
            Tail::Truncated(size, missing) => {
                let frame = self.frame(size)?;
                let left = frame.get(..frame.len().saturating_sub(missing)).filter(|left| !left.is_empty())?;
                stream.extend(left);
                End::Incomplete
            }
            Tail::Refused(size, class) => {
                let frame = self.frame(size)?;
                let at = stream.len().saturating_add(self.header()).saturating_sub(1);
                stream.extend(frame);
                events.push(Expected::Reject { class, at });
                End::Rejected
            }
        };
        let id = format!("{}-{}", self.name(), name.replace([' ', ','], ""));
        Some(Vector {
            id,
            name: name.to_owned(),
            level: Level::Must,
            flags: vec!["sweep".to_owned()],
            source: None,
            derived: true,
            stream,
            marks: Vec::new(),
            expect: Expect { events, end },
        })
    }
}

/// How a stream of the sweep ends.
#[derive(Clone, Copy)]
enum Tail {
    None,
    /// A frame of so many bytes, of which the last so many are missing.
    Truncated(usize, usize),
    /// A frame of so many bytes that is refused at its length field's last byte.
    Refused(usize, Class),
}
