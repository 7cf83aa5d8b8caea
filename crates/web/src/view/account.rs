//! Signing up and in.

use askama::Template;

use super::{Choice, Errors, Frame};

/// `GET /sign-in`. Fields to `POST /sign-in`: `login` (phone or e-mail), `password`, `next`. Fields to
/// `POST /sign-in/code`: `login`, `next`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// Around the page.
    pub frame: Frame,
    /// What was typed as `login`.
    pub login: String,
    /// Where to go afterwards: a path of ours.
    pub next: String,
    /// What is wrong, with `login`, `password` or the whole.
    pub errors: Errors,
    /// Whether the way by one-time code is shown open.
    pub by_code: bool,
    /// The demo's sign-ins to try: role, login, password; empty outside a demo.
    pub demo_accounts: Vec<(String, String, String)>,
}

/// `GET /sign-in/code`. Fields to `POST /sign-in/code/verify`: `login` (hidden), `code`, `next`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "code.html")]
pub struct CodePage {
    /// Around the page.
    pub frame: Frame,
    /// The login, sent back.
    pub login: String,
    /// Where the code went, masked: 138****5678.
    pub sent_to: String,
    /// For how many minutes it holds.
    pub minutes: u32,
    /// How many digits it has.
    pub digits: u32,
    /// Where to go afterwards.
    pub next: String,
    /// What is wrong.
    pub errors: Errors,
    /// Whether this is a demo, in which the code stands in the program's console.
    pub in_console: bool,
}

/// What was typed into the sign-up form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignUpValues {
    /// Field `login`: phone or e-mail.
    pub login: String,
    /// Field `name`: the name shown.
    pub name: String,
    /// Field `consent_terms`, value `true`.
    pub terms: bool,
    /// Field `consent_privacy`, value `true`.
    pub privacy: bool,
}

/// `GET /sign-up`. Fields to `POST /sign-up`: those of [`SignUpValues`], `password`, `subdistrict` (may be
/// empty), `next`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "sign_up.html")]
pub struct SignUpPage {
    /// Around the page.
    pub frame: Frame,
    /// What was typed.
    pub values: SignUpValues,
    /// Where the person lives, by district; empty to leave the question out.
    pub districts: Vec<(String, Vec<Choice>)>,
    /// How long a password must be.
    pub password_min: u32,
    /// Where to go afterwards.
    pub next: String,
    /// What is wrong.
    pub errors: Errors,
}
