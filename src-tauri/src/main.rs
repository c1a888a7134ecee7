//! The application: one window over the engine. Wiring only.

fn main() {}
