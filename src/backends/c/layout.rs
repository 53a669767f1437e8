//! Indentation and blank lines: templates leave them to this.

/// Columns that a line may have, where it has a place to break.
const COLUMNS: usize = 100;

/// Lines indented by the braces around them, a level four columns, and broken where they are too long; labels stand with their
/// `switch`. What goes on in the next line is indented by a level. At most one blank line stands between others, and none inside of
/// a brace.
pub(super) fn indented(text: &str) -> String {
    let mut out = Layout::default();
    for line in text.lines().map(str::trim) {
        out.line(line);
    }
    out.text
}

#[derive(Default)]
struct Layout<'a> {
    text: String,
    /// Open braces: whether each belongs to a label.
    open: Vec<bool>,
    in_comment: bool,
    /// Open parentheses of the statement at hand.
    parentheses: usize,
    blank: bool,
    before: &'a str,
}

impl<'a> Layout<'a> {
    fn line(&mut self, line: &'a str) {
        if line.is_empty() {
            self.blank = !self.text.is_empty();
            return;
        }
        let linkage = self.before == "#ifdef __cplusplus";
        let closes = line.starts_with('}') && !self.in_comment;
        if self.blank && !self.before.ends_with('{') && !closes {
            self.text.push('\n');
        }
        self.blank = false;
        self.before = line;
        if line.starts_with('#') || linkage {
            self.write(0, line);
            return;
        }
        if self.in_comment || line.starts_with("/*") {
            let star = usize::from(self.in_comment);
            self.comment(line, star);
            self.in_comment = !line.ends_with("*/");
            return;
        }
        let of_label = closes && self.open.pop() == Some(true);
        let label = line.starts_with("case ") || line == "default:";
        let depth = self.depth().saturating_sub(usize::from(label || of_label));
        self.code(depth.saturating_add(usize::from(self.parentheses > 0)), line);
        let (opened, closed) = count(line, '{', '}');
        for _ in opened..closed.saturating_sub(usize::from(closes)) {
            self.open.pop();
        }
        for _ in closed.saturating_sub(usize::from(closes))..opened {
            self.open.push(label);
        }
        let (opened, closed) = count(line, '(', ')');
        self.parentheses = self.parentheses.saturating_add(opened).saturating_sub(closed);
    }

    fn depth(&self) -> usize {
        self.open.len().saturating_sub(self.open.iter().filter(|label| **label).count())
    }

    fn code(&mut self, depth: usize, line: &str) {
        let room = COLUMNS.saturating_sub(depth.saturating_mul(4));
        match break_of(line, room) {
            Some((first, rest)) => {
                self.write(depth, first);
                self.code(self.depth().saturating_add(1), rest);
            }
            None => self.write(depth, line),
        }
    }

    /// `star`: columns that a line inside of a comment stands further in.
    fn comment(&mut self, line: &str, star: usize) {
        let depth = self.depth();
        let room = COLUMNS.saturating_sub(depth.saturating_mul(4)).saturating_sub(star);
        let text = |line: &str| format!("{}{line}", " ".repeat(star));
        let place = line.char_indices().take(room).filter(|(at, letter)| *at > 3 && *letter == ' ').last();
        match place.filter(|_| line.chars().count() > room).and_then(|(at, _)| line.split_at_checked(at)) {
            Some((first, rest)) if star == 1 => {
                self.write(depth, &text(first));
                self.comment(&format!("* {}", rest.trim_start()), 1);
            }
            Some(_) => {
                let inner = line.trim_start_matches("/**").trim_start_matches("/*").trim_end_matches("*/").trim();
                self.write(depth, if line.starts_with("/**") { "/**" } else { "/*" });
                self.comment(&format!("* {inner}"), 1);
                if line.ends_with("*/") {
                    self.write(depth, " */");
                }
            }
            None => self.write(depth, &text(line)),
        }
    }

    fn write(&mut self, depth: usize, line: &str) {
        self.text.extend(std::iter::repeat_n("    ", depth));
        self.text.push_str(line);
        self.text.push('\n');
    }
}

/// The last place to break a line that is longer than `room`: behind a comma or an operator.
fn break_of(line: &str, room: usize) -> Option<(&str, &str)> {
    if line.chars().count() <= room {
        return None;
    }
    let last = |ends: &[&str]| {
        let spaces = unquoted(line).take_while(|(at, _)| *at <= room).filter(|(_, letter)| *letter == ' ');
        spaces
            .map(|(at, _)| at)
            .filter(|at| ends.iter().any(|end| line.get(..*at).unwrap_or_default().ends_with(end)))
            .last()
    };
    let place = last(&["||", "&&"]).or_else(|| last(&[",", " |", " +", "?", " ="])).or_else(|| last(&[" *"]));
    let (first, rest) = line.split_at_checked(place?)?;
    Some((first, rest.trim_start()))
}

/// How often a line of code opens and closes, literals aside.
fn count(line: &str, open: char, close: char) -> (usize, usize) {
    let times = |wanted| unquoted(line).filter(|(_, letter)| *letter == wanted).count();
    (times(open), times(close))
}

/// The letters outside of literals.
fn unquoted(line: &str) -> impl Iterator<Item = (usize, char)> {
    let (mut quote, mut escaped) = (None, false);
    line.char_indices().filter(move |(_, letter)| {
        match (quote, *letter) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), letter) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(*letter),
            (None, _) => return true,
        }
        false
    })
}
