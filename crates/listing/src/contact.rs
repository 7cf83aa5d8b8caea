//! Contact details in what sellers write: telephone numbers, chat accounts, addresses, links, payment codes.
//!
//! Whoever is led off the platform loses its protection, so these are masked or refused, as the operator sets it.
//! Sellers know that and write `一三八…`, `1 3 8 -`, `Ｖ信`, `微·信`, `qq点com`; texts are therefore read folded and
//! looked through. Just as much care goes into what is none: an IMEI, an ISBN, a price, a year, `RTX 3060 12G`.
//! What speaks for and against is data (`data/contact.toml`).

mod accounts;
mod links;
mod numbers;
mod words;

use std::{fmt, ops::Range};

use serde::Deserialize;

use crate::screening::{Folded, fold};
pub use words::ContactWordsError;
use words::Words;

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactKind {
    /// An e-mail address.
    Email,
    /// A link.
    Url,
    /// A telephone number, mobile or fixed.
    Phone,
    /// A WeChat account.
    WeChat,
    /// A QQ account or group.
    Qq,
    /// A payment code or account, or an invitation to pay elsewhere.
    Payment,
    /// An account of another service.
    Other,
    /// An invitation to talk elsewhere, without an account in it.
    Steering,
}

impl ContactKind {
    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Url => "url",
            Self::Phone => "phone",
            Self::WeChat => "wechat",
            Self::Qq => "qq",
            Self::Payment => "payment",
            Self::Other => "other",
            Self::Steering => "steering",
        }
    }
}

/// A contact detail in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub kind: ContactKind,
    /// Where, in bytes of the text.
    pub span: Range<usize>,
    /// As written.
    pub text: String,
}

/// What an operator does about contact details.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ContactPolicy {
    /// They are replaced by [`MASK`].
    #[default]
    Mask,
    /// The text is refused, and the seller told why.
    Refuse,
    /// They stay.
    Allow,
}

/// What stands in place of a contact detail.
pub const MASK: &str = "***";

/// The contact details for which a text is refused; prints what was found, as written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub Vec<Found>);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, found) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "、" };
            write!(f, "{comma}{}", found.text)?;
        }
        Ok(())
    }
}
impl std::error::Error for Refused {}

/// Finds contact details.
#[derive(Debug)]
pub struct Detector {
    words: Words,
}

impl Detector {
    /// The detector of this program.
    ///
    /// # Panics
    /// Never: the data file is part of the program, and its tests read it.
    #[must_use]
    pub fn load() -> Self {
        Self::parse(include_str!("../data/contact.toml"))
            .expect("the data file is part of the program, and tested")
    }

    /// A detector by a text in the layout of `data/contact.toml`.
    ///
    /// # Errors
    /// [`ContactWordsError`] when it is not that.
    pub fn parse(text: &str) -> Result<Self, ContactWordsError> {
        Ok(Self { words: Words::read(text)? })
    }

    /// The contact details in a text, in order, none overlapping another.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Found> {
        let chars = fold(text);
        let mut spans = links::find(&chars, &self.words);
        spans.extend(numbers::find(&chars, &self.words));
        spans.extend(accounts::find(&chars, &self.words));
        // Of two that overlap the surer kind stays: the order of `ContactKind`.
        spans.sort_by_key(|span| (span.kind, span.first));
        let mut kept: Vec<Span> = Vec::new();
        for span in spans {
            if kept.iter().all(|other| span.last < other.first || other.last < span.first) {
                kept.push(span);
            }
        }
        kept.sort_by_key(|span| span.first);
        kept.iter().map(|span| span.found(&chars, text)).collect()
    }

    /// The text with each contact detail replaced by [`MASK`], and what was found.
    #[must_use]
    pub fn mask(&self, text: &str) -> (String, Vec<Found>) {
        let found = self.find(text);
        let mut masked = String::with_capacity(text.len());
        let mut at = 0;
        for detail in &found {
            masked.push_str(&text[at..detail.span.start]);
            masked.push_str(MASK);
            at = detail.span.end;
        }
        masked.push_str(&text[at..]);
        (masked, found)
    }

    /// The text as a policy leaves it.
    ///
    /// # Errors
    /// [`Refused`] with what was found, under [`ContactPolicy::Refuse`].
    pub fn apply(&self, policy: ContactPolicy, text: &str) -> Result<String, Refused> {
        match policy {
            ContactPolicy::Allow => Ok(text.to_owned()),
            ContactPolicy::Mask => Ok(self.mask(text).0),
            ContactPolicy::Refuse => match self.find(text) {
                found if found.is_empty() => Ok(text.to_owned()),
                found => Err(Refused(found)),
            },
        }
    }

    /// What the text of a QR code leads to; `None` for a code that leads nowhere, such as a serial number on a box.
    #[must_use]
    pub fn in_code(&self, text: &str) -> Option<ContactKind> {
        let lower = text.trim().to_lowercase();
        links::kind_of(&lower, &self.words).or_else(|| self.find(text).first().map(|found| found.kind))
    }
}

/// A find by the folded characters it covers, both ends included.
#[derive(Clone, Copy, Debug)]
struct Span {
    kind: ContactKind,
    first: usize,
    last: usize,
}

impl Span {
    fn found(self, chars: &[Folded], text: &str) -> Found {
        let span = chars[self.first].start..chars[self.last].end;
        Found { kind: self.kind, text: text[span.clone()].to_owned(), span }
    }
}

/// The character at a place, or a space outside the text.
fn at(chars: &[Folded], index: Option<usize>) -> char {
    index.and_then(|index| chars.get(index)).map_or(' ', |folded| folded.c)
}

#[cfg(test)]
mod tests;
