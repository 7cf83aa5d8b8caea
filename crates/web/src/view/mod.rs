//! What each page shows: plain structs, one askama template per page, no other crate's types.
//!
//! A handler loads, decides through the services, fills a page and renders it; a template holds no rule and asks
//! nothing. Form fields carry the same names as the JSON API.
//!
//! Where the pages live (every POST carries `_csrf`):
//!
//! | page | address | its forms |
//! |---|---|---|
//! | [`HomePage`] | `GET /` | search: `GET /search?q=` |
//! | [`SearchPage`] | `GET /search` | filters: the same address, by GET |
//! | [`CategoriesPage`] | `GET /categories` | |
//! | [`ListingPage`] | `GET /listings/{id}` | `POST /listings/{id}/watch`, `/unwatch`; the owner's as in [`MinePage`] |
//! | [`PickCategoryPage`] | `GET /listings/new` | |
//! | [`PostPage`] | `GET /listings/new?category=`, `GET /listings/{id}/edit` | `POST /listings`, `POST /listings/{id}` (multipart) |
//! | [`MinePage`] | `GET /me/listings?state=` | `POST /listings/{id}/publish`, `/withdraw`, `/relist`, `/delete` |
//! | [`WatchlistPage`] | `GET /me/watchlist` | `POST /listings/{id}/unwatch` |
//! | [`SignInPage`] | `GET /sign-in?next=` | `POST /sign-in`, `POST /sign-in/code` |
//! | [`CodePage`] | `GET /sign-in/code` | `POST /sign-in/code/verify`, `POST /sign-in/code` (once more) |
//! | [`SignUpPage`] | `GET /sign-up?next=` | `POST /sign-up` |
//! | [`ProfilePage`] | `GET /me` | `POST /me`, `POST /me/identity`, `POST /sign-out` |
//! | [`SecurityPage`] | `GET /me/security` | `POST /me/password`, `/me/sessions/{id}/revoke`, `/me/sessions/revoke-others`, `/me/tokens`, `/me/tokens/{id}/revoke`, `/me/codes` |
//! | [`PrivacyPage`] | `GET /me/privacy` | `POST /me/consents`, `/me/export`, `/me/erase`, `/me/codes` |
//! | [`NewOrganisationPage`] | `GET /organisations/new` | `POST /organisations` |
//! | [`OrganisationPage`] | `GET /organisations/{id}` | `POST /organisations/{id}`, `/licence`, `/members`, `/members/{person}/role`, `/members/{person}/remove` |
//! | [`WalletPage`] | `GET /me/wallet?account=`, `GET /organisations/{id}/wallet` | `POST` below it: `/withdraw`, `/connect`, `/top-up`, `/me/wallet/payouts/{payout}/cancel` |
//! | [`TopUpPage`] | `GET /me/wallet/top-ups/{payment}` | `POST` to itself: ask the provider |
//! | [`NoticesPage`] | `GET /me/notifications?show=` | `POST /me/notifications/read`; `GET /me/notifications/{id}?next=` reads and goes on |
//! | [`NoticesSettingsPage`] | `GET /me/notifications/preferences` | `POST` to itself |
//! | [`WebhooksPage`], [`WebhookPage`] | `GET /me/webhooks`, `GET /me/webhooks/{id}` | `POST /me/webhooks`, `/me/webhooks/{id}`, below it `/switch`, `/ping`, `/secret`, `/delete`, `/replay`, `/deliveries/{delivery}/replay` |
//! | [`StaffPage`] | `GET /staff` | |
//! | [`StaffListingsPage`] | `GET /staff/listings?listing=` | `POST /staff/listings/{id}/clear`, `/take-down` |
//! | [`ReportsPage`], [`ReportPage`] | `GET /staff/reports`, `GET /staff/reports/{id}` | `POST /staff/reports/{id}` |
//! | [`DisputesPage`], [`DisputePage`] | `GET /staff/disputes`, `GET /staff/disputes/{order}` | `POST /staff/disputes/{order}`, `/take-up` |
//! | [`StaffReviewsPage`] | `GET /staff/reviews` | `POST /staff/reviews/{id}/hide` |
//! | [`ProcessPage`] | `GET /staff/process` | |
//! | [`StaffLedgerPage`] | `GET /staff/ledger` | `POST /staff/ledger/audit`, `/reconcile` |
//! | [`StaffPayoutsPage`], [`StaffRefundsPage`] | `GET /staff/payouts?state=`, `GET /staff/refunds` | `POST /staff/payouts/file`, `/staff/payouts/{id}/settle`, `/staff/refunds/{id}/resolve` |
//! | [`SellerPage`] | `GET /sellers/{id}` | |
//! | [`PrivacyNoticePage`], [`RulesPage`] | `GET /privacy`, `GET /rules` | |
//! | [`ErrorPage`] | whatever failed | |
//! | [`StylePage`] | `GET /_/style` | |
//!
//! `?lang=zh-CN|en` and `?theme=light|dark|auto` on any address are remembered in a cookie and answered with a
//! redirect to the address without them.

