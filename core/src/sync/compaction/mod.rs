//! Snapshots that stand for what came before, and trimming what they stand for.

pub(super) mod coverage;
pub(super) mod job;
pub(super) mod trim;
