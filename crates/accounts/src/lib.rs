//! People, how they sign in, and the organisations they work for.
//!
//! A person signs up with a phone number or an e-mail address and a password, or signs in with a one-time code. Who
//! asks is an [`luhuan_kernel::Actor`], which [`Accounts::authenticate_bearer`] makes of the secret that a request
//! carries. Every command is a method that takes the open unit of work and the actor; the caller commits:
//!
//! ```no_run
//! # use luhuan_accounts::{Accounts, ChangeProfile, Error};
//! # async fn example(accounts: &Accounts, actor: &luhuan_kernel::Actor) -> Result<(), Error> {
//! let uow = accounts.store().begin().await?;
//! let change = ChangeProfile { name: Some("林小满".into()), ..ChangeProfile::default() };
//! accounts.change_profile(&uow, actor, change, None).await?;
//! uow.commit().await?;
//! # Ok(())
//! # }
//! ```
//!
//! Three commands open their units themselves and say so: signing in by password and by code, and proving presence
//! ([`Accounts::prove`]). What they count against guessing must stay counted although they fail.
//!
//! Glossary:
//! - **person**: a natural person's account; after an erasure the row stays as a pseudonym.
//! - **login**: a phone number or e-mail address; **verified** once a code sent to it came back.
//! - **session**: a device that is signed in; **API token**: a credential for a program, with scopes and an end.
//! - **proof**: that the person at the device was there just now: the password or a code, asked again.
//! - **organisation**, **member**, **role**: a shop, recycler, mall, market or packaging operator and its people.
//! - **seller kind**: private, natural-person trader, registered merchant (domain rule: three, not two).
//! - **consent**: to one purpose in one version, given, withdrawn, recorded (PIPL art. 13 to 17).
//! - **throttle**: the tally of attempts by login and by address.

pub mod api;
mod client;
mod entity;
mod error;
mod event;
mod keys;
pub mod model;
pub mod policy;
mod sender;
mod service;
mod settings;

pub use client::Client;
pub use error::Error;
pub use event::AccountsEvent;
pub use keys::{Keys, SealError};
pub use sender::{CodeMessage, CodeSender, ConsoleSender, SendError, ShownCode, WebhookSender};
pub use service::{
    Accounts, AddMember, ChangeOrganisation, ChangeProfile, CodeSent, Confirmation, ConsentView,
    CreateOrganisation, CreateToken, GiveIdentity, HashedPassword, LoginView, MemberView, MintedToken,
    NewUser, OrganisationSummary, OrganisationView, PersonalData, Profile, Proof, PublicProfile, SEND_CODE,
    SellerCard, SessionView, SignIn, SignUp, SignUpForm, SignedIn, TokenView,
};
pub use settings::{Hashing, Limits, Settings};

use luhuan_kernel::{Locale, text::Source};

/// This context's sentences.
pub const TEXTS: [Source; 2] = [
    Source { locale: Locale::ZhCn, ftl: include_str!("../i18n/zh-CN.ftl") },
    Source { locale: Locale::En, ftl: include_str!("../i18n/en.ftl") },
];
