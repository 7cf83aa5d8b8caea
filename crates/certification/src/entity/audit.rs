//! What assessors and the committee do. A module a table; codes and JSON are text, and the services give them their types back.

use luhuan_kernel::{Id, Organisation, Person, Timestamp};
use sea_orm::entity::prelude::*;

use crate::{Application, Finding, Objection};

/// Somebody of the pool.
pub mod assessor {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_assessor")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id<Person>,
        pub employer: String,
        pub field: String,
        pub active: bool,
        pub joined_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An assessor's tie to a mall.
pub mod tie {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_tie")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id<Person>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub mall_id: Id<Organisation>,
        pub reason: String,
        pub ended_on: Option<String>,
        pub noted_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An assessor's place on a panel.
pub mod assignment {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_assignment")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Id<Application>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id<Person>,
        pub chair: bool,
        pub seed: String,
        pub assigned_at: Timestamp,
        pub declared_at: Option<Timestamp>,
        pub sealed_at: Option<Timestamp>,
        pub removed_at: Option<Timestamp>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An assessor's score of an item.
pub mod sheet {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_sheet")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Id<Application>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id<Person>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        pub body: String,
        pub at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An item as seen on site.
pub mod site_check {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_site_check")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Id<Application>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        pub outcome: String,
        pub note: String,
        pub seen_by: Id<Person>,
        pub seen_at: Timestamp,
        pub saved_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Something to be put right.
pub mod finding {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_finding")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id<Finding>,
        pub application_id: Id<Application>,
        pub round: i32,
        pub item: String,
        pub severity: String,
        pub words: String,
        pub state: String,
        pub answer: String,
        pub raised_by: Id<Person>,
        pub raised_at: Timestamp,
        pub answered_at: Option<Timestamp>,
        pub closed_by: Option<Id<Person>>,
        pub closed_at: Option<Timestamp>,
        pub closing: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What the panel agreed on for an item.
pub mod consensus {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_consensus")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Id<Application>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub item: String,
        pub body: String,
        pub reason: String,
        pub noted_by: Id<Person>,
        pub noted_at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// A vote of the committee.
pub mod vote {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_vote")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub application_id: Id<Application>,
        #[sea_orm(primary_key, auto_increment = false)]
        pub round: i32,
        #[sea_orm(primary_key, auto_increment = false)]
        pub person_id: Id<Person>,
        pub vote: String,
        pub reason: String,
        pub at: Timestamp,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// An objection by name.
pub mod objection {
    use super::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "cert_objection")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Id<Objection>,
        pub application_id: Id<Application>,
        pub round: i32,
        pub person_id: Id<Person>,
        pub name: String,
        pub contact: String,
        pub words: String,
        pub state: String,
        pub answer: String,
        pub due_at: Timestamp,
        pub escalated_at: Option<Timestamp>,
        pub filed_at: Timestamp,
        pub answered_by: Option<Id<Person>>,
        pub answered_at: Option<Timestamp>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
