//! Who lives and works in the demo city.
//!
//! Names are drawn from common surnames and given names; whoever bears one is not meant. Telephone numbers begin with
//! 1540000: no operator had been given the prefix 154 when this was written, yet the numbers are well formed.

mod names;

use luhuan_kernel::{OrganisationKind, OrganisationRole, Role, geo, validate};
use rand::{Rng, RngExt, seq::IndexedRandom};
use serde::Serialize;

use crate::generate::Seller;

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// The Chinese name.
    pub name: String,
    /// The mobile number, which is the login.
    pub phone: String,
    /// What the person does in the demo: `resident`, `moderator`, `collector`, …
    pub job: &'static str,
    /// Where the person lives: a sub-district code.
    pub subdistrict: String,
    /// City-wide roles.
    pub roles: Vec<Role>,
}

/// An organisation and who works there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Organisation {
    /// What it is.
    pub kind: OrganisationKind,
    /// The Chinese name.
    pub name: String,
    /// A well-formed unified social credit code. Invented.
    pub usc_code: String,
    /// Where it has its premises: a sub-district code.
    pub subdistrict: String,
    /// Of a shop: the root of the category tree that it deals in.
    pub line: Option<String>,
    /// Its members: indices into [`City::people`].
    pub members: Vec<(usize, OrganisationRole)>,
}

/// Everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct City {
    /// All people: residents first, then those who hold a post.
    pub people: Vec<Person>,
    /// All organisations: shops first.
    pub organisations: Vec<Organisation>,
}

/// Who sells in the city: what an index into [`City::sellers`] stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SellerOf {
    /// A shop: index into [`City::organisations`].
    Shop(usize),
    /// A resident: index into [`City::people`].
    Resident(usize),
}

/// Residents of the usual demo city.
pub const RESIDENTS: usize = 260;

/// Shops: name, line, and how many of that kind there are.
const SHOPS: [(&str, &str, usize); 14] = [
    ("数码行", "phones", 6),
    ("影像馆", "cameras", 3),
    ("电脑工作室", "computers", 4),
    ("游戏铺", "games", 2),
    ("旧家具", "furniture", 4),
    ("家电行", "appliances", 4),
    ("车行", "cycling", 3),
    ("旧书店", "books", 4),
    ("母婴小店", "baby", 2),
    ("古着店", "fashion", 3),
    ("琴行", "music", 2),
    ("户外用品店", "sports", 1),
    ("老物件铺", "collect", 1),
    ("商用设备行", "business", 1),
];

/// Posts that carry a city-wide role.
const CITY_POSTS: [(&str, Role, usize); 6] = [
    ("administrator", Role::Administrator, 1),
    ("moderator", Role::Moderator, 3),
    ("support", Role::Support, 2),
    ("assessor", Role::Assessor, 3),
    ("authority", Role::Authority, 2),
    ("statistician", Role::Statistician, 1),
];

type Posts = &'static [(&'static str, OrganisationRole, usize)];

const RECYCLER_POSTS: Posts = &[
    ("recycler-owner", OrganisationRole::Owner, 1),
    ("dispatcher", OrganisationRole::Dispatcher, 1),
    ("collector", OrganisationRole::Collector, 6),
    ("station", OrganisationRole::Clerk, 2),
];
const MALL_POSTS: Posts =
    &[("mall-manager", OrganisationRole::Owner, 1), ("mall-clerk", OrganisationRole::Clerk, 1)];
const MARKET_POSTS: Posts =
    &[("market-operator", OrganisationRole::Owner, 1), ("market-clerk", OrganisationRole::Clerk, 1)];
const PACKAGING_POSTS: Posts = &[("packaging-operator", OrganisationRole::Owner, 1)];

