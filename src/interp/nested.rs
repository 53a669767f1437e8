//! Frames inside a frame.

use super::Class;
use super::cursor::{Cause, Cursor, Refusal, Step};
use super::wire::{Window, length};
use crate::plan::Plan;

/// How far the frames inside a frame have been understood. Offsets are from that frame's first byte.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Nest {
    /// By how deep they are: the frames still to come, the one at hand included.
    left: Vec<u64>,
    /// Where the one at hand begins.
    at: u64,
    /// Where in it the decoder stands.
    cursor: Cursor,
}

impl Nest {
    /// So many frames from this offset on, unless they cannot be.
    pub(super) fn new(plan: &Plan, at: u64, times: u64) -> Result<Self, Class> {
        let mut nest = Self { left: Vec::new(), at, cursor: Cursor::default() };
        nest.enter(plan, times)?;
        Ok(nest)
    }

    /// So many frames stand in the one that ends where the next begins.
    fn enter(&mut self, plan: &Plan, times: u64) -> Result<(), Class> {
        if times > 0 {
            let deep = plan.nested().map_or(0, |nested| usize::from(nested.deep));
            if self.left.len() >= deep {
                return Err(Class::BadBody);
            }
            self.left.push(times);
        }
        let end = self.at.saturating_add(self.least(plan));
        if end > plan.max_frame { Err(Class::FrameTooLarge) } else { Ok(()) }
    }

    /// The least bytes of all frames still to come.
    fn least(&self, plan: &Plan) -> u64 {
        let frames = self.left.iter().fold(0_u64, |sum, left| sum.saturating_add(*left));
        frames.saturating_mul(plan.min_frame)
    }

    /// Goes on as far as the bytes reach. `frame` is the frame around them.
    pub(super) fn advance(&mut self, plan: &Plan, frame: Window<'_>) -> Step {
        loop {
            while self.left.last() == Some(&0) {
                self.left.pop();
            }
            if self.left.is_empty() {
                return Step::Done(self.at);
            }
            let behind = self.least(plan).saturating_sub(plan.min_frame);
            let most = plan.max_frame.saturating_sub(self.at).saturating_sub(behind);
            match self.cursor.advance_inside(plan, self.at, most, frame) {
                Step::Need(bytes) => return Step::Need(bytes.saturating_add(behind)),
                Step::Refuse(refusal) => return Step::Refuse(refusal),
                Step::Done(size) => {
                    self.at = self.at.saturating_add(size);
                    let times = plan.frames_inside(&|slot| self.cursor.value(slot));
                    self.cursor.reset();
                    if let Some(left) = self.left.last_mut() {
                        *left = left.saturating_sub(1);
                    }
                    if let Err(class) = self.enter(plan, times) {
                        let op = plan.ops.len().saturating_sub(1);
                        return Step::Refuse(Refusal { class, at: self.at.saturating_sub(1), op, cause: Cause::Size });
                    }
                }
            }
        }
    }
}

/// Whether these bytes are just so many frames.
pub(super) fn are(plan: &Plan, times: u64, bytes: &[u8]) -> bool {
    let Ok(mut nest) = Nest::new(plan, 0, times) else { return false };
    nest.advance(plan, Window::whole(bytes)) == Step::Done(length(bytes))
}
