//! The pages as people use them, in a real Chromium.
//!
//! | file | what |
//! |---|---|
//! | `journey` | sign up, post with photos, find, watch, edit, switch to English, with JavaScript and without |
//! | `pages` | every page: axe-core, the console, nothing wider than the screen |
//! | `pictures` | the documentation's pictures (`cargo xtask screenshots`) |
//! | `staff` | the desks of staff, the wallet, notifications and webhooks |
//! | `support` | the browser itself |
//! | `trade` | two people: talk, offer, pay, ship, confirm, review; money back; a dispute; a card |
//! | `visitor` | somebody at a browser |

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by where it stops")]

mod journey;
mod pages;
mod pictures;
mod staff;
mod support;
mod trade;
mod visitor;
