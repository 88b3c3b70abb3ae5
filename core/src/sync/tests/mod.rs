mod basics;
mod relay;
mod world;
