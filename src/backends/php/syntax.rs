//! Names, literals and expressions of PHP, whose only integer has 64 bits and a sign.

use crate::backends::syntax::{Scope, Syntax, bare};
use crate::backends::term::Num;
use crate::backends::words;
use crate::plan::words::symbol;
use crate::plan::{Binary, Unary};

#[derive(Default)]
pub(super) struct Php {
    /// What stands in front of the functions that expressions call: nothing in the file that has them, elsewhere its namespace and `\`.
    pub(super) space: String,
    /// The file has a class of its own for what lives from frame to frame.
    pub(super) has_session: bool,
}

/// Variables that generated functions use themselves: those of a field have `_` behind such a name.
pub(super) const OWN: &[&str] = &[
    "bytes", "end", "error", "found", "from", "group", "grown", "have", "head", "judge", "judged", "limit", "need",
    "number", "out", "part", "pos", "rest", "room", "size", "total",
];

/// In lower case: names that a class cannot have, and those of the classes of every file.
const CLASSES: &[&str] = &[
    "abstract",
    "and",
    "array",
    "as",
    "bool",
    "break",
    "callable",
    "case",
    "catch",
    "class",
    "clone",
    "const",
    "continue",
    "declare",
    "decoder",
    "default",
    "die",
    "do",
    "echo",
    "else",
    "elseif",
    "empty",
    "encodeclass",
    "encodeerror",
    "enddeclare",
    "endfor",
    "endforeach",
    "endif",
    "endswitch",
    "endwhile",
    "enum",
    "eval",
    "exit",
    "extends",
    "false",
    "final",
    "finally",
    "float",
    "fn",
    "for",
    "foreach",
    "frame",
    "function",
    "global",
    "goto",
    "if",
    "implements",
    "include",
    "int",
    "interface",
    "instanceof",
    "insteadof",
    "isset",
    "iterable",
    "list",
    "match",
    "mixed",
    "namespace",
    "never",
    "new",
    "null",
    "numeric",
    "object",
    "or",
    "parent",
    "print",
    "private",
    "protected",
    "public",
    "readonly",
    "reject",
    "rejectclass",
    "require",
    "resource",
    "return",
    "self",
    "static",
    "string",
    "switch",
    "throw",
    "trait",
    "true",
    "try",
    "unset",
    "use",
    "var",
    "void",
    "while",
    "xor",
    "yield",
];

/// A name that does not begin with a digit.
fn led(name: String) -> String {
    if name.starts_with(|first: char| first.is_ascii_digit()) { format!("_{name}") } else { name }
}

/// A variable of a function.
fn local(name: &str) -> String {
    if OWN.contains(&name) { format!("${name}_") } else { format!("${name}") }
}

/// A property of the decoder.
fn held(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    format!("$this->held{}{}", first.map(String::from).unwrap_or_default(), letters.as_str())
}

/// The 64 bits of a number, read as one with a sign.
pub(super) fn literal(value: i128) -> String {
    let most = i128::from(i64::MAX);
    let signed = if value > most { value.saturating_sub(1 << 64) } else { value };
    // A literal is read before its sign, so that the least has none.
    if signed == i128::from(i64::MIN) { "\\PHP_INT_MIN".to_owned() } else { signed.to_string() }
}

impl Syntax for Php {
    fn variable(&self, name: &str) -> String {
        match led(words::camel(name)) {
            this if this == "this" => "this_".to_owned(),
            name => name,
        }
    }

    fn type_name(&self, name: &str) -> String {
        let pascal = led(words::pascal(name));
        let folded = pascal.to_ascii_lowercase();
        let is_taken = CLASSES.contains(&folded.as_str()) || (self.has_session && folded == "session");
        if is_taken { format!("{pascal}Kind") } else { pascal }
    }

    fn type_names_fold(&self) -> bool {
        true
    }

    fn constant(&self, name: &str) -> String {
        match led(words::upper(name)) {
            name if matches!(name.as_str(), "CLASS" | "MAX_FRAME") => format!("{name}_"),
            name => name,
        }
    }

    fn member(&self, name: &str) -> String {
        match led(words::pascal(name)) {
            name if name == "Class" => "Class_".to_owned(),
            name => name,
        }
    }

    fn int_type(&self, _bits: u8, _signed: bool) -> String {
        "int".to_owned()
    }

    fn int_literal(&self, value: i128, _bits: u8, _signed: bool) -> String {
        literal(value)
    }

    fn bytes_literal(&self, bytes: &[u8]) -> String {
        let escaped = bytes.iter().map(|byte| match byte {
            b'\r' => "\\r".to_owned(),
            b'\n' => "\\n".to_owned(),
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b' ' => char::from(*byte).to_string(),
            other => format!("\\x{other:02x}"),
        });
        format!("\"{}\"", escaped.collect::<String>())
    }

    fn slot(&self, name: &str, _bits: u8, _signed: bool, scope: Scope, _num: Num) -> String {
        self.own(name, scope)
    }

    fn number(&self, value: i128, _num: Num) -> String {
        literal(value)
    }

    fn cast(&self, text: String, _to: Num) -> String {
        text
    }

    fn truth(&self, condition: String, _num: Num) -> String {
        format!("(({condition}) ? 1 : 0)")
    }

    fn arithmetic(&self, operator: Binary, left: String, right: String, num: Num) -> String {
        let function = match (operator, num) {
            (Binary::Mul, Num::Unsigned) => "multiplyUnsigned",
            (Binary::Div, Num::Unsigned) => "divideUnsigned",
            (Binary::Rem, Num::Unsigned) => "remainderUnsigned",
            (Binary::Add, Num::Unsigned) => "addUnsigned",
            (Binary::Sub, Num::Unsigned) => "subtractUnsigned",
            (Binary::Shr, Num::Unsigned) => "shiftUnsigned",
            (Binary::Div, Num::Signed) => return format!("\\intdiv({left}, {right})"),
            (other, _) => return format!("({left} {} {right})", symbol(other)),
        };
        format!("{}{function}({left}, {right})", self.space)
    }

    fn compare(&self, operator: Binary, left: String, right: String, num: Num) -> String {
        let unsigned = num == Num::Unsigned;
        match operator {
            Binary::Eq => format!("{left} === {right}"),
            Binary::Ne => format!("{left} !== {right}"),
            Binary::Lt | Binary::Le | Binary::Gt | Binary::Ge if unsigned => {
                format!("{}compareUnsigned({left}, {right}) {} 0", self.space, symbol(operator))
            }
            other => format!("{left} {} {right}", symbol(other)),
        }
    }

    fn unary(&self, operator: Unary, operand: String, _num: Num) -> String {
        match operator {
            // `- -1` would be read as `--`.
            Unary::Neg => format!("(-({operand}))"),
            Unary::Invert => format!("(~{operand})"),
            Unary::Not => self.not(operand),
        }
    }

    fn store(&self, text: String, _bits: u8, _signed: bool) -> String {
        bare(&text).to_owned()
    }

    fn own(&self, name: &str, scope: Scope) -> String {
        match scope {
            Scope::Held => held(name),
            Scope::Local => local(name),
        }
    }

    fn pos(&self, scope: Scope) -> String {
        match scope {
            Scope::Held => "$this->pos".to_owned(),
            Scope::Local => "$pos".to_owned(),
        }
    }

    fn at_least_0(&self, amount: String) -> String {
        format!("\\max({amount}, 0)")
    }

    fn amount_if(&self, condition: String, amount: String) -> String {
        format!("({condition} ? {amount} : 0)")
    }
}
