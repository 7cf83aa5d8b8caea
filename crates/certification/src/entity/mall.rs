//! What a mall says and shows. A module a table; codes and JSON are text, and the services give them their types back.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Application, Evidence, Finding, Retrofit};

/// An application.
pub mod application {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_application")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id<Application>,
        pub mall_id: Id<Organisation>,
        pub rubric: String,
        pub rubric_hash: String,
        pub renews: Option<String>,
        pub round: i32,
        pub state: String,
        pub version: i64,
        pub facts: String,
        pub name: String,
        pub district: Option<String>,
        pub due_at: Option<Timestamp>,
        pub remind_at: Option<Timestamp>,
        pub escalated_at: Option<Timestamp>,
        pub appealed: bool,
        pub passes: Option<bool>,
        pub score: Option<String>,
        pub reason: String,
        pub created_by: Id<Person>,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub submitted_at: Option<Timestamp>,
        pub notice_at: Option<Timestamp>,
        pub decided_at: Option<Timestamp>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What is said of an item.
pub mod answer {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_answer")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Id<Application>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        pub body: String,
        pub version: i64,
        pub edited_by: Id<Person>,
        pub edited_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A file that shows something.
pub mod evidence {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_evidence")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id<Evidence>,
        pub application_id: Id<Application>,
        pub item: String,
        pub kind: String,
        pub trust: String,
        pub file_name: String,
        pub media_type: String,
        pub bytes: i64,
        pub sha256: String,
        pub period: String,
        pub source: String,
        pub finding_id: Option<Id<Finding>>,
        pub uploaded_by: Id<Person>,
        pub uploaded_at: Timestamp,
        pub verified_by: Option<Id<Person>>,
        pub verified_at: Option<Timestamp>,
        pub removed_at: Option<Timestamp>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A month of a mall: readings, weather, activity.
pub mod month {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_month")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub mall_id: Id<Organisation>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub month: String,
        pub body: String,
        pub source: String,
        pub updated_by: Id<Person>,
        pub updated_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A retrofit measure.
pub mod retrofit {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_retrofit")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id<Retrofit>,
        pub mall_id: Id<Organisation>,
        pub name: String,
        pub carrier: String,
        pub completed: String,
        pub cost_fen: i64,
        pub note: String,
        pub created_by: Id<Person>,
        pub created_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Waste that left a mall.
pub mod waste {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_waste")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub mall_id: Id<Organisation>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub source: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub reference: String,
        pub month: String,
        pub stream: String,
        pub grams: i64,
        pub noted_by: Option<Id<Person>>,
        pub at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Until when pickups of a mall were taken in.
pub mod waste_place {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_waste_place")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub mall_id: Id<Organisation>,
        pub taken_until: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A product label of the register.
pub mod label {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_label")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub barcode: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub scheme: String,
        pub grade: i32,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What a mall's till said.
pub mod goods {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_goods")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub mall_id: Id<Organisation>,
        pub body: String,
        pub sha256: String,
        pub imported_by: Id<Person>,
        pub imported_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A frozen self-assessment. Never changed.
pub mod submission {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_submission")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Id<Application>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i32,
        pub body: String,
        pub sha256: String,
        pub submitted_by: Id<Person>,
        pub submitted_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
