//! One file for each place. Routes are in `app/routes.rs`.

pub mod about;
pub mod add_device;
pub mod audience;
pub mod broken;
pub mod case;
pub mod checkin;
pub mod coach;
pub mod day;
pub mod devices;
pub mod goal;
pub mod help;
pub mod help_edit;
pub mod journey;
pub mod lock;
pub mod lock_change;
pub mod missing;
pub mod people;
pub mod phrase;
pub mod plan;
pub mod relay;
pub mod settings;
pub mod sharing;
pub mod start;
pub mod strengths;
pub mod supervision;
pub mod today;
mod way;
pub mod work;

pub use way::{from_here, way_back};
