//! A world for a test: listings on a fresh database, a clock that the test moves, people to act.

use std::{io::Cursor, sync::Arc};

use bytes::Bytes;
use http::StatusCode;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use luhuan_accounts::{Accounts, ConsoleSender, Hashing, Keys};
use luhuan_kernel::{
    Actor, Id, Locale, ManualClock, Membership, Organisation, OrganisationKind, OrganisationRole, Problem,
    Role, Secret,
};
use luhuan_listing::{
    Change, CreateListing, Error, Listing, Listings, Settings,
    contact::ContactPolicy,
    entity::listing,
    model::{Condition, Delivery, Details, Move, Returns, State},
    photo::PhotoLimits,
};
use luhuan_store::{
    Blobs, Store, UnitOfWork,
    testing::{TestDatabase, each as each_database},
};
use sea_orm::{ConnectionTrait, Statement};

/// A leaf without required attributes, and its root.
pub(crate) const LEAF: &str = "bikes-mountain";
pub(crate) const ROOT: &str = "cycling";

pub(crate) struct World<'a> {
    pub(crate) database: &'a TestDatabase,
    pub(crate) listings: Listings,
    pub(crate) clock: Arc<ManualClock>,
}

/// Runs a test on a fresh SQLite database, and on a fresh PostgreSQL database where there is a server.
pub(crate) async fn each(test: impl AsyncFn(&World<'_>)) {
    let clock = Arc::new(ManualClock::at("2026-01-01T00:00:00Z"));
    each_database(Arc::clone(&clock) as _, async |database| {
        let listings = listings(&database.store, &database.blobs, settings());
        test(&World { database, listings, clock: Arc::clone(&clock) }).await;
    })
    .await;
}

pub(crate) fn settings() -> Settings {
    Settings {
        days_on_offer: 90,
        contacts: ContactPolicy::Mask,
        photos: PhotoLimits::default(),
        photo_memory_mib: 64,
        secret: Secret::new([7; 32]),
    }
}

pub(crate) fn listings(store: &Store, blobs: &Blobs, settings: Settings) -> Listings {
    let keys = Keys::new(&Secret::new([7; 32]));
    let accounts =
        luhuan_accounts::Settings { hashing: Hashing::for_tests(), ..luhuan_accounts::Settings::default() };
    let accounts = Accounts::new(store.clone(), Arc::new(ConsoleSender::default()), keys, accounts);
    Listings::new(store.clone(), blobs.clone(), accounts, settings)
}

/// Does one command in a unit of work of its own.
macro_rules! command {
    ($world:expr, $name:ident $(, $argument:expr)* $(,)?) => {{
        let uow = $world.unit().await;
        match $world.listings.$name(&uow, $($argument),*).await {
            Ok(done) => {
                uow.commit().await.unwrap();
                Ok(done)
            }
            Err(error) => Err(error),
        }
    }};
}
pub(crate) use command;

impl World<'_> {
    pub(crate) fn store(&self) -> &Store {
        &self.database.store
    }

    pub(crate) async fn unit(&self) -> UnitOfWork {
        self.store().begin().await.unwrap()
    }

    /// Somebody signed in.
    pub(crate) fn person(&self) -> Actor {
        Actor::person(Id::new(&*self.clock), [])
    }

    pub(crate) fn moderator(&self) -> Actor {
        Actor::person(Id::new(&*self.clock), [Role::Moderator])
    }

    pub(crate) fn organisation(&self) -> Id<Organisation> {
        Id::new(&*self.clock)
    }

    /// Another process on the same database: its own memory, the same rows.
    pub(crate) fn another_gateway(&self) -> Listings {
        listings(self.store(), &self.database.blobs, settings())
    }

    pub(crate) async fn draft(&self, seller: &Actor, details: Details) -> listing::Model {
        command!(self, create, seller, offer(details)).unwrap()
    }

    pub(crate) async fn publish(&self, seller: &Actor, id: Id<Listing>) -> Result<listing::Model, Error> {
        command!(self, publish, seller, id, None)
    }

    /// A listing on offer.
    pub(crate) async fn published(&self, seller: &Actor, details: Details) -> listing::Model {
        let draft = self.draft(seller, details).await;
        self.publish(seller, draft.id).await.unwrap()
    }

    pub(crate) async fn settle(&self, id: Id<Listing>, attempted: Move) -> Result<listing::Model, Error> {
        command!(self, settle, &Actor::system("test"), id, attempted)
    }

    /// Changes what a listing says.
    pub(crate) async fn edit(
        &self,
        seller: &Actor,
        id: Id<Listing>,
        change: impl FnOnce(&mut Details) + Send,
    ) -> Result<listing::Model, Error> {
        let change = |mut details: Details| {
            change(&mut details);
            Change { details, point: None }
        };
        command!(self, edit, seller, id, None, change)
    }

    pub(crate) async fn state(&self, id: Id<Listing>) -> State {
        self.view(id).await.state
    }

    /// All there is to see, for one who may see all.
    pub(crate) async fn view(&self, id: Id<Listing>) -> luhuan_listing::ListingView {
        self.listings.view(&Actor::system("test"), id).await.unwrap()
    }

    /// The names of everything told so far, oldest first.
    pub(crate) async fn told(&self) -> Vec<String> {
        // Straight from the table: the outbox's reader waits for transactions of other tests on the same server.
        self.column("SELECT name AS it FROM outbox ORDER BY sequence").await
    }

    /// One column of text, called `it`.
    pub(crate) async fn column(&self, sql: &str) -> Vec<String> {
        let db = self.store().reader();
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get("", "it").unwrap()).collect()
    }
}

