//! People who use the gateway.

use serde::Deserialize;
use serde_json::json;

use crate::client::Client;
use crate::environment;

/// A sign-in that the demo city prepared, as `luhuan demo accounts --json` lists it.
#[derive(Clone, Debug, Deserialize)]
pub struct DemoAccount {
    /// What the person is: `resident`, `moderator`, ...
    pub role: String,
    /// The phone or e-mail to sign in with.
    pub login: String,
    /// The password.
    pub password: String,
}

/// The password of everyone whom a test makes.
pub const PASSWORD: &str = "luhuan-test-2026-bicycle";

/// Someone signed in. It is a [`Client`] that sends this person's token.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The phone or e-mail.
    pub login: String,
    /// The password.
    pub password: String,
    client: Client,
}

impl Actor {
    /// Signs in.
    ///
    /// # Panics
    /// When the gateway refuses.
    pub async fn sign_in(anonymous: &Client, login: &str, password: &str) -> Self {
        let credentials = json!({"login": login, "password": password});
        let answer = anonymous.post("/api/v1/sessions", &credentials).await;
        assert!(answer.status.is_success(), "{login} cannot sign in ({}):\n{}", answer.status, answer.text());
        let session = answer.json();
        let token =
            session["token"].as_str().unwrap_or_else(|| panic!("a session without a token: {session}"));
        Self { login: login.to_owned(), password: password.to_owned(), client: anonymous.with_token(token) }
    }

    /// Makes a new resident's account and signs in.
    ///
    /// # Panics
    /// When the gateway refuses.
    pub async fn sign_up(anonymous: &Client, name: &str) -> Self {
        let login = fresh_phone();
        let account = json!({"login": login, "password": PASSWORD, "name": name, "consent": true});
        let answer = anonymous.post("/api/v1/accounts", &account).await;
        assert!(answer.status.is_success(), "{login} cannot sign up ({}):\n{}", answer.status, answer.text());
        Self::sign_in(anonymous, &login, PASSWORD).await
    }

    /// This person's client.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.client
    }
}

impl std::ops::Deref for Actor {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A mobile number that nobody has: a prefix in use (199), then eight digits drawn at random.
#[must_use]
pub fn fresh_phone() -> String {
    let digits = environment::unique_number() % 100_000_000;
    format!("199{digits:08}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_phone_has_eleven_digits() {
        for _ in 0..1000 {
            let phone = fresh_phone();
            assert_eq!(phone.len(), 11);
            assert!(phone.bytes().all(|byte| byte.is_ascii_digit()));
        }
    }
}
