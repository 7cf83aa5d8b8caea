//! The tables, as SeaORM entities. Only the services read and write them.

pub(crate) mod api_token;
pub(crate) mod consent;
pub(crate) mod login;
pub(crate) mod member;
pub(crate) mod one_time_code;
pub(crate) mod organisation;
pub(crate) mod person;
pub(crate) mod person_role;
pub(crate) mod session;
pub(crate) mod throttle;
