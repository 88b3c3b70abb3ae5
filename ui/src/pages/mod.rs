//! One file for each place. Routes are in `app/routes.rs`.

pub mod about;
pub mod add_device;
pub mod broken;
pub mod checkin;
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
pub mod start;
pub mod strengths;
pub mod today;
