//! Go as gofmt would have it: indentation, columns of a struct's fields, and blanks around binary operators, which hang on how deep an
//! expression stands in another (go/printer, `binaryExpr`). Templates break lines and set all other blanks themselves.

/// Formats a file; functions have no blank lines. Raw strings and statements over several lines, other than by their blocks, are not known.
pub(super) fn format(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut blocks: Vec<Block> = Vec::new();
    let mut fields = 0..0;
    for line in text.lines().map(str::trim) {
        let opened = lines.last().is_none_or(|last| last.is_empty() || last.ends_with(['{', '(']));
        if line.is_empty() {
            if !opened && blocks.first() != Some(&Block::Func) {
                lines.push(String::new());
            }
            continue;
        }
        if line.starts_with("//") {
            if blocks.last() == Some(&Block::Struct) {
                align(lines.get_mut(fields.clone()).unwrap_or_default());
            }
            lines.push(indented(line, blocks.len()));
            fields = lines.len()..lines.len();
            continue;
        }
        if line.starts_with(['}', ')']) {
            if blocks.pop() == Some(Block::Struct) {
                align(lines.get_mut(fields.clone()).unwrap_or_default());
            }
            while lines.last().is_some_and(String::is_empty) {
                lines.pop();
            }
        }
        let is_label = line.starts_with("case ") || line.starts_with("default:");
        let depth = blocks.len().saturating_sub(usize::from(is_label));
        let text = if line.starts_with("func ") || line.starts_with("type ") { line.to_owned() } else { spaced(line) };
        lines.push(indented(&text, depth));
        if line.ends_with("struct {") {
            blocks.push(Block::Struct);
            fields = lines.len()..lines.len();
        } else if line.ends_with(['{', '(']) {
            blocks.push(if line.starts_with("func ") { Block::Func } else { Block::Other });
        } else {
            fields.end = lines.len();
        }
    }
    lines.join("\n") + "\n"
}

#[derive(PartialEq)]
enum Block {
    Func,
    Struct,
    Other,
}

fn indented(line: &str, depth: usize) -> String {
    format!("{}{line}", "\t".repeat(depth))
}

/// The types of fields one below the other.
fn align(fields: &mut [String]) {
    let name = |field: &String| field.find(' ').unwrap_or(0);
    let widest = fields.iter().map(name).max().unwrap_or(0);
    for field in fields {
        let missing = widest.saturating_sub(name(field));
        *field = field.replacen(' ', &" ".repeat(missing.saturating_add(1)), 1);
    }
}

struct Token<'a> {
    text: &'a str,
    /// A blank stands before it.
    blank: bool,
}

/// Longer ones first.
const OPERATORS: &[&str] = &[
    "<<=", ">>=", "&&", "||", "==", "!=", "<=", ">=", ":=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "++", "--",
    "<<", ">>",
];

const SEPARATORS: &[&str] = &[
    ",", ";", ":", ":=", "=", "+=", "-=", "*=", "/=", "%=", "|=", "&=", "^=", "<<=", ">>=", "++", "--", "{", "}", "if",
    "else", "for", "range", "switch", "case", "return", "var", "const",
];

