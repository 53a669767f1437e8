//! The protocols that the fuzz targets choose from: every spec that ships.

use std::sync::{Arc, LazyLock};

use framewright::plan::{Plan, lower};
use framewright::{catalogue, model};

static PLANS: LazyLock<Vec<Arc<Plan>>> = LazyLock::new(|| {
    let specs = catalogue::specs().into_iter();
    specs.map(|(_, text)| Arc::new(lower(&model::load(text.as_bytes()).expect("a valid spec")))).collect()
});

/// A protocol by number, modulo their number.
pub fn plan(number: u8) -> &'static Arc<Plan> {
    &PLANS[usize::from(number) % PLANS.len()]
}
