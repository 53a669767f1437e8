//! Every generated decoder, proved: every vector of its spec under every segmentation.

use framewright::runner::Checks;

macro_rules! subjects {
    ($($module:ident $fields:ident $spec:literal;)*) => {
        $(
            #[test]
            fn $module() {
                use framewright_codecs::subjects::$module::{Generated, SPEC};
                let feeds = framewright::testing::prove(SPEC, Checks::All, Generated::new);
                assert!(feeds.unwrap_or_else(|failures| panic!("{failures}")) > 500);
            }
        )*
    };
}

include!(concat!(env!("OUT_DIR"), "/subjects.rs"));
