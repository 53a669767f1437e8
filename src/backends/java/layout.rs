//! Java as its formatters lay it out: two columns a level, four more for the rest of a statement, lines of 100 columns where that can be.

const WIDTH: usize = 100;

/// Lines are broken before all of these that stand equally deep, those that bind least first.
const OPERATORS: &[&[&str]] = &[
    &["throws "],
    &[".add(", ".toString()"],
    &["? ", ": "],
    &["|| "],
    &["&& "],
    &["== ", "!= "],
    &["< ", "> "],
    &["+ ", "- "],
];

/// Of which the parentheses do not count.
const CONDITIONS: &[&str] = &["if (!(", "if (", "} else if (", "while ("];

/// Arguments of up to so many columns share lines.
const SHORT: usize = 12;

/// Words of a line that begins a type's body.
const TYPES: &[&str] = &["class", "enum", "record"];

/// Lines that templates indent as they like, laid out. Templates keep statements on a line and end lines behind `{` and `}`.
pub(super) fn laid_out(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut depth = 0_usize;
    // Of each open brace: whether declarations stand in it, which blank lines part.
    let mut declares = vec![true];
    // Blank lines set apart what has a comment.
    let (mut documented_next, mut documented_last) = (false, false);
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        if line.is_empty() {
            let opens = out.last().is_none_or(|last| last.is_empty() || last.ends_with(['{', ',']));
            if !opens && declares.last() == Some(&true) {
                out.push(String::new());
            }
            continue;
        }
        if line.starts_with("/**") {
            if out.last().is_some_and(|last| !last.is_empty() && !last.ends_with(['{', ','])) {
                out.push(String::new());
            }
            let mut comment = vec![line];
            while comment.last().is_some_and(|last| !last.ends_with("*/")) {
                comment.extend(lines.next());
            }
            out.extend(documented(&comment, depth));
            documented_next = true;
            continue;
        }
        let closing = line.chars().take_while(|letter| *letter == '}').count();
        depth = depth.saturating_sub(closing);
        if closing > 0 && out.last().is_some_and(String::is_empty) {
            out.pop();
        }
        if documented_last && closing == 0 && out.last().is_some_and(|last| !last.is_empty()) {
            out.push(String::new());
        }
        documented_last = std::mem::take(&mut documented_next) && line.ends_with(';');
        out.extend(wrapped(line, depth.saturating_mul(2)));
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

/// The letters outside of literals, with their place and how deep in parentheses they stand. Those of `if (…)` do not count.
fn code(line: &str) -> impl Iterator<Item = (usize, char, usize)> {
    let mut uncounted =
        CONDITIONS.iter().find(|begin| line.starts_with(**begin)).map_or(0, |begin| begin.matches('(').count());
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
            '(' if uncounted > 0 => {
                uncounted = uncounted.saturating_sub(1);
                return None;
            }
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        Some((at, letter, depth))
    })
}

/// A statement, broken where it is too long.
fn wrapped(line: &str, indent: usize) -> Vec<String> {
    let room = WIDTH.saturating_sub(indent);
    let whole = || vec![format!("{}{line}", " ".repeat(indent))];
    if line.chars().count() <= room {
        return whole();
    }
    let deeper = indent.saturating_add(4);
    let parts = |places: &[usize]| -> Vec<String> {
        let ends = places.iter().copied().chain([line.len()]);
        let starts = [0].into_iter().chain(places.iter().copied());
        starts.zip(ends).filter_map(|(from, to)| line.get(from..to)).map(|part| part.trim().to_owned()).collect()
    };
    let broken = |places: &[usize], indent_of_rest: usize| -> Vec<String> {
        let indents = [indent].into_iter().chain(std::iter::repeat(indent_of_rest));
        parts(places).iter().zip(indents).flat_map(|(part, indent)| wrapped(part, indent)).collect()
    };
    // What is assigned begins a line.
    if let Some((at, _, _)) = code(line).find(|(at, _, depth)| *depth == 0 && is_assignment(line, *at)) {
        return broken(&[at.saturating_add(2)], deeper);
    }
    let last = line.len().saturating_sub(1);
    for depth in 0..8 {
        // Arguments, behind the parenthesis at the end of the line before.
        let commas = code(line).filter(|(at, letter, deep)| *letter == ',' && *deep == depth && *at < last);
        let commas: Vec<usize> = commas.map(|(at, _, _)| at.saturating_add(1)).collect();
        if !commas.is_empty() && parts(&commas).iter().any(|part| part.len() > SHORT) {
            return broken(&commas, indent);
        }
        if let Some(at) = commas.iter().rfind(|at| **at <= room) {
            return broken(&[*at], indent);
        }
        for operators in OPERATORS {
            let places: Vec<usize> = code(line)
                .filter(|(at, _, deep)| *deep == depth && *at > 0)
                .filter(|(at, _, _)| {
                    let (head, tail) = line.split_at_checked(*at).unwrap_or((line, ""));
                    operators.iter().any(|operator| tail.starts_with(operator))
                        && (head.ends_with(' ') || operators.contains(&".add("))
                })
                .map(|(at, _, _)| at)
                .collect();
            if !places.is_empty() {
                return broken(&places, deeper);
            }
        }
        let open = code(line).filter(|(at, letter, deep)| {
            *letter == '(' && *deep == depth.saturating_add(1) && *at < room && !line.starts_with("for (")
        });
        if let Some((at, _, _)) = open.last() {
            return broken(&[at.saturating_add(1)], deeper);
        }
    }
    whole()
}

/// Whether the rest of a statement is what stands behind `=`.
fn is_assignment(line: &str, at: usize) -> bool {
    line.split_at_checked(at)
        .is_some_and(|(head, tail)| head.ends_with(' ') && tail.starts_with("= ") && tail.len() > 2)
}
