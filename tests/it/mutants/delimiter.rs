//! A decoder of `multi-delimiter`, records up to whichever of three delimiters ends first, with a fault to order.

use framewright::segment::{Observed, ObservedEnd, Testee};

const DELIMITERS: [&[u8]; 3] = [b";;", b"\r\n", b"\0"];
/// Bytes of the longest delimiter.
const LONGEST: usize = 2;

/// What is wrong with the decoder, a few lines each. [`super::faults`] says it in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    DelimiterInOneChunk,
    HalfCarriedTooFar,
    FalseStartLost,
    NoRestart,
    StaleScan,
    OneRecordAFeed,
    RestLost,
    EndsAtHalf,
    FirstListedWins,
    EmptySwallowed,
    DelimiterLeftIn,
    LimitOneMore,
    LimitOneLess,
    LimitCountsDelimiter,
    LimitOnChunk,
    LimitOnBuffer,
    LimitOnFoundAlone,
    LimitWithoutDelimiter,
    TailEmitted,
    DiscardEndsWithChunk,
    DiscardMissesSplit,
    DiscardKeepsPrefix,
    DiscardRejectsAgain,
    DiscardTakesNext,
}

/// The decoder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decoder {
    fault: Fault,
    /// Bytes that a record may have.
    max: usize,
    /// A record that is too long is discarded, and decoding goes on.
    skips: bool,
    /// The record at hand as far as it has come.
    buf: Vec<u8>,
    /// No delimiter ends before this place.
    scanned: usize,
    /// The record at hand was refused: its bytes are discarded up to a delimiter.
    discarding: bool,
    over: bool,
    /// The half of a delimiter that an earlier chunk ended with.
    half: bool,
    /// The next byte is a delimiter's second half, of which the first was enough.
    swallow: bool,
}

impl Decoder {
    pub(super) fn new(fault: Fault, max: usize, skips: bool) -> Self {
        let buf = Vec::new();
        Self { fault, max, skips, buf, scanned: 0, discarding: false, over: false, half: false, swallow: false }
    }

    fn has(&self, fault: Fault) -> bool {
        self.fault == fault
    }

    fn take(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        let mut chunk = chunk;
        if let (true, Some(first)) = (self.swallow, chunk.first()) {
            chunk = if *first == b'\n' { &chunk[1..] } else { chunk };
            self.swallow = false;
        }
        if self.over || chunk.is_empty() {
            return;
        }
        if self.has(Fault::FalseStartLost) && self.buf.last().is_some_and(|last| b";\r".contains(last)) {
            let goes_on = matches!((self.buf.last(), chunk[0]), (Some(b';'), b';') | (Some(b'\r'), b'\n'));
            self.buf.truncate(self.buf.len() - usize::from(!goes_on));
        }
        let had = self.buf.len();
        self.buf.extend_from_slice(chunk);
        while let Some((content, end)) = self.find(had) {
            self.record(content, end, out);
            if self.has(Fault::RestLost) {
                self.forget();
            }
            if self.over || self.has(Fault::OneRecordAFeed) {
                return;
            }
        }
        self.half |= self.buf.last() == Some(&b';');
        self.limit(chunk.len(), out);
        if self.has(Fault::EndsAtHalf) && self.buf.last() == Some(&b'\r') && !self.over && !self.discarding {
            out.push(Observed::Frame(self.buf[..self.buf.len() - 1].to_vec()));
            self.forget();
            self.swallow = true;
        }
    }

