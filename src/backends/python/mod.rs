//! Python: one typed module a protocol, without input or output of its own, for 3.9 and later.

mod layout;
mod names;
mod syntax;
mod tidy;

use serde::Serialize;

use self::layout::Layouts;
use self::syntax::Python;
use super::machine::Machine;
use super::view::View;
use super::{Extra, Extras, File, GenerateError, Language, TESTEE, template};
use crate::plan::Plan;

pub(super) const LANGUAGE: Language = Language { name: "python", extras: EXTRAS, generate };

const EXTRAS: &[Extra] = &[TESTEE];

const TEMPLATES: &[(&str, &str)] = &[
    ("bodies.py.j2", include_str!("templates/bodies.py.j2")),
    ("checksum.py.j2", include_str!("templates/checksum.py.j2")),
    ("codec.py.j2", include_str!("templates/codec.py.j2")),
    ("decoder.py.j2", include_str!("templates/decoder.py.j2")),
    ("encode.py.j2", include_str!("templates/encode.py.j2")),
    ("frame_stage.py.j2", include_str!("templates/frame_stage.py.j2")),
    ("head_stage.py.j2", include_str!("templates/head_stage.py.j2")),
    ("nested.py.j2", include_str!("templates/nested.py.j2")),
    ("parse_stage.py.j2", include_str!("templates/parse_stage.py.j2")),
    ("session.py.j2", include_str!("templates/session.py.j2")),
    ("testee.py.j2", include_str!("templates/testee.py.j2")),
    ("words.py.j2", include_str!("templates/words.py.j2")),
];

const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Serialize)]
struct Module {
    version: &'static str,
    /// The module's name.
    module: String,
    layouts: Layouts,
    #[serde(flatten)]
    view: View,
}

#[derive(Serialize)]
struct Testee<'a> {
    version: &'static str,
    protocols: &'a [Module],
}

fn generate(plans: &[Plan], extras: &Extras<'_>) -> Result<Vec<File>, GenerateError> {
    let module = |plan: &Plan| {
        let view = View::new(plan, &Python { has_session: !plan.session.is_empty() });
        let layouts = Layouts::new(&Machine::new(plan), view.head);
        Module { version: VERSION, module: names::module(&plan.name), layouts, view }
    };
    let modules: Vec<Module> = plans.iter().map(module).collect();
    let mut files = Vec::new();
    for module in &modules {
        let text = template::render(TEMPLATES, "codec.py.j2", module)?;
        files.push(File::text(format!("{}.py", module.module), tidy::tidy(&text)));
    }
    if extras.has(TESTEE.name) {
        let text = template::render(TEMPLATES, "testee.py.j2", &Testee { version: VERSION, protocols: &modules })?;
        files.push(File::text("testee.py".to_owned(), tidy::tidy(&text)));
    }
    Ok(files)
}
