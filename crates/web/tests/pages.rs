//! Every page, rendered with rich data in both languages, keeps the habits that the strict Content-Security-Policy
//! and the accessibility rules ask for.

#[path = "../examples/preview/pages/mod.rs"]
mod pages;

use std::collections::{BTreeMap, BTreeSet};

use luhuan_web::assets;
use luhuan_web::text::{Locale, Text};

/// An opening or closing tag with its attributes.
#[derive(Debug)]
struct Tag {
    name: String,
    closes: bool,
    /// Opens and closes at once, as drawings may.
    childless: bool,
    attributes: BTreeMap<String, String>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The tags of a page. Panics where the page is not well formed: an attribute without quotes, given twice, or a
/// `<` that opens nothing.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if rest.starts_with('!') {
            continue;
        }
        let (inside, after) = split_tag(rest);
        rest = after;
        tags.push(parse_tag(inside));
    }
    tags
}

/// The inside of a tag and what follows it; a `>` within quotes does not end it.
fn split_tag(text: &str) -> (&str, &str) {
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return (&text[..at], &text[at + 1..]),
            _ => {}
        }
    }
    panic!("a tag that does not end: <{}", text.get(..80).unwrap_or(text));
}

fn parse_tag(inside: &str) -> Tag {
    let closes = inside.starts_with('/');
    let childless = inside.ends_with('/');
    let inside = inside.trim_start_matches('/').trim_end_matches('/');
    let (name, mut rest) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
    assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "not a tag: <{inside}>");
    let mut attributes = BTreeMap::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
        let key = rest[..end].to_owned();
        let value = match rest[end..].strip_prefix("=\"") {
            Some(after) => {
                let (value, after) = after.split_once('"').expect("a value ends with a quote");
                rest = after;
                value.to_owned()
            }
            None => {
                assert!(!rest[end..].starts_with('='), "an attribute without quotes in <{inside}>");
                rest = &rest[end..];
                String::new()
            }
        };
        assert!(attributes.insert(key.clone(), value).is_none(), "{key} twice in <{inside}>");
    }
    Tag { name: name.to_owned(), closes, childless, attributes }
}

/// Runs `check` on every page in both languages.
fn on_every_page(check: impl Fn(&str, &str, &[Tag])) {
    let mut count = 0;
    for locale in Locale::ALL {
        for (name, html) in
            pages::all(pages::Stage { t: Text::of(locale), pictures: 3 }).expect("pages render")
        {
            let where_ = format!("{} of {}", name, locale.tag());
            check(&where_, &html, &tags(&html));
            count += 1;
        }
    }
    assert!(count > 60, "only {count} pages");
}

const VOID: [&str; 7] = ["meta", "link", "input", "img", "br", "hr", "base"];
const DRAWN: [&str; 4] = ["path", "circle", "rect", "line"];

#[test]
fn tags_are_closed_in_order() {
    on_every_page(|page, html, tags| {
        let mut open: Vec<&str> = Vec::new();
        for tag in tags.iter().filter(|tag| !VOID.contains(&tag.name.as_str())) {
            if tag.closes {
                assert_eq!(open.pop(), Some(tag.name.as_str()), "{page}");
            } else if !tag.childless {
                open.push(&tag.name);
            }
        }
        assert!(open.is_empty(), "{page}: {open:?} stay open");
        assert!(html.starts_with("<!doctype html>"), "{page}");
    });
}

/// The payment provider's own script, on the one page where a card is entered: its policy is wider by that origin.
fn is_provider(page: &str, tag: &Tag) -> bool {
    page.starts_with("payment of ")
        && tag.name == "script"
        && tag.get("src") == Some("https://js.stripe.com/v3/")
}

#[test]
fn nothing_needs_a_looser_policy() {
    on_every_page(|page, html, tags| {
        for tag in tags {
            for (name, value) in &tag.attributes {
                assert!(name != "style" && !name.starts_with("on"), "{page}: {name} in <{}>", tag.name);
                assert!(!value.trim_start().starts_with("javascript:"), "{page}");
            }
            assert_ne!(tag.name, "style", "{page}");
            if tag.name == "script" && !tag.closes {
                assert!(
                    tag.get("src").is_some_and(|src| src.starts_with("/static/")) || is_provider(page, tag),
                    "{page}"
                );
            }
            for name in ["src", "href", "action"] {
                let outside =
                    tag.get(name).is_some_and(|value| value.contains("//")) && !is_provider(page, tag);
                assert!(!outside, "{page}: {name} leads outside in {tag:?}");
            }
        }
        assert!(html.contains("></script>"), "{page}");
    });
}

