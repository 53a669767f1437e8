//! Java as its formatters lay it out: two columns a level, four more for the rest of a statement, lines of 100 columns where that can be.

const WIDTH: usize = 100;

/// Words of a line that begins a type's body.
const TYPES: &[&str] = &["class", "enum", "record"];

/// Lines that templates indent as they like, laid out. Templates keep statements on a line and end lines behind `{` and `}`.
pub(super) fn laid_out(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    // Of each open brace: whether declarations stand in it, which blank lines part.
    let mut declares = vec![true];
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line.is_empty() {
            let opens = out.last().is_none_or(|last| last.is_empty() || last.ends_with('{'));
            if !opens && declares.last() == Some(&true) {
                out.push(String::new());
            }
            continue;
        }
        if line.starts_with("/**") {
            let mut comment = vec![line];
            while comment.last().is_some_and(|last| !last.ends_with("*/")) {
                comment.extend(lines.next());
            }
            out.extend(documented(&comment, depth));
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
        let of_type = TYPES.iter().any(|word| line.split(' ').any(|each| each == *word));
        declares.resize(depth.saturating_add(1), of_type);
    }
    while out.last().is_some_and(String::is_empty) {
        out.pop();
    }
    out.iter().map(|line| format!("{line}\n")).collect()
}

/// A doc comment, filled: on one line where that is wide enough.
fn documented(comment: &[&str], depth: usize) -> Vec<String> {
    let margin = "  ".repeat(depth);
    let text = comment.iter().map(|line| {
        let line = line.trim_start_matches("/**").trim_end_matches("*/");
        let line = line.strip_prefix('*').unwrap_or(line);
        line.strip_prefix(' ').unwrap_or(line).trim_end()
    });
    let mut paragraphs: Vec<Vec<&str>> = vec![Vec::new()];
    let mut verbatim = false;
    for line in text {
        verbatim = (verbatim || line.starts_with("<pre>")) && !line.ends_with("</pre>");
        match paragraphs.last_mut() {
            Some(last) if !verbatim && !line.is_empty() && !line.starts_with('@') && !line.ends_with("</pre>") => {
                last.extend(line.split_whitespace());
            }
            Some(_) | None => paragraphs.push(vec![line]),
        }
        if line.is_empty() || line.ends_with("</pre>") {
            paragraphs.push(Vec::new());
        }
    }
    paragraphs.retain(|words| !words.is_empty());
    let is_gap = |words: &Vec<&str>| words.iter().all(|word| word.is_empty());
    while paragraphs.first().is_some_and(is_gap) {
        paragraphs.remove(0);
    }
    while paragraphs.last().is_some_and(is_gap) {
        paragraphs.pop();
    }
    if let [only] = paragraphs.as_slice() {
        let line = format!("{margin}/** {} */", only.join(" "));
        if line.chars().count() <= WIDTH && !line.contains("/** @") {
            return vec![line];
        }
    }
    let mut lines = vec![format!("{margin}/**")];
    for words in paragraphs {
        let text = words.join(" ");
        let mut line = format!("{margin} *");
        for word in text.split(' ') {
            if line.chars().count().saturating_add(word.chars().count()) >= WIDTH {
                lines.push(std::mem::replace(&mut line, format!("{margin} *")));
                if text.starts_with('@') {
                    line.push_str("    ");
                }
            }
            line.push(' ');
            line.push_str(word);
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.push(format!("{margin} */"));
    lines
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
