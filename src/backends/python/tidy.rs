//! The customary form of Python's text: blank lines and long lines as Black would have them.

/// Columns of a line.
const WIDTH: usize = 120;

/// Puts blank lines where they belong, breaks lines that are too long.
pub(super) fn tidy(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let (mut blank, mut in_class, mut in_text) = (0_usize, false, false);
    for line in text.lines().map(str::trim_end) {
        if line.is_empty() {
            blank = blank.saturating_add(1);
            continue;
        }
        let body = line.trim_start();
        let depth = line.len().saturating_sub(body.len());
        let defines = ["class ", "def ", "async def ", "@"].iter().any(|word| body.starts_with(word));
        let was_in_text = in_text;
        in_text ^= body.matches("\"\"\"").count() % 2 == 1;
        if depth == 0 && !was_in_text && !body.starts_with([')', ']', '}']) {
            in_class = body.starts_with("class ");
        }
        let before = out.last().map_or("", |before| before.trim());
        let blanks = match depth {
            _ if was_in_text => blank.min(1),
            _ if out.is_empty() || before.ends_with(':') || before.starts_with('@') => 0,
            0 if defines => 2,
            0 => blank.min(2),
            4 if defines => 1,
            4 if in_class => blank.min(1),
            _ => 0,
        };
        out.extend(std::iter::repeat_n(String::new(), blanks));
        blank = 0;
        if was_in_text {
            out.push(line.to_owned());
        } else {
            broken(line, &mut out);
        }
    }
    out.push(String::new());
    out.join("\n")
}

/// Breaks a line at its brackets where it is too long.
fn broken(line: &str, out: &mut Vec<String>) {
    let body = line.trim_start();
    let indent = line.get(..line.len().saturating_sub(body.len())).unwrap_or("");
    let is_text = body.starts_with(['#', '"', 'f']) && !body.starts_with("for ");
    if line.chars().count() <= WIDTH || is_text {
        out.push(line.to_owned());
        return;
    }
    if let Some((names, value)) = body.split_once(" = ").filter(|(names, _)| is_tuple(names)) {
        out.push(format!("{indent}("));
        out.extend(names.split(", ").map(|name| format!("{indent}    {name},")));
        out.push(format!("{indent}) = {value}"));
        return;
    }
    if let Some((name, value)) = body.split_once(" = ")
        && let Some(operands) = operands(value)
    {
        out.push(format!("{indent}{name} = ("));
        let whole = format!("{indent}    {value}");
        if whole.chars().count() <= WIDTH {
            out.push(whole);
        } else {
            operands.iter().for_each(|operand| broken(&format!("{indent}    {operand}"), out));
        }
        out.push(format!("{indent})"));
        return;
    }
    let Some((open, close)) = brackets(body) else {
        out.push(line.to_owned());
        return;
    };
    let part = |from: usize, to: usize| body.get(from..to).unwrap_or("");
    out.push(format!("{indent}{}", part(0, open.saturating_add(1))));
    let inner = format!("{indent}    {}", part(open.saturating_add(1), close));
    let arguments = arguments(inner.trim_start());
    if inner.chars().count() <= WIDTH || arguments.len() < 2 {
        broken(&inner, out);
    } else {
        out.extend(arguments.iter().map(|argument| format!("{indent}    {argument},")));
    }
    broken(&format!("{indent}{}", part(close, body.len())), out);
}

fn is_tuple(names: &str) -> bool {
    names.contains(", ") && names.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_, ".contains(&byte))
}

/// The parts of an expression between operators that bind least, each but the first with its operator in front.
fn operands(value: &str) -> Option<Vec<&str>> {
    [&[" if ", " else "][..], &[" | "], &[" + "]].iter().find_map(|operators| {
        let (mut depth, mut from, mut parts) = (0_usize, 0_usize, Vec::new());
        for (at, byte) in code(value) {
            match byte {
                b'(' | b'[' | b'{' => depth = depth.saturating_add(1),
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                b' ' if depth == 0
                    && operators
                        .iter()
                        .any(|operator| value.get(at..).is_some_and(|rest| rest.starts_with(operator))) =>
                {
                    parts.push(value.get(from..at)?.trim());
                    from = at;
                }
                _ => {}
            }
        }
        parts.push(value.get(from..)?.trim());
        (parts.len() > 1).then_some(parts)
    })
}

/// The outermost pair of brackets that closes last.
fn brackets(body: &str) -> Option<(usize, usize)> {
    let mut open: Vec<usize> = Vec::new();
    let mut last = None;
    for (at, byte) in code(body) {
        match byte {
            b'(' | b'[' | b'{' => open.push(at),
            b')' | b']' | b'}' => {
                let begun = open.pop();
                if open.is_empty() {
                    last = begun.map(|begun| (begun, at));
                }
            }
            _ => {}
        }
    }
    last.filter(|(open, close)| close.saturating_sub(*open) > 1)
}

/// Parts between commas outside of all brackets.
fn arguments(body: &str) -> Vec<&str> {
    let (mut depth, mut from, mut parts) = (0_usize, 0_usize, Vec::new());
    for (at, byte) in code(body) {
        match byte {
            b'(' | b'[' | b'{' => depth = depth.saturating_add(1),
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                parts.push(body.get(from..at).unwrap_or("").trim());
                from = at.saturating_add(1);
            }
            _ => {}
        }
    }
    parts.push(body.get(from..).unwrap_or("").trim());
    parts.retain(|part| !part.is_empty());
    parts
}

/// The bytes outside of strings, and where they stand.
fn code(body: &str) -> impl Iterator<Item = (usize, u8)> {
    let (mut quote, mut escaped) = (None, false);
    body.bytes().enumerate().filter(move |(_, byte)| match quote {
        Some(open) => {
            if escaped {
                escaped = false;
            } else if *byte == b'\\' {
                escaped = true;
            } else if *byte == open {
                quote = None;
            }
            false
        }
        None => {
            if matches!(byte, b'"' | b'\'') {
                quote = Some(*byte);
            }
            quote.is_none()
        }
    })
}
