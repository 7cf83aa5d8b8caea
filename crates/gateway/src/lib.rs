//! The gateway: one program, `luhuan`, that serves everything.
//!
//! It reads the [`config`], wires the contexts together ([`app`]), passes every request through the same steps
//! ([`http`], [`server`]), runs what happens by itself ([`upkeep`]) and speaks to operators ([`command`]). It holds no
//! rule of the trade and no state: run as many as needed behind a load balancer.

pub mod app;
pub mod command;
pub mod config;
pub mod http;
mod ports;
pub mod server;
pub mod upkeep;
