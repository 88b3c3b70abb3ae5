//! What holds for plans, check-ins and journeys whatever stores or shows them: pure functions over the contract's types.

pub mod board;
pub mod caseload;
pub mod help;
pub mod journey;
pub mod meetings;
pub mod order;
pub mod tags;
pub mod today;
pub mod validate;
mod zone;
