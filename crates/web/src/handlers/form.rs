//! What forms send: fields in order, and the CSRF token checked before anything else.

use axum::{
    extract::{FromRequest, Multipart, Request},
    response::Response,
};
use bytes::Bytes;
use http::StatusCode;
use luhuan_kernel::Problem;

use super::{Site, visit::Visit};

/// The name of the hidden field that every form carries.
const CSRF: &str = "_csrf";

/// The fields of a form.
#[derive(Clone, Debug, Default)]
pub struct Fields(Vec<(String, String)>);

impl Fields {
    /// A field's value, trimmed; empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    /// A field's value as it was sent: a password may begin or end with a space.
    #[must_use]
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// A field's value, or `None` when it is empty.
    #[must_use]
    pub fn some(&self, name: &str) -> Option<String> {
        Some(self.get(name)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// Every value of a field that may repeat.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// Whether a box was ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        self.get(name) == "true"
    }

    /// Every field whose name starts with a prefix, with the rest of its name.
    pub fn below<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value.trim())))
    }

    /// Sets a field to one value.
    pub fn put(&mut self, name: &str, value: String) {
        self.clear(name);
        self.add(name, value);
    }

    /// Adds a value to a field that may repeat.
    pub fn add(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    /// Forgets a field.
    pub fn clear(&mut self, name: &str) {
        self.0.retain(|(key, _)| key != name);
    }

    /// Where to go afterwards: a path of ours, never another site.
    #[must_use]
    pub fn next(&self) -> String {
        safe_path(self.get("next"))
    }

    fn check(&self, site: &Site, visit: &Visit) -> Result<(), Problem> {
        if visit.csrf_fits(site, self.get(CSRF)) {
            Ok(())
        } else {
            Err(Problem::new(StatusCode::FORBIDDEN, "form-expired"))
        }
    }
}

/// The path itself when it leads within this site, the first page otherwise.
#[must_use]
pub(super) fn safe_path(path: &str) -> String {
    let within = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\n', '\r']);
    if within { path.to_owned() } else { "/".to_owned() }
}

/// A form sent by POST, its token checked.
#[derive(Debug)]
pub struct Form(pub Fields);

impl FromRequest<Site> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let visit =
            <Visit as axum::extract::FromRequestParts<Site>>::from_request_parts(&mut parts, site).await?;
        let request = Request::from_parts(parts, body);
        let bytes = Bytes::from_request(request, site).await.map_err(|rejection| {
            let status = axum::response::IntoResponse::into_response(rejection).status();
            if status == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(status, "too-large")
            } else {
                Problem::malformed("the form did not arrive whole")
            }
        })?;
        let fields =
            form_urlencoded::parse(&bytes).map(|(name, value)| (name.into_owned(), value.into_owned()));
        let fields = Fields(fields.collect());
        fields.check(site, &visit)?;
        Ok(Self(fields))
    }
}

/// A form with files, its token checked. The token comes first in our forms, so a stranger's files are not read.
#[derive(Debug)]
pub struct FileForm {
    /// The text fields.
    pub fields: Fields,
    /// The files of the field `photo`, empty ones left out.
    pub photos: Vec<Bytes>,
}

impl FromRequest<Site> for FileForm {
    type Rejection = Problem;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let visit =
            <Visit as axum::extract::FromRequestParts<Site>>::from_request_parts(&mut parts, site).await?;
        let request = Request::from_parts(parts, body);
        let mut multipart = Multipart::from_request(request, site)
            .await
            .map_err(|_| Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-multipart"))?;
        let (mut fields, mut photos, mut checked) = (Fields::default(), Vec::new(), false);
        while let Some(field) = multipart.next_field().await.map_err(|error| unreadable(&error))? {
            let name = field.name().unwrap_or_default().to_owned();
            if field.file_name().is_some() {
                if !checked {
                    fields.check(site, &visit)?;
                    checked = true;
                }
                let bytes = field.bytes().await.map_err(|error| unreadable(&error))?;
                if name == "photo" && !bytes.is_empty() {
                    photos.push(bytes);
                }
            } else {
                fields.0.push((name, field.text().await.map_err(|error| unreadable(&error))?));
            }
        }
        fields.check(site, &visit)?;
        Ok(Self { fields, photos })
    }
}

fn unreadable(error: &axum::extract::multipart::MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
    } else {
        Problem::malformed(error.body_text())
    }
}

/// A page, or the problem that becomes one.
pub type PageResult = Result<Response, Problem>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_sent_on_within_the_site_only() {
        assert_eq!(safe_path("/me?x=1"), "/me?x=1");
        for elsewhere in ["https://example.org", "//example.org", "/\\example.org", "javascript:1", ""] {
            assert_eq!(safe_path(elsewhere), "/", "{elsewhere}");
        }
    }
}
