//! The page that explains a code.

use super::Code;

macro_rules! pages {
    ($($id:ident)*) => {
        impl Code {
            /// What the code means, a file that has the mistake, the same file mended, and why: Markdown.
            #[must_use]
            pub fn page(self) -> &'static str {
                match self { $(Self::$id => include_str!(concat!("pages/", stringify!($id), ".md")),)* }
            }
        }
    };
}

pages! {
    FW001 FW002 FW003 FW004 FW005 FW006 FW007 FW008 FW009 FW010 FW011 FW012 FW013 FW014 FW015 FW016 FW017 FW018 FW019 FW020
    FW021 FW022 FW023 FW024 FW025 FW026 FW027 FW028 FW029 FW030 FW031 FW032 FW033 FW034 FW035 FW036 FW037 FW038 FW039 FW040
    FW041 FW042 FW043 FW044 FW045 FW046 FW047 FW048 FW049 FW050 FW051 FW052 FW053 FW054 FW055 FW056 FW057 FW058 FW059 FW060
}

impl Code {
    /// The code that a person names: `FW009`, `fw9` or `9`.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        let digits = name.strip_prefix("FW").or_else(|| name.strip_prefix("fw")).unwrap_or(name);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u16 = digits.parse().ok()?;
        Self::ALL.iter().copied().find(|code| code.id() == format!("FW{number:03}"))
    }
}
