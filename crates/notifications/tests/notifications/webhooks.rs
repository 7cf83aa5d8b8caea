//! An integrator's webhooks: making, changing, taking away.

use luhuan_kernel::{Actor, Id, Limit, Membership, OrganisationKind, OrganisationRole};
use luhuan_notifications::{
    ChangeWebhook, CreateWebhook, Error, MintedWebhook, Reach, Webhook, entity::webhook, model::WebhookState,
};

use crate::support::{World, each, each_reaching};

pub(crate) fn to(url: &str, events: &[&str]) -> CreateWebhook {
    CreateWebhook {
        url: url.to_owned(),
        events: events.iter().map(|one| (*one).to_owned()).collect(),
        description: String::new(),
        organisation: None,
    }
}

pub(crate) async fn create(
    world: &World<'_>,
    who: &Actor,
    input: CreateWebhook,
) -> Result<MintedWebhook, Error> {
    let uow = world.unit().await;
    let minted = world.notifications.create_webhook(&uow, who, input).await?;
    uow.commit().await.unwrap();
    Ok(minted)
}

pub(crate) async fn change(
    world: &World<'_>,
    who: &Actor,
    id: Id<Webhook>,
    expected: Option<i64>,
    change: ChangeWebhook,
) -> Result<webhook::Model, Error> {
    let uow = world.unit().await;
    let row = world.notifications.change_webhook(&uow, who, id, expected, change).await?;
    uow.commit().await.unwrap();
    Ok(row)
}

/// The field that was refused, and the key of why.
fn refused<T>(outcome: Result<T, Error>) -> (String, &'static str) {
    match outcome {
        Err(Error::Invalid(fields)) => (fields[0].field.clone(), fields[0].message.key),
        Err(other) => panic!("refused for another reason: {other}"),
        Ok(_) => panic!("not refused"),
    }
}

#[tokio::test]
async fn addresses_that_lead_into_the_house_are_refused() {
    each_reaching(Reach::Public, async |world| {
        let me = world.person();
        for url in [
            "https://127.0.0.1/hook",
            "https://2130706433/",
            "https://[::1]/",
            "https://localhost/",
            "https://10.0.0.8/",
            "https://169.254.169.254/latest/meta-data/",
            "https://[::ffff:192.168.0.1]/",
            "https://postgres:5432/",
        ] {
            let outcome = create(world, &me, to(url, &["*"])).await;
            assert_eq!(refused(outcome), ("url".to_owned(), "notifications-url-closed"), "{url}");
        }
        for url in
            ["http://example.org/", "ftp://example.org/", "example.org", "https://me:pw@example.org/", ""]
        {
            let outcome = create(world, &me, to(url, &["*"])).await;
            assert_eq!(refused(outcome), ("url".to_owned(), "notifications-url"), "{url}");
        }
        let made = create(world, &me, to("https://example.org/hook", &["*"])).await.unwrap();
        let moved =
            ChangeWebhook { url: Some("https://192.168.1.1/".to_owned()), ..ChangeWebhook::default() };
        let outcome = change(world, &me, made.row.id, None, moved).await;
        assert_eq!(refused(outcome), ("url".to_owned(), "notifications-url-closed"));
    })
    .await;
}

#[tokio::test]
async fn what_is_asked_for_must_be_names_of_events() {
    each(async |world| {
        let me = world.person();
        let url = "https://example.org/hook";
        assert_eq!(refused(create(world, &me, to(url, &[])).await).1, "notifications-events-count");
        assert_eq!(refused(create(world, &me, to(url, &["trad.*"])).await).1, "notifications-event-pattern");
        let long = CreateWebhook { description: "长".repeat(201), ..to(url, &["*"]) };
        assert_eq!(
            refused(create(world, &me, long).await),
            ("description".to_owned(), "notifications-text-too-long")
        );
        let nul = CreateWebhook { description: "a\0b".to_owned(), ..to(url, &["*"]) };
        assert_eq!(refused(create(world, &me, nul).await).1, "notifications-text-control");
        let made = create(world, &me, to(url, &["trade.*", "trade.*", "listing.moved"])).await.unwrap();
        assert_eq!(made.row.events().len(), 2);
    })
    .await;
}

#[tokio::test]
async fn the_secret_is_stored_sealed_and_never_shown_again() {
    each(async |world| {
        let me = world.person();
        let made = create(world, &me, to("https://example.org/", &["*"])).await.unwrap();
        assert!(made.secret.expose().starts_with("whsec_"));
        let stored = world.column("SELECT secret_sealed AS it FROM webhook").await;
        assert!(!stored[0].contains(made.secret.expose().as_str()) && !stored[0].contains("whsec"));
        assert!(!format!("{made:?}").contains(made.secret.expose().as_str()));
    })
    .await;
}

#[tokio::test]
async fn an_owner_has_ten_at_most_and_lists_them_newest_first() {
    each(async |world| {
        let me = world.person();
        let mut made = Vec::new();
        for _ in 0..10 {
            made.push(create(world, &me, to("https://example.org/", &["*"])).await.unwrap().row.id);
            world.clock.advance_seconds(1);
        }
        let outcome = create(world, &me, to("https://example.org/", &["*"])).await;
        assert!(matches!(outcome, Err(Error::TooManyWebhooks(10))));
        let first = world.notifications.webhooks(&me, None, Limit::of(Some(6))).await.unwrap();
        let second =
            world.notifications.webhooks(&me, first.next.as_ref(), Limit::of(Some(6))).await.unwrap();
        let listed: Vec<_> = first.items.iter().chain(&second.items).map(|row| row.id).collect();
        made.reverse();
        assert_eq!((listed, second.next), (made, None));
        assert!(
            world
                .notifications
                .webhooks(&world.person(), None, Limit::of(None))
                .await
                .unwrap()
                .items
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn an_organisations_webhook_is_whoever_leads_its_and_nobody_elses() {
    each(async |world| {
        let shop = Id::new(&*world.clock);
        let works = |role| {
            let membership = Membership { organisation: shop, kind: OrganisationKind::SellerShop, role };
            Actor { memberships: vec![membership], ..world.person() }
        };
        let (owner, manager, clerk) = (
            works(OrganisationRole::Owner),
            works(OrganisationRole::Manager),
            works(OrganisationRole::Clerk),
        );
        let input = CreateWebhook { organisation: Some(shop), ..to("https://example.org/", &["*"]) };
        assert!(matches!(create(world, &clerk, input.clone()).await, Err(Error::Forbidden)));
        let made = create(world, &owner, input).await.unwrap();
        assert_eq!(world.notifications.webhook(&manager, made.row.id).await.unwrap().id, made.row.id);
        assert!(matches!(world.notifications.webhook(&clerk, made.row.id).await, Err(Error::NotFound)));
        // The owner who has left has no more to do with it.
        let left = Actor { memberships: Vec::new(), ..owner };
        let off = ChangeWebhook { state: Some(WebhookState::Disabled), ..ChangeWebhook::default() };
        assert!(matches!(change(world, &left, made.row.id, None, off.clone()).await, Err(Error::NotFound)));
        assert!(matches!(
            change(world, &manager, made.row.id, Some(7), off.clone()).await,
            Err(Error::Stale)
        ));
        assert_eq!(
            change(world, &manager, made.row.id, Some(1), off).await.unwrap().state(),
            WebhookState::Disabled
        );
        let uow = world.unit().await;
        world.notifications.delete_webhook(&uow, &manager, made.row.id).await.unwrap();
        uow.commit().await.unwrap();
        assert!(matches!(world.notifications.webhook(&manager, made.row.id).await, Err(Error::NotFound)));
    })
    .await;
}
