//! Prints the life of an order, drawn from its table: `cargo run -p luhuan-trade --example process -- svg|mermaid`.

use luhuan_trade::model::process;

fn main() {
    match std::env::args().nth(1).as_deref() {
        Some("mermaid") => print!("{}", process::diagram_mermaid()),
        _ => print!("{}", process::diagram_svg()),
    }
}
