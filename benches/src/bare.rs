//! The measure of all: axum answering without doing anything.

use std::io;

use axum::{Router, http::header, routing::get};

/// Serves on a free port of loopback and prints the address.
pub fn serve(bytes: usize) -> io::Result<()> {
    let body: &'static str =
        Box::leak(format!("\"{}\"", "x".repeat(bytes.saturating_sub(2))).into_boxed_str());
    let answer = move || async move { ([(header::CONTENT_TYPE, "application/json")], body) };
    let router = Router::new().route("/", get(answer));
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("ready at http://{}/", listener.local_addr()?);
        axum::serve(listener, router).await
    })
}
