//! What every page needs around its own content.

use std::borrow::Cow;

use super::url::Address;
use crate::text::{Locale, Text};

/// Around every page: who reads, in what language, where they are, and what has just happened.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The texts in the reader's language.
    pub t: Text,
    /// The page's own title, without the product's name.
    pub title: String,
    /// One sentence for search engines and shared links; empty for the product's own.
    pub description: String,
    /// Path and query of this page, from `/`: where the language switch and a sign-in come back to.
    pub path: String,
    /// Who is signed in.
    pub person: Option<SignedIn>,
    /// The token that the hidden field `_csrf` of every form carries.
    pub csrf: String,
    /// The tab that is lit.
    pub tab: Tab,
    /// What stands in the search box of the header.
    pub query: String,
    /// What the last action did, told once.
    pub flash: Option<Notice>,
    /// The colours asked for.
    pub theme: Theme,
    /// The trace id that this answer carries; shown small in the footer and large on error pages.
    pub trace_id: String,
    /// What a shared link looks like; defaults are taken from the title and the description.
    pub og: OpenGraph,
    /// Whether this is a demo city: says so in the footer, with the way to the demo sign-ins' help.
    pub demo: bool,
    /// Whether search engines should stay away (forms, one's own pages, errors).
    pub noindex: bool,
    /// Messages that are unread, as the tab of conversations shows them.
    pub unread: u64,
    /// Notifications that are unread, as the bell shows them.
    pub notices: u64,
}

/// Who is signed in, as far as the frame shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedIn {
    /// The public id of the person, as in `/sellers/{id}`.
    pub id: String,
    /// The name shown.
    pub name: String,
    /// Whether the person works for the platform (moderator, support, administrator).
    pub is_staff: bool,
}

impl SignedIn {
    /// The one character that stands for the person where there is no room for the name.
    #[must_use]
    pub fn initial(&self) -> String {
        initial(&self.name)
    }
}

/// The first character of a name in upper case, `·` for an empty one.
#[must_use]
pub(super) fn initial(name: &str) -> String {
    name.trim().chars().next().map_or_else(|| "·".to_owned(), |first| first.to_uppercase().to_string())
}

/// The five tabs of the phone, which are also the entries of the desktop's header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// None of them: errors, sign-in, texts.
    #[default]
    None,
    /// 首页
    Home,
    /// 搜索
    Search,
    /// 发布
    Post,
    /// 收藏
    Watchlist,
    /// 消息
    Messages,
    /// 我的
    Me,
    /// 工作台
    Staff,
}

/// The colours asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the device says.
    #[default]
    Auto,
    /// Light, whatever the device says.
    Light,
    /// Dark, whatever the device says.
    Dark,
}

impl Theme {
    /// The value of the attribute `data-theme` and of `?theme=`.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a code; none for a word that is not one.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Auto, Self::Light, Self::Dark].into_iter().find(|theme| theme.code() == code)
    }
}

/// How a notice is meant: its colour and its icon.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Something worked.
    #[default]
    Good,
    /// Something to know.
    Info,
    /// Something to look at.
    Warning,
    /// Something went wrong.
    Danger,
}

impl Tone {
    /// The class of the notice.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Danger => "danger",
        }
    }

    /// The icon of the notice.
    #[must_use]
    pub const fn icon(self) -> &'static str {
        match self {
            Self::Good => "circle-check",
            Self::Info => "info",
            Self::Warning | Self::Danger => "triangle-alert",
        }
    }
}

/// A sentence across the page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// How it is meant.
    pub tone: Tone,
    /// What it says, in the reader's language.
    pub message: String,
    /// A way on: what it is called and where it leads.
    pub link: Option<(String, String)>,
}

/// What a shared link looks like (the Open Graph protocol). Empty fields fall back to the frame's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OpenGraph {
    /// Title; the frame's when empty.
    pub title: String,
    /// Description; the frame's when empty.
    pub description: String,
    /// Absolute address of a picture; the product's own when empty.
    pub image: String,
    /// Absolute canonical address of the page; left out when empty.
    pub url: String,
    /// `website` when empty, `product` for a listing.
    pub kind: String,
    /// Scheme and host that the product's own picture is served from, as `https://example.org`; may be empty.
    pub origin: String,
}

