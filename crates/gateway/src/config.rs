//! Configuration: defaults < file < environment < flags, each value knowing where it came from.

use std::{collections::BTreeMap, fmt, path::Path};

/// One thing that can be configured.
#[derive(Debug)]
pub struct Key {
    /// Its name, as in the file: dotted.
    pub name: &'static str,
    /// What it is when nobody says.
    pub default: &'static str,
    /// Whether it is never shown.
    pub secret: bool,
    /// What it does.
    pub help: &'static str,
}

const fn key(name: &'static str, default: &'static str, help: &'static str) -> Key {
    Key { name, default, secret: false, help }
}

const fn secret(name: &'static str, help: &'static str) -> Key {
    Key { name, default: "", secret: true, help }
}

/// Every key. The environment variable of a key is `LUHUAN_` and its name in capitals, dots as `_`.
pub const KEYS: &[Key] = &[
    key("listen", "127.0.0.1:8080", "Address and port to serve on."),
    key(
        "public_url",
        "",
        "Address under which residents reach the server, for links; empty: taken from each request.",
    ),
    key("operator.name", "", "Who runs this city's instance: named in the privacy notice."),
    key("operator.contact", "", "Where residents write to about their data: named in the privacy notice."),
    key("data", "data", "Folder for the embedded database, the index, photos and the generated secret."),
    secret(
        "database.url",
        "postgres://… of a server; empty: SQLite in the data folder. May hold a password.",
    ),
    key("database.connections", "6", "Connections to the database at most."),
    key("search.url", "", "http://… of a Meilisearch server; empty: the embedded index in the data folder."),
    secret("search.key", "Key for the Meilisearch server."),
    secret(
        "secret",
        "64 hexadecimal digits from which all keys are derived; empty: generated once in the data folder.",
    ),
    key("blobs.bucket", "", "Bucket of an S3-compatible store for photos; empty: the data folder."),
    key("blobs.endpoint", "", "Address of that store; empty: the cloud's own."),
    key("blobs.region", "us-east-1", "Region of that store."),
    key("blobs.access_key", "", "Access key of that store."),
    secret("blobs.secret_key", "Secret of that access key."),
    key(
        "codes.webhook_url",
        "",
        "Where one-time codes are posted for delivery by SMS or e-mail; empty: the console.",
    ),
    secret("codes.webhook_secret", "Key that signs those posts."),
    key("listing.days", "90", "Days that a published listing stays on offer."),
    key("listing.contacts", "mask", "Contact details in a listing's text: `mask` or `refuse`."),
    key("trade.jury", "true", "Whether small disputes may go to the jury (小法庭) first."),
    key("ledger.points_budget", "green", "The budget in the books that pays for discounts by points."),
    secret(
        "stripe.secret_key",
        "Stripe's secret key, sk_… or rk_…; empty: no payment by card, Alipay or WeChat Pay.",
    ),
    key("stripe.publishable_key", "", "Stripe's publishable key, pk_…, for the payer's browser."),
    secret(
        "stripe.webhook_secrets",
        "Secrets of the webhook endpoint, by commas: two while one replaces the other.",
    ),
    key("stripe.methods", "card,alipay,wechat_pay", "What is offered to the payer, by commas."),
    key("stripe.api", luhuan_ledger::STRIPE_API, "Where Stripe answers."),
    key(
        "stripe.script",
        "https://js.stripe.com/v3/",
        "Stripe's script for the page where a card is entered.",
    ),
    key("stripe.seconds", "20", "Time for one request to Stripe at most."),
    secret(
        "mail.smtp_url",
        "smtps://user:password@host of the mail server, or `console`; empty: no e-mails.",
    ),
    key("mail.from", "", "Who e-mails come from, such as `绿环 <noreply@example.org>`."),
    key("webhooks.private_addresses", "false", "Post webhooks to private and loopback addresses as well."),
    key("limits.body_kib", "1024", "Size of a request body at most, in KiB; photos have their own limit."),
    key("limits.request_seconds", "30", "Time for one request at most."),
    key("limits.requests_at_once", "2048", "Requests under way at most; more are told to come back."),
    key(
        "limits.photo_memory_mib",
        "512",
        "Memory that decoding photos may take in all, in MiB; more photos wait.",
    ),
    key(
        "limits.trusted_proxy",
        "false",
        "Believe X-Forwarded-For and X-Forwarded-Proto: only behind a proxy that sets them.",
    ),
    key("log.format", "text", "`text` for people or `json` for machines."),
    key("log.filter", "info,sqlx=warn,tantivy=warn", "Which log lines: tracing's filter syntax."),
];

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said.
    Default,
    /// The configuration file.
    File(String),
    /// An environment variable.
    Environment(String),
    /// A flag of the command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "file {path}"),
            Self::Environment(name) => write!(f, "environment {name}"),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// What is wrong with the configuration, in words for the operator.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ConfigError(String);

