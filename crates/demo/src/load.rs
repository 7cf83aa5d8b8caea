//! Loading the demo city through the services, as its people would have done over the last two months.
//!
//! Loading is safe to repeat and to interrupt: people are made in one unit of work, listings by external id, and the
//! photos of each listing by a job that its listing schedules. What is there already is never touched again.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use luhuan_accounts::{Accounts, AddMember, ChangeProfile, CreateOrganisation, NewUser, model::SellerKind};
use luhuan_kernel::{
    Actor, Clock, Id, Locale, ManualClock, Membership, Organisation, OrganisationKind, Person, Secret,
    Timestamp,
};
use luhuan_ledger::Ledger;
use luhuan_listing::{
    Change, CreateListing, ImportMode, ImportOutcome, Listing, Listings,
    model::{Details, Move},
};
use luhuan_store::jobs::{self, Job};
use luhuan_trade::Trade;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::{
    generate::{GeneratedListing, Generator},
    people::{self, City, SellerOf},
    trades,
};

/// The password of every demo account. Demo accounts exist only in a demo.
pub const PASSWORD: &str = "lvhuan-demo";

/// The kind of job that makes a listing's photos.
pub const PHOTOS: &str = "demo-photos";

/// Listings of the demo city.
const LISTINGS: usize = 480;

/// Listings whose first photo is made before the city opens: what the first page shows.
const SHOWN_FIRST: usize = 6;

/// Days over which they were posted.
const DAYS: i64 = 60;

