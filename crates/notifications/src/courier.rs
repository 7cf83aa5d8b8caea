//! Posts to addresses that strangers name.
//!
//! A webhook's address is chosen by its owner, so the program must not be led where the owner could not go: the
//! addresses that a name resolves to are checked where the connection is made (a name that resolved to something else
//! at an earlier check is of no use to anybody), an address in the URL itself is checked before, redirects are not
//! followed, and no proxy of the machine is used.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use http::{HeaderMap, StatusCode, header};
use luhuan_store::outside;
use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use tokio::time::Instant;

use crate::model::{EXCERPT_BYTES, excerpt, is_public};

/// The longest wait that a receiver may ask for, in seconds.
const MAX_WAIT_SECONDS: i64 = 3600;

/// Which addresses may be posted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses, by HTTPS.
    Public,
    /// Any, also by HTTP: for development, and where integrators are in the operator's own network.
    Any,
}

/// What a receiver answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// The status.
    pub status: StatusCode,
    /// The beginning of the body.
    pub excerpt: String,
    /// Seconds to wait that it asked for (`Retry-After`), an hour at most.
    pub retry_after: Option<i64>,
    /// How long it took, in milliseconds.
    pub took_ms: i32,
}

/// No answer came. The words are shown to the webhook's owner.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct Unreached {
    /// What happened.
    pub what: String,
    /// How long it took, in milliseconds.
    pub took_ms: i32,
}

/// The client.
#[derive(Clone)]
pub struct Courier {
    client: Client,
    reach: Reach,
}

impl Courier {
    /// What is said of an address that may not be posted to.
    pub const CLOSED: &'static str = "the address is not public";

    /// A client that waits so long for an answer.
    ///
    /// # Errors
    /// When no client can be made, in words for the operator.
    pub fn new(reach: Reach, timeout: Duration) -> Result<Self, String> {
        // Which follows no redirect.
        let client = outside::client()
            .timeout(timeout)
            .connect_timeout(timeout)
            .no_proxy()
            .user_agent("Luhuan-Webhook/1")
            // A connection that is kept was checked when it was made, and only for its own name.
            .pool_idle_timeout(Duration::from_secs(30))
            .dns_resolver(Arc::new(Resolver(reach)))
            .build()
            .map_err(|error| format!("no client for webhooks: {error}"))?;
        Ok(Self { client, reach })
    }

    /// Reads an address that is to be posted to: HTTPS (HTTP where any address will do), a host, no credentials; an IP
    /// address must be one that may be reached.
    ///
    /// # Errors
    /// When it may not be posted to.
    pub fn accept(&self, url: &str) -> Result<Url, Unreached> {
        let refused = |what: &str| Unreached { what: what.to_owned(), took_ms: 0 };
        let url = Url::parse(url).map_err(|_| refused("the address is none"))?;
        match (url.scheme(), self.reach) {
            ("https", _) | ("http", Reach::Any) => {}
            _ => return Err(refused("the address does not begin with https://")),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(refused("the address holds a password"));
        }
        let host = url.host_str().ok_or_else(|| refused("the address has no host"))?;
        // The parser has brought every way of writing an IP address (0x7f.1, 2130706433) into this one form.
        let literal: Option<IpAddr> = host.trim_start_matches('[').trim_end_matches(']').parse().ok();
        if literal.is_some_and(|address| !self.reach.allows(address))
            || (literal.is_none() && self.names_self(host))
        {
            return Err(refused(Self::CLOSED));
        }
        Ok(url)
    }

    /// Names that never leave the machine or its network; the resolver would refuse them too, but at every try.
    fn names_self(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.');
        self.reach == Reach::Public
            && (!host.contains('.')
                || [".localhost", ".local", ".internal"].iter().any(|suffix| host.ends_with(suffix)))
    }

    /// Posts a body. Any answer is a [`Receipt`], whatever its status.
    ///
    /// # Errors
    /// [`Unreached`] when none came.
    pub async fn post(&self, url: &str, headers: HeaderMap, body: String) -> Result<Receipt, Unreached> {
        let url = self.accept(url)?;
        let started = Instant::now();
        let unreached = |error: reqwest::Error| Unreached { what: reason(&error), took_ms: millis(started) };
        let mut answer = self.client.post(url).headers(headers).body(body).send().await.map_err(unreached)?;
        let mut beginning = Vec::new();
        while beginning.len() < EXCERPT_BYTES {
            match answer.chunk().await {
                Ok(Some(chunk)) => beginning.extend_from_slice(&chunk[..chunk.len().min(EXCERPT_BYTES)]),
                // The status counts; a body that breaks off does not change it.
                Ok(None) | Err(_) => break,
            }
        }
        Ok(Receipt {
            status: answer.status(),
            excerpt: excerpt(&beginning),
            retry_after: retry_after(answer.headers()),
            took_ms: millis(started),
        })
    }
}

impl Reach {
    fn allows(self, address: IpAddr) -> bool {
        self == Self::Any || is_public(address)
    }
}

/// Resolves a name to those of its addresses that may be reached; the connection is made to one of these.
struct Resolver(Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found.filter(|address| reach.allows(address.ip())).collect();
            if allowed.is_empty() {
                return Err(Courier::CLOSED.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// The innermost cause in words: the outer ones repeat the address.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    excerpt(cause.to_string().as_bytes())
}

fn retry_after(headers: &HeaderMap) -> Option<i64> {
    let seconds: i64 = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(seconds.clamp(1, MAX_WAIT_SECONDS))
}

fn millis(since: Instant) -> i32 {
    i32::try_from(since.elapsed().as_millis()).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(reach: Reach, url: &str) -> Option<String> {
        Courier::new(reach, Duration::from_secs(1)).unwrap().accept(url).err().map(|refused| refused.what)
    }

    #[test]
    fn every_way_of_writing_a_closed_address_is_refused() {
        let closed = [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest",
            "https://10.1.2.3:8443/",
            "https://localhost/",
            "https://a.localhost/",
            "https://router/",
            "https://db.internal/",
            "https://nas.local./",
        ];
        for url in closed {
            assert_eq!(refusal(Reach::Public, url).as_deref(), Some(Courier::CLOSED), "{url}");
            assert_eq!(refusal(Reach::Any, url), None, "{url}");
        }
        assert!(refusal(Reach::Public, "https://example.org/hook").is_none());
        assert!(refusal(Reach::Public, "http://example.org/hook").is_some());
        assert!(refusal(Reach::Any, "ftp://example.org/hook").is_some());
        assert!(refusal(Reach::Public, "https://user:pw@example.org/").is_some());
        assert!(refusal(Reach::Public, "nonsense").is_some());
    }

    #[tokio::test]
    async fn a_name_that_resolves_to_this_machine_is_not_connected_to() {
        // The check of the name is passed over: the resolver is what stands between a rebinding name and the machine.
        let resolver = Resolver(Reach::Public);
        let refused = resolver.resolve("localhost".parse().unwrap()).await.err().unwrap();
        assert_eq!(refused.to_string(), Courier::CLOSED);
        assert!(Resolver(Reach::Any).resolve("localhost".parse().unwrap()).await.is_ok());
    }
}
