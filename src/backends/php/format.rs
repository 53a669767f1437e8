//! PSR-12: indentation and blank lines, of text that has its line breaks already.

/// Columns that a line should not exceed.
const WIDTH: usize = 120;

/// What a line stands inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// `{`, `[` or `(` that the same line did not close.
    Bracket,
    /// Behind `case 0:`
    Case,
}

/// Indented by brackets; of blank lines, one between the members of a class and between classes, none in functions.
pub(super) fn formatted(text: &str) -> String {
    let mut out = String::new();
    let mut inside: Vec<Inside> = Vec::new();
    let mut blank = false;
    let mut opened = false;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            blank = true;
            continue;
        }
        let comment = line.starts_with("/*") || line.starts_with('*') || line.starts_with("//");
        let (leading, closes, opens) = if comment { (0, 0, 0) } else { brackets(line) };
        close(&mut inside, leading);
        let is_case = line.starts_with("case ") && line.contains(": //");
        if is_case && inside.last() == Some(&Inside::Case) {
            inside.pop();
        }
        if blank && !opened && leading == 0 && inside.len() < 2 && !line.starts_with('*') {
            out.push('\n');
        }
        if !out.is_empty() {
            out.push_str(&"    ".repeat(inside.len()));
        }
        if comment && line.starts_with('*') {
            out.push(' ');
        }
        let indented = inside.len().saturating_mul(4).saturating_add(line.chars().count());
        match listed(line).filter(|_| !comment && indented > WIDTH) {
            Some(lines) => out.push_str(&lines.join(&format!("\n{}", "    ".repeat(inside.len())))),
            None => out.push_str(line),
        }
        out.push('\n');
        close(&mut inside, closes);
        inside.extend(std::iter::repeat_n(Inside::Bracket, opens));
        if is_case {
            inside.push(Inside::Case);
        }
        blank = false;
        opened = opens > 0;
    }
    out
}

fn close(inside: &mut Vec<Inside>, brackets: usize) {
    for _ in 0..brackets {
        while inside.pop() == Some(Inside::Case) {}
    }
}

/// Brackets of lines before that a line closes at its start, and behind that; and those that it leaves open.
fn brackets(line: &str) -> (usize, usize, usize) {
    let (mut leading, mut closes, mut opens) = (0_usize, 0_usize, 0_usize);
    let mut at_start = true;
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' | '"' => {
                while let Some(inner) = letters.next() {
                    if inner == '\\' {
                        letters.next();
                    } else if inner == letter {
                        break;
                    }
                }
                at_start = false;
            }
            '{' | '[' | '(' => {
                opens = opens.saturating_add(1);
                at_start = false;
            }
            '}' | ']' | ')' if at_start => leading = leading.saturating_add(1),
            '}' | ']' | ')' if opens > 0 => opens = opens.saturating_sub(1),
            '}' | ']' | ')' => closes = closes.saturating_add(1),
            _ => at_start = false,
        }
    }
    (leading, closes, opens)
}

/// A statement whose first call or array has several elements, with a line for each of them.
fn listed(line: &str) -> Option<Vec<String>> {
    if !["$", "return ", "throw ", "public const "].iter().any(|start| line.starts_with(start)) {
        return None;
    }
    let (mut depth, mut quote, mut escaped, mut begin) = (0_u32, None, false, 0_usize);
    let mut lines = Vec::new();
    for (at, letter) in line.char_indices() {
        match (quote, letter) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(open), _) if open == letter => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(letter),
            (None, '(' | '[') => {
                depth = depth.saturating_add(1);
                if depth == 1 {
                    begin = at.saturating_add(1);
                    lines.push(line.get(..begin)?.to_owned());
                }
            }
            (None, ',') if depth == 1 => {
                lines.push(format!("    {},", line.get(begin..at)?.trim()));
                begin = at.saturating_add(1);
            }
            (None, ')' | ']') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    lines.push(format!("    {},", line.get(begin..at)?.trim()));
                    lines.push(line.get(at..)?.to_owned());
                    break;
                }
            }
            (None, _) => {}
        }
    }
    (lines.len() > 3).then_some(lines)
}
