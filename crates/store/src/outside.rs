//! HTTP to the outside: every client is made here.
//!
//! One provider of TLS serves the whole program, *ring*: it needs a C compiler and nothing else, and a tenth of the
//! time that rustls' default takes to build.

/// Chooses the provider of TLS for the process; to call again changes nothing. Libraries that make their own client
/// need it before they do.
pub fn provide_tls() {
    // Refused when there is one already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

/// A client to be: it follows no redirect, so that nobody we call leads us elsewhere. Set a time limit.
pub fn client() -> reqwest::ClientBuilder {
    provide_tls();
    #[expect(clippy::disallowed_methods, reason = "the one place")]
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none())
}
