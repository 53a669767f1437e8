//! Segmentations as the testee protocol writes them: `-`, `3,4,4,9`, `~7`.

use std::fmt;
use std::str::FromStr;

use super::Segmentation;

/// Why a text is no segmentation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BadSegmentation {
    /// A cut is no decimal number.
    NotANumber(String),
    /// A cut lies before the one in front of it.
    Falls(usize, usize),
    /// A cut lies behind the end of the stream of so many bytes.
    Beyond(usize, usize),
}

impl fmt::Display for BadSegmentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber(word) => write!(f, "`{word}` is no cut: a segmentation is `-` or offsets such as `3,4,9`"),
            Self::Falls(before, cut) => write!(f, "the cut {cut} stands behind {before}: cuts never fall"),
            Self::Beyond(cut, n) => write!(f, "the cut {cut} lies behind the end of a stream of {n} bytes"),
        }
    }
}

impl std::error::Error for BadSegmentation {}

impl FromStr for Segmentation {
    type Err = BadSegmentation;

    fn from_str(text: &str) -> Result<Self, BadSegmentation> {
        let (glued, text) = text.strip_prefix('~').map_or((false, text), |rest| (true, rest));
        let mut cuts = Vec::new();
        if text != "-" {
            for word in text.split(',') {
                let digits = !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit());
                let cut = word.parse().ok().filter(|_| digits);
                let cut: usize = cut.ok_or_else(|| BadSegmentation::NotANumber(word.to_owned()))?;
                if let Some(&before) = cuts.last().filter(|before| **before > cut) {
                    return Err(BadSegmentation::Falls(before, cut));
                }
                cuts.push(cut);
            }
        }
        Ok(Self { cuts, glued })
    }
}

impl Segmentation {
    /// The same, if it is one of a stream of `n` bytes.
    ///
    /// # Errors
    /// [`BadSegmentation::Falls`] or [`BadSegmentation::Beyond`] for the first cut that is wrong.
    pub fn of(self, n: usize) -> Result<Self, BadSegmentation> {
        let mut before = 0;
        for &cut in &self.cuts {
            if cut < before {
                return Err(BadSegmentation::Falls(before, cut));
            }
            if cut > n {
                return Err(BadSegmentation::Beyond(cut, n));
            }
            before = cut;
        }
        Ok(self)
    }

    /// Appends the text to a buffer that is used again and again.
    pub fn write(&self, out: &mut Vec<u8>) {
        if self.glued {
            out.push(b'~');
        }
        if self.cuts.is_empty() {
            out.push(b'-');
        }
        for (index, &cut) in self.cuts.iter().enumerate() {
            if index > 0 {
                out.push(b',');
            }
            write_number(cut, out);
        }
    }
}

/// Appends decimal digits.
pub(crate) fn write_number(mut value: usize, out: &mut Vec<u8>) {
    const DIGITS: [u8; 10] = *b"0123456789";
    let start = out.len();
    loop {
        out.push(DIGITS.get(value % 10).copied().unwrap_or(b'0'));
        value /= 10;
        if value == 0 {
            break;
        }
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

impl fmt::Display for Segmentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.write(&mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}
