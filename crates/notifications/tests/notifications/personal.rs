//! Export and erasure of what notifications keep about a person.

use luhuan_accounts::PersonalData;
use luhuan_kernel::{Actor, Id, Membership, OrganisationKind, OrganisationRole};
use luhuan_notifications::{CreateWebhook, MailPreferences};

use crate::{
    support::{each, id},
    webhooks::{create, to},
};

#[tokio::test]
async fn a_person_gets_everything_of_theirs_and_after_an_erasure_no_row_names_them() {
    each(async |world| {
        let deal = world.deal();
        let me = &deal.seller;
        create(world, me, to("https://example.org/hook", &["trade.*"])).await.unwrap();
        let shop = Id::new(&*world.clock);
        let membership = Membership {
            organisation: shop,
            kind: OrganisationKind::SellerShop,
            role: OrganisationRole::Owner,
        };
        let for_shop = Actor { memberships: vec![membership], ..me.clone() };
        let input = CreateWebhook { organisation: Some(shop), ..to("https://example.org/shop", &["*"]) };
        create(world, &for_shop, input).await.unwrap();
        let uow = world.unit().await;
        let wanted = MailPreferences { messages: false, ..MailPreferences::default() };
        world.notifications.change_preferences(&uow, me, wanted, None).await.unwrap();
        uow.commit().await.unwrap();
        world.tell_and_read(&[deal.event("trade.order_paid"), deal.event("trade.order_expired")]).await;
        let export = PersonalData::export(&world.notifications, id(me)).await.unwrap();
        assert_eq!(export["notifications"].as_array().unwrap().len(), 2);
        assert_eq!(export["emails"]["messages"], false);
        assert_eq!(export["webhooks"].as_array().unwrap().len(), 1);
        assert_eq!(export["webhooks"][0]["url"], "https://example.org/hook");
        assert!(!export.to_string().contains("whsec") && !export.to_string().contains("sealed"));
        let uow = world.unit().await;
        PersonalData::erase(&world.notifications, &uow, id(me)).await.unwrap();
        uow.commit().await.unwrap();
        assert!(world.inbox(me).await.is_empty());
        assert_eq!(world.kinds(&deal.buyer).await, ["order-expired"]);
        assert_eq!(world.column("SELECT url AS it FROM webhook").await, ["https://example.org/shop"]);
        assert!(world.column("SELECT 'x' AS it FROM notification_preference").await.is_empty());
        assert!(world.column("SELECT event_name AS it FROM webhook_delivery").await.is_empty());
    })
    .await;
}