pub(crate) fn anonymous() -> Actor {
    Actor::anonymous(Locale::ZhCn)
}

/// A member of a shop.
pub(crate) fn member(person: &Actor, organisation: Id<Organisation>, role: OrganisationRole) -> Actor {
    let membership = Membership { organisation, kind: OrganisationKind::SellerShop, role };
    Actor { memberships: vec![membership], ..person.clone() }
}

/// A mountain bike with nothing missing.
pub(crate) fn bike() -> Details {
    Details {
        title: "捷安特 ATX 777 山地车".to_owned(),
        description: "骑了两年，去年换过刹车皮。".to_owned(),
        category: LEAF.to_owned(),
        condition: Some(Condition::Good),
        defects: vec!["前叉有两处划痕".to_owned()],
        origin: Some("mall-new".to_owned()),
        price_fen: Some(76_000),
        delivery: vec![Delivery::Pickup],
        subdistrict: Some("110105016".to_owned()),
        returns: Some(Returns::None),
        brand: "捷安特".to_owned(),
        model: "ATX 777".to_owned(),
        quantity: 1,
        ..Details::default()
    }
}

/// A bike that is sold with a statement alone.
pub(crate) fn electric_bike() -> Details {
    Details { title: "小刀电动车 60V".to_owned(), category: "bikes-electric".to_owned(), ..bike() }
}

/// A thing that a moderator looks at first.
pub(crate) fn doubtful() -> Details {
    Details { title: "捷安特山地车 送健身年卡".to_owned(), ..bike() }
}

pub(crate) fn titled(title: &str) -> Details {
    Details { title: title.to_owned(), ..bike() }
}

pub(crate) fn offer(details: Details) -> CreateListing {
    CreateListing { details, ..CreateListing::default() }
}

/// The status and slug that an error becomes.
pub(crate) fn refusal(error: Error) -> (StatusCode, &'static str) {
    let problem = Problem::from(error);
    (problem.status(), problem.slug())
}

/// The fields that an input was refused for, with the keys of their messages.
pub(crate) fn refused_fields(error: &Error) -> Vec<(&str, &str)> {
    match error {
        Error::Invalid(fields) => fields.iter().map(|one| (one.field.as_str(), one.message.key)).collect(),
        other => panic!("refused for another reason: {other}"),
    }
}

/// A small PNG of one colour.
pub(crate) fn png(colour: [u8; 3]) -> Bytes {
    let mut bytes = Cursor::new(Vec::new());
    let image = DynamicImage::ImageRgb8(RgbImage::from_pixel(40, 30, Rgb(colour)));
    image.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner().into()
}

/// Runs tasks side by side; what each came to.
pub(crate) async fn at_once<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    let running: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let mut outcomes = Vec::with_capacity(running.len());
    for task in running {
        outcomes.push(task.await.unwrap());
    }
    outcomes
}

/// A command in a unit of work of its own, for a task that outlives the world's borrow.
pub(crate) async fn commit<T>(
    listings: Listings,
    command: impl AsyncFnOnce(&Listings, &UnitOfWork) -> Result<T, Error>,
) -> Result<T, Error> {
    let uow = listings.store().begin().await?;
    let done = command(&listings, &uow).await?;
    uow.commit().await?;
    Ok(done)
}
