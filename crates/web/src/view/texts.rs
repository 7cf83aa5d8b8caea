//! Texts that stand still: the privacy notice and the rules of the trade.

use askama::Template;

use super::Frame;

/// `GET /privacy`: what is done with personal data (PIPL art. 17).
#[derive(Template, Clone, Debug, Default)]
#[template(path = "privacy.html")]
pub struct PrivacyNoticePage {
    /// Around the page.
    pub frame: Frame,
    /// Who runs this city's instance, as configured.
    pub operator: String,
    /// Where to write to, as configured.
    pub contact: String,
}

/// `GET /problems/{slug}`: what a refusal means.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "problem.html")]
pub struct ProblemPage {
    /// Around the page.
    pub frame: Frame,
    /// The stable name of the refusal.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What to do.
    pub detail: String,
}

/// `GET /rules`: what may be sold, how it is described, what holds between buyer and seller.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "rules.html")]
pub struct RulesPage {
    /// Around the page.
    pub frame: Frame,
    /// The grades: name and what each promises.
    pub conditions: Vec<(String, String)>,
    /// What may not be sold or only so: the class, the rule, its source.
    pub prohibited: Vec<(String, String, String)>,
}