impl Frame {
    /// The address of a static file, with its version.
    #[must_use]
    pub fn asset(&self, name: &str) -> Cow<'static, str> {
        crate::assets::url(name)
    }

    /// This page in the other language.
    #[must_use]
    pub fn other_language(&self) -> String {
        self.with_param("lang", self.other_language_tag())
    }

    /// The name of the other language, in itself.
    #[must_use]
    pub fn other_language_tag(&self) -> &'static str {
        if self.is_chinese() { Locale::En.tag() } else { Locale::ZhCn.tag() }
    }

    /// Whether the page is in Chinese.
    #[must_use]
    pub fn is_chinese(&self) -> bool {
        self.t.locale() == Locale::ZhCn
    }

    /// This page in the colours of `code`.
    #[must_use]
    pub fn in_theme(&self, code: &str) -> String {
        self.with_param("theme", code)
    }

    /// The sign-in page, coming back here.
    #[must_use]
    pub fn sign_in(&self) -> String {
        Address::new("/sign-in", [("next", self.path.as_str())]).to_string()
    }

    /// The title of the document: the page's and the product's.
    #[must_use]
    pub fn document_title(&self) -> String {
        let product = self.t.get("product-name");
        if self.title.is_empty() { product.into_owned() } else { format!("{} - {product}", self.title) }
    }

    /// The description, the product's own when the page has none.
    #[must_use]
    pub fn document_description(&self) -> String {
        if self.description.is_empty() {
            self.t.get("product-description").into_owned()
        } else {
            self.description.clone()
        }
    }

    /// The title of a shared link.
    #[must_use]
    pub fn og_title(&self) -> String {
        if self.og.title.is_empty() { self.document_title() } else { self.og.title.clone() }
    }

    /// The description of a shared link.
    #[must_use]
    pub fn og_description(&self) -> String {
        if self.og.description.is_empty() { self.document_description() } else { self.og.description.clone() }
    }

    /// The kind of a shared link.
    #[must_use]
    pub fn og_kind(&self) -> &str {
        if self.og.kind.is_empty() { "website" } else { &self.og.kind }
    }

    /// The picture of a shared link.
    #[must_use]
    pub fn og_image(&self) -> String {
        if self.og.image.is_empty() {
            format!("{}{}", self.og.origin, self.asset("og.png"))
        } else {
            self.og.image.clone()
        }
    }

    /// `page` when `tab` is lit, for `aria-current`; empty else.
    #[must_use]
    pub fn is_tab(&self, tab: &str) -> bool {
        let lit = match self.tab {
            Tab::None => "",
            Tab::Home => "home",
            Tab::Search => "search",
            Tab::Post => "post",
            Tab::Watchlist => "watchlist",
            Tab::Messages => "messages",
            Tab::Me => "me",
            Tab::Staff => "staff",
        };
        lit == tab
    }

    /// A value ready for a query.
    #[must_use]
    pub fn encoded(&self, value: &str) -> String {
        super::url::encoded(value)
    }

    fn with_param(&self, name: &str, value: &str) -> String {
        let separator = if self.path.contains('?') { '&' } else { '?' };
        let path = if self.path.is_empty() { "/" } else { &self.path };
        format!("{path}{separator}{name}={value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_switches_keep_the_page_and_its_query() {
        let frame = Frame { path: "/search?q=a".to_owned(), ..Frame::default() };
        assert_eq!(frame.other_language(), "/search?q=a&lang=en");
        assert_eq!(frame.in_theme("dark"), "/search?q=a&theme=dark");
        assert_eq!(frame.sign_in(), "/sign-in?next=%2Fsearch%3Fq%3Da");
        assert_eq!(Frame::default().other_language(), "/?lang=en");
    }

    #[test]
    fn a_name_has_an_initial_even_when_it_is_empty() {
        assert_eq!(initial("林先生"), "林");
        assert_eq!(initial(" amy"), "A");
        assert_eq!(initial(""), "·");
    }
}
