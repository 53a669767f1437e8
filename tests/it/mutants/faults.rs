//! The faults: what is wrong, what the default run says of it, and the families that cannot find it.

use framewright::catalogue;
use framewright::runner::Kind;
use framewright::segment::Family;

use super::delimiter::Fault as D;
use super::length::Fault as L;

use Family::{EveryByte, Exhaustive, OneCut, Sample, Seams, TwoCuts, Whole};
use Kind::{Crash, EarlyFrame, ExtraFrame, FalseReject, LateFrame, MissedReject, MissingFrame, WrongEnd, WrongFrame};

/// A decoder and the spec that it is run against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Subject {
    /// `amqp` as it ships.
    Length,
    /// `amqp` with small frames, where the stream goes on after a reject.
    LengthSkips,
    /// `multi-delimiter` with short records.
    Delimiter,
    /// The same, where the stream goes on behind a record that is too long.
    DelimiterSkips,
}

impl Subject {
    /// In the order of the table.
    pub(super) const ALL: [Self; 4] = [Self::Length, Self::LengthSkips, Self::Delimiter, Self::DelimiterSkips];

    /// What of the spec that ships is replaced, by what, and what is appended.
    fn change(self) -> (&'static str, [&'static str; 2], &'static str) {
        match self {
            Self::Length => ("amqp", ["", ""], ""),
            Self::LengthSkips => {
                let policy = "policy: { oversize: skip, on_reject: skip }\n";
                ("amqp", ["max_frame: 131072", "max_frame: 32"], policy)
            }
            Self::Delimiter => ("multi-delimiter", ["max 1024", "max 24"], ""),
            Self::DelimiterSkips => ("multi-delimiter", ["max 1024", "max 24"], "policy: { oversize: skip }\n"),
        }
    }

    pub(super) fn spec(self) -> String {
        let (name, [from, to], more) = self.change();
        let spec = catalogue::spec(name).unwrap();
        assert!(spec.contains(from), "{name} has no `{from}`");
        spec.replace(from, to) + more
    }

    /// As the table writes it.
    pub(super) fn title(self) -> String {
        let (name, [_, to], more) = self.change();
        let change: Vec<&str> = [to, more.trim_end()].into_iter().filter(|part| !part.is_empty()).collect();
        if change.is_empty() { format!("`{name}`") } else { format!("`{name}` with `{}`", change.join("`, `")) }
    }

    /// Bytes of the largest frame, or of the longest record.
    pub(super) fn max(self) -> usize {
        match self {
            Self::Length => 131_072,
            Self::LengthSkips => 32,
            Self::Delimiter | Self::DelimiterSkips => 24,
        }
    }

    /// Decoding goes on after a reject.
    pub(super) fn skips(self) -> bool {
        matches!(self, Self::LengthSkips | Self::DelimiterSkips)
    }
}

/// One fault of either decoder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    Length(L),
    Delimiter(D),
}

/// One fault, and what is expected to find it.
pub(super) struct Row {
    pub(super) subject: Subject,
    pub(super) fault: Fault,
    pub(super) what: &'static str,
    /// The gravest kind of deviation that a run of the default family reports.
    pub(super) says: Kind,
    /// The families that find nothing; all others find it.
    pub(super) blind: &'static [Family],
}

/// Every fault.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |subject, fault, what, says, blind| rows.push(Row { subject, fault, what, says, blind });
    for &(fault, what, says, blind) in LENGTH {
        add(Subject::Length, Fault::Length(fault), what, says, blind);
    }
    for &(fault, what, says, blind) in LENGTH_SKIPS {
        add(Subject::LengthSkips, Fault::Length(fault), what, says, blind);
    }
    for &(fault, what, says, blind) in DELIMITER {
        add(Subject::Delimiter, Fault::Delimiter(fault), what, says, blind);
    }
    for &(fault, what, says, blind) in DELIMITER_SKIPS {
        add(Subject::DelimiterSkips, Fault::Delimiter(fault), what, says, blind);
    }
    rows
}

type Rows<F> = &'static [(F, &'static str, Kind, &'static [Family])];

