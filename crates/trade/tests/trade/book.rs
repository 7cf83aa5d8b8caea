//! What the book says of trade is what the code runs.

use luhuan_trade::model::process::diagram_svg;

/// Where the book keeps the picture.
const PICTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/src/images/order-process.svg");

#[test]
fn the_books_picture_is_drawn_from_the_table() {
    let drawn = diagram_svg();
    if std::env::var_os("LUHUAN_DRAW").is_some() {
        std::fs::write(PICTURE, &drawn).unwrap();
    }
    let kept = std::fs::read_to_string(PICTURE).unwrap_or_default();
    assert!(kept == drawn, "draw it anew: LUHUAN_DRAW=1 cargo test -p luhuan-trade --test trade book");
}