mod account;
mod categories;
pub mod chart;
mod error;
mod frame;
mod home;
mod listing;
mod mine;
mod organisation;
mod parts;
mod post;
mod profile;
mod search;
mod seller;
mod style;
mod texts;
pub mod trade;
// wallet, notices and staff
mod notices;
mod staff;
mod url;
mod wallet;
mod webhooks;

pub use account::{CodePage, SignInPage, SignUpPage, SignUpValues};
pub use categories::{CategoriesPage, CategoryLeaf, CategoryRoot};
pub use error::ErrorPage;
pub use frame::{Frame, Notice, OpenGraph, SignedIn, Tab, Theme, Tone};
pub use home::HomePage;
pub use listing::{Buying, Comparables, ListingPage, Owner, PricePoint, SellerCard, Spec};
pub use mine::{MinePage, MyListing, StateTab, WatchlistPage};
pub use organisation::{Member, NewOrganisationPage, OrganisationPage, OrganisationValues};
pub use parts::{Card, Choice, Errors, FieldError, Moment, Pager, Photo, Run};
pub use post::{
    AttributeField, AttributeKind, DistrictGroup, EditPhoto, Editing, PickCategoryPage, PostPage, PostValues,
    PriceHint, Screening,
};
pub use profile::{
    Consent, Identity, OrganisationLink, PrivacyPage, ProfilePage, ProfileValues, SecurityPage, SessionRow,
    TokenRow,
};
pub use search::{
    Facet, FacetGroup, FacetKind, NearForm, SearchNotice, SearchPage, SelectedChip, SortOption,
};
pub use seller::SellerPage;
pub use style::StylePage;
pub use texts::{PrivacyNoticePage, ProblemPage, RulesPage};
pub use url::Address;
// wallet, notices and staff
pub use notices::{MailTopic, Note, NoticeTab, NoticesPage, NoticesSettingsPage};
pub use staff::{
    Audit, DifferenceRow, DisputePage, DisputeRow, DisputesPage, DivisionShown, EvidencePiece, FindingRow,
    HeldListing, PayoutTab, ProcessPage, ProcessRow, Reconciliation, ReportPage, ReportRow, ReportsPage,
    ReviewRow, RulingRow, RulingValues, Side, StaffLedgerPage, StaffListingsPage, StaffMessage, StaffPage,
    StaffPayout, StaffPayoutsPage, StaffRefund, StaffRefundsPage, StaffReviewsPage, StaffTab, TimelineStep,
    Waiting,
};
pub use wallet::{
    AccountTab, Balance, PayoutRow, Points, StatementLine, TopUpPage, WalletPage, WalletValues,
};
pub use webhooks::{DeliveryRow, DeliveryTab, WebhookPage, WebhookRow, WebhookValues, WebhooksPage};
