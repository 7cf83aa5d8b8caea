//! What is remembered of the device of a session: enough to know it again, no more.

use std::net::IpAddr;

const SYSTEMS: [(&str, &str); 8] = [
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

// In this order: Edge and the in-app browsers also call themselves Chrome, and Chrome calls itself Safari.
const BROWSERS: [(&str, &str); 10] = [
    ("MicroMessenger", "微信"),
    ("AlipayClient", "支付宝"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("HuaweiBrowser", "Huawei Browser"),
    ("MiuiBrowser", "Mi Browser"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
    ("curl", "curl"),
];

/// A device in words, such as `Chrome · Android`, from the browser's description of itself.
#[must_use]
pub fn device_label(user_agent: &str) -> String {
    let named = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => {
            let product: String =
                user_agent.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').take(40).collect();
            if product.is_empty() { "—".to_owned() } else { product }
        }
    }
}

/// An address with its last part left out: `114.247.*.*`, `2408:8206:2560::*`.
#[must_use]
pub fn coarse_address(address: &str) -> String {
    match address.parse::<IpAddr>().map(|ip| ip.to_canonical()) {
        Ok(IpAddr::V4(ip)) => {
            let [a, b, ..] = ip.octets();
            format!("{a}.{b}.*.*")
        }
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}::*")
        }
        Err(_) => "—".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_device_is_known_by_browser_and_system() {
        let phone = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Mobile Safari/537.36";
        assert_eq!(device_label(phone), "Chrome · Android");
        assert_eq!(device_label("curl/8.5.0"), "curl");
        assert_eq!(device_label("luhuan-import/1.0 \u{1b}[31m"), "luhuan-import");
        assert_eq!(device_label(""), "—");
    }

    proptest! {
        #[test]
        fn whatever_a_device_says_of_itself_is_one_short_line(user_agent in ".{0,200}", address in ".{0,60}") {
            for label in [device_label(&user_agent), coarse_address(&address)] {
                prop_assert!(!label.is_empty() && label.chars().count() <= 40 && !label.contains(char::is_control));
            }
        }
    }

    #[test]
    fn an_address_is_kept_coarse() {
        assert_eq!(coarse_address("114.247.50.2"), "114.247.*.*");
        assert_eq!(coarse_address("::ffff:114.247.50.2"), "114.247.*.*");
        assert_eq!(coarse_address("2408:8206:2560:1::9"), "2408:8206:2560::*");
        assert_eq!(coarse_address("unknown"), "—");
    }
}
