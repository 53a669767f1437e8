//! The codes. A code is never reused.

macro_rules! codes {
    ($($id:ident $title:literal;)*) => {
        /// A stable code of a diagnostic.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each has a title and a page")]
        pub enum Code { $($id,)* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$id,)*];

            /// The code as it is written: `FW009`.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$id => stringify!($id),)* }
            }

            /// What kind of mistake it is.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$id => $title,)* }
            }
        }
    };
}

codes! {
    FW001 "the file is not UTF-8";
    FW002 "YAML syntax";
    FW003 "an anchor or alias";
    FW004 "a tag";
    FW005 "a merge key";
    FW006 "a key occurs twice";
    FW007 "too deep or too large";
    FW008 "not exactly one document";
    FW009 "a length counts two unknown sizes";
    FW010 "a required key is missing";
    FW011 "an unknown key";
    FW012 "a value of the wrong kind";
    FW013 "an unknown version of the language";
    FW014 "not a name";
    FW015 "not a size";
    FW016 "a frame entry is not one field";
    FW017 "a field occurs twice";
    FW018 "an unexpected word in a phrase";
    FW019 "an unknown type";
    FW020 "not a number";
    FW021 "a constant does not fit its type";
    FW022 "a range that nothing or everything is in";
    FW023 "an unknown enum";
    FW024 "a bad enum member";
    FW025 "modifiers that exclude each other";
    FW026 "an unknown field";
    FW027 "a field used before it is read";
    FW028 "a range of fields that runs backwards";
    FW029 "a length behind what it counts";
    FW030 "counted ranges that cross";
    FW031 "a length that can never be right";
    FW032 "bytes of unknown size";
    FW033 "two lengths for one field";
    FW034 "max_frame is required";
    FW035 "max_frame leaves no room";
    FW036 "expression syntax";
    FW037 "an expression that can overflow";
    FW038 "a field that is no integer in an expression";
    FW039 "a condition on a computed field";
    FW040 "a delimiter that can never be found";
    FW041 "an unknown codec";
    FW042 "a bit group that is no whole number of bytes";
    FW043 "a bad part of a bit group";
    FW044 "emit names what cannot be emitted";
    FW045 "a policy that this frame cannot follow";
    FW046 "an optional length for what is not optional";
    FW047 "padding to a multiple behind an unknown size";
    FW048 "a peer's setting contradicts the frame";
    FW049 "a bad unit or plus";
    FW050 "a check that checks nothing";
    FW051 "a match that does not say what to do";
    FW052 "a bad arm of a match";
    FW053 "an integer of varying size that cannot be";
    FW054 "a checksum that cannot be";
    FW055 "a session that cannot be";
    FW056 "a sentinel that cannot be";
    FW057 "a mask that cannot be";
    FW058 "a peek, or texts of an enum, that cannot be";
    FW059 "a peek that looks too far";
    FW060 "frames in a frame that cannot be";
}