/// The organisations that are no shops: kind, name, and who works there.
const ORGANISATIONS: [(OrganisationKind, &str, Posts); 8] = [
    (OrganisationKind::Recycler, "京环再生资源回收（示例）有限公司", RECYCLER_POSTS),
    (OrganisationKind::Recycler, "绿邻上门回收（示例）有限公司", RECYCLER_POSTS),
    (OrganisationKind::Mall, "朝阳槐荫购物中心（示例）", MALL_POSTS),
    (OrganisationKind::Mall, "海淀杏林广场（示例）", MALL_POSTS),
    (OrganisationKind::Mall, "丰台柳桥百货（示例）", MALL_POSTS),
    (OrganisationKind::Market, "南城旧货市场（示例）", MARKET_POSTS),
    (OrganisationKind::Market, "周末跳蚤市集（示例）", MARKET_POSTS),
    (OrganisationKind::PackagingOperator, "循环箱运营（示例）有限公司", PACKAGING_POSTS),
];

/// The usual demo city.
pub fn city(rng: &mut impl Rng) -> City {
    city_of(RESIDENTS, rng)
}

/// A city of so many residents, with the same shops and posts.
pub fn city_of(residents: usize, rng: &mut impl Rng) -> City {
    let mut city = City { people: Vec::new(), organisations: Vec::new() };
    for _ in 0..residents {
        city.settle("resident", &[], rng);
    }
    for (trade, line, count) in SHOPS {
        for _ in 0..count {
            city.open_shop(trade, line, rng);
        }
    }
    for (kind, name, posts) in ORGANISATIONS {
        city.found(kind, name, posts, rng);
    }
    for (job, role, count) in CITY_POSTS {
        for _ in 0..count {
            city.settle(job, &[role], rng);
        }
    }
    city
}

impl City {
    /// Those who sell, for [`Generator::new`](crate::generate::Generator::new): shops first, then residents.
    #[must_use]
    pub fn sellers(&self) -> Vec<Seller> {
        (0..).map_while(|index| self.seller(index)).map(|seller| self.describe(seller)).collect()
    }

    /// Who is meant by an index into [`Self::sellers`].
    #[must_use]
    pub fn seller(&self, index: usize) -> Option<SellerOf> {
        let shops =
            self.organisations.iter().filter(|each| each.kind == OrganisationKind::SellerShop).count();
        let resident = index.checked_sub(shops);
        match resident {
            None => Some(SellerOf::Shop(index)),
            Some(person) => self
                .people
                .get(person)
                .filter(|person| person.job == "resident")
                .map(|_| SellerOf::Resident(person)),
        }
    }

    fn describe(&self, seller: SellerOf) -> Seller {
        match seller {
            SellerOf::Shop(index) => {
                let shop = &self.organisations[index];
                Seller { subdistrict: shop.subdistrict.clone(), shop: shop.line.clone() }
            }
            SellerOf::Resident(index) => {
                Seller { subdistrict: self.people[index].subdistrict.clone(), shop: None }
            }
        }
    }

    /// Adds a person and says which.
    fn settle(&mut self, job: &'static str, roles: &[Role], rng: &mut impl Rng) -> usize {
        self.people.push(Person {
            name: names::full(rng),
            phone: format!("1540000{:04}", self.people.len() + 1),
            job,
            subdistrict: home(rng),
            roles: roles.to_vec(),
        });
        self.people.len() - 1
    }

    fn open_shop(&mut self, trade: &str, line: &str, rng: &mut impl Rng) {
        let owner = self.settle("shop-owner", &[], rng);
        let surname = self.people[owner].name.chars().next().unwrap_or('王');
        let name = match rng.random_range(0..3) {
            0 => format!("{}{trade}", names::shop(rng)),
            1 => format!("老{surname}{trade}"),
            _ => format!("{}·{surname}记{trade}", names::shop(rng)),
        };
        self.organisations.push(Organisation {
            kind: OrganisationKind::SellerShop,
            usc_code: usc_code(self.organisations.len()),
            subdistrict: self.people[owner].subdistrict.clone(),
            line: Some(line.to_owned()),
            members: vec![(owner, OrganisationRole::Owner)],
            name,
        });
    }

    fn found(&mut self, kind: OrganisationKind, name: &str, posts: Posts, rng: &mut impl Rng) {
        let mut members = Vec::new();
        for (job, role, count) in posts {
            for _ in 0..*count {
                members.push((self.settle(job, &[], rng), *role));
            }
        }
        self.organisations.push(Organisation {
            kind,
            name: name.to_owned(),
            usc_code: usc_code(self.organisations.len()),
            subdistrict: home(rng),
            line: None,
            members,
        });
    }
}

