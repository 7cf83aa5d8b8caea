//! One's own account.

use askama::Template;

use super::{Choice, DistrictGroup, Errors, Frame, Moment};

/// Who one is, as far as the account knows; numbers masked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The name shown to others.
    pub name: String,
    /// The phone, masked; empty when there is none.
    pub phone: String,
    /// The e-mail address, masked; empty when there is none.
    pub email: String,
    /// The kind of seller: `private`, `natural_person_trader`, `registered_merchant`.
    pub seller_kind: String,
    /// Whether the identity was verified.
    pub verified: bool,
    /// The real name, masked (张*); empty when not given.
    pub real_name: String,
    /// The identity number, masked; empty when not given.
    pub id_number: String,
    /// Since when one is here, in words.
    pub since: String,
}

impl Identity {
    /// The character that stands for the person.
    #[must_use]
    pub fn initial(&self) -> String {
        super::frame::initial(&self.name)
    }
}

/// An organisation one belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationLink {
    /// `/organisations/{id}`.
    pub url: String,
    /// Its name.
    pub name: String,
    /// Its kind: `seller-shop`, `recycler`, `mall`, `market`, `packaging-operator`.
    pub kind: String,
    /// One's role there: `owner`, `manager`, `dispatcher`, `collector`, `clerk`.
    pub role: String,
}

/// What was typed into the forms of the profile.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileValues {
    /// Field `name`.
    pub name: String,
    /// Field `real_name`; empty until something was typed.
    pub real_name: String,
    /// Field `id_number`; empty until something was typed.
    pub id_number: String,
    /// Field `consent_identity`, value `true`: never ticked beforehand.
    pub consent_identity: bool,
}

/// `GET /me`. Fields to `POST /me`: `name`, `subdistrict`, `seller_kind`, `seller_organisation`. Fields to
/// `POST /me/identity`: `real_name`, `id_number`, `consent_identity` (value `true`).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "profile.html")]
pub struct ProfilePage {
    /// Around the page.
    pub frame: Frame,
    /// Who one is.
    pub identity: Identity,
    /// How many of one's things are on offer.
    pub on_offer: u64,
    /// How many things one watches.
    pub watching: u64,
    /// How many of one's drafts wait.
    pub drafts: u64,
    /// Organisations one belongs to.
    pub organisations: Vec<OrganisationLink>,
    /// What stands in the forms.
    pub values: ProfileValues,
    /// The kinds of seller one may declare oneself.
    pub seller_kinds: Vec<Choice>,
    /// The licensed organisations that one may sell for as a registered merchant; empty when there is none.
    pub shops: Vec<Choice>,
    /// Where one lives; empty to leave the question out.
    pub districts: Vec<DistrictGroup>,
    /// What is wrong.
    pub errors: Errors,
}

/// A session: a device one is signed in on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SessionRow {
    /// Its id.
    pub id: String,
    /// The device, in words: Chrome · Android.
    pub device: String,
    /// The address it came from, shortened: 114.247.*.*
    pub address: String,
    /// When it was last used.
    pub last_used: Moment,
    /// Whether it is this one.
    pub current: bool,
}

/// An API token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenRow {
    /// Its id.
    pub id: String,
    /// The name given to it.
    pub name: String,
    /// Its first characters, to tell it by: `lh_3fA9…`.
    pub prefix: String,
    /// What it may do: codes of scopes.
    pub scopes: Vec<String>,
    /// Until when it holds; empty when it does not expire.
    pub expires: String,
    /// When it was last used; empty when never.
    pub last_used: String,
    /// Whether it has expired.
    pub expired: bool,
}

/// `GET /me/security`. Fields to `POST /me/password`: `current_password` (`code` when there is none), `password`.
/// Fields to `POST /me/tokens`: `token_name`, `scope` (repeated), `expires_in_days`. `POST /me/codes` sends a code
/// to confirm with and comes back to `next`.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "security.html")]
pub struct SecurityPage {
    /// Around the page.
    pub frame: Frame,
    /// Whether there is a password to be asked for; a code is, when not.
    pub has_password: bool,
    /// Where that code is sent, masked; empty when a password is asked for.
    pub code_to: String,
    /// How long a password must be.
    pub password_min: u32,
    /// Devices one is signed in on.
    pub sessions: Vec<SessionRow>,
    /// API tokens.
    pub tokens: Vec<TokenRow>,
    /// A token just made: the only time it is shown.
    pub new_token: Option<String>,
    /// What a token may be allowed: `read`, `listings`, `account`, `staff`. Label and hint may stay empty, the
    /// words stand in the texts.
    pub scopes: Vec<Choice>,
    /// For how long a token may hold, in days.
    pub lifetimes: Vec<Choice>,
    /// The name typed for a new token.
    pub token_name: String,
    /// What is wrong.
    pub errors: Errors,
}

/// A consent: a purpose that personal data is used for (PIPL art. 13 to 17).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Consent {
    /// Its code, sent as `consent` when ticked.
    pub code: String,
    /// The purpose.
    pub title: String,
    /// What is used and for how long it is kept.
    pub detail: String,
    /// Whether it is given.
    pub given: bool,
    /// Whether the service cannot be rendered without it, so that it ends with the account.
    pub required: bool,
    /// Since when, in words; empty when never given.
    pub since: String,
}

/// `GET /me/privacy`. Fields to `POST /me/consents`: `consent` (repeated). `POST /me/export` has none and answers
/// with the file. Fields to `POST /me/erase`: `password` (`code` when there is none), `confirm` (value `true`).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "privacy_settings.html")]
pub struct PrivacyPage {
    /// Around the page.
    pub frame: Frame,
    /// Consents.
    pub consents: Vec<Consent>,
    /// Whether there is a password to be asked for; a code is, when not.
    pub has_password: bool,
    /// Where that code is sent, masked; empty when a password is asked for.
    pub code_to: String,
    /// What stands in the way of erasure now, in words; empty when nothing does.
    pub erase_blocked: String,
    /// What is kept after an erasure, and for how long: one line each.
    pub kept: Vec<String>,
    /// What is wrong.
    pub errors: Errors,
}