/// The effective configuration.
#[derive(Clone, Debug)]
pub struct Config(BTreeMap<&'static str, (String, Origin)>);

impl Config {
    /// Lays the sources over each other.
    ///
    /// # Errors
    /// When the file cannot be read, or names a key that there is not.
    pub fn load(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        flags: &[(&str, String)],
    ) -> Result<Self, ConfigError> {
        let mut config =
            Self(KEYS.iter().map(|key| (key.name, (key.default.to_owned(), Origin::Default))).collect());
        if let Some(path) = file {
            config.read_file(path)?;
        }
        let environment: BTreeMap<String, String> = environment.collect();
        for key in KEYS {
            let name = variable(key.name);
            if let Some(value) = environment.get(&name) {
                config.0.insert(key.name, (value.clone(), Origin::Environment(name)));
            }
        }
        for (name, value) in flags {
            config.set(name, value.clone(), Origin::Flag)?;
        }
        Ok(config)
    }

    fn read_file(&mut self, path: &Path) -> Result<(), ConfigError> {
        let shown = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| ConfigError(format!("cannot read the configuration file {shown}: {error}")))?;
        let table: toml::Table = text
            .parse()
            .map_err(|error| ConfigError(format!("the configuration file {shown} is not TOML: {error}")))?;
        let mut values = Vec::new();
        flatten(String::new(), &toml::Value::Table(table), &mut values);
        for (name, value) in values {
            self.set(&name, value, Origin::File(shown.clone()))?;
        }
        Ok(())
    }

    fn set(&mut self, name: &str, value: String, origin: Origin) -> Result<(), ConfigError> {
        let Some(key) = KEYS.iter().find(|key| key.name == name) else {
            return Err(ConfigError(format!(
                "{origin}: there is no key '{name}'; 'luhuan config' lists them all"
            )));
        };
        self.0.insert(key.name, (value, origin));
        Ok(())
    }

    /// A value as text.
    ///
    /// # Panics
    /// When the program asks for a key that it does not define.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        &self.0.get(name).unwrap_or_else(|| panic!("no key {name}")).0
    }

    /// A value that may be empty.
    #[must_use]
    pub fn optional(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|value| !value.is_empty())
    }

    /// A value of another type.
    ///
    /// # Errors
    /// When it does not read as one; the error names the key and where the value came from.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Result<T, ConfigError> {
        let (value, origin) = self.0.get(name).unwrap_or_else(|| panic!("no key {name}"));
        value
            .parse()
            .map_err(|_| ConfigError(format!("{name} = '{value}' ({origin}) is not what it should be")))
    }

    /// Every key with its value and origin, secrets masked.
    pub fn shown(&self) -> impl Iterator<Item = (&'static Key, String, &Origin)> {
        KEYS.iter().map(|key| {
            let (value, origin) = &self.0[key.name];
            let shown = if key.secret && !value.is_empty() { "***".to_owned() } else { value.clone() };
            (key, shown, origin)
        })
    }
}

/// The environment variable of a key.
#[must_use]
pub fn variable(name: &str) -> String {
    format!("LUHUAN_{}", name.replace('.', "_").to_ascii_uppercase())
}

fn flatten(prefix: String, value: &toml::Value, into: &mut Vec<(String, String)>) {
    match value {
        toml::Value::Table(table) => {
            for (name, value) in table {
                let name = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                flatten(name, value, into);
            }
        }
        toml::Value::String(text) => into.push((prefix, text.clone())),
        toml::Value::Integer(number) => into.push((prefix, number.to_string())),
        toml::Value::Float(number) => into.push((prefix, number.to_string())),
        toml::Value::Boolean(yes) => into.push((prefix, yes.to_string())),
        toml::Value::Datetime(moment) => into.push((prefix, moment.to_string())),
        toml::Value::Array(values) => {
            for value in values {
                flatten(prefix.clone(), value, into);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect::<Vec<_>>()
            .into_iter()
    }

    #[test]
    fn the_book_tells_of_every_key() {
        let book = include_str!("../../../docs/src/operating/configuration.md");
        for Key { name, default, secret, help } in KEYS {
            let default = if default.is_empty() { String::new() } else { format!("`{default}`") };
            let hidden = if *secret { " Secret: never shown." } else { "" };
            let row = format!("| `{name}` | {default} | `{}` | {help}{hidden} |", variable(name));
            assert!(book.contains(&row), "docs/src/operating/configuration.md lacks the row\n{row}");
        }
    }

    #[test]
    fn a_flag_beats_the_environment_which_beats_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("luhuan.toml");
        std::fs::write(&file, "listen = '1.1.1.1:1'\ndata = 'from-file'\n[listing]\ndays = 30\n").unwrap();
        let env = environment(&[("LUHUAN_DATA", "from-env"), ("LUHUAN_LISTEN", "2.2.2.2:2")]);
        let config = Config::load(Some(&file), env, &[("listen", "3.3.3.3:3".into())]).unwrap();
        assert_eq!(config.text("listen"), "3.3.3.3:3");
        assert_eq!(config.text("data"), "from-env");
        assert_eq!(config.parsed::<i64>("listing.days").unwrap(), 30);
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = Config::load(None, environment(&[]), &[("lisen", "x".into())]).unwrap_err();
        assert!(error.to_string().contains("'lisen'"));
    }

    #[test]
    fn secrets_are_not_shown() {
        let env = environment(&[("LUHUAN_SEARCH_KEY", "hunter2")]);
        let config = Config::load(None, env, &[]).unwrap();
        let shown: Vec<_> = config.shown().map(|(_, value, _)| value).collect();
        assert!(!shown.iter().any(|value| value.contains("hunter2")));
    }
}
