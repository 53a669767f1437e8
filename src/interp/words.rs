//! The words of the classes, as testees, vectors and reports write them.

use std::fmt;

use super::{Class, EncodeClass, EncodeError};

macro_rules! words {
    ($kind:ty { $($class:ident $word:literal)* }) => {
        impl $kind {
            /// Every class.
            pub const ALL: &'static [Self] = &[$(Self::$class),*];

            /// Its word.
            #[must_use]
            pub fn word(self) -> &'static str {
                match self { $(Self::$class => $word),* }
            }

            /// The class of a word.
            #[must_use]
            pub fn parse(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$class),)* _ => None }
            }
        }

        impl fmt::Display for $kind {
            fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str(self.word())
            }
        }
    };
}

words!(Class {
    BadConst "bad-const"
    BadEnum "bad-enum"
    OutOfRange "out-of-range"
    LengthTooSmall "length-too-small"
    FrameTooLarge "frame-too-large"
    NonMinimal "non-minimal"
    BadChecksum "bad-checksum"
    BadCheck "bad-check"
    BadBody "bad-body"
    DelimiterTooFar "delimiter-too-far"
    Incomplete "incomplete"
});

words!(EncodeClass {
    MissingField "missing-field"
    UnknownField "unknown-field"
    WrongType "wrong-type"
    DoesNotFit "does-not-fit"
    BadEnum "bad-enum"
    OutOfRange "out-of-range"
    WrongSize "wrong-size"
    ContainsDelimiter "contains-delimiter"
    BadCheck "bad-check"
    BadBody "bad-body"
    FrameTooLarge "frame-too-large"
    LengthTooSmall "length-too-small"
});

impl fmt::Display for EncodeError {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.field {
            Some(field) => write!(to, "{}: {field}: {}", self.class, self.message),
            None => write!(to, "{}: {}", self.class, self.message),
        }
    }
}

impl std::error::Error for EncodeError {}
