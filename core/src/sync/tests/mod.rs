mod basics;
mod devices;
mod faults;
mod relay;
mod world;