/// A line with the blanks of its expressions.
fn spaced(line: &str) -> String {
    let mut line = Line { tokens: tokens(line) };
    line.strip();
    line.pieces(0, line.tokens.len(), 1);
    let mut text = String::new();
    for token in &line.tokens {
        if token.blank && !text.is_empty() {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    text
}

fn tokens(line: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut rest = line;
    while let Some(first) = rest.trim_start().chars().next() {
        let blank = rest.starts_with(' ');
        rest = rest.trim_start();
        let word = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '.';
        let size = if first == '"' || first == '\'' {
            literal(rest, first)
        } else if word(first) {
            rest.find(|letter| !word(letter)).unwrap_or(rest.len())
        } else {
            let operator = OPERATORS.iter().find(|operator| rest.starts_with(**operator));
            operator.map_or(first.len_utf8(), |operator| operator.len())
        };
        let (text, after) = rest.split_at_checked(size).unwrap_or((rest, ""));
        tokens.push(Token { text, blank });
        rest = after;
    }
    tokens
}

/// Bytes of a literal in quotes at the front.
fn literal(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (index, letter) in text.char_indices().skip(1) {
        if letter == quote && !escaped {
            return index.saturating_add(1);
        }
        escaped = letter == '\\' && !escaped;
    }
    text.len()
}

fn precedence(operator: &str) -> usize {
    match operator {
        "||" => 1,
        "&&" => 2,
        "==" | "!=" | "<" | "<=" | ">" | ">=" => 3,
        "+" | "-" | "|" | "^" => 4,
        "*" | "/" | "%" | "<<" | ">>" | "&" => 5,
        _ => 0,
    }
}

enum Expr {
    /// From a token on, up to another.
    Operand(usize, usize),
    /// Its operator's token and precedence.
    Binary(usize, usize, Box<Self>, Box<Self>),
}

struct Line<'a> {
    tokens: Vec<Token<'a>>,
}

impl Line<'_> {
    fn text(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| token.text)
    }

    /// Drops parentheses around a condition, and those right inside others.
    fn strip(&mut self) {
        let around = usize::from(self.text(0) == "if");
        let last = self.tokens.len().saturating_sub(1);
        if around == 1 && self.text(1) == "(" && self.closing(1).saturating_add(1) == last {
            self.tokens.remove(last.saturating_sub(1));
            self.tokens.remove(1);
            if let Some(token) = self.tokens.get_mut(1) {
                token.blank = true;
            }
        }
        let mut index = 1;
        while index < self.tokens.len() {
            let before = index.saturating_sub(1);
            let close = self.closing(index);
            if self.text(index) == "(" && self.text(before) == "(" && self.closing(before) == close.saturating_add(1) {
                self.tokens.remove(close);
                self.tokens.remove(index);
                if let Some(token) = self.tokens.get_mut(index) {
                    token.blank = false;
                }
            } else {
                index = index.saturating_add(1);
            }
        }
    }

    /// The token that closes what opens here.
    fn closing(&self, open: usize) -> usize {
        let mut depth = 0_usize;
        for (index, token) in self.tokens.iter().enumerate().skip(open) {
            match token.text {
                "(" | "[" | "{" => depth = depth.saturating_add(1),
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return index;
            }
        }
        self.tokens.len()
    }

    /// What follows the token, or the group that opens there.
    fn after(&self, index: usize) -> usize {
        match self.text(index) {
            "(" | "[" => self.closing(index).saturating_add(1),
            _ => index.saturating_add(1),
        }
    }

    /// The expressions between separators, each as deep as said.
    fn pieces(&mut self, from: usize, to: usize, depth: usize) {
        let (mut start, mut index) = (from, from);
        while index < to {
            if SEPARATORS.contains(&self.text(index)) {
                self.expression(start, index, depth);
                start = index.saturating_add(1);
            }
            index = self.after(index);
        }
        self.expression(start, to, depth);
    }

    fn expression(&mut self, from: usize, to: usize, depth: usize) {
        let mut at = from;
        if from < to {
            let expr = self.parse(&mut at, to, 1);
            self.set(&expr, depth);
        }
    }

    /// An expression whose operators bind at least so tight.
    fn parse(&self, at: &mut usize, to: usize, tight: usize) -> Expr {
        let start = *at;
        while *at < to && (precedence(self.text(*at)) > 0 || self.text(*at) == "!") {
            *at = at.saturating_add(1);
        }
        while *at < to && precedence(self.text(*at)) == 0 {
            *at = self.after(*at);
        }
        let mut left = Expr::Operand(start, *at);
        while *at < to && precedence(self.text(*at)) >= tight {
            let (operator, binds) = (*at, precedence(self.text(*at)));
            *at = at.saturating_add(1);
            let right = self.parse(at, to, binds.saturating_add(1));
            left = Expr::Binary(operator, binds, Box::new(left), Box::new(right));
        }
        left
    }

    fn set(&mut self, expr: &Expr, depth: usize) {
        match expr {
            Expr::Operand(from, to) => self.operand(*from, *to, depth),
            Expr::Binary(operator, binds, left, right) => {
                let blank = *binds < self.cutoff(expr, depth);
                for index in [*operator, operator.saturating_add(1)] {
                    if let Some(token) = self.tokens.get_mut(index) {
                        token.blank = blank;
                    }
                }
                let same = matches!(**left, Expr::Binary(_, inner, _, _) if inner == *binds);
                self.set(left, depth.saturating_add(usize::from(!same)));
                self.set(right, depth.saturating_add(1));
            }
        }
    }

    fn operand(&mut self, from: usize, to: usize, depth: usize) {
        let mut index = from;
        while index < to {
            let (open, after) = (self.text(index), self.after(index));
            let inner = (index.saturating_add(1), after.saturating_sub(1));
            let before = index.checked_sub(1).filter(|_| index > from).map_or("", |before| self.text(before));
            let applied = !before.is_empty() && precedence(before) == 0 && before != "!";
            match open {
                "(" if applied => {
                    let many = self.has(inner, ",");
                    self.pieces(inner.0, inner.1, depth.saturating_add(usize::from(many)));
                }
                "(" => self.pieces(inner.0, inner.1, depth.saturating_sub(1).max(1)),
                "[" if applied => self.slice(inner, depth),
                _ => {}
            }
            index = after;
        }
    }

    fn has(&self, (from, to): (usize, usize), separator: &str) -> bool {
        let mut index = from;
        while index < to {
            if self.text(index) == separator {
                return true;
            }
            index = self.after(index);
        }
        false
    }

    /// Blanks around the colons where one of several bounds is a binary expression.
    fn slice(&mut self, (from, to): (usize, usize), depth: usize) {
        let (mut colons, mut bounds, mut binary, mut index, mut start) = (Vec::new(), 0_usize, false, from, from);
        while index <= to {
            if index == to || self.text(index) == ":" {
                bounds = bounds.saturating_add(usize::from(start < index));
                let mut at = start;
                binary |= start < index && matches!(self.parse(&mut at, index, 1), Expr::Binary(..));
                if index < to {
                    colons.push(index);
                }
                start = index.saturating_add(1);
            }
            index = self.after(index);
        }
        self.pieces(from, to, depth.saturating_add(1));
        let blanks = depth <= 1 && bounds > 1 && binary;
        for colon in colons {
            for (index, there) in [(colon, colon > from), (colon.saturating_add(1), colon.saturating_add(1) < to)] {
                if let Some(token) = self.tokens.get_mut(index) {
                    token.blank = blanks && there;
                }
            }
        }
    }

    /// Operators that bind less than this have blanks.
    fn cutoff(&self, expr: &Expr, depth: usize) -> usize {
        let mut walk = Walk::default();
        self.walk(expr, &mut walk);
        match walk {
            Walk { problem, .. } if problem > 0 => problem.saturating_add(1),
            Walk { sums: true, products: true, .. } if depth == 1 => 5,
            Walk { sums: true, products: true, .. } => 4,
            _ if depth == 1 => 6,
            _ => 4,
        }
    }

    fn walk(&self, expr: &Expr, walk: &mut Walk) {
        let Expr::Binary(operator, binds, left, right) = expr else { return };
        walk.sums |= *binds == 4;
        walk.products |= *binds == 5;
        self.walk(left, walk);
        self.walk(right, walk);
        if let Expr::Operand(from, _) = **right {
            let problem = match (self.text(*operator), self.text(from)) {
                ("&", "^") => 5,
                ("-", "-") | ("+", "+") => 4,
                _ => 0,
            };
            walk.problem = walk.problem.max(problem);
        }
    }
}

#[derive(Default)]
struct Walk {
    sums: bool,
    products: bool,
    problem: usize,
}

/// Whether some name of a file's code begins like this.
pub(super) fn mentions(text: &str, beginning: &str) -> bool {
    let mut code = text.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    code.any(|line| tokens(line).iter().any(|token| token.text.starts_with(beginning)))
}