#[test]
fn one_heading_names_the_page_and_none_is_skipped() {
    on_every_page(|page, _, tags| {
        let levels: Vec<_> = tags
            .iter()
            .filter(|tag| !tag.closes && tag.name.len() == 2 && tag.name.starts_with('h'))
            .filter_map(|tag| tag.name[1..].parse::<u32>().ok())
            .collect();
        assert_eq!(levels.iter().filter(|level| **level == 1).count(), 1, "{page}: {levels:?}");
        assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{page}: {levels:?}");
        assert_eq!(tags.iter().filter(|tag| tag.name == "main" && !tag.closes).count(), 1, "{page}");
    });
}

#[test]
fn ids_are_unique_and_whatever_points_at_one_finds_it() {
    on_every_page(|page, _, tags| {
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            assert!(ids.insert(id), "{page}: {id} twice");
        }
        for tag in tags {
            let names = ["for", "aria-describedby", "aria-labelledby"];
            for target in names.iter().filter_map(|name| tag.get(name)).flat_map(str::split_whitespace) {
                assert!(ids.contains(target), "{page}: nothing is called {target}");
            }
            if let Some(target) = tag.get("href").and_then(|href| href.strip_prefix('#')) {
                assert!(ids.contains(target), "{page}: nothing is called {target}");
            }
        }
    });
}

#[test]
fn every_field_is_labelled_and_every_form_that_writes_is_guarded() {
    on_every_page(|page, html, tags| {
        let labelled: BTreeSet<_> = tags.iter().filter_map(|tag| tag.get("for")).collect();
        let mut in_label = false;
        for tag in tags {
            match tag.name.as_str() {
                "label" => in_label = !tag.closes,
                "input" | "select" | "textarea" if !tag.closes => {
                    let silent = tag.get("type") == Some("hidden") || tag.get("aria-hidden") == Some("true");
                    let named = in_label || tag.get("id").is_some_and(|id| labelled.contains(id));
                    assert!(silent || named, "{page}: no label for {tag:?}");
                }
                "img" => assert!(tag.get("alt").is_some(), "{page}: no alt for {tag:?}"),
                _ => {}
            }
        }
        for form in html.split("<form ").skip(1) {
            let form = form.split("</form>").next().unwrap_or_default();
            let writes = form.split('>').next().is_some_and(|head| head.contains("method=\"post\""));
            assert_eq!(writes, form.contains("name=\"_csrf\" value=\"csrf\""), "{page}: {form}");
        }
    });
}

#[test]
fn every_static_file_and_every_icon_exists() {
    let sprite =
        String::from_utf8(assets::find("icons.svg").expect("the sprite").bytes.to_vec()).expect("text");
    on_every_page(|page, _, tags| {
        for value in tags.iter().flat_map(|tag| tag.attributes.values()) {
            let Some(file) = value.strip_prefix("/static/") else { continue };
            let (name, version) = file.split_once("?v=").unwrap_or((file, ""));
            let asset = assets::find(name).unwrap_or_else(|| panic!("{page}: no {name}"));
            let (version, icon) = version.split_once('#').unwrap_or((version, ""));
            assert_eq!(version, asset.version, "{page}: {name}");
            let there = icon.is_empty() || sprite.contains(&format!("<symbol id=\"{icon}\""));
            assert!(there, "{page}: no icon {icon}");
        }
    });
}

#[test]
fn what_people_type_cannot_become_markup() {
    use askama::Template;
    use luhuan_web::view::{Card, Frame, Run, SearchPage};
    let nasty = "\"><script>alert(1)</script>'<b>";
    let page = SearchPage {
        frame: Frame {
            query: nasty.to_owned(),
            title: nasty.to_owned(),
            path: format!("/search?q={nasty}"),
            ..Frame::default()
        },
        heading: nasty.to_owned(),
        cards: vec![Card {
            title: Run::marked(nasty, &[(2, 10)]),
            place: nasty.to_owned(),
            ..Card::default()
        }],
        ..SearchPage::default()
    };
    let html = page.render().expect("the page renders");
    assert!(!html.contains("<script>") && !html.contains("<b>"));
    assert!(tags(&html).iter().all(|tag| !DRAWN.contains(&tag.name.as_str())));
    assert!(html.contains("&#60;script&#62;") || html.contains("&lt;script&gt;"));
}

#[test]
fn the_manifest_names_files_that_exist() {
    let manifest = assets::manifest(Text::default());
    let files: Vec<_> =
        manifest.split("\"src\":\"/static/").skip(1).filter_map(|rest| rest.split('?').next()).collect();
    assert_eq!(files.len(), 3);
    assert!(files.iter().all(|name| assets::find(name).is_some_and(|asset| asset.bytes.len() > 500)));
}
