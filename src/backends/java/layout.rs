//! Java as its formatters lay it out: two columns a level, four more for the rest of a statement, lines of 100 columns where that can be.

const WIDTH: usize = 100;

/// Lines that templates indent as they like, laid out. Templates keep statements on a line and end lines behind `{` and `}`.
pub(super) fn laid_out(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    let mut in_comment = false;
    for line in text.lines() {
        let line = line.trim();
        if line.is_empty() {
            let opens = out.last().is_none_or(|last| last.is_empty() || last.ends_with('{'));
            if !opens {
                out.push(String::new());
            }
            continue;
        }
        if in_comment || line.starts_with("/*") || line.starts_with("//") {
            let star = if in_comment { " " } else { "" };
            out.push(format!("{}{star}{line}", "  ".repeat(depth)));
            in_comment = (in_comment || line.starts_with("/*")) && !line.ends_with("*/");
            continue;
        }
        let closing = line.chars().take_while(|letter| *letter == '}').count();
        depth = depth.saturating_sub(closing);
        if closing > 0 && out.last().is_some_and(String::is_empty) {
            out.pop();
        }
        out.extend(wrapped(line, depth));
        let (opened, closed) = braces(line);
        depth = depth.saturating_add(opened).saturating_sub(closed.saturating_sub(closing));
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.iter().map(|line| format!("{line}\n")).collect()
}

/// `{` and `}` outside of literals.
fn braces(line: &str) -> (usize, usize) {
    let (mut opened, mut closed) = (0_usize, 0_usize);
    for (_, letter, _) in code(line) {
        match letter {
            '{' => opened = opened.saturating_add(1),
            '}' => closed = closed.saturating_add(1),
            _ => {}
        }
    }
    (opened, closed)
}

/// The letters outside of literals, with their place and how deep in parentheses they stand.
fn code(line: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let (mut quote, mut escaped, mut depth) = (None, false, 0_usize);
    line.char_indices().filter_map(move |(at, letter)| {
        if let Some(open) = quote {
            if escaped {
                escaped = false;
            } else if letter == '\\' {
                escaped = true;
            } else if letter == open {
                quote = None;
            }
            return None;
        }
        match letter {
            '"' | '\'' => quote = Some(letter),
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((at, letter, depth))
    })
}

/// A line, broken where it is least deep in parentheses.
fn wrapped(line: &str, depth: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = line.to_owned();
    let mut indent = depth.saturating_mul(2);
    loop {
        let room = WIDTH.saturating_sub(indent);
        let place = if rest.chars().count() > room { place_to_break(&rest, room) } else { None };
        let Some((head, tail)) = place.and_then(|at| rest.split_at_checked(at)) else {
            lines.push(format!("{}{rest}", " ".repeat(indent)));
            return lines;
        };
        lines.push(format!("{}{}", " ".repeat(indent), head.trim_end()));
        rest = tail.trim_start().to_owned();
        indent = depth.saturating_mul(2).saturating_add(4);
    }
}

/// Before an operator, or behind a comma or an opening parenthesis: of the places that are least deep, the last.
fn place_to_break(line: &str, room: usize) -> Option<usize> {
    const BEFORE: &[&str] = &["&& ", "|| ", "? ", ": ", "+ ", "- ", "throws ", "| "];
    let spaces = code(line).filter(|(at, letter, _)| *letter == ' ' && *at <= room && *at > 0);
    let places = spaces.filter(|(at, _, _)| {
        let (head, tail) = line.split_at_checked(*at).unwrap_or((line, ""));
        let tail = tail.trim_start();
        head.ends_with(',') || BEFORE.iter().any(|operator| tail.starts_with(operator)) || head.ends_with(" =")
    });
    let after_paren = code(line).filter(|(at, letter, _)| *letter == '(' && *at < room).map(|(at, letter, depth)| {
        // Worse than any other place.
        (at.saturating_add(1), letter, depth.saturating_add(8))
    });
    let best = places.chain(after_paren).min_by_key(|(at, _, depth)| (*depth, usize::MAX.saturating_sub(*at)));
    best.map(|(at, _, _)| at)
}
