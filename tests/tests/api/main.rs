//! The gateway as programs see it: the JSON API, its refusals and limits, and the command line beside it.
//!
//! | file | what |
//! |---|---|
//! | `accounts`, `sessions`, `tokens`, `organisations`, `personal_data` | people and what opens doors to them |
//! | `listings`, `photos`, `watches`, `categories`, `moderation` | used goods |
//! | `search` | finding them |
//! | `trade`, `ledger`, `payments` | conversations, offers, orders; the books; Stripe, and a gateway that dies over it |
//! | `notifications`, `webhooks` | who is told of it |
//! | `problems`, `repeats`, `permissions`, `texts` | how it refuses, and in which words |
//! | `operations`, `documents` | health, metrics, headers, limits, the API's description |
//! | `flow` | from a sign-up to a find, on both databases |
//! | `crash`, `backup`, `index` | what survives |
//! | `exchange`, `command_line`, `demo` | the command line |

#![expect(clippy::unwrap_used, reason = "a test says what went wrong by where it stops")]

mod accounts;
mod backup;
mod categories;
mod command_line;
mod crash;
mod demo;
mod documents;
mod exchange;
mod flow;
mod index;
mod ledger;
mod listings;
mod market;
mod moderation;
mod notifications;
mod operations;
mod organisations;
mod payments;
mod permissions;
mod personal_data;
mod photos;
mod problems;
mod repeats;
mod search;
mod sessions;
mod texts;
mod tokens;
mod trade;
mod watches;
mod webhooks;
