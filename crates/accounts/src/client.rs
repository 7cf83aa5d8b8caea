//! Where a request comes from.

use std::net::IpAddr;

use axum::extract::FromRequestParts;
use http::request::Parts;
use luhuan_kernel::Problem;

use crate::model::{coarse_address, device_label};

/// The device and the address that a request comes from, as far as the gateway knows them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client {
    /// The IP address; empty when unknown.
    pub address: String,
    /// What the device says of itself.
    pub user_agent: String,
}

impl Client {
    /// The device in words.
    #[must_use]
    pub fn device(&self) -> String {
        device_label(&self.user_agent)
    }

    /// The address with its last part left out.
    #[must_use]
    pub fn coarse_address(&self) -> String {
        coarse_address(&self.address)
    }

    /// What attempts are counted by: an IPv4 address, the /64 of an IPv6 address (one household), or nothing.
    ///
    /// A loopback address is the operator, or a reverse proxy that does not say for whom it asks; counting it
    /// would lock a whole city out for one guesser.
    #[must_use]
    pub(crate) fn counted(&self) -> Option<String> {
        let ip = self.address.parse::<IpAddr>().ok()?.to_canonical();
        if ip.is_loopback() {
            return None;
        }
        Some(match ip {
            IpAddr::V4(ip) => ip.to_string(),
            IpAddr::V6(ip) => {
                let [a, b, c, d, ..] = ip.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        })
    }
}

impl<S: Sync> FromRequestParts<S> for Client {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(address: &str) -> Option<String> {
        Client { address: address.into(), user_agent: String::new() }.counted()
    }

    #[test]
    fn a_household_is_counted_as_one_and_loopback_not_at_all() {
        assert_eq!(counted("114.247.50.2").as_deref(), Some("114.247.50.2"));
        assert_eq!(counted("2408:8206:2560:1::9"), counted("2408:8206:2560:1:ffff::1"));
        assert_eq!(counted("127.0.0.1"), None);
        assert_eq!(counted("::ffff:127.0.0.1"), None);
        assert_eq!(counted(""), None);
    }
}
