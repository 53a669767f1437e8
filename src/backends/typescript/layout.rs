//! Indentation and empty lines as prettier would have them, and lines of at most 120 columns.

const WIDTH: usize = 120;

/// Rendered templates with their indentation. Every line that ends with an opening bracket has its closing one at the start of another.
pub(super) fn indented(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    // A declaration goes on: its first line ends with `=`.
    let mut hangs = false;
    let mut lines = text.lines().map(str::trim).peekable();
    while let Some(line) = lines.next() {
        let before = out.last().map_or("", String::as_str);
        if line.is_empty() {
            let next = lines.peek().copied().unwrap_or_default();
            if !before.is_empty() && !before.ends_with('{') && (depth == 0 || is_member(next)) {
                out.push(String::new());
            }
            continue;
        }
        let closes = line.starts_with(['}', ']', ')']);
        if closes && before.is_empty() {
            out.pop();
        }
        let (opened, closed) = brackets(line);
        let level = if closes { depth.saturating_sub(1) } else { depth };
        let level = level.saturating_add(usize::from(hangs || line.starts_with(['?', ':'])));
        hangs = if hangs { !line.ends_with(';') } else { line.ends_with('=') };
        let inner = if line.starts_with('*') { " " } else { "" };
        let indent = "  ".repeat(level);
        out.push(format!("{indent}{inner}{line}"));
        depth = depth.saturating_add(opened).saturating_sub(closed);
    }
    let mut text = out.join("\n");
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// Indented lines, the long ones broken.
pub(super) fn wrapped(text: &str) -> String {
    let mut out = Vec::new();
    for line in text.lines() {
        let indent = line.len().saturating_sub(line.trim_start().len());
        wrap(&bare(line), indent / 2, &mut out);
    }
    out.join("\n") + "\n"
}

/// Whether a line inside of brackets begins a member of a class or an interface, which stand apart; statements do not.
fn is_member(line: &str) -> bool {
    let statement =
        ["if ", "for ", "while ", "switch ", "const ", "let ", "return ", "try ", "case ", "}", "//", "export "];
    line.starts_with("/**")
        || line.starts_with("private ")
        || (line.ends_with('{') && !statement.iter().any(|word| line.starts_with(word)))
}

/// An assignment without brackets around all that is assigned.
fn bare(line: &str) -> String {
    let Some((name, value)) = line.split_once(" = (") else { return line.to_owned() };
    let letters = code(value.strip_suffix(';').unwrap_or_default());
    let mut depth = 1_usize;
    for (at, letter, _) in &letters {
        match letter {
            '(' | '[' | '{' => depth = depth.saturating_add(1),
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            let last = at.saturating_add(2) == value.len();
            return if last { format!("{name} = {};", value.get(..*at).unwrap_or_default()) } else { line.to_owned() };
        }
    }
    line.to_owned()
}

/// Opening and closing brackets of a line, those of comments and strings aside.
fn brackets(line: &str) -> (usize, usize) {
    let (mut opened, mut closed) = (0_usize, 0_usize);
    for (_, letter, _) in code(line) {
        match letter {
            '{' | '(' | '[' => opened = opened.saturating_add(1),
            '}' | ')' | ']' => closed = closed.saturating_add(1),
            _ => {}
        }
    }
    (opened, closed)
}

/// The letters of a line that are code, with their places and the depth of brackets that they stand in.
fn code(line: &str) -> Vec<(usize, char, usize)> {
    let mut all = Vec::new();
    if line.trim_start().starts_with(['*', '/']) {
        return all;
    }
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_usize);
    for (at, letter) in line.char_indices() {
        if quoted {
            quoted = letter != '"' || escaped;
            escaped = letter == '\\' && !escaped;
            continue;
        }
        match letter {
            '"' => quoted = true,
            '{' | '(' | '[' => depth = depth.saturating_add(1),
            _ => {}
        }
        all.push((at, letter, depth));
        if matches!(letter, '}' | ')' | ']') {
            depth = depth.saturating_sub(1);
        }
    }
    all
}

/// A line that is too long is broken inside its outermost brackets.
fn wrap(line: &str, level: usize, out: &mut Vec<String>) {
    if line.chars().count() <= WIDTH {
        out.push(line.to_owned());
        return;
    }
    match broken(line) {
        Some((head, items, tail)) => {
            out.push(head);
            let indent = "  ".repeat(level.saturating_add(1));
            for item in items {
                wrap(&format!("{indent}{item}"), level.saturating_add(1), out);
            }
            out.push(format!("{}{tail}", "  ".repeat(level)));
        }
        None => out.push(line.to_owned()),
    }
}

/// What stands before the outermost brackets that hold most, what is in them, and what follows.
fn broken(line: &str) -> Option<(String, Vec<String>, String)> {
    let letters = code(line);
    let mut best: Option<(usize, usize)> = None;
    let mut open = None;
    for (at, letter, depth) in &letters {
        match (letter, depth) {
            ('{' | '(' | '[', 1) => open = Some(*at),
            ('}' | ')' | ']', 1) => {
                let longer = |from: usize| best.is_none_or(|(a, b)| at.saturating_sub(from) > b.saturating_sub(a));
                if let Some(from) = open.filter(|from| longer(*from)) {
                    best = Some((from, *at));
                }
            }
            _ => {}
        }
    }
    let (from, to) = best?;
    let inside = line.get(from.saturating_add(1)..to)?;
    let places = code(inside);
    let cut_at = |wanted: &str| -> Vec<usize> {
        let starts = places.iter().filter(|(_, _, depth)| *depth == 0).map(|(at, ..)| *at);
        starts.filter(|at| inside.get(*at..).is_some_and(|rest| rest.starts_with(wanted))).collect()
    };
    let (mark, width) = ["||", "&&", ", "]
        .into_iter()
        .find(|mark| !cut_at(mark).is_empty())
        .map_or((", ", 1), |mark| (mark, if mark == ", " { 1 } else { 2 }));
    let mut items = Vec::new();
    let mut begin = 0;
    for at in cut_at(mark) {
        items.push(inside.get(begin..at.saturating_add(width))?.trim().to_owned());
        begin = at.saturating_add(width);
    }
    let last = inside.get(begin..)?.trim();
    let is_list = mark == ", " && !items.is_empty();
    items.push(if is_list { format!("{last},") } else { last.to_owned() });
    Some((line.get(..from.saturating_add(1))?.to_owned(), items, line.get(to..)?.to_owned()))
}
