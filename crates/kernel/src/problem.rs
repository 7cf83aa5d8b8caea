//! Refusals, as RFC 9457 problem details.

use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value, json};

use crate::text::{Locale, Texts};

/// A sentence by its key in the translation files, with the values it speaks of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The key.
    pub key: &'static str,
    /// Named values.
    pub values: Vec<(&'static str, String)>,
}

impl Message {
    /// A sentence without values.
    #[must_use]
    pub const fn new(key: &'static str) -> Self {
        Self { key, values: Vec::new() }
    }

    /// The same sentence with a value.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`with(\"max\", 9)` reads better than `with(\"max\", &9)`"
    )]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The sentence in a language.
    #[must_use]
    pub fn render(&self, texts: &Texts, locale: Locale) -> String {
        texts.with(locale, self.key, &self.values)
    }
}

/// What is wrong with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field's name, as in the API and in forms; dotted for what lies inside.
    pub field: String,
    /// What to do about it.
    pub message: Message,
}

/// The only type that turns a refusal into HTTP.
///
/// It holds keys, not sentences: the gateway renders it in the language of the request and adds the trace id.
/// The `type` of a slug is `/problems/{slug}`, a page that explains it, and never changes.
#[derive(Clone, Debug)]
pub struct Problem {
    slug: &'static str,
    status: StatusCode,
    detail: Message,
    fields: Vec<FieldProblem>,
    extensions: Map<String, Value>,
    retry_after: Option<u64>,
}

impl Problem {
    /// A problem by its slug. Title and detail come from the keys `problem-{slug}` and `problem-{slug}.detail`.
    #[must_use]
    pub fn new(status: StatusCode, slug: &'static str) -> Self {
        Self {
            slug,
            status,
            detail: Message::new(slug),
            fields: Vec::new(),
            extensions: Map::new(),
            retry_after: None,
        }
    }

    /// 404: not there, or not for the asker's eyes.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// 401: sign in first.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated")
    }

    /// 403: seen, but not permitted.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::new(StatusCode::FORBIDDEN, "forbidden")
    }

    /// 422: the input, field by field.
    #[must_use]
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
    }

    /// 422 for one field.
    #[must_use]
    pub fn invalid_field(field: impl Into<String>, message: Message) -> Self {
        Self::invalid(vec![FieldProblem { field: field.into(), message }])
    }

    /// 400: the request cannot be read at all.
    #[must_use]
    pub fn malformed(what: impl ToString) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "malformed").with("what", what)
    }

    /// 412: the thing changed since it was read.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(StatusCode::PRECONDITION_FAILED, "stale")
    }

    /// 500: our fault. Say nothing; the log has it.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal")
    }

    /// A value that the sentence speaks of.
    #[must_use]
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`with(\"max\", 9)` reads better than `with(\"max\", &9)`"
    )]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.detail.values.push((name, value.to_string()));
        self
    }

    /// A member of the JSON answer, for programs.
    #[must_use]
    pub fn extend(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.extensions.insert(name.to_owned(), value.into());
        self
    }

    /// Names a field at fault, with its own sentence.
    #[must_use]
    pub fn with_field(mut self, field: impl Into<String>, message: Message) -> Self {
        self.fields.push(FieldProblem { field: field.into(), message });
        self
    }

    /// Seconds after which to try again (the `Retry-After` header).
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The stable slug.
    #[must_use]
    pub const fn slug(&self) -> &'static str {
        self.slug
    }

    /// What is wrong, field by field.
    #[must_use]
    pub fn fields(&self) -> &[FieldProblem] {
        &self.fields
    }

    /// A member of the JSON answer.
    #[must_use]
    pub fn extension(&self, name: &str) -> Option<&Value> {
        self.extensions.get(name)
    }

    /// The short title in a language.
    #[must_use]
    pub fn title(&self, texts: &Texts, locale: Locale) -> String {
        texts.with(locale, &format!("problem-{}", self.slug), &self.detail.values)
    }

    /// The sentence a person can act on.
    #[must_use]
    pub fn detail(&self, texts: &Texts, locale: Locale) -> String {
        texts.attribute(locale, &format!("problem-{}", self.slug), "detail", &self.detail.values)
    }

    /// The problem document.
    #[must_use]
    pub fn to_json(&self, texts: &Texts, locale: Locale, trace_id: &str) -> Value {
        let mut document = json!({
            "type": format!("/problems/{}", self.slug),
            "title": self.title(texts, locale),
            "status": self.status.as_u16(),
            "detail": self.detail(texts, locale),
            "trace_id": trace_id,
        });
        if !self.fields.is_empty() {
            let fields = self.fields.iter().map(|problem| {
                json!({ "field": problem.field, "message": problem.message.render(texts, locale), "code": problem.message.key })
            });
            document["errors"] = Value::Array(fields.collect());
        }
        if let Some(document) = document.as_object_mut() {
            document.extend(self.extensions.clone());
        }
        document
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.slug)?;
        for field in &self.fields {
            write!(f, " [{}: {}]", field.field, field.message.key)?;
        }
        Ok(())
    }
}
impl std::error::Error for Problem {}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // The body is filled in by the gateway, which knows the language and the trace id.
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// A refusal as the client reads it (RFC 9457, `application/problem+json`).
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "type": "/problems/stale", "title": "内容已有更新", "status": 412,
    "detail": "您打开之后，内容又被改过。请重新打开，再改一次。", "trace_id": "5f0c2e6a9d3b4c18"
}))]
pub struct ProblemDocument {
    /// Stable; the address of a page that explains it.
    #[schema(value_type = String)]
    pub r#type: &'static str,
    /// A short title in the language asked for.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do.
    pub detail: String,
    /// Quote it when asking for help; the log has the same.
    pub trace_id: String,
    /// What is wrong, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub errors: Vec<FieldProblemDocument>,
}

/// What is wrong with one field.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct FieldProblemDocument {
    /// The field, dotted for what lies inside.
    pub field: String,
    /// What to do about it.
    pub message: String,
    /// The stable code of this message.
    pub code: String,
}
