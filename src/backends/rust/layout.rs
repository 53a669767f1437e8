//! The layout of generated Rust, and no item that nothing uses.

use std::collections::BTreeMap;

use syn::{ImplItem, Item, Visibility};

/// As rustfmt would have it, without the private functions and constants that nothing names. Comments that document nothing are lost: templates have
/// none.
///
/// # Errors
///
/// The text is no Rust.
pub(super) fn formatted(text: &str) -> syn::Result<String> {
    let mut file = syn::parse_file(text)?;
    loop {
        let printed = prettyplease::unparse(&file);
        if !prune(&mut file, &words(&printed)) {
            return Ok(spaced(&printed));
        }
    }
}

/// How often each word stands in the code.
fn words(text: &str) -> BTreeMap<&str, usize> {
    let mut words = BTreeMap::new();
    let code = text.lines().filter(|line| !line.trim_start().starts_with("///"));
    for word in code.flat_map(|line| line.split(|each: char| !each.is_ascii_alphanumeric() && each != '_')) {
        let count: &mut usize = words.entry(word).or_default();
        *count = count.saturating_add(1);
    }
    words
}

/// Takes out what is named only where it is defined; says whether there was any.
fn prune(file: &mut syn::File, words: &BTreeMap<&str, usize>) -> bool {
    let once = |visibility: &Visibility, name: &syn::Ident| {
        matches!(visibility, Visibility::Inherited)
            && words.get(name.to_string().as_str()).is_none_or(|count| *count < 2)
    };
    let mut pruned = false;
    file.items.retain(|item| {
        let unused = match item {
            Item::Fn(function) => once(&function.vis, &function.sig.ident) && function.sig.ident != "main",
            Item::Const(constant) => once(&constant.vis, &constant.ident),
            _ => false,
        };
        pruned |= unused;
        !unused
    });
    for item in &mut file.items {
        let Item::Impl(block) = item else { continue };
        if block.trait_.is_some() {
            continue;
        }
        block.items.retain(|item| {
            let unused = matches!(item, ImplItem::Fn(function) if once(&function.vis, &function.sig.ident));
            pruned |= unused;
            !unused
        });
    }
    pruned
}

/// With an empty line between items, which the printer leaves out.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = "";
    for line in text.lines() {
        let inner = line.strip_prefix("    ").unwrap_or_default();
        let item = |text: &str| {
            ["///", "#[", "fn ", "pub ", "const ", "enum ", "struct ", "impl "]
                .iter()
                .any(|begin| text.starts_with(begin))
        };
        let begins = (item(line) && before == "}") || (item(inner) && before == "    }");
        let heads =
            line.starts_with("extern crate") || (item(line) && before.ends_with(';') && !before.starts_with("    "));
        if (begins || heads) && !before.is_empty() && !before.starts_with("#[") {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}
