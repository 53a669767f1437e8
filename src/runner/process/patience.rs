//! How much a run puts up with.

/// A testee may break down so often before the rest is given up.
const BREAKDOWNS: usize = 16;
/// So many vectors in a row may cost their deadline from the first case on.
const HANGS: usize = 3;

/// Counts breakdowns.
#[derive(Debug, Default)]
pub(super) struct Patience {
    breakdowns: usize,
    hangs: usize,
}

impl Patience {
    /// A vector was answered to its end.
    pub(super) fn answered(&mut self) {
        self.hangs = 0;
    }

    /// The testee broke down; `hung`: without any reply to the vector.
    pub(super) fn breakdown(&mut self, hung: bool) {
        self.breakdowns += 1;
        self.hangs = if hung { self.hangs + 1 } else { 0 };
    }

    /// Why no more is run.
    pub(super) fn over(&self) -> Option<String> {
        if self.hangs >= HANGS {
            Some(format!("the testee hung on {HANGS} vectors in a row"))
        } else if self.breakdowns >= BREAKDOWNS {
            Some(format!("the testee broke down {BREAKDOWNS} times"))
        } else {
            None
        }
    }
}