/// Why the city could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A person or organisation.
    #[error("demo accounts: {0}")]
    Accounts(#[from] luhuan_accounts::Error),
    /// A listing.
    #[error("demo listings: {0}")]
    Listing(#[from] luhuan_listing::Error),
    /// The database.
    #[error("demo: {0}")]
    Store(#[from] luhuan_store::Error),
    /// A photo.
    #[error("demo photos: {0}")]
    Photo(String),
    /// Opening funds.
    #[error("demo funds: {0}")]
    Ledger(#[from] luhuan_ledger::Error),
    /// Something that was traded.
    #[error("demo trades: {0}")]
    Trade(#[from] luhuan_trade::Error),
    /// A conversation that cannot be read.
    #[error("demo conversations: {0}")]
    Thread(&'static str),
}

/// One demo account.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DemoAccount {
    /// What the person does: `resident`, `moderator`, `collector`, …
    pub role: &'static str,
    /// The login.
    pub login: String,
    /// The password.
    pub password: &'static str,
}

/// What was loaded this time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// People.
    pub people: usize,
    /// Listings.
    pub listings: usize,
}

/// The services on a clock that the loader moves, so that what happened last week is dated last week.
pub struct Past {
    /// The clock under all of them.
    pub clock: Arc<ManualClock>,
    /// People and organisations.
    pub accounts: Accounts,
    /// Used goods.
    pub listings: Listings,
    /// Money.
    pub ledger: Ledger,
    /// Conversations, offers, orders.
    pub trade: Trade,
}

pub(crate) static CITY: LazyLock<City> =
    LazyLock::new(|| people::city(&mut ChaCha8Rng::seed_from_u64(20_170_919)));

pub(crate) static GOODS: LazyLock<Vec<GeneratedListing>> = LazyLock::new(|| {
    Generator::new(ChaCha8Rng::seed_from_u64(20_171_117), CITY.sellers(), 2026).take(LISTINGS).collect()
});

/// Every demo account.
#[must_use]
pub fn accounts() -> Vec<DemoAccount> {
    let account = |person: &people::Person| DemoAccount {
        role: person.job,
        login: person.phone.clone(),
        password: PASSWORD,
    };
    CITY.people.iter().map(account).collect()
}

/// One account of each role: two residents, then one of every other.
#[must_use]
pub fn sign_ins() -> Vec<DemoAccount> {
    let mut shown: Vec<DemoAccount> = Vec::new();
    for account in accounts() {
        let same = shown.iter().filter(|known| known.role == account.role).count();
        if same < if account.role == "resident" { 2 } else { 1 } {
            shown.push(account);
        }
    }
    shown
}

/// Loads what is not there yet.
///
/// # Errors
/// When a service refuses; what was loaded before stays, and loading again goes on.
pub async fn load(past: &Past, now: Timestamp) -> Result<Loaded, DemoError> {
    let mut loaded = Loaded::default();
    past.set(now.plus_days(-DAYS - 30));
    if past.accounts.person_by_login(&CITY.people[0].phone).await?.is_none() {
        loaded.people = past.settle_people().await?;
    }
    let sellers = past.find_sellers().await?;
    let residents = sellers.residents();
    past.fund(&residents).await?;
    let mut told_of = HashMap::new();
    loaded.listings = past.post_goods(&sellers, now, &mut told_of).await?;
    if loaded.listings > 0 {
        past.set(now.plus_seconds(60));
        for _ in 0..SHOWN_FIRST {
            let Some(job) = jobs::claim(past.listings.store()).await? else { break };
            draw(&past.listings, &job.key, 1).await?;
            let uow = past.listings.store().begin().await?;
            // Its other photos wait until each of the first page has one.
            jobs::again(&uow, &job, now.plus_seconds(5)).await?;
            uow.commit().await?;
        }
    }
    past.trade(&sellers, &residents, &told_of, now).await?;
    past.set(now);
    Ok(loaded)
}

/// Whether a job is one of ours.
#[must_use]
pub fn is_ours(job: &Job) -> bool {
    job.kind == PHOTOS
}

/// Makes the photos of one listing: the job `listing-id external-id`. Photos that are there already stay.
///
/// # Errors
/// When a photo cannot be made or kept.
pub async fn illustrate(listings: &Listings, key: &str) -> Result<(), DemoError> {
    draw(listings, key, u8::MAX).await
}

/// The first photos of a listing.
async fn draw(listings: &Listings, key: &str, most: u8) -> Result<(), DemoError> {
    let broken = || DemoError::Photo(format!("no such job: {key}"));
    let (listing, external_id) = key.split_once(' ').ok_or_else(broken)?;
    let id: Id<Listing> = listing.parse().map_err(|_| broken())?;
    let goods = GOODS.iter().find(|goods| goods.external_id == external_id).ok_or_else(broken)?;
    let system = Actor::system("demo");
    let present = match listings.view(&system, id).await {
        Ok(view) if view.state.is_editable() => view.photos.len(),
        Ok(_) | Err(luhuan_listing::Error::NotFound) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    for n in present..usize::from(goods.photos.min(most)) {
        let recipe = goods.photo.view(u8::try_from(n).unwrap_or(u8::MAX));
        let jpeg = tokio::task::spawn_blocking(move || recipe.jpeg()).await;
        let jpeg = jpeg.map_err(|error| DemoError::Photo(error.to_string()))?;
        let jpeg = jpeg.map_err(|error| DemoError::Photo(error.to_string()))?;
        let kept = listings.keep_photo(jpeg.into()).await?;
        let uow = listings.store().begin().await?;
        listings.attach_photo(&uow, &system, id, &kept).await?;
        uow.commit().await?;
    }
    Ok(())
}

/// Who sells, by the index of the generator.
pub(crate) struct Sellers(pub(crate) Vec<(Id<Person>, Option<Id<Organisation>>)>);

impl Sellers {
    /// Those who sell for themselves: every resident, in order.
    fn residents(&self) -> Vec<Id<Person>> {
        let alone = |index: &usize| matches!(CITY.seller(*index), Some(SellerOf::Resident(_)));
        (0..self.0.len()).filter(alone).map(|index| self.0[index].0).collect()
    }
}

impl Past {
    pub(crate) fn set(&self, at: Timestamp) {
        self.clock.advance_seconds(at.seconds_since(self.clock.now()));
    }

    /// Everybody and every organisation, in one unit of work. One hash serves all, since all share a password.
    async fn settle_people(&self) -> Result<usize, DemoError> {
        let password =
            self.accounts.hash_password("password", &Secret::new(PASSWORD.to_owned()), None).await?;
        let operator = Actor { roles: luhuan_kernel::Role::all(), ..Actor::system("demo") };
        let uow = self.accounts.store().begin().await?;
        let mut ids = Vec::with_capacity(CITY.people.len());
        for person in &CITY.people {
            let user = NewUser {
                id: None,
                login: person.phone.clone(),
                name: person.name.clone(),
                password: Some(password.clone()),
                roles: person.roles.iter().copied().collect(),
                locale: Locale::ZhCn,
                subdistrict: Some(person.subdistrict.clone()),
            };
            ids.push(self.accounts.create_user(&uow, &operator, user).await?);
        }
        for organisation in &CITY.organisations {
            self.found(&uow, organisation, &ids).await?;
        }
        uow.commit().await?;
        Ok(ids.len())
    }

    async fn found(
        &self,
        uow: &luhuan_store::UnitOfWork,
        organisation: &people::Organisation,
        ids: &[Id<Person>],
    ) -> Result<(), DemoError> {
        let Some(((owner, _), others)) = organisation.members.split_first() else { return Ok(()) };
        let mut actor = Actor::person(ids[*owner], []);
        let input = CreateOrganisation {
            kind: organisation.kind,
            name: organisation.name.clone(),
            licence: Some(organisation.usc_code.clone()),
        };
        let founded = self.accounts.create_organisation(uow, &actor, input).await?;
        let (id, kind) = (founded.id, organisation.kind);
        actor.memberships.push(Membership {
            organisation: id,
            kind,
            role: luhuan_kernel::OrganisationRole::Owner,
        });
        for (person, role) in others {
            self.accounts
                .add_member(uow, &actor, id, AddMember { person: ids[*person], role: *role })
                .await?;
        }
        if kind == OrganisationKind::SellerShop {
            let change = ChangeProfile {
                seller_kind: Some(SellerKind::RegisteredMerchant),
                seller_organisation: Some(id),
                ..ChangeProfile::default()
            };
            self.accounts.change_profile(uow, &actor, change, None).await?;
        }
        Ok(())
    }

    async fn find_sellers(&self) -> Result<Sellers, DemoError> {
        let mut sellers = Vec::new();
        for seller in (0..).map_while(|index| CITY.seller(index)) {
            let owner = match seller {
                SellerOf::Resident(person) => person,
                SellerOf::Shop(shop) => CITY.organisations[shop].members[0].0,
            };
            let Some(person) = self.accounts.person_by_login(&CITY.people[owner].phone).await? else {
                return Err(DemoError::Accounts(luhuan_accounts::Error::NotFound));
            };
            let shop = match seller {
                SellerOf::Resident(_) => None,
                SellerOf::Shop(_) => {
                    self.accounts.sellers(&[person]).await?.remove(&person).and_then(|card| card.organisation)
                }
            };
            sellers.push((person, shop.map(|shop| shop.id)));
        }
        Ok(Sellers(sellers))
    }

    /// Posts what is not there yet, day by day, oldest first; some of it was sold or went down in price since.
    ///
    /// `told_of` receives the listings of things that are in a story.
    async fn post_goods(
        &self,
        sellers: &Sellers,
        now: Timestamp,
        told_of: &mut HashMap<&'static str, Id<Listing>>,
    ) -> Result<usize, DemoError> {
        let mut days: Vec<(i64, Vec<&'static GeneratedListing>)> = Vec::new();
        for goods in GOODS.iter() {
            let day = i64::from(goods.age_days).min(DAYS);
            match days.iter_mut().find(|(known, _)| *known == day) {
                Some((_, list)) => list.push(goods),
                None => days.push((day, vec![goods])),
            }
        }
        days.sort_by_key(|(day, _)| -day);
        let mut chance = ChaCha8Rng::seed_from_u64(7);
        let mut posted = 0;
        for (day, goods) in days {
            for hour in goods.chunks(4) {
                let minutes = chance.random_range(5..600);
                self.set(now.plus_days(-day).plus_seconds(-60 * minutes));
                let (new, known) = self.post(sellers, hour, (day, now), &mut chance).await?;
                posted += new;
                told_of.extend(known);
            }
        }
        Ok(posted)
    }

    async fn post(
        &self,
        sellers: &Sellers,
        goods: &[&'static GeneratedListing],
        (day, now): (i64, Timestamp),
        chance: &mut impl Rng,
    ) -> Result<(usize, Vec<(&'static str, Id<Listing>)>), DemoError> {
        let system = Actor::system("demo");
        let (mut posted, mut told_of) = (Vec::new(), Vec::new());
        let uow = self.listings.store().begin().await?;
        for goods in goods {
            let (person, shop) = sellers.0[goods.seller];
            let rows = vec![command(goods, shop)];
            let outcomes = self.listings.import(&uow, &system, person, rows, ImportMode::CreateOnly).await?;
            let outcome = outcomes.into_iter().next();
            if let Some(Ok(
                ImportOutcome::Created(id) | ImportOutcome::Updated(id) | ImportOutcome::Unchanged(id),
            )) = outcome
                && trades::is_told_of(&goods.external_id)
            {
                told_of.push((goods.external_id.as_str(), id));
            }
            match outcome {
                Some(Ok(ImportOutcome::Created(id))) => {
                    // Within a minute, the newest goods first, since they are what people see first; not in the
                    // past, where they would come before a code that somebody waits for.
                    let key = format!("{id} {}", goods.external_id);
                    let place = now.seconds_since(uow.now()) * 10;
                    jobs::schedule(&uow, PHOTOS, &key, Timestamp::from_micros(now.micros() + place)).await?;
                    posted.push((id, *goods));
                }
                // There already; or a rule refuses what chance put together, as it would refuse a resident.
                Some(Ok(_)) | None => {}
                Some(Err(error)) => {
                    tracing::debug!(%error, id = goods.external_id, "the demo's goods were refused");
                }
            }
        }
        uow.commit().await?;
        for (id, goods) in &posted {
            self.live_on(*id, goods, day, chance).await?;
        }
        Ok((posted.len(), told_of))
    }

    /// What became of it since.
    async fn live_on(
        &self,
        id: Id<Listing>,
        goods: &GeneratedListing,
        day: i64,
        chance: &mut impl Rng,
    ) -> Result<(), DemoError> {
        let system = Actor::system("demo");
        let free = !trades::is_told_of(&goods.external_id);
        if day >= 4 && chance.random_bool(0.2) && free {
            self.clock.advance_seconds(86_400 * chance.random_range(1..day.min(4)));
            let uow = self.listings.store().begin().await?;
            let cheaper = goods.price_fen * chance.random_range(85..97) / 100 / 100 * 100;
            let change = |now: Details| Change {
                details: Details { price_fen: Some(cheaper.max(100)), ..now },
                point: None,
            };
            self.listings.edit(&uow, &system, id, None, change).await?;
            uow.commit().await?;
        }
        if day >= 6 && chance.random_bool(0.22) && free {
            let uow = self.listings.store().begin().await?;
            self.listings.settle(&uow, &system, id, Move::Sell).await?;
            uow.commit().await?;
        }
        Ok(())
    }
}

fn command(goods: &GeneratedListing, shop: Option<Id<Organisation>>) -> CreateListing {
    CreateListing {
        organisation: shop,
        external_id: Some(goods.external_id.clone()),
        details: Details {
            title: goods.title.clone(),
            description: goods.description.clone(),
            category: goods.category.clone(),
            condition: goods.condition.parse().ok(),
            defects: goods.defects.clone(),
            origin: Some(goods.origin.clone()),
            price_fen: Some(goods.price_fen),
            original_price_fen: goods.original_price_fen,
            negotiable: goods.negotiable,
            delivery: goods.delivery.iter().filter_map(|code| code.parse().ok()).collect(),
            freight: goods.freight.as_deref().and_then(|code| code.parse().ok()),
            subdistrict: Some(goods.subdistrict.clone()),
            returns: goods.returns.parse().ok(),
            attributes: goods.attributes.clone(),
            brand: goods.brand.clone(),
            model: goods.model.clone(),
            quantity: 1,
            age_months: Some(goods.age_months),
            statements: goods.statements.clone(),
            ..Details::default()
        },
        ..CreateListing::default()
    }
}
