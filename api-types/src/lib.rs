//! What crosses between the shell and the screens: plain data, the limits of fields, and how typed text is read.
//!
//! Every call is a [`Command`]: a struct with its arguments, the name the shell knows it by, and
//! the type of its answer. Dates are the person's local ones; instants are milliseconds since 1970.

pub mod app;
pub mod audience;
pub mod checkin;
pub mod circle;
pub mod coach;
pub mod code;
pub mod command;
pub mod devices;
pub mod draft;
pub mod error;
pub mod joining;
pub mod journey;
pub mod limits;
pub mod lock;
pub mod need;
pub mod people;
pub mod plan;
pub mod safety;
pub mod settings;
pub mod sharing;
pub mod space;
pub mod sync;
pub mod today;
pub mod typed;
pub mod work;

pub use command::Command;
pub use error::ApiError;

/// Name of a stored thing, made by the caller (UUID v7), so that repeating a call changes nothing.
pub type Id = String;

/// Instant in milliseconds since 1970, UTC.
pub type Millis = i64;
