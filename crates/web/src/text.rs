//! The words a person sees, in their language: one [`Text`] handle per locale over Fluent files.
//!
//! zh-CN is written first and is the source; English is complete (a test holds the two to the same keys).
//! A template never holds a sentence: it asks `t.get(..)` for a key.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use luhuan_kernel::text::Locale;

/// The sources, one file a subject; the same names in both folders.
macro_rules! sources {
    ($($file:literal),+ $(,)?) => {
        /// Every translation file: its name, the Chinese text, the English text.
        const SOURCES: &[(&str, &str, &str)] = &[$((
            $file,
            include_str!(concat!("../i18n/zh-CN/", $file)),
            include_str!(concat!("../i18n/en/", $file)),
        )),+];
    };
}
sources!(
    "words.ftl",
    "frame.ftl",
    "home.ftl",
    "search.ftl",
    "listing.ftl",
    "post.ftl",
    "mine.ftl",
    "account.ftl",
    "profile.ftl",
    "organisation.ftl",
    "texts.ftl",
    "error.ftl",
    "style.ftl",
    // wallet, notices and staff
    "wallet.ftl",
    "notices.ftl",
    "staff.ftl",
    "trade.ftl",
    "trade-order.ftl",
);

static ZH_CN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::ZhCn));
static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| bundle(Locale::En));

fn bundle(locale: Locale) -> FluentBundle<FluentResource> {
    let id = locale.tag().parse().expect("the tags of Locale are well-formed language identifiers");
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks would end up in attributes and in what people copy; our arguments are never bidirectional.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) if number.value.fract() == 0.0 => {
            // Whole numbers in our texts are counts, far below 2^53.
            #[expect(clippy::cast_possible_truncation, reason = "a whole f64 below 2^53 fits i64 exactly")]
            let whole = number.value as i64;
            Some(crate::format::thousands(whole))
        }
        _ => None,
    }));
    for (name, zh_cn, en) in SOURCES {
        let source = if locale == Locale::ZhCn { *zh_cn } else { *en };
        let resource = FluentResource::try_new(source.to_owned())
            .unwrap_or_else(|(_, errors)| panic!("{} of {name} does not parse: {errors:?}", locale.tag()));
        bundle
            .add_resource(resource)
            .unwrap_or_else(|errors| panic!("{} of {name} repeats a key: {errors:?}", locale.tag()));
    }
    bundle
}

/// A number of things: any whole number, by value or by reference as templates pass it.
pub trait Count {
    /// The number; what does not fit is as good as the most that does.
    fn count(&self) -> i64;
}

macro_rules! counts {
    ($($number:ty),+) => {$(
        impl Count for $number {
            fn count(&self) -> i64 {
                i64::try_from(*self).unwrap_or(i64::MAX)
            }
        }
    )+};
}
counts!(u8, u32, u64, usize, i32, i64);

impl<T: Count + ?Sized> Count for &T {
    fn count(&self) -> i64 {
        (**self).count()
    }
}

/// A handle on the texts of one locale. Copy it freely: the texts are parsed once per process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text {
    locale: Locale,
}

impl Text {
    /// The texts of `locale`.
    #[must_use]
    pub const fn of(locale: Locale) -> Self {
        Self { locale }
    }

    /// The locale of this handle.
    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// The text of `key`; the key itself when there is none (a test keeps that from happening).
    #[must_use]
    pub fn get(&self, key: &str) -> Cow<'static, str> {
        self.format(key, None).unwrap_or_else(|| Cow::Owned(key.to_owned()))
    }

    /// The text of `key` with `{ $count }`, in the plural form that the count asks for.
    #[must_use]
    pub fn n(&self, key: &str, count: impl Count) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set("count", count.count());
        self.format(key, Some(&args)).unwrap_or_else(|| Cow::Owned(key.to_owned()))
    }

    /// The text of `key` with one named value.
    #[must_use]
    pub fn with(&self, key: &str, name: &'static str, value: impl AsRef<str>) -> Cow<'static, str> {
        let mut args = FluentArgs::new();
        args.set(name, value.as_ref().to_owned());
        self.format(key, Some(&args)).unwrap_or_else(|| Cow::Owned(key.to_owned()))
    }

    /// The word for a code of a closed list, `code("condition", "95")` being the text `condition-95`; the code
    /// itself when the list has grown and the texts have not.
    #[must_use]
    pub fn code(&self, list: &str, code: &str) -> Cow<'static, str> {
        self.format(&format!("{list}-{code}"), None).unwrap_or_else(|| Cow::Owned(code.to_owned()))
    }

    /// Whether `key` has a text.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    fn bundle(&self) -> &'static FluentBundle<FluentResource> {
        match self.locale {
            Locale::ZhCn => &ZH_CN,
            Locale::En => &EN,
        }
    }

    fn format(&self, key: &str, args: Option<&FluentArgs>) -> Option<Cow<'static, str>> {
        let bundle = self.bundle();
        let pattern = bundle.get_message(key)?.value()?;
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, args, &mut errors);
        debug_assert!(errors.is_empty(), "{key} of {}: {errors:?}", self.locale.tag());
        // A plain text is borrowed from the bundle, which lives as long as the process.
        Some(text)
    }
}
