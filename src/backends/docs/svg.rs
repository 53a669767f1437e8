//! SVG that is well-formed whatever its text, and readable on light and dark pages. Lengths are in pixels.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A character of a name, and of what is written smaller. A little more than any usual fixed-width font needs.
pub(super) const NAME: i64 = 8;
pub(super) const SMALL: i64 = 7;

/// Hues that tell neighbours apart.
pub(super) const HUES: usize = 6;

/// Light and dark: background, text, faint text, lines, a field, a constant, padding.
const PAPER: [[&str; 7]; 2] = [
    ["#ffffff", "#1f2328", "#59636e", "#59636e", "#f6f8fa", "#e4e8ed", "#ffffff"],
    ["#0d1117", "#f0f6fc", "#9198a1", "#7d8590", "#161b22", "#2a313c", "#0d1117"],
];
/// Light and dark: of each hue an area and a line.
const INKS: [[(&str, &str); HUES]; 2] = [
    [
        ("#ddf4ff", "#0969da"),
        ("#ffe7d1", "#bc4c00"),
        ("#dafbe1", "#1a7f37"),
        ("#fbefff", "#8250df"),
        ("#ffeff7", "#bf3989"),
        ("#fff8c5", "#8a6100"),
    ],
    [
        ("#12315c", "#58a6ff"),
        ("#4a2508", "#f0883e"),
        ("#0f3d1e", "#3fb950"),
        ("#36205f", "#bc8cff"),
        ("#4d1a3a", "#f778ba"),
        ("#3f3005", "#e3b341"),
    ],
];

/// A picture under construction.
#[derive(Default)]
pub(super) struct Picture {
    body: String,
}

impl Picture {
    pub(super) fn push(&mut self, markup: &str) {
        self.body.push_str(markup);
        self.body.push('\n');
    }

    /// Text of a class: `n` is a name, `s` is smaller, `m` and `e` in the middle and at the end of what they stand at.
    pub(super) fn text(&mut self, class: &str, (x, y): (i64, i64), words: &str) {
        self.push(&format!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(words)));
    }

    /// The whole file.
    pub(super) fn finish(self, width: i64, height: i64, title: &str, description: &str) -> String {
        let (title, description) = (escaped(title), escaped(description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"title desc\">\n\
             <title id=\"title\">{title}</title>\n<desc id=\"desc\">{description}</desc>\n\
             <style>\n{}</style>\n\
             <rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n{}</svg>\n",
            style(),
            self.body
        )
    }
}

fn style() -> String {
    let mut css = String::from(
        "text { font: 11px ui-monospace, SFMono-Regular, Menlo, Consolas, \"DejaVu Sans Mono\", monospace; }\n\
         .n { font-size: 13px; font-weight: 600; }\n.m { text-anchor: middle; }\n.e { text-anchor: end; }\n\
         .edge, .bracket { fill: none; }\n.bracket { stroke-width: 2; }\n.dashed { stroke-dasharray: 5 3; }\n",
    );
    for (dark, (paper, inks)) in PAPER.iter().zip(&INKS).enumerate() {
        if dark == 1 {
            css += "@media (prefers-color-scheme: dark) {\n";
        }
        let [page, text, faint, line, field, constant, padding] = paper;
        let _ = writeln!(css, ".paper {{ fill: {page}; }}\ntext {{ fill: {text}; }}\n.s {{ fill: {faint}; }}");
        let _ = writeln!(css, ".edge {{ stroke: {line}; }}\n.field {{ fill: {field}; }}");
        let _ = writeln!(css, ".const {{ fill: {constant}; }}\n.pad {{ fill: {padding}; }}");
        for (hue, (area, ink)) in inks.iter().enumerate() {
            let _ = writeln!(css, ".h{hue} {{ fill: {area}; }}\n.bracket.h{hue} {{ fill: none; stroke: {ink}; }}");
            let _ = writeln!(css, "text.h{hue} {{ fill: {ink}; }}");
        }
    }
    css + "}\n"
}

/// Text as XML 1.0 has it; characters that it cannot hold are replaced.
pub(super) fn escaped(words: &str) -> String {
    let mut text = String::new();
    for each in words.chars() {
        match each {
            '&' => text.push_str("&amp;"),
            '<' => text.push_str("&lt;"),
            '>' => text.push_str("&gt;"),
            '"' => text.push_str("&quot;"),
            '\'' => text.push_str("&#39;"),
            '\t' | '\n' | '\r' => text.push(' '),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => text.push('\u{fffd}'),
            _ => text.push(each),
        }
    }
    text
}

/// Characters that a text takes; those outside of ASCII may be twice as wide.
pub(super) fn width(words: &str) -> i64 {
    words.chars().map(|each| if each.is_ascii() { 1 } else { 2 }).sum()
}

/// A legend: marks that stand for texts that had no room.
#[derive(Default)]
pub(super) struct Legend {
    /// In the order in which they were made.
    entries: Vec<(String, String)>,
    marks: BTreeMap<String, String>,
}

impl Legend {
    /// A mark of one letter, or of more from the 27th on; the same texts have one mark.
    pub(super) fn mark(&mut self, words: &str) -> String {
        if let Some(mark) = self.marks.get(words) {
            return mark.clone();
        }
        let mut left = self.entries.len();
        let mut mark = String::new();
        loop {
            let letter = (b'A'..=b'Z').nth(left % 26).map_or('*', char::from);
            mark.insert(0, letter);
            match (left / 26).checked_sub(1) {
                Some(more) => left = more,
                None => break,
            }
        }
        self.entries.push((mark.clone(), words.to_owned()));
        self.marks.insert(words.to_owned(), mark.clone());
        mark
    }

    /// Draws it in as many columns as there is room for, and gives where it ends.
    pub(super) fn draw(&self, picture: &mut Picture, (left, top): (i64, i64), room: i64) -> i64 {
        const LINE: i64 = 18;
        const GAP: i64 = 24;
        let mark = self.entries.iter().map(|(mark, _)| width(mark)).max().unwrap_or(0) * NAME + 8;
        let widest = self.entries.iter().map(|(_, words)| width(words)).max().unwrap_or(0) * SMALL + mark;
        let columns = ((room + GAP) / (widest + GAP)).max(1);
        let (mut y, mut column) = (top, 0);
        for (letters, words) in &self.entries {
            let x = left + column * (widest + GAP);
            picture.text("n", (x, y + 13), letters);
            let lines = broken(words, (room - mark) / SMALL);
            for (line, at) in lines.iter().zip(0_i64..) {
                picture.text("s", (x + mark, y + 13 + at * LINE), line);
            }
            column += 1;
            let more = i64::try_from(lines.len()).unwrap_or(1).max(1);
            if column == columns || more > 1 {
                (y, column) = (y + more * LINE, 0);
            }
        }
        if column == 0 { y } else { y + LINE }
    }
}

/// Text in lines of at most so many characters, broken inside a word only where it has no room in a line.
fn broken(words: &str, room: i64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in words.split_whitespace() {
        let mut line = lines.pop().unwrap_or_default();
        if !line.is_empty() && width(&line) + 1 + width(word) > room {
            lines.push(std::mem::take(&mut line));
        } else if !line.is_empty() {
            line.push(' ');
        }
        for each in word.chars() {
            if !line.is_empty() && width(&line) + width(each.encode_utf8(&mut [0; 4])) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(each);
        }
        lines.push(line);
    }
    lines
}
