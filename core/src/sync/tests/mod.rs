mod basics;
mod devices;
mod epochs;
mod faults;
mod relay;
mod repair;
mod world;
