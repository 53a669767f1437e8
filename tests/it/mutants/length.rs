//! A decoder of `amqp`, a length field between a checked header and a constant, with a fault to order.

use framewright::segment::{Observed, ObservedEnd, Testee};

/// Type, channel and size.
const HEADER: usize = 7;
/// The byte behind every payload.
const END: u8 = 0xce;

/// What is wrong with the decoder, a few lines each. [`super::faults`] says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    CutHeaderForgotten,
    HeaderOfTwoPieces,
    MissingHeaderReadAsZero,
    StaleLength,
    ByteAfterHeaderLost,
    ByteAfterFrameLost,
    EmittedTwice,
    OneFrameAFeed,
    RestLost,
    EmittedLate,
    EmittedWithoutEnd,
    EmptyChunkEnds,
    EmptyChunkForgets,
    LastChunkDropped,
    ThirdPieceReplaces,
    FivePiecesAtMost,
    ChunkTakenForHeader,
    LimitOnWholeHeaders,
    EndUncheckedAlone,
    TypeJudgedLate,
    FramesBeforeRejectLost,
    PanicsOnSecondByte,
    TailCutOff,
    ReadsPastFrame,
    CleanInsideHeader,
    TailEmitted,
    SizeSigned,
    SizeOf16Bits,
    SizeLittleEndian,
    LimitOneMore,
    LimitOneLess,
    LimitOnPayload,
    EmptyPayloadWaits,
    EmptyPayloadSwallowed,
    TypeUnchecked,
    ChannelUnchecked,
    EndUnchecked,
    EndLeftBehind,
    GoesOnAfterReject,
    RejectForgotten,
    SkipEndsWithChunk,
    SkipOneLess,
    SkipCountsTwice,
    SkipDropsChunk,
    RefusedStays,
    RefusedAgain,
}

/// What the bytes at hand begin with.
enum Found {
    Short,
    Frame(usize),
    Reject(&'static str),
    /// The whole size of a frame that was refused.
    Refused(usize),
}

/// The decoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoder {
    fault: Fault,
    max_frame: usize,
    /// A refused frame is discarded by its size, and decoding goes on.
    skips: bool,
    /// The frame at hand as far as it has come.
    buf: Vec<u8>,
    /// Its whole size, once the header is there.
    size: Option<usize>,
    /// How many pieces it came in, as far as the fault counts them: what no fault asks for is no state.
    pieces: usize,
    /// Where the last of them begins, if the fault asks for it.
    last: usize,
    /// One of them begins inside the header.
    header_cut: bool,
    /// It was refused, but its size is not known yet.
    refused: bool,
    /// Bytes of a refused frame that are still to come.
    discard: usize,
    over: bool,
    /// The next byte is lost.
    lose: bool,
}

