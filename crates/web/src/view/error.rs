//! What went wrong.

use askama::Template;

use super::Frame;

/// An error page: what happened, what was kept, what to do.
#[derive(Template, Clone, Debug, Default)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// Around the page; its trace id is shown so that support can find the log.
    pub frame: Frame,
    /// The status: 400, 403, 404, 409, 413, 429, 500 and 503 have words of their own, others those of 400 or 500.
    pub status: u16,
    /// What happened in this very case, in the reader's language; empty for the status's own sentence.
    pub detail: String,
    /// A way on that fits this case: what it is called and where it leads; none for the first page.
    pub way_on: Option<(String, String)>,
}

impl ErrorPage {
    /// The status whose words are used.
    #[must_use]
    pub fn words(&self) -> &'static str {
        match self.status {
            401 | 403 => "403",
            404 | 405 | 410 => "404",
            409 | 412 => "409",
            413 => "413",
            429 => "429",
            502..=504 => "503",
            500..=599 => "500",
            _ => "400",
        }
    }

    /// The title of the page.
    #[must_use]
    pub fn title(&self) -> String {
        self.frame.t.code("error-title", self.words()).into_owned()
    }

    /// What happened.
    #[must_use]
    pub fn what(&self) -> String {
        if self.detail.is_empty() {
            self.frame.t.code("error-what", self.words()).into_owned()
        } else {
            self.detail.clone()
        }
    }

    /// What to do.
    #[must_use]
    pub fn advice(&self) -> String {
        self.frame.t.code("error-advice", self.words()).into_owned()
    }
}
