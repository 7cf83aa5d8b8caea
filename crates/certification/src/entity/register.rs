//! Certificates and the public register; the rubrics and the trail. A module a table; codes and JSON are text, and the services give them their types back.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Application, Surveillance};

/// A version of the rubric that the office made.
pub mod rubric {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_rubric")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: String,
        pub state: String,
        pub body: String,
        pub hash: String,
        pub edition: i64,
        pub created_by: Id<Person>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub published_at: Option<Timestamp>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A certificate.
pub mod certificate {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_certificate")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: String,
        pub application_id: Id<Application>,
        pub mall_id: Id<Organisation>,
        pub state: String,
        pub version: i64,
        pub name: String,
        pub legal_person: String,
        pub uscc: String,
        pub district: String,
        pub area_m2: f64,
        pub rubric: String,
        pub earned: i64,
        pub available: i64,
        pub publish_score: bool,
        pub pillars: String,
        pub saved_kwh: f64,
        pub saved_kg_co2e: f64,
        pub kwh_per_m2: Option<f64>,
        pub waste_grams: i64,
        pub recovered_grams: i64,
        pub credential: String,
        pub granted_at: Timestamp,
        pub valid_until: Timestamp,
        pub state_reason: String,
        pub state_at: Timestamp,
        pub marks_off_by: Option<Timestamp>,
        pub appealed: bool,
        pub renewed_by: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An entry of the public register. Never changed, never deleted.
pub mod entry {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_entry")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub number: String,
        pub what: String,
        pub at: Timestamp,
        pub body: String,
        pub leaf: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A signed tree head.
pub mod head {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_head")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub size: i64,
        pub root: String,
        pub at: Timestamp,
        pub signature: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A yearly report or a random re-audit.
pub mod surveillance {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_surveillance")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id<Surveillance>,
        pub number: String,
        pub kind: String,
        pub year: i32,
        pub state: String,
        pub due_at: Timestamp,
        pub escalated_at: Option<Timestamp>,
        pub opened_at: Timestamp,
        pub report: String,
        pub reported_at: Option<Timestamp>,
        pub outcome: String,
        pub decided_by: Option<Id<Person>>,
        pub decided_at: Option<Timestamp>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What was done, in a chain of hashes by application.
pub mod trail {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_trail")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Id<Application>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub seq: i64,
        pub at: Timestamp,
        pub actor: String,
        pub act: String,
        pub detail: String,
        pub hash: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
