//! The bytes of a case, field by field, with its cuts.

use crate::segment::Segmentation;
use crate::vector::Mark;

/// A field with more bytes is shown by its beginning, its end and what lies at cuts.
const SHOWN: usize = 24;

/// One line for each field, or for all bytes where there are no marks. `‖` stands at each cut, twice for an empty feed.
pub(super) fn lines(stream: &[u8], marks: &[Mark], cuts: &Segmentation) -> Vec<(String, String)> {
    let mut lines: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    // Marks may nest or leave gaps: each byte is shown once, under the mark that begins last before it.
    let mut sorted: Vec<&Mark> = marks.iter().filter(|mark| mark.length > 0).collect();
    sorted.sort_by_key(|mark| mark.offset);
    for mark in sorted {
        let start = mark.offset.min(stream.len());
        if start < at {
            continue;
        }
        if start > at {
            lines.push((String::new(), row(stream, at, start, cuts)));
        }
        let end = start.saturating_add(mark.length).min(stream.len());
        if end > start {
            lines.push((mark.path.clone(), row(stream, start, end, cuts)));
        }
        at = at.max(end);
    }
    if at < stream.len() || stream.is_empty() {
        lines.push((String::new(), row(stream, at, stream.len(), cuts)));
    }
    // Cuts at the very end: empty feeds behind the last byte.
    let last = cuts.cuts.iter().filter(|&&cut| cut == stream.len()).count();
    if let Some((_, text)) = lines.last_mut().filter(|_| last > 0 && !stream.is_empty()) {
        text.push(' ');
        text.extend(std::iter::repeat_n('‖', last));
    }
    lines
}

fn row(stream: &[u8], start: usize, end: usize, cuts: &Segmentation) -> String {
    let mut words: Vec<String> = Vec::new();
    let near_cut = |at: usize| cuts.cuts.iter().any(|&cut| cut.abs_diff(at) <= 4);
    let mut hidden = 0;
    for at in start..end {
        let here = cuts.cuts.iter().filter(|&&cut| cut == at).count();
        let edge = at < start + SHOWN / 2 || at + SHOWN / 2 >= end;
        if !edge && here == 0 && end - start > SHOWN && !near_cut(at) {
            hidden += 1;
            continue;
        }
        if hidden > 0 {
            words.push(format!("…{hidden}…"));
            hidden = 0;
        }
        if here > 0 {
            words.push("‖".repeat(here));
        }
        words.extend(stream.get(at).map(|byte| format!("{byte:02x}")));
    }
    if hidden > 0 {
        words.push(format!("…{hidden}…"));
    }
    if stream.is_empty() {
        words.push("‖".repeat(cuts.cuts.len()));
    }
    words.join(" ")
}
