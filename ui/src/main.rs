//! Starts the screens.

fn main() {
    trellis_ui::start();
}
