//! Organisations: seller shops, recyclers, malls, markets, packaging operators.

use askama::Template;

use super::{Choice, Errors, Frame, Pager};

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrganisationValues {
    /// Field `name`.
    pub name: String,
    /// Field `licence`: the unified social credit code (统一社会信用代码, 18 characters).
    pub licence: String,
}

/// `GET /organisations/new`. Fields to `POST /organisations`: `kind`, `name`, `licence` (may be empty for
/// those exempt from registration).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "new_organisation.html")]
pub struct NewOrganisationPage {
    /// Around the page.
    pub frame: Frame,
    /// The kinds, each with what it is for.
    pub kinds: Vec<Choice>,
    /// What was typed.
    pub values: OrganisationValues,
    /// What is wrong.
    pub errors: Errors,
}

/// Someone who belongs to an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Member {
    /// The person's id.
    pub id: String,
    /// The name shown.
    pub name: String,
    /// The login, masked.
    pub login: String,
    /// The code of the role.
    pub role: String,
    /// The roles this person could be given by the reader; empty when none.
    pub roles: Vec<Choice>,
    /// Whether the reader may take them out; oneself, it is leaving.
    pub removable: bool,
    /// Whether it is the reader.
    pub is_me: bool,
}

impl Member {
    /// The character that stands for the person.
    #[must_use]
    pub fn initial(&self) -> String {
        super::frame::initial(&self.name)
    }
}

/// `GET /organisations/{id}`. Fields to `POST /organisations/{id}`: `name`; to `/licence`: `licence`; to
/// `/members`: `login`, `role`; to `/members/{person}/role`: `role`; `/members/{person}/remove` has none.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "organisation.html")]
pub struct OrganisationPage {
    /// Around the page.
    pub frame: Frame,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The code of its kind: `seller-shop`, `recycler`, `mall`, `market`, `packaging-operator`.
    pub kind: String,
    /// Its licence number, masked for those who need not see it; empty when none was given.
    pub licence_number: String,
    /// `none`, `fits` (the check digit does), `odd` (it does not: a few old codes are so).
    pub licence_state: String,
    /// How many belong to it.
    pub member_count: u64,
    /// Its members, a page of them.
    pub members: Vec<Member>,
    /// The way to more members.
    pub pager: Pager,
    /// Whether the reader may change its name and licence.
    pub may_manage: bool,
    /// Whether the reader may decide who belongs to it.
    pub may_place: bool,
    /// What stands in the forms for the name and the licence.
    pub values: OrganisationValues,
    /// The roles that a new member may be given.
    pub roles: Vec<Choice>,
    /// What was typed as the login of a new member.
    pub new_login: String,
    /// What is wrong.
    pub errors: Errors,
}