/// Faults that an uncut stream shows have no family that is blind, but `exhaustive` where its short streams do not hold it.
const LENGTH: Rows<L> = &[
    (L::CutHeaderForgotten, "a header that does not arrive whole is forgotten", WrongFrame, &[]),
    (L::HeaderOfTwoPieces, "of a header in three pieces the second is lost", WrongFrame, &[Whole, OneCut]),
    (L::MissingHeaderReadAsZero, "a size is read before its last bytes are there", FalseReject, &[Whole]),
    (
        L::StaleLength,
        "a cut header is given the length of the frame before",
        MissingFrame,
        &[Whole, EveryByte, Exhaustive],
    ),
    (L::ByteAfterHeaderLost, "a byte is lost where a chunk ends with the header", MissingFrame, &[Whole]),
    (
        L::ByteAfterFrameLost,
        "a byte is lost behind a frame begun before that ends a chunk",
        MissingFrame,
        &[Whole, OneCut],
    ),
    (L::EmittedTwice, "a frame begun before is emitted twice if more follows it", WrongFrame, &[Whole, EveryByte]),
    (L::OneFrameAFeed, "one frame is emitted for each chunk", MissingFrame, &[Exhaustive]),
    (L::RestLost, "what follows a frame begun before is lost", WrongFrame, &[Whole, EveryByte]),
    (L::ReadsPastFrame, "a frame begun before is taken to end with the chunk", WrongFrame, &[Whole, EveryByte]),
    (L::EmittedLate, "a frame that ends with its chunk waits for the next one", LateFrame, &[]),
    (L::EmittedWithoutEnd, "a frame is emitted before its last byte, a constant", EarlyFrame, &[]),
    (L::EmptyChunkEnds, "an empty chunk is taken for the end", MissingFrame, &[]),
    (L::EmptyChunkForgets, "an empty chunk forgets the frame at hand", WrongFrame, &[]),
    (L::LastChunkDropped, "a chunk that comes with the end is dropped", MissingFrame, &[]),
    (L::ThirdPieceReplaces, "the third piece of a frame replaces the second", WrongFrame, &[Whole, OneCut]),
    (L::FivePiecesAtMost, "a frame is forgotten with its sixth piece", WrongFrame, &[Whole, OneCut, TwoCuts]),
    (L::ChunkTakenForHeader, "a chunk as long as a header is taken for one", MissingFrame, &[Whole, EveryByte]),
    (L::TailCutOff, "of an incomplete frame 16 bytes are kept", WrongFrame, &[Whole, Exhaustive]),
    (L::LimitOnWholeHeaders, "the limit is checked only if the header came whole", MissedReject, &[Whole]),
    (L::EndUncheckedAlone, "the end is not checked if a chunk begins with it", MissedReject, &[Whole]),
    (L::TypeJudgedLate, "a wrong type is refused when the header is there", MissedReject, &[]),
    (L::RejectForgotten, "the next chunk is decoded although one before was refused", ExtraFrame, &[Whole, Exhaustive]),
    (L::PanicsOnSecondByte, "it panics where the second byte comes by itself", Crash, &[Whole]),
    (L::GoesOnAfterReject, "decoding goes on behind a refused frame", ExtraFrame, &[Exhaustive]),
    (L::FramesBeforeRejectLost, "a reject takes with it the frames of its chunk", MissingFrame, &[Exhaustive]),
    (L::CleanInsideHeader, "an end inside a header is taken for a clean one", WrongEnd, &[]),
    (L::TailEmitted, "the end emits what there is of a frame", ExtraFrame, &[]),
    (L::SizeSigned, "the size is read with a sign", MissedReject, &[]),
    (L::SizeOf16Bits, "of the size the lower half is read", MissedReject, &[]),
    (L::SizeLittleEndian, "the size is read in little-endian order", FalseReject, &[]),
    (L::LimitOneMore, "the limit is one byte too large", MissedReject, &[]),
    (L::LimitOneLess, "the limit is one byte too small", FalseReject, &[]),
    (L::LimitOnPayload, "the limit is that of the payload", MissedReject, &[]),
    (L::EmptyPayloadWaits, "a frame without payload waits for the next chunk", MissingFrame, &[]),
    (L::EmptyPayloadSwallowed, "a frame without payload is not emitted", MissingFrame, &[]),
    (L::TypeUnchecked, "the type is not checked", MissedReject, &[]),
    (L::ChannelUnchecked, "the channel of a heartbeat is not checked", MissedReject, &[]),
    (L::EndUnchecked, "the end is not checked", MissedReject, &[]),
    (L::EndLeftBehind, "the end is taken for the first byte of the next frame", FalseReject, &[]),
];

