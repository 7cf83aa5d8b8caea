//! Export and erasure.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use luhuan_accounts::{AddMember, CreateToken, Error, GiveIdentity, PersonalData, model::ERASED_NAME};
use luhuan_kernel::{Actor, Id, OrganisationRole, Person, Scope, Secret};
use luhuan_store::UnitOfWork;
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};

use crate::support::{World, each};

const IDENTITY: &str = "11010519491231002X";

/// Another context with something to say and something to forget.
#[derive(Default)]
struct Watchlist(Mutex<Vec<Id<Person>>>);

#[async_trait]
impl PersonalData for Watchlist {
    fn name(&self) -> &'static str {
        "watchlist"
    }

    async fn export(&self, _: Id<Person>) -> Result<Value, String> {
        Ok(json!(["自行车"]))
    }

    async fn erase(&self, _: &UnitOfWork, person: Id<Person>) -> Result<(), String> {
        self.0.lock().unwrap().push(person);
        Ok(())
    }
}

async fn identified(world: &World, login: &str) -> Actor {
    let actor = world.resident(login).await;
    let uow = world.unit().await;
    let input = GiveIdentity {
        real_name: Secret::new("林小满".into()),
        number: Secret::new(IDENTITY.into()),
        consent: true,
    };
    world.accounts.give_identity(&uow, &actor, input).await.unwrap();
    let input = CreateToken { name: "t".into(), scopes: Scope::all(), expires_in_days: 1 };
    world.accounts.create_token(&uow, &actor, input).await.unwrap();
    uow.commit().await.unwrap();
    actor
}

#[tokio::test]
async fn an_export_holds_everything_but_secrets() {
    each(async |world| {
        let actor = identified(world, "13800138000").await;
        world.shop(&actor, None).await;
        let accounts = world.accounts.clone().with_contributor(Arc::new(Watchlist::default()));
        let export = accounts.export(&actor).await.unwrap();
        assert_eq!(export["contents"], json!(["accounts", "watchlist"]));
        assert_eq!(export["data"]["watchlist"], json!(["自行车"]));
        let own = &export["data"]["accounts"];
        assert_eq!(own["logins"][0]["value"], "13800138000");
        assert_eq!(own["profile"]["identity_number"], IDENTITY);
        assert_eq!(own["consents"].as_array().unwrap().len(), 3);
        assert_eq!(own["organisations"][0]["role"], "owner");
        for part in ["sessions", "tokens"] {
            assert_eq!(own[part].as_array().unwrap().len(), 1);
        }
        let text = export.to_string();
        assert!(
            !text.contains("argon2")
                && !text.contains("lhs_")
                && !text.contains("lha_")
                && !text.contains("hash\"")
        );
    })
    .await;
}

#[tokio::test]
async fn an_erased_person_is_a_pseudonym_and_nothing_else() {
    each(async |world| {
        let actor = identified(world, "13800138000").await;
        let shop = world.shop(&actor, Some("91110000101623741K")).await;
        let id = actor.person_id().unwrap();
        let watchlist = Arc::new(Watchlist::default());
        let accounts = world.accounts.clone().with_contributor(Arc::clone(&watchlist) as _);
        let proof = world.proof(&actor).await;
        let uow = world.unit().await;
        accounts.erase(&uow, &actor, proof).await.unwrap();
        uow.commit().await.unwrap();

        assert_eq!(*watchlist.0.lock().unwrap(), [id]);
        let card = accounts.sellers(&[id]).await.unwrap().remove(&id).unwrap();
        assert_eq!((card.name.as_str(), card.erased), (ERASED_NAME, true));
        assert!(matches!(world.accounts.organisation(&actor, shop.id).await, Err(Error::NotFound)));
        assert!(matches!(world.accounts.profile(&actor).await, Err(Error::NotFound)));
        for table in ["login", "session", "api_token", "member", "person_role"] {
            assert_eq!(count(world, &format!("SELECT COUNT(*) AS n FROM {table}")).await, 0, "{table}");
        }
        let left =
            "SELECT COUNT(*) AS n FROM person WHERE password_hash IS NOT NULL OR identity_sealed IS NOT NULL
                    OR identity_mac IS NOT NULL OR real_name_sealed IS NOT NULL OR subdistrict IS NOT NULL";
        assert_eq!(count(world, left).await, 0);
        assert_eq!(
            count(world, "SELECT COUNT(*) AS n FROM organisation WHERE licence_sealed IS NOT NULL").await,
            0
        );
        assert!(world.told().await.contains(&"accounts.person-erased".to_owned()));
        world.sign_up("13800138000").await.expect("the number is free again");
    })
    .await;
}

async fn count(world: &World, sql: &str) -> i64 {
    let db = world.store.reader();
    let row =
        db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap().unwrap();
    row.try_get("", "n").unwrap()
}

#[tokio::test]
async fn the_last_owner_of_a_shop_with_others_is_told_which_shop_stands_in_the_way() {
    each(async |world| {
        let owner = world.resident("13800138000").await;
        let clerk = world.resident("13800138001").await;
        let shop = world.shop(&owner, None).await;
        let uow = world.unit().await;
        let input = AddMember { person: clerk.person_id().unwrap(), role: OrganisationRole::Clerk };
        world.accounts.add_member(&uow, &owner, shop.id, input).await.unwrap();
        uow.commit().await.unwrap();
        let blocking = world.accounts.erasure_blocked_by(&owner).await.unwrap();
        assert_eq!(blocking.iter().map(|view| view.id).collect::<Vec<_>>(), [shop.id]);
        let proof = world.proof(&owner).await;
        let uow = world.unit().await;
        assert!(matches!(world.accounts.erase(&uow, &owner, proof).await, Err(Error::LastOwner)));
        drop(uow);

        let uow = world.unit().await;
        let id = clerk.person_id().unwrap();
        world.accounts.change_member(&uow, &owner, shop.id, id, OrganisationRole::Owner).await.unwrap();
        world.accounts.erase(&uow, &owner, proof).await.unwrap();
        uow.commit().await.unwrap();
        assert_eq!(world.accounts.organisation(&clerk, shop.id).await.unwrap().members, 1);
    })
    .await;
}

#[tokio::test]
async fn a_context_that_cannot_forget_stops_the_erasure() {
    struct Stuck;
    #[async_trait]
    impl PersonalData for Stuck {
        fn name(&self) -> &'static str {
            "stuck"
        }
        async fn export(&self, _: Id<Person>) -> Result<Value, String> {
            Ok(Value::Null)
        }
        async fn erase(&self, _: &UnitOfWork, _: Id<Person>) -> Result<(), String> {
            Err("not now".into())
        }
    }
    each(async |world| {
        let actor = world.resident("13800138000").await;
        let accounts = world.accounts.clone().with_contributor(Arc::new(Stuck));
        let proof = world.proof(&actor).await;
        let uow = world.unit().await;
        let refused = accounts.erase(&uow, &actor, proof).await;
        assert!(matches!(refused, Err(Error::Contributor { context: "stuck", .. })));
        drop(uow);
        world.accounts.profile(&actor).await.unwrap();
    })
    .await;
}
