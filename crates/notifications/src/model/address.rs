//! Which addresses the program may post to on somebody's behalf.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address belongs to the open internet.
///
/// What a stranger names, the program must not reach where the stranger could not: loopback, private networks, the
/// cloud's metadata service at 169.254.169.254, and IPv6 forms that carry such an IPv4 address (server-side request
/// forgery). After the special-purpose registries of IANA (RFC 6890 and its updates).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !matches!(
        (a, b, c),
        (0 | 10 | 127, ..)
            | (100, 64..=127, _)     // shared address space, RFC 6598
            | (169, 254, _)          // link-local
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)        // protocol assignments, documentation
            | (192, 88, 99)          // former 6to4 relays
            | (192, 168, _)
            | (198, 18 | 19, _)      // benchmarking
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, ..) // multicast, reserved, broadcast
    )
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let [a, b, ..] = segments;
    let embedded = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b) {
        // ::ffff:0:0/96, IPv4-mapped; the rest of ::/16 holds loopback, unspecified and retired forms.
        (0, _) => segments[..5] == [0; 5] && segments[5] == 0xffff && embedded(segments[6], segments[7]),
        // NAT64: the well-known prefix, and the local one.
        (0x64, 0xff9b) => segments[2..6] == [0; 4] && embedded(segments[6], segments[7]),
        // 6to4.
        (0x2002, _) => embedded(segments[1], segments[2]),
        // 2001::/23 protocol assignments (Teredo among them) and documentation.
        (0x2001, 0..=0x1ff | 0xdb8) => false,
        (0x3fff, 0..=0xfff) => false,
        // Global unicast is 2000::/3; all else is local, multicast or unassigned.
        _ => a & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_open_internet_is_reached_and_nothing_else() {
        let public =
            ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2400:3200::1"];
        let closed = [
            "0.0.0.0",
            "10.0.0.1",
            "127.0.0.1",
            "127.255.1.2",
            "100.64.0.1",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.51.100.7",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
            "3fff::1",
        ];
        for text in public {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
        for text in closed {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
        assert!(is_public("::ffff:1.1.1.1".parse().unwrap()));
        assert!(is_public("64:ff9b::101:101".parse().unwrap()));
    }
}
