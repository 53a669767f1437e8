//! C99: a header and a source file a protocol, without allocation and without stdio.

mod layout;
mod syntax;

use std::collections::BTreeSet;

use serde::Serialize;

use self::syntax::C;
use super::view::View;
use super::{Extra, Extras, File, GenerateError, Language, TESTEE, template, view, words};
use crate::plan::{Plan, Source};

pub(super) const LANGUAGE: Language = Language { name: "c", extras: EXTRAS, generate };

const EXTRAS: &[Extra] = &[TESTEE];

const TEMPLATES: &[(&str, &str)] = &[
    ("advance_stage.c.j2", include_str!("templates/advance_stage.c.j2")),
    ("checksum.c.j2", include_str!("templates/checksum.c.j2")),
    ("codec.c.j2", include_str!("templates/codec.c.j2")),
    ("decoder.c.j2", include_str!("templates/decoder.c.j2")),
    ("encode.c.j2", include_str!("templates/encode.c.j2")),
    ("header.h.j2", include_str!("templates/header.h.j2")),
    ("nested.c.j2", include_str!("templates/nested.c.j2")),
    ("parse.c.j2", include_str!("templates/parse.c.j2")),
    ("parse_nested.c.j2", include_str!("templates/parse_nested.c.j2")),
    ("refuse.c.j2", include_str!("templates/refuse.c.j2")),
    ("search.c.j2", include_str!("templates/search.c.j2")),
    ("stages.c.j2", include_str!("templates/stages.c.j2")),
    ("testee.c.j2", include_str!("templates/testee.c.j2")),
    ("testee_glue.h.j2", include_str!("templates/testee_glue.h.j2")),
    ("testee_main.c.j2", include_str!("templates/testee_main.c.j2")),
    ("words.j2", include_str!("templates/words.j2")),
];

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Headers of C and of POSIX: a protocol's file of the same name would hide them.
const HEADERS: &[&str] = &[
    "assert",
    "complex",
    "ctype",
    "errno",
    "fcntl",
    "fenv",
    "float",
    "inttypes",
    "iso646",
    "limits",
    "locale",
    "main",
    "math",
    "memory",
    "poll",
    "pthread",
    "sched",
    "setjmp",
    "signal",
    "stdalign",
    "stdarg",
    "stdatomic",
    "stdbool",
    "stddef",
    "stdint",
    "stdio",
    "stdlib",
    "stdnoreturn",
    "string",
    "strings",
    "tgmath",
    "threads",
    "time",
    "uchar",
    "unistd",
    "utime",
    "wchar",
    "wctype",
];

/// A protocol, with the names that are seen outside of its files.
#[derive(Serialize)]
struct Module {
    version: &'static str,
    /// What all functions and types begin with; the name of the files.
    prefix: String,
    /// What all macros and enumerators begin with.
    upper: String,
    /// By slot: a constant's name.
    publics: Vec<String>,
    /// By enum: its type, and its members' names.
    enum_types: Vec<String>,
    enum_members: Vec<Vec<String>>,
    /// By bytes of an integer: its sign's bit.
    sign_bits: Vec<String>,
    #[serde(flatten)]
    view: View,
}

#[derive(Serialize)]
struct Testee<'a> {
    version: &'static str,
    protocols: &'a [Module],
}

/// What every header declares: types and functions, without the prefix.
const TYPES: &[&str] = &[
    "bytes",
    "class",
    "class_word",
    "decoder",
    "decoder_closed",
    "decoder_finish",
    "decoder_init",
    "decoder_next",
    "encode",
    "encode_class",
    "encode_class_word",
    "encode_error",
    "encoded_size",
    "frame",
    "reject",
    "status",
    "text",
];

/// What that of a protocol with a session declares besides.
const SESSION: &[&str] = &["decoder_init_session", "frame_session", "session", "session_start"];