/// Most people live in the inner districts.
fn home(rng: &mut impl Rng) -> String {
    const INNER: [&str; 6] = ["110101", "110102", "110105", "110106", "110107", "110108"];
    let inner = rng.random_bool(0.6);
    let homes: Vec<&geo::Subdistrict> =
        geo::subdistricts().iter().filter(|each| INNER.contains(&each.district.as_str()) == inner).collect();
    homes.choose(rng).map(|each| each.code.clone()).unwrap_or_default()
}

/// An invented code with the check character that its other characters ask for (GB 32100).
fn usc_code(number: usize) -> String {
    let stem = format!("91110100DEM{number:06}");
    match validate::usc_code(&format!("{stem}0")) {
        Err(validate::UscCodeError::Check { expected, .. }) => format!("{stem}{expected}"),
        _ => format!("{stem}0"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use luhuan_listing::catalog::Catalog;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    fn sample() -> City {
        city(&mut ChaCha8Rng::seed_from_u64(1))
    }

    #[test]
    fn there_are_residents_enough_and_everybody_else() {
        let city = sample();
        assert!(city.people.iter().filter(|person| person.job == "resident").count() >= 200);
        for role in Role::ALL {
            assert!(city.people.iter().any(|person| person.roles.contains(role)), "no {role}");
        }
        for kind in OrganisationKind::ALL {
            assert!(city.organisations.iter().any(|organisation| organisation.kind == *kind), "no {kind}");
        }
        let worked: HashSet<OrganisationRole> =
            city.organisations.iter().flat_map(|each| each.members.iter().map(|(_, role)| *role)).collect();
        for role in [
            OrganisationRole::Owner,
            OrganisationRole::Dispatcher,
            OrganisationRole::Collector,
            OrganisationRole::Clerk,
        ] {
            assert!(worked.contains(&role), "no {role}");
        }
    }

    #[test]
    fn every_number_is_well_formed_and_nobody_shares_one() {
        let city = sample();
        let phones: HashSet<&String> = city.people.iter().map(|person| &person.phone).collect();
        assert_eq!(phones.len(), city.people.len());
        for person in &city.people {
            assert_eq!(validate::mobile(&person.phone), Ok(person.phone.clone()));
            assert!(geo::subdistrict(&person.subdistrict).is_some());
        }
        let codes: HashSet<&String> = city.organisations.iter().map(|each| &each.usc_code).collect();
        assert_eq!(codes.len(), city.organisations.len());
        for organisation in &city.organisations {
            assert_eq!(validate::usc_code(&organisation.usc_code), Ok(organisation.usc_code.clone()));
        }
    }

    #[test]
    fn names_look_like_names_and_mostly_differ() {
        let city = sample();
        let names: HashSet<&String> = city.people.iter().map(|person| &person.name).collect();
        assert!(names.len() * 10 > city.people.len() * 9);
        assert!(names.iter().all(|name| (2..=4).contains(&name.chars().count())));
    }

    #[test]
    fn sellers_are_the_shops_and_then_the_residents() {
        let city = sample();
        let sellers = city.sellers();
        assert_eq!(city.seller(0), Some(SellerOf::Shop(0)));
        let shops = sellers.iter().take_while(|seller| seller.shop.is_some()).count();
        assert_eq!(city.seller(shops), Some(SellerOf::Resident(0)));
        assert_eq!(sellers.len(), shops + RESIDENTS);
        assert_eq!(city.seller(sellers.len()), None);
        let lines: Vec<&String> = sellers.iter().filter_map(|seller| seller.shop.as_ref()).collect();
        assert!(lines.iter().all(|line| Catalog::get().roots().any(|root| root.code == **line)));
    }

    #[test]
    fn the_same_seed_makes_the_same_city() {
        assert_eq!(sample(), sample());
        assert_ne!(sample(), city(&mut ChaCha8Rng::seed_from_u64(2)));
    }
}