    /// Where the first record ends without and with its delimiter. `had` bytes were there before this chunk.
    fn find(&mut self, had: usize) -> Option<(usize, usize)> {
        if self.has(Fault::FirstListedWins) {
            let all = |delimiter: &[u8]| {
                let start = self.buf.windows(delimiter.len()).position(|window| window == delimiter)?;
                Some((start, start + delimiter.len()))
            };
            return DELIMITERS.iter().find_map(|delimiter| all(delimiter));
        }
        for end in self.scanned + 1..=self.buf.len() {
            let carried = self.has(Fault::HalfCarriedTooFar) && self.half && end > had && self.buf[end - 1] == b';';
            if carried {
                return Some((end - 1, end));
            }
            for delimiter in DELIMITERS.iter().filter(|delimiter| self.buf[..end].ends_with(delimiter)) {
                let content = end - delimiter.len();
                let split = content < had && had < end;
                let restarted = split && content > 0 && self.buf[content - 1] == self.buf[content];
                let missed = match self.fault {
                    Fault::DelimiterInOneChunk => split,
                    Fault::NoRestart => restarted,
                    Fault::DiscardMissesSplit => split && self.discarding,
                    _ => false,
                };
                if !missed {
                    return Some((content, end));
                }
            }
        }
        self.scanned = self.buf.len();
        None
    }

    /// Ends the record at hand.
    fn record(&mut self, content: usize, end: usize, out: &mut Vec<Observed>) {
        let limited = match self.fault {
            Fault::LimitOneMore => content.saturating_sub(1),
            Fault::LimitOneLess => content + 1,
            Fault::LimitCountsDelimiter => end,
            _ => content,
        };
        let mut from = 0;
        if std::mem::take(&mut self.discarding) {
            if self.has(Fault::DiscardTakesNext) {
                return self.forget();
            }
            from = if self.has(Fault::DiscardKeepsPrefix) { content } else { 0 };
        } else if limited > self.max {
            self.refuse(out);
            self.discarding = false;
        } else if content > 0 || !self.has(Fault::EmptySwallowed) {
            let emitted = if self.has(Fault::DelimiterLeftIn) { end } else { content };
            out.push(Observed::Frame(self.buf[..emitted].to_vec()));
        }
        self.buf.drain(from..end);
        self.half = false;
        if !self.has(Fault::StaleScan) {
            self.scanned = 0;
        }
    }

    /// Refuses a record that is too long wherever its delimiter may be.
    fn limit(&mut self, chunk: usize, out: &mut Vec<Observed>) {
        let limited = match self.fault {
            Fault::LimitOnChunk => chunk.min(self.buf.len()),
            Fault::LimitOnFoundAlone => 0,
            Fault::LimitWithoutDelimiter => self.buf.len() + LONGEST - 1,
            Fault::LimitOneMore => self.buf.len() - usize::from(!self.buf.is_empty()),
            _ => self.buf.len(),
        };
        let again = self.has(Fault::DiscardRejectsAgain);
        if limited >= self.max + LONGEST && !self.over && (!self.discarding || again) {
            self.refuse(out);
        }
        if self.discarding && !again {
            // The half of a delimiter may be the last byte.
            self.buf.drain(..self.buf.len() - 1);
            self.scanned = self.buf.len();
        }
        if self.has(Fault::DiscardEndsWithChunk) && self.discarding {
            self.forget();
            self.discarding = false;
        }
    }

    fn refuse(&mut self, out: &mut Vec<Observed>) {
        out.push(Observed::Error { class: "delimiter-too-far".to_owned(), text: String::new() });
        self.discarding = self.skips;
        self.over = !self.skips;
    }

    fn forget(&mut self) {
        self.buf.clear();
        self.scanned = 0;
    }
}

impl Testee for Decoder {
    fn feed(&mut self, chunk: &[u8], out: &mut Vec<Observed>) {
        if self.has(Fault::LimitOnBuffer) && self.buf.len() + chunk.len() >= self.max + LONGEST && !self.over {
            self.forget();
            return self.refuse(out);
        }
        self.take(chunk, out);
    }

    fn finish(&mut self, last: &[u8], out: &mut Vec<Observed>) -> ObservedEnd {
        self.feed(last, out);
        if self.has(Fault::TailEmitted) && !self.buf.is_empty() && !self.over {
            out.push(Observed::Frame(std::mem::take(&mut self.buf)));
        }
        if self.buf.is_empty() && !self.discarding { ObservedEnd::Clean } else { ObservedEnd::Incomplete }
    }
}