/// Macros and enumerators of every header.
const MACROS: &[&str] = &[
    "BAD_BODY",
    "BAD_CHECK",
    "BAD_CHECKSUM",
    "BAD_CONST",
    "BAD_ENUM",
    "BUFFER_TOO_SMALL",
    "CLEAN",
    "DELIMITER_TOO_FAR",
    "ENCODED",
    "ENCODE_BAD_BODY",
    "ENCODE_BAD_CHECK",
    "ENCODE_BAD_ENUM",
    "ENCODE_BUFFER_TOO_SMALL",
    "ENCODE_CONTAINS_DELIMITER",
    "ENCODE_DOES_NOT_FIT",
    "ENCODE_FRAME_TOO_LARGE",
    "ENCODE_LENGTH_TOO_SMALL",
    "ENCODE_MISSING_FIELD",
    "ENCODE_OUT_OF_RANGE",
    "ENCODE_UNKNOWN_FIELD",
    "ENCODE_WRONG_SIZE",
    "FRAME",
    "FRAME_TOO_LARGE",
    "H",
    "INCOMPLETE",
    "LENGTH_TOO_SMALL",
    "MAX_FRAME",
    "MORE",
    "NON_MINIMAL",
    "OUT_OF_RANGE",
    "REJECT",
];

impl Module {
    fn new(plan: &Plan) -> Self {
        let prefix = prefix(&plan.name);
        let upper = prefix.to_ascii_uppercase();
        let mut taken: BTreeSet<String> = MACROS.iter().map(|name| format!("{upper}_{name}")).collect();
        let mut public = |name: &str| view::unique_name(format!("{upper}_{}", words::upper(name)), &mut taken);
        let is_const = |source: &Source| matches!(source, Source::Const(_) | Source::Bytes(_));
        let publics = plan.slots.iter().map(|slot| {
            let seen = !slot.hidden && is_const(&slot.source);
            if seen { public(&slot.name) } else { String::new() }
        });
        let publics = publics.collect();
        let members = plan.enums.iter().map(|named| {
            let members = named.members.iter().map(|(_, member)| public(&format!("{}_{member}", named.name)));
            members.collect()
        });
        let enum_members = members.collect();
        let session = if plan.session.is_empty() { &[] } else { SESSION };
        let mut taken: BTreeSet<String> = TYPES.iter().chain(session).map(|name| format!("{prefix}_{name}")).collect();
        let view = View::new(plan, &C::new(plan));
        if plan.nested().is_some() {
            taken.insert(format!("{prefix}_nest"));
        }
        if view.masks {
            taken.insert(format!("{prefix}_masked"));
            taken.extend(
                view.slots.iter().filter_map(|slot| slot.unmasked().map(|name| format!("{prefix}_{name}_unmask"))),
            );
        }
        let types = plan
            .enums
            .iter()
            .map(|named| view::unique_name(format!("{prefix}_{}", words::snake(&named.name)), &mut taken));
        let enum_types = types.collect();
        Self {
            version: VERSION,
            prefix,
            upper,
            publics,
            enum_types,
            enum_members,
            sign_bits: (0..9_u32).map(|bytes| (1_u64 << (bytes.max(1) * 8 - 1)).to_string()).collect(),
            view,
        }
    }
}

fn prefix(name: &str) -> String {
    let snake = words::snake(name);
    if snake.starts_with(|first: char| first.is_ascii_digit()) {
        format!("p{snake}")
    } else if HEADERS.contains(&snake.as_str()) {
        format!("{snake}_protocol")
    } else {
        snake
    }
}

fn generate(plans: &[Plan], extras: &Extras<'_>) -> Result<Vec<File>, GenerateError> {
    let modules: Vec<Module> = plans.iter().map(Module::new).collect();
    let mut files = Vec::new();
    let mut add = |path: String, text: String| files.push(File::text(path, layout::indented(&text)));
    for module in &modules {
        add(format!("{}.h", module.prefix), template::render(TEMPLATES, "header.h.j2", module)?);
        add(format!("{}.c", module.prefix), template::render(TEMPLATES, "codec.c.j2", module)?);
    }
    if extras.has(TESTEE.name) {
        for module in &modules {
            add(format!("testee-{}.c", module.prefix), template::render(TEMPLATES, "testee.c.j2", module)?);
        }
        let testee = Testee { version: VERSION, protocols: &modules };
        add("testee-glue.h".to_owned(), template::render(TEMPLATES, "testee_glue.h.j2", &testee)?);
        add("testee-main.c".to_owned(), template::render(TEMPLATES, "testee_main.c.j2", &testee)?);
    }
    Ok(files)
}