impl Decoder {
    pub(super) fn new(fault: Fault, max_frame: usize, skips: bool) -> Self {
        Self {
            fault,
            max_frame,
            skips,
            buf: Vec::new(),
            size: None,
            pieces: 0,
            last: 0,
            header_cut: false,
            refused: false,
            discard: 0,
            over: false,
            lose: false,
        }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn take(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        let chunk = if std::mem::take(&mut self.lose) { chunk.get(1..).unwrap_or_default() } else { chunk };
        if chunk.is_empty() {
            self.over |= self.has(Fault::EmptyChunkEnds);
            if self.has(Fault::EmptyChunkForgets) {
                self.forget();
            }
        }
        if self.over {
            return;
        }
        let skipped = self.discard.min(chunk.len());
        self.discard -= skipped;
        let had = self.buf.len();
        self.append(&chunk[skipped..]);
        self.emit(had, out);
        self.keep(had);
    }

    /// Takes the bytes in behind those at hand.
    fn append(&mut self, chunk: &[u8]) {
        if chunk.is_empty() {
            return;
        }
        let had = self.buf.len();
        let in_header = (1..HEADER).contains(&had);
        if self.has(Fault::PanicsOnSecondByte) && had == 1 && chunk.len() == 1 {
            panic!("index out of range");
        }
        if self.has(Fault::ChunkTakenForHeader) && in_header && chunk.len() == HEADER {
            self.forget();
        }
        match (self.fault, self.pieces) {
            (Fault::HeaderOfTwoPieces, 2) if in_header => self.buf.truncate(self.last),
            (Fault::ThirdPieceReplaces, 2) => self.buf.truncate(self.last),
            (Fault::FivePiecesAtMost, 5) => self.forget(),
            _ => {}
        }
        let (counted, placed) = match self.fault {
            Fault::HeaderOfTwoPieces => (2, true),
            Fault::ThirdPieceReplaces => (3, true),
            Fault::FivePiecesAtMost => (5, false),
            _ => (2, false),
        };
        self.pieces = (self.pieces + 1).min(counted);
        self.last = if placed { self.buf.len() } else { 0 };
        self.header_cut |= in_header;
        self.buf.extend_from_slice(chunk);
    }

    /// Emits what is whole. `had` bytes were there before this chunk.
    fn emit(&mut self, had: usize, out: &mut Vec<Observed>) {
        let first = out.len();
        loop {
            match self.find(had) {
                Found::Short => return,
                Found::Frame(size) => {
                    let late = self.has(Fault::EmittedLate) || self.has(Fault::EmptyPayloadWaits) && size == HEADER + 1;
                    if late && size == self.buf.len() && had < size {
                        return;
                    }
                    let pieced = self.pieces > 1;
                    let behind = self.buf.len() > size;
                    let whole = if self.has(Fault::ReadsPastFrame) && pieced { self.buf.len() } else { size };
                    if !(self.has(Fault::EmptyPayloadSwallowed) && size == HEADER + 1) {
                        out.push(Observed::Frame(self.buf[..whole].to_vec()));
                    }
                    if self.has(Fault::EmittedTwice) && pieced && behind {
                        out.push(Observed::Frame(self.buf[..whole].to_vec()));
                    }
                    self.lose = self.has(Fault::ByteAfterFrameLost) && pieced && !behind;
                    self.drop_front(whole - usize::from(self.has(Fault::EndLeftBehind)));
                    if self.has(Fault::RestLost) && pieced {
                        self.forget();
                    }
                    if self.has(Fault::OneFrameAFeed) {
                        return;
                    }
                }
                Found::Reject(class) => {
                    if self.has(Fault::FramesBeforeRejectLost) {
                        out.truncate(first);
                    }
                    out.push(Observed::Error { class: class.to_owned(), text: String::new() });
                    self.refused = self.skips;
                    if !self.skips && self.has(Fault::GoesOnAfterReject) {
                        self.drop_front(self.size.unwrap_or(self.buf.len()));
                    } else if !self.skips {
                        self.forget();
                        self.over = !self.has(Fault::RejectForgotten);
                        return;
                    }
                }
                Found::Refused(size) => self.discard(size),
            }
        }
    }

    fn find(&mut self, had: usize) -> Found {
        let whole_header = self.buf.len() >= HEADER;
        let judged = !self.refused && (whole_header || !self.has(Fault::TypeJudgedLate));
        match *self.buf.as_slice() {
            [kind, ..] if judged && !matches!(kind, 1 | 2 | 3 | 8) && !self.has(Fault::TypeUnchecked) => {
                return Found::Reject("bad-enum");
            }
            [8, high, low, ..] if judged && (high, low) != (0, 0) && !self.has(Fault::ChannelUnchecked) => {
                return Found::Reject("bad-check");
            }
            _ => {}
        }
        let Some(size) = self.size() else { return Found::Short };
        if self.refused {
            return Found::Refused(size);
        }
        let limited = match self.fault {
            Fault::LimitOneMore => size - 1,
            Fault::LimitOneLess => size + 1,
            Fault::LimitOnPayload => size - HEADER - 1,
            Fault::LimitOnWholeHeaders if self.header_cut => 0,
            _ => size,
        };
        if limited > self.max_frame {
            return Found::Reject("frame-too-large");
        }
        if self.buf.len() < size {
            return Found::Short;
        }
        let unchecked = self.has(Fault::EndUnchecked) || self.has(Fault::EndUncheckedAlone) && had == size - 1;
        if self.buf[size - 1] != END && !unchecked { Found::Reject("bad-const") } else { Found::Frame(size) }
    }

    /// The whole size of the frame at hand.
    fn size(&mut self) -> Option<usize> {
        let field = match *self.buf.as_slice() {
            [_, _, _, a, b, c, d, ..] => [a, b, c, d],
            [_, _, _, a, b, ref rest @ ..] if self.has(Fault::MissingHeaderReadAsZero) => {
                [a, b, rest.first().copied().unwrap_or(0), 0]
            }
            _ if self.has(Fault::StaleLength) => return self.size,
            _ => return None,
        };
        let payload = match self.fault {
            Fault::SizeSigned => usize::try_from(i32::from_be_bytes(field)).unwrap_or(0),
            Fault::SizeOf16Bits => usize::from(u16::from_be_bytes([field[2], field[3]])),
            Fault::SizeLittleEndian => u32::from_le_bytes(field) as usize,
            _ => u32::from_be_bytes(field) as usize,
        };
        // Read once: what is here already stands, right or wrong.
        let keeps = self.has(Fault::MissingHeaderReadAsZero) || self.has(Fault::StaleLength);
        self.size = self.size.filter(|_| keeps).or(Some(HEADER + payload + 1));
        self.size
    }

    /// Discards the refused frame at hand, of which more may be to come.
    fn discard(&mut self, size: usize) {
        let size = if self.has(Fault::SkipOneLess) { size - 1 } else { size };
        let here = if self.has(Fault::SkipDropsChunk) { self.buf.len() } else { size.min(self.buf.len()) };
        self.discard = if self.has(Fault::SkipCountsTwice) { size } else { size.saturating_sub(here) };
        self.refused = self.has(Fault::RefusedStays);
        self.drop_front(here);
    }

    fn drop_front(&mut self, bytes: usize) {
        self.buf.drain(..bytes.min(self.buf.len()));
        self.pieces = usize::from(!self.buf.is_empty());
        self.last = 0;
        self.header_cut = false;
        if !(self.has(Fault::StaleLength) && (1..HEADER).contains(&self.buf.len())) {
            self.size = None;
        }
    }

    fn forget(&mut self) {
        self.drop_front(self.buf.len());
    }

    /// What is remembered of a chunk, of which nothing more can be emitted.
    fn keep(&mut self, had: usize) {
        let in_header = (1..HEADER).contains(&self.buf.len());
        match self.fault {
            Fault::CutHeaderForgotten if in_header => self.forget(),
            Fault::ByteAfterHeaderLost if self.buf.len() == HEADER && had < HEADER => self.lose = true,
            Fault::TailCutOff if self.buf.len() > 16 => self.buf.truncate(16),
            Fault::SkipEndsWithChunk => self.discard = 0,
            Fault::RefusedAgain => self.refused = false,
            _ => {}
        }
    }
}

impl Testee for Decoder {
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        self.take(chunk, out);
        if self.has(Fault::EmittedWithoutEnd) && self.size().is_some_and(|size| size == self.buf.len() + 1) {
            self.buf.push(END);
            out.push(Observed::Frame(std::mem::take(&mut self.buf)));
            self.drop_front(0);
            self.discard = 1;
        }
    }

    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
        if !last.is_empty() && !self.has(Fault::LastChunkDropped) {
            self.take(last, out);
        }
        if self.has(Fault::EmittedLate) {
            self.take(&[], out);
        }
        if self.has(Fault::TailEmitted) && !self.buf.is_empty() {
            out.push(Observed::Frame(std::mem::take(&mut self.buf)));
        }
        let unsaid = self.has(Fault::CleanInsideHeader) && self.buf.len() < HEADER;
        let inside = !self.buf.is_empty() && !unsaid || self.discard > 0 || self.refused;
        if inside { ObservedEnd::Incomplete } else { ObservedEnd::Clean }
    }
}
