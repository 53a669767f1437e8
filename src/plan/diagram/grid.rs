//! Rows of 32 bits, as the RFCs draw them: two characters a bit, a cell's sides on the borders of its bits.

use super::line;

const BITS: usize = 32;

/// A diagram under construction.
#[derive(Default)]
pub(super) struct Grid {
    out: String,
    /// The bottom of what has been drawn: for each bit of its last row the cell above it.
    above: Vec<Option<usize>>,
    /// The row at hand: cell of each bit.
    row: Vec<usize>,
    /// Label, the row at hand is where it is written.
    labels: Vec<(usize, String)>,
    cells: usize,
    legend: Vec<(char, String)>,
    ruled: bool,
}

impl Grid {
    /// A field of so many bits, from the next free bit on.
    pub(super) fn cell(&mut self, label: &str, short: &str, bits: u64) {
        if self.row.len() == BITS {
            self.flush();
        }
        let id = self.cells;
        self.cells = self.cells.saturating_add(1);
        let bits = usize::try_from(bits).unwrap_or(0);
        let widest = bits.min(BITS);
        let here = BITS.saturating_sub(self.row.len()).min(bits);
        // Of a cell that goes on in the next row, the wider part gets the label.
        let in_next_row = bits.saturating_sub(here).min(BITS) > here;
        let room = if in_next_row { bits.saturating_sub(here).min(widest) } else { here };
        let text = self.fit(label, short, room);
        let mut left = bits;
        let mut part = 0_usize;
        while left > 0 {
            if self.row.len() == BITS {
                self.flush();
            }
            if part == usize::from(in_next_row) {
                self.labels.push((id, text.clone()));
            }
            let take = BITS.saturating_sub(self.row.len()).min(left);
            self.row.extend(std::iter::repeat_n(id, take));
            left = left.saturating_sub(take);
            part = part.saturating_add(1);
        }
    }

    /// A part of any length, which ends the row.
    pub(super) fn open(&mut self, label: &str) {
        self.flush();
        self.cells = self.cells.saturating_add(1);
        let id = self.cells;
        self.rule(&[id; BITS]);
        let width = BITS.saturating_mul(2).saturating_sub(1);
        let label = if label.chars().count() <= width { label.to_owned() } else { self.letter(label) };
        line(&mut self.out, &format!("/{label:^width$}/"));
        self.above = vec![Some(id); BITS];
        self.cells = self.cells.saturating_add(1);
    }

    /// The text, and a legend for the letters.
    pub(super) fn finish(mut self) -> String {
        self.flush();
        self.rule(&[]);
        for (letter, label) in &self.legend {
            line(&mut self.out, &format!("{letter}: {label}"));
        }
        self.out
    }

    /// The longest text that fits into so many bits; else a letter.
    fn fit(&mut self, label: &str, short: &str, bits: usize) -> String {
        let room = bits.saturating_mul(2).saturating_sub(1);
        if label.is_empty() {
            return String::new();
        }
        for text in [label, short] {
            if text.chars().count() <= room {
                return text.to_owned();
            }
        }
        self.letter(label)
    }

    fn letter(&mut self, label: &str) -> String {
        let letter = (b'A'..=b'Z').nth(self.legend.len()).map_or('*', char::from);
        self.legend.push((letter, label.to_owned()));
        letter.to_string()
    }

    /// Writes the row at hand with the rule above it.
    fn flush(&mut self) {
        if self.row.is_empty() {
            return;
        }
        let row = std::mem::take(&mut self.row);
        let labels = std::mem::take(&mut self.labels);
        self.ruler();
        self.rule(&row);
        let mut text = String::new();
        for cell in row.chunk_by(|left, right| left == right) {
            let width = cell.len().saturating_mul(2).saturating_sub(1);
            let id = cell.first();
            let label = labels.iter().find(|(owner, _)| Some(owner) == id).map_or("", |(_, label)| label.as_str());
            text.push_str(&format!("|{label:^width$}"));
        }
        line(&mut self.out, &format!("{text}|"));
        self.above = row.into_iter().map(Some).collect();
    }

    /// The bit numbers, once.
    fn ruler(&mut self) {
        if std::mem::replace(&mut self.ruled, true) {
            return;
        }
        let tens: String =
            (0..BITS).map(|bit| if bit % 10 == 0 { format!(" {}", bit / 10) } else { "  ".to_owned() }).collect();
        let ones: String = (0..BITS).map(|bit| format!(" {}", bit % 10)).collect();
        line(&mut self.out, tens.trim_end());
        line(&mut self.out, &ones);
    }

    /// The rule between what was drawn and a row; open where one cell goes on.
    fn rule(&mut self, row: &[usize]) {
        let bits = row.len().max(self.above.len());
        let side = |bit: usize| {
            let above = self.above.get(bit).copied().flatten();
            let below = row.get(bit).copied();
            above.is_none() || below != above
        };
        let mut text = String::new();
        for bit in 0..bits {
            let closed = side(bit);
            let corner = bit == 0 || closed || side(bit.saturating_sub(1));
            text.push(if corner { '+' } else { ' ' });
            text.push(if closed { '-' } else { ' ' });
        }
        line(&mut self.out, &format!("{text}+"));
    }
}