const LENGTH_SKIPS: Rows<L> = &[
    (L::SkipEndsWithChunk, "what is to be discarded is forgotten with the chunk", FalseReject, &[]),
    (L::SkipOneLess, "a refused frame is discarded but for its last byte", FalseReject, &[]),
    (L::SkipCountsTwice, "what is there of a refused frame is discarded twice", MissingFrame, &[]),
    (L::SkipDropsChunk, "what follows a refused frame is discarded with it", MissingFrame, &[Exhaustive]),
    (L::RefusedStays, "the frame behind a refused one is discarded too", MissingFrame, &[]),
    (L::RefusedAgain, "a cut header is refused again with each piece", FalseReject, &[Whole]),
];

const DELIMITER: Rows<D> = &[
    (D::DelimiterInOneChunk, "a delimiter in two pieces is not found", WrongFrame, &[Whole]),
    (D::HalfCarriedTooFar, "half a delimiter is carried past other bytes", WrongFrame, &[Whole]),
    (D::FalseStartLost, "a first half at the end of a chunk is lost if it is content", WrongFrame, &[Whole]),
    (D::NoRestart, "a repeated first half is not tried again in the next chunk", MissingFrame, &[Whole]),
    (D::StaleScan, "the search goes on where it was in the record before", WrongFrame, &[Whole, EveryByte]),
    (D::EndsAtHalf, "a CR at the end of a chunk ends the record", WrongFrame, &[Whole]),
    (D::LimitOnChunk, "the limit is that of a chunk", MissedReject, &[Whole, Exhaustive]),
    (D::LimitWithoutDelimiter, "no room is left for the delimiter", FalseReject, &[Whole, Exhaustive]),
    (D::OneRecordAFeed, "one record is emitted for each chunk", MissingFrame, &[]),
    (D::RestLost, "what follows a record in its chunk is lost", MissingFrame, &[]),
    (D::FirstListedWins, "the delimiter listed first wins over an earlier one", WrongFrame, &[]),
    (D::EmptySwallowed, "an empty record is not emitted", MissingFrame, &[]),
    (D::DelimiterLeftIn, "the delimiter is emitted with the record", WrongFrame, &[]),
    (D::LimitOneMore, "the limit is one byte too large", MissedReject, &[Exhaustive]),
    (D::LimitOneLess, "the limit is one byte too small", FalseReject, &[Exhaustive]),
    (D::LimitCountsDelimiter, "the limit counts the delimiter", FalseReject, &[Exhaustive]),
    (D::LimitOnBuffer, "the limit is checked before records are split", MissingFrame, &[Exhaustive]),
    (D::LimitOnFoundAlone, "the limit is checked when the delimiter is found", MissedReject, &[Exhaustive]),
    (D::TailEmitted, "the end emits what there is of a record", ExtraFrame, &[]),
];

const DELIMITER_SKIPS: Rows<D> = &[
    (
        D::DiscardEndsWithChunk,
        "that a record is discarded is forgotten with the chunk",
        WrongFrame,
        &[Whole, Exhaustive],
    ),
    (
        D::DiscardMissesSplit,
        "a delimiter in two pieces does not end what is discarded",
        MissingFrame,
        &[Whole, Exhaustive],
    ),
    (
        D::DiscardKeepsPrefix,
        "what was discarded comes out in front of the next record",
        WrongFrame,
        &[Whole, EveryByte, Seams, Sample, Exhaustive],
    ),
    (
        D::DiscardRejectsAgain,
        "a record that is discarded is refused again and again",
        FalseReject,
        &[Whole, OneCut, Seams, Exhaustive],
    ),
    (D::DiscardTakesNext, "what follows a discarded record is lost", MissingFrame, &[Whole, EveryByte, Exhaustive]),
];
