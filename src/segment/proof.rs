//! All segmentations of a stream at once.
//!
//! A node is an offset, the decoder's state there and the judge's progress. From each node every next chunk is fed to a
//! clone, and equal nodes merge, so the graph holds each of the 2^(n−1) segmentations, and those with empty feeds, as a path. A
//! decoder whose state depends on bytes alone has one node at each offset: n(n+1)/2 feeds decide all of them.
//!
//! What is proved is as good as the equality: all that can change what a decoder does must count.

use super::{Judge, Observed, Segmentation, Testee};

/// A segmentation that shows a deviation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counter<D> {
    /// The fewest cuts with which it was met.
    pub cuts: Segmentation,
    /// What is wrong.
    pub deviation: D,
}

/// What the proof comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof<D> {
    /// Every segmentation was judged right.
    Proved {
        /// States, all offsets together.
        nodes: usize,
        /// Chunks fed.
        feeds: usize,
    },
    /// Every segmentation was judged; these are wrong, one of each kind.
    Failed {
        /// States, all offsets together.
        nodes: usize,
        /// Chunks fed.
        feeds: usize,
        /// One segmentation for each deviation that is not like an earlier one.
        counters: Vec<Counter<D>>,
    },
    /// There are more states than were allowed; nothing is said.
    BudgetExceeded,
}

/// Decides every segmentation of a stream, with at most `budget` nodes.
///
/// The end of the stream is given both with the last chunk and apart from it, and an empty chunk is fed in every state.
pub fn prove<T, J>(testee: &T, judge: &J, stream: &[u8], budget: usize) -> Proof<J::Deviation>
where
    T: Testee + Clone + PartialEq,
    J: Judge,
{
    let n = stream.len();
    let mut graph = Graph {
        stream,
        ahead: Vec::new(),
        steps: Vec::new(),
        counters: Vec::new(),
        nodes: 1,
        feeds: 0,
        seen: Vec::new(),
        found: Vec::new(),
    };
    graph.ahead.resize_with(n.saturating_add(1), Vec::new);
    let mut here = vec![Node { testee: testee.clone(), judge: judge.clone(), last: None, chunks: 0 }];
    for from in 0..=n {
        let mut index = 0;
        while let Some(node) = here.get(index) {
            for to in from.saturating_add(1)..=n {
                if let Some(next) = graph.feed(node, from, to) {
                    graph.meet(to, next);
                }
            }
            graph.finish(node, from);
            let after_empty = graph.feed(node, from, from);
            if let Some(mut next) = after_empty.filter(|next| !here.iter().any(|node| node.equals(next))) {
                graph.settle(from, &mut next);
                here.push(next);
            }
            if graph.nodes > budget {
                return Proof::BudgetExceeded;
            }
            index += 1;
        }
        here = graph.ahead.get_mut(from.saturating_add(1)).map(std::mem::take).unwrap_or_default();
    }
    let Graph { nodes, feeds, counters, .. } = graph;
    if counters.is_empty() {
        return Proof::Proved { nodes, feeds };
    }
    Proof::Failed { nodes, feeds, counters: counters.into_iter().map(|(_, counter)| counter).collect() }
}

struct Node<T, J> {
    testee: T,
    judge: J,
    /// The last chunk of the shortest way here, an index into the steps; none at the root. Of a node just made: of the one before.
    last: Option<usize>,
    /// How many chunks there are on the way.
    chunks: usize,
}

impl<T: PartialEq, J: PartialEq> Node<T, J> {
    fn equals(&self, other: &Self) -> bool {
        self.judge == other.judge && self.testee == other.testee
    }
}

/// The end of a chunk, and the chunk before it.
struct Step {
    end: usize,
    before: Option<usize>,
}

struct Graph<'a, T, J: Judge> {
    stream: &'a [u8],
    /// The nodes at each offset that has not been reached yet.
    ahead: Vec<Vec<Node<T, J>>>,
    steps: Vec<Step>,
    /// With the number of chunks of each.
    counters: Vec<(usize, Counter<J::Deviation>)>,
    nodes: usize,
    feeds: usize,
    seen: Vec<Observed>,
    found: Vec<J::Deviation>,
}

impl<T: Testee + Clone + PartialEq, J: Judge> Graph<'_, T, J> {
    /// The node after one more chunk, unless nothing can be judged after it.
    fn feed(&mut self, node: &Node<T, J>, from: usize, to: usize) -> Option<Node<T, J>> {
        let (mut testee, mut judge) = (node.testee.clone(), node.judge.clone());
        self.feeds += 1;
        self.seen.clear();
        testee.feed(self.stream.get(from..to).unwrap_or_default(), &mut self.seen);
        judge.step(to, &self.seen, &mut self.found);
        if !self.found.is_empty() {
            self.record(node, Some(to), false);
        }
        let chunks = node.chunks.saturating_add(1);
        (!judge.over()).then_some(Node { testee, judge, last: node.last, chunks })
    }

    /// Gives the rest of the stream together with its end.
    fn finish(&mut self, node: &Node<T, J>, from: usize) {
        let (mut testee, mut judge) = (node.testee.clone(), node.judge.clone());
        self.feeds += 1;
        self.seen.clear();
        let end = testee.finish(self.stream.get(from..).unwrap_or_default(), &mut self.seen);
        judge.step(self.stream.len(), &self.seen, &mut self.found);
        if !judge.over() {
            judge.conclude(Some(end), &mut self.found);
        }
        if !self.found.is_empty() {
            // At the end of the stream the last chunk was fed before: the end comes apart from it.
            self.record(node, None, from < self.stream.len() || node.last.is_none());
        }
    }

    /// Merges a node with an equal one, which keeps the shorter way, or adds it.
    fn meet(&mut self, at: usize, mut next: Node<T, J>) {
        let equal = self.ahead.get_mut(at).and_then(|nodes| nodes.iter_mut().find(|node| node.equals(&next)));
        if let Some(equal) = equal {
            if next.chunks < equal.chunks {
                equal.chunks = next.chunks;
                self.steps.push(Step { end: at, before: next.last });
                equal.last = Some(self.steps.len().saturating_sub(1));
            }
            return;
        }
        self.settle(at, &mut next);
        if let Some(nodes) = self.ahead.get_mut(at) {
            nodes.push(next);
        }
    }

    /// Counts a new node and notes its last chunk.
    fn settle(&mut self, at: usize, next: &mut Node<T, J>) {
        self.nodes += 1;
        self.steps.push(Step { end: at, before: next.last });
        next.last = Some(self.steps.len().saturating_sub(1));
    }

    /// Keeps what was found, and the way to it, where no shorter way shows the like.
    fn record(&mut self, node: &Node<T, J>, to: Option<usize>, glued: bool) {
        let mut cuts: Vec<usize> = Vec::new();
        let mut last = node.last;
        while let Some(step) = last.and_then(|index| self.steps.get(index)) {
            cuts.push(step.end);
            last = step.before;
        }
        cuts.reverse();
        cuts.extend(to);
        if !glued && cuts.last() == Some(&self.stream.len()) {
            cuts.pop();
        }
        let chunks = cuts.len();
        for deviation in self.found.drain(..) {
            let counter = Counter { cuts: Segmentation { cuts: cuts.clone(), glued }, deviation };
            match self.counters.iter_mut().find(|(_, other)| J::alike(&other.deviation, &counter.deviation)) {
                Some((shortest, other)) if chunks < *shortest => {
                    *shortest = chunks;
                    *other = counter;
                }
                Some(_) => {}
                None => self.counters.push((chunks, counter)),
            }
        }
    }
}
