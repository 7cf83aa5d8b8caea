//! The API reference: the OpenAPI document as a page to read, made on the server. It loads nothing from outside and
//! needs no script.

use std::fmt::Write;

use axum::response::{Html, IntoResponse, Response};
use http::{HeaderValue, header};
use serde_json::Value;

/// The page of a document, made once.
#[derive(Clone, Debug)]
pub struct Reference(String);

impl IntoResponse for Reference {
    fn into_response(self) -> Response {
        let mut response = Html(self.0).into_response();
        let headers = response.headers_mut();
        let policy =
            "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=300"));
        response
    }
}

/// Makes the page.
#[must_use]
pub fn api_reference(document: &[u8]) -> Reference {
    let document: Value = serde_json::from_slice(document).unwrap_or_default();
    let mut page = String::with_capacity(64 * 1024);
    let title = text(&document, "/info/title");
    let _ = write!(
        page,
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title} API</title>\
         <link rel=\"stylesheet\" href=\"{css}\"></head><body class=\"reference\"><main class=\"wrap\">\
         <h1>{title} API</h1><p>{about}</p><p><a href=\"/api/openapi.json\">openapi.json</a> (OpenAPI {version})</p>",
        css = crate::assets::url("app.css"),
        about = text(&document, "/info/description"),
        version = text(&document, "/openapi"),
    );
    for (tag, operations) in by_tag(&document) {
        let _ = write!(page, "<section><h2 id=\"{tag}\">{tag}</h2>");
        for (method, path, operation) in operations {
            write_operation(&mut page, &document, &method, &path, operation);
        }
        page.push_str("</section>");
    }
    page.push_str("<section><h2 id=\"schemas\">Schemas</h2>");
    for (name, schema) in
        document.pointer("/components/schemas").and_then(Value::as_object).into_iter().flatten()
    {
        let name = escape(name);
        let _ = write!(page, "<details id=\"schema-{name}\"><summary><code>{name}</code></summary>");
        write_properties(&mut page, schema);
        page.push_str("</details>");
    }
    page.push_str("</section></main></body></html>");
    Reference(page)
}

type Operation<'a> = (String, String, &'a Value);

fn by_tag(document: &Value) -> Vec<(String, Vec<Operation<'_>>)> {
    let mut tags: Vec<(String, Vec<Operation<'_>>)> = Vec::new();
    for (path, methods) in document.get("paths").and_then(Value::as_object).into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let tag = escape(operation.pointer("/tags/0").and_then(Value::as_str).unwrap_or("other"));
            let entry = (method.to_ascii_uppercase(), path.clone(), operation);
            match tags.iter_mut().find(|(known, _)| *known == tag) {
                Some((_, operations)) => operations.push(entry),
                None => tags.push((tag, vec![entry])),
            }
        }
    }
    tags
}

fn write_operation(page: &mut String, document: &Value, method: &str, path: &str, operation: &Value) {
    let _ = write!(
        page,
        "<details><summary><strong>{method}</strong> <code>{}</code> {}</summary><p>{}</p>",
        escape(path),
        text(operation, "/summary"),
        text(operation, "/description")
    );
    let parameters = operation.get("parameters").and_then(Value::as_array);
    if let Some(parameters) = parameters.filter(|list| !list.is_empty()) {
        page.push_str("<table><thead><tr><th>Parameter</th><th>In</th><th>Meaning</th></tr></thead><tbody>");
        for parameter in parameters {
            let (name, place) = (text(parameter, "/name"), text(parameter, "/in"));
            let about = text(parameter, "/description");
            let _ = write!(page, "<tr><td><code>{name}</code></td><td>{place}</td><td>{about}</td></tr>");
        }
        page.push_str("</tbody></table>");
    }
    for (kind, body) in
        operation.pointer("/requestBody/content").and_then(Value::as_object).into_iter().flatten()
    {
        let _ = write!(page, "<p>Body ({}): {}</p>", escape(kind), schema_link(body));
        if let Some(example) = example(document, body) {
            let _ = write!(page, "<pre tabindex=\"0\">{}</pre>", escape(&example));
        }
    }
    page.push_str("<table><thead><tr><th>Status</th><th>Meaning</th><th>Body</th></tr></thead><tbody>");
    for (status, response) in operation.get("responses").and_then(Value::as_object).into_iter().flatten() {
        let body =
            response.get("content").and_then(Value::as_object).and_then(|content| content.values().next());
        let about = text(response, "/description");
        let body = body.map(schema_link).unwrap_or_default();
        let _ = write!(page, "<tr><td>{}</td><td>{about}</td><td>{body}</td></tr>", escape(status));
    }
    page.push_str("</tbody></table></details>");
}

fn write_properties(page: &mut String, schema: &Value) {
    let _ = write!(page, "<p>{}</p>", text(schema, "/description"));
    let Some(properties) = schema.get("properties").and_then(Value::as_object) else {
        let values = schema.get("enum").map(ToString::to_string).unwrap_or_default();
        let _ = write!(page, "<p><code>{}</code></p>", escape(&values));
        return;
    };
    page.push_str("<table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>");
    for (name, property) in properties {
        let kind = property.get("type").map(|kind| kind.to_string().replace('"', "")).unwrap_or_default();
        let (name, kind, about) = (escape(name), escape(&kind), text(property, "/description"));
        let _ = write!(page, "<tr><td><code>{name}</code></td><td>{kind}</td><td>{about}</td></tr>");
    }
    page.push_str("</tbody></table>");
}

fn schema_name(body: &Value) -> Option<&str> {
    body.pointer("/schema/$ref").and_then(Value::as_str)?.rsplit('/').next()
}

fn schema_link(body: &Value) -> String {
    schema_name(body)
        .map(|name| format!("<a href=\"#schema-{0}\"><code>{0}</code></a>", escape(name)))
        .unwrap_or_default()
}

fn example(document: &Value, body: &Value) -> Option<String> {
    let schema = document.pointer(&format!("/components/schemas/{}", schema_name(body)?))?;
    let example = schema.get("example").or_else(|| schema.pointer("/examples/0"))?;
    serde_json::to_string_pretty(example).ok()
}

fn text(value: &Value, pointer: &str) -> String {
    escape(value.pointer(pointer).and_then(Value::as_str).unwrap_or_default())
}

fn escape(text: &str) -> String {
    let pairs = [('&', "&amp;"), ('<', "&lt;"), ('>', "&gt;"), ('"', "&quot;")];
    pairs.iter().fold(text.to_owned(), |text, (from, to)| text.replace(*from, to))
}

#[cfg(test)]
mod tests {
    #[test]
    fn markup_in_the_document_cannot_break_out() {
        let document = br#"{"openapi":"3.1.0","info":{"title":"<script>","description":"a & b"},"paths":{}}"#;
        let super::Reference(page) = super::api_reference(document);
        assert!(page.contains("&lt;script&gt; API") && page.contains("a &amp; b"));
    }
}
