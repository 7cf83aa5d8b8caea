//! E-mail addresses and links.

use luhuan_kernel::validate;

use super::{ContactKind, Span, at, words::Words, words::word_end};
use crate::screening::Folded;

pub(super) fn find(chars: &[Folded], words: &Words) -> Vec<Span> {
    let mut spans = Vec::new();
    for index in 0..chars.len() {
        spans.extend(address(chars, index, words));
        spans.extend(link(chars, index, words));
        spans.extend(shop_token(chars, index));
    }
    spans
}

/// What a link leads to, by its beginning; `None` when the text is no link.
pub(super) fn kind_of(lower: &str, words: &Words) -> Option<ContactKind> {
    let bare = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    let begins = |list: &[String]| list.iter().any(|start| bare.unwrap_or(lower).starts_with(start.as_str()));
    if begins(&words.link.payment) {
        Some(ContactKind::Payment)
    } else if begins(&words.link.wechat) {
        Some(ContactKind::WeChat)
    } else if begins(&words.link.qq) {
        Some(ContactKind::Qq)
    } else {
        bare.map(|_| ContactKind::Url)
    }
}

/// An address around the sign at a place: `a@b.com`, `a#qq.com`, `a艾特qq点com`.
fn address(chars: &[Folded], index: usize, words: &Words) -> Option<Span> {
    words.mail.signs.iter().find_map(|sign| {
        let end = sign_end(chars, index, sign)?;
        let (last, domain) = host(chars, skip_space(chars, end));
        let known = words.mail.domains.contains(&domain);
        let top =
            domain.rsplit_once('.').is_some_and(|(_, top)| words.link.tlds.iter().any(|tld| tld == top));
        if !(known || sign == "@" && top) {
            return None;
        }
        let first = local_start(chars, index, known)?;
        let local: String = chars[first..index].iter().map(|folded| folded.c).filter(|c| *c != ' ').collect();
        validate::email(&format!("{local}@{domain}")).ok()?;
        Some(Span { kind: ContactKind::Email, first, last })
    })
}

fn sign_end(chars: &[Folded], index: usize, sign: &str) -> Option<usize> {
    let stands = sign.chars().enumerate().all(|(offset, c)| at(chars, Some(index + offset)) == c);
    stands.then(|| index + sign.chars().count())
}

fn skip_space(chars: &[Folded], index: usize) -> usize {
    if at(chars, Some(index)) == ' ' { index + 1 } else { index }
}

/// Where the name before the sign begins; one space before the sign only if the domain is a known one.
fn local_start(chars: &[Folded], sign: usize, known: bool) -> Option<usize> {
    let end = if known && sign > 0 && chars[sign - 1].c == ' ' { sign - 1 } else { sign };
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '%');
    let length = chars[..end].iter().rev().take_while(|folded| inside(folded.c)).count();
    let first = chars[end - length..end].iter().position(|folded| folded.c.is_ascii_alphanumeric())?;
    Some(end - length + first)
}

/// A host name from a place on, and its last character; a dot may be written out (`点`, `。`).
fn host(chars: &[Folded], start: usize) -> (usize, String) {
    let mut name = String::new();
    let mut last = start;
    for (index, folded) in chars.iter().enumerate().skip(start) {
        let dot = matches!(folded.c, '.' | '点' | '。') && at(chars, Some(index + 1)).is_ascii_alphanumeric();
        if folded.c.is_ascii_alphanumeric() || folded.c == '-' {
            name.push(folded.c);
        } else if dot && !name.is_empty() {
            name.push('.');
        } else {
            break;
        }
        last = index;
    }
    (last, name)
}

/// A link that begins at a place: with a scheme, with `www.`, or a bare host name with a known ending.
fn link(chars: &[Folded], start: usize, words: &Words) -> Option<Span> {
    if start > 0 && matches!(chars[start - 1].c, 'a'..='z' | '0'..='9' | '@' | '-' | '_' | '.') {
        return None;
    }
    let scheme = chars[start..].iter().take_while(|folded| folded.c.is_ascii_alphanumeric()).count();
    if scheme >= 2 && word_end(chars, start + scheme, &[':', '/', '/']).is_some() {
        let last = link_end(chars, start + scheme + 3)?;
        let text: String = chars[start..=last].iter().map(|folded| folded.c).collect();
        let kind = kind_of(&text, words).unwrap_or(ContactKind::Url);
        return Some(Span { kind, first: start, last });
    }
    let (host_last, name) = host(chars, start);
    let (labels, top) = name.rsplit_once('.')?;
    let label = labels.rsplit('.').next().unwrap_or_default();
    let named = label.len() >= 2 && label.contains(|c: char| c.is_ascii_alphabetic());
    let known = words.link.tlds.iter().any(|tld| tld == top) && named;
    if !(known || name.starts_with("www.")) || at(chars, Some(host_last + 1)) == '@' {
        return None;
    }
    let last = if matches!(at(chars, Some(host_last + 1)), '/' | ':' | '?') {
        link_end(chars, host_last + 1).unwrap_or(host_last)
    } else {
        host_last
    };
    Some(Span { kind: kind_of(&name, words).unwrap_or(ContactKind::Url), first: start, last })
}

/// The last character of a link: up to white space, a Chinese character or a closing mark.
fn link_end(chars: &[Folded], from: usize) -> Option<usize> {
    let inside = |c: char| {
        c.is_ascii_graphic() && !matches!(c, '"' | '\'' | '<' | '>' | '(' | ')' | '[' | ']' | '{' | '}')
    };
    let length = chars[from.min(chars.len())..].iter().take_while(|folded| inside(folded.c)).count();
    let text = &chars[from.min(chars.len())..][..length];
    let last = text.iter().rposition(|folded| !matches!(folded.c, '.' | ',' | ';' | ':' | '!' | '?'))?;
    Some(from + last)
}

/// A token that a shopping app turns into a link (淘口令): eleven letters and digits between currency signs.
fn shop_token(chars: &[Folded], start: usize) -> Option<Span> {
    let sign = |c: char| matches!(c, '¥' | '￥' | '$' | '€' | '₤' | '₳' | '£');
    let last = start + 12;
    let inside = chars.get(start + 1..last)?;
    let token = inside.iter().all(|folded| folded.c.is_ascii_alphanumeric())
        && inside.iter().any(|folded| folded.c.is_ascii_alphabetic());
    (token && sign(chars[start].c) && sign(at(chars, Some(last)))).then_some(Span {
        kind: ContactKind::Url,
        first: start,
        last,
    })
}
