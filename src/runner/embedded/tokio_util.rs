//! tokio-util's codecs as testees, driven as `FramedRead` drives them.

use std::fmt::Debug;
use std::io;

use bytes::BytesMut;
use tokio_util::codec::{AnyDelimiterCodec, AnyDelimiterCodecError, Decoder, LengthDelimitedCodec};
use tokio_util::codec::{LinesCodec, LinesCodecError};

use crate::plan::peers::tokio::Settings;
use crate::plan::{Endian, OnReject, Oversize, Policy};
use crate::runner::judge::HANG;
use crate::segment::{Observed, ObservedEnd, Testee};

/// Of tokio-util, as this binary was built with it; a test compares it with the lock file.
pub(super) const VERSION: &str = "0.7.20";

/// One of tokio-util's codecs with its buffer.
///
/// Two are equal if the bytes not yet consumed are, and the codecs. `LinesCodec` and `AnyDelimiterCodec` have a derived equality of
/// all their fields. `LengthDelimitedCodec` has none, but its `Debug` is derived and prints every field (the settings, and
/// whether a head or how many bytes of data are awaited), so that equal texts are equal states.
#[derive(Clone, Debug)]
pub struct TokioUtil {
    codec: Codec,
    policy: Policy,
    buffer: BytesMut,
    over: bool,
}

#[derive(Clone, Debug)]
enum Codec {
    LengthDelimited(LengthDelimitedCodec),
    Lines(LinesCodec),
    AnyDelimiter(AnyDelimiterCodec),
}

impl PartialEq for TokioUtil {
    fn eq(&self, other: &Self) -> bool {
        let same = match (&self.codec, &other.codec) {
            (Codec::Lines(a), Codec::Lines(b)) => a == b,
            (Codec::AnyDelimiter(a), Codec::AnyDelimiter(b)) => a == b,
            (a, b) => self.buffer == other.buffer && text(a) == text(b),
        };
        same && self.over == other.over && self.buffer == other.buffer && self.policy == other.policy
    }
}

fn text(codec: &impl Debug) -> String {
    format!("{codec:?}")
}

impl TokioUtil {
    /// With its settings. `policy` says whether it goes on after an error; `LengthDelimitedCodec` never does.
    ///
    /// # Errors
    /// A number that does not fit this machine.
    pub fn new(settings: &Settings, policy: Policy) -> Result<Self, String> {
        let size = |value: u64| usize::try_from(value).map_err(|_| format!("{value} does not fit this machine"));
        let codec = match settings {
            Settings::LengthDelimited { offset, length, adjustment, num_skip, max, order } => {
                let adjustment =
                    isize::try_from(*adjustment).map_err(|_| format!("{adjustment} does not fit this machine"))?;
                let mut builder = LengthDelimitedCodec::builder();
                builder
                    .length_field_offset(size(*offset)?)
                    .length_field_length(usize::from(*length))
                    .length_adjustment(adjustment)
                    .num_skip(size(*num_skip)?)
                    .max_frame_length(size(*max)?);
                let builder = match order {
                    Endian::Big => builder.big_endian(),
                    Endian::Little => builder.little_endian(),
                };
                Codec::LengthDelimited(builder.new_codec())
            }
            Settings::Lines { max } => Codec::Lines(LinesCodec::new_with_max_length(size(*max)?)),
            Settings::AnyDelimiter { delimiters, writer, max } => {
                let codec = AnyDelimiterCodec::new_with_max_length(delimiters.clone(), vec![*writer], size(*max)?);
                Codec::AnyDelimiter(codec)
            }
        };
        Ok(Self { codec, policy, buffer: BytesMut::new(), over: false })
    }

    /// One frame, or none.
    fn decode(&mut self, eof: bool) -> Result<Option<Vec<u8>>, (&'static str, String)> {
        let buffer = &mut self.buffer;
        match &mut self.codec {
            Codec::LengthDelimited(codec) => {
                let frame = if eof { codec.decode_eof(buffer) } else { codec.decode(buffer) };
                frame
                    .map(|frame| frame.map(|frame| frame.to_vec()))
                    .map_err(|error| (length(&error), error.to_string()))
            }
            Codec::Lines(codec) => {
                let line = if eof { codec.decode_eof(buffer) } else { codec.decode(buffer) };
                line.map(|line| line.map(String::into_bytes)).map_err(|error| match &error {
                    LinesCodecError::MaxLineLengthExceeded => ("delimiter-too-far", error.to_string()),
                    LinesCodecError::Io(_) => ("bad-body", error.to_string()),
                })
            }
            Codec::AnyDelimiter(codec) => {
                let chunk = if eof { codec.decode_eof(buffer) } else { codec.decode(buffer) };
                chunk.map(|chunk| chunk.map(|chunk| chunk.to_vec())).map_err(|error| match &error {
                    AnyDelimiterCodecError::MaxChunkLengthExceeded => ("delimiter-too-far", error.to_string()),
                    AnyDelimiterCodecError::Io(_) => ("error", error.to_string()),
                })
            }
        }
    }

    /// Every frame that is there, as `FramedRead` asks for them.
    fn drain(&mut self, eof: bool, out: &mut Vec<Observed>) {
        // Two frames in a row that took no byte off the buffer: a third would come, and so on.
        let mut for_nothing = 0;
        while !self.over {
            let before = self.buffer.len();
            match self.decode(eof) {
                Ok(Some(_)) if self.buffer.len() == before && for_nothing == 1 => {
                    self.over = true;
                    let text = "it hands out frames without end and consumes nothing".to_owned();
                    out.push(Observed::Error { class: HANG.to_owned(), text });
                }
                Ok(Some(frame)) => {
                    for_nothing = u8::from(self.buffer.len() == before);
                    out.push(Observed::Frame(frame));
                }
                Ok(None) => return,
                Err((class, text)) => {
                    self.over = !self.goes_on(class);
                    out.push(Observed::Error { class: class.to_owned(), text });
                }
            }
        }
    }

    fn goes_on(&self, class: &str) -> bool {
        match (&self.codec, class) {
            (Codec::LengthDelimited(_), _) => false,
            (Codec::Lines(_) | Codec::AnyDelimiter(_), "delimiter-too-far") => self.policy.oversize == Oversize::Skip,
            (Codec::Lines(_) | Codec::AnyDelimiter(_), _) => self.policy.on_reject == OnReject::Skip,
        }
    }
}

/// The class of an error of `LengthDelimitedCodec`; it has three.
fn length(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::InvalidData => "frame-too-large",
        io::ErrorKind::InvalidInput => "length-too-small",
        _ => "incomplete",
    }
}

impl Testee for TokioUtil {
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        // `FramedRead` takes a read of no bytes for the end of the stream; it is never handed one as data.
        if !self.over && !chunk.is_empty() {
            self.buffer.extend_from_slice(chunk);
            self.drain(false, out);
        }
    }

    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
        self.feed(last, out);
        let over = self.over;
        self.drain(true, out);
        if over { ObservedEnd::Unknown } else { ObservedEnd::Clean }
    }
}
