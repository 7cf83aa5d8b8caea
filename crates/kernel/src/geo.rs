//! Beijing's districts, sub-districts and communities, and points on the map.
//!
//! A listing lies in a [`Subdistrict`]; what strangers see of where it is, is that name and a point that
//! [`fuzz`] has moved. Names and codes are real (GB/T 2260 and the statistical codes below it); 亦庄, which has
//! no code in GB/T 2260, has one of its own ([`YIZHUANG`]). The centre of a sub-district is synthetic: see
//! [`Subdistrict::centre`]. Sources and licences: `data/geo/README.md`.
//!
//! ```
//! use luhuan_kernel::geo;
//!
//! let shuangjing = geo::subdistrict("110105016").expect("双井街道");
//! let district = geo::district(&shuangjing.district).expect("朝阳区");
//! assert_eq!(district.en, "Chaoyang District");
//! let shown = geo::fuzz(shuangjing.centre(), b"a secret", b"an item");
//! assert!(geo::haversine_m(shuangjing.centre(), shown) < 520.0);
//! ```

mod fuzz;
mod outline;
mod point;
mod siphash;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Serialize;

pub use fuzz::fuzz;
pub use outline::Outline;
pub use point::{Point, haversine_m};

/// The code of 北京经济技术开发区 (亦庄): ours, because GB/T 2260 gives it none.
pub const YIZHUANG: &str = "1101YZ";

/// A district (区) of the city.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct District {
    /// The code of GB/T 2260, six digits, or [`YIZHUANG`].
    pub code: String,
    /// The Chinese name, such as 朝阳区.
    pub zh: String,
    /// The English name, such as Chaoyang District.
    pub en: String,
}

/// A sub-district: 街道, 镇, 乡 or 地区.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subdistrict {
    /// The statistical code, nine digits.
    pub code: String,
    /// The Chinese name, such as 双井街道.
    pub zh: String,
    /// The English name, such as Shuangjing Subdistrict.
    pub en: String,
    /// The code of its district.
    pub district: String,
}

/// A community (社区) or village (村), the smallest unit with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Community {
    /// The statistical code, twelve digits.
    pub code: &'static str,
    /// The Chinese name.
    pub zh: &'static str,
}

impl Subdistrict {
    /// The Chinese name without its kind, as people say it: 双井 for 双井街道.
    #[must_use]
    pub fn short_zh(&self) -> &str {
        ["街道", "地区", "镇", "乡"]
            .iter()
            .find_map(|kind| self.zh.strip_suffix(kind).filter(|rest| rest.chars().count() > 1))
            .unwrap_or(&self.zh)
    }

    /// A point inside the outline of its district that stands for the sub-district.
    ///
    /// Synthetic: no source gives one. Within a district, in the order of the codes, each sub-district gets that
    /// one of 32 seeded random points of the outline which lies farthest from the points already given (Mitchell's
    /// best candidate), so that neighbours in the list are spread over the district. The seed is the district's code.
    #[must_use]
    pub fn centre(&self) -> Point {
        CENTRES[&self.code]
    }
}

/// The 16 districts in the order of their codes, then 亦庄.
#[must_use]
pub fn districts() -> &'static [District] {
    &DISTRICTS
}

/// The district with this code.
#[must_use]
pub fn district(code: &str) -> Option<&'static District> {
    DISTRICTS.iter().find(|district| district.code == code)
}

/// The outline of the district with this code.
#[must_use]
pub fn outline(code: &str) -> Option<&'static Outline> {
    OUTLINES.get(code)
}

/// All sub-districts in the order of their codes.
#[must_use]
pub fn subdistricts() -> &'static [Subdistrict] {
    &SUBDISTRICTS
}

/// The sub-district with this code.
#[must_use]
pub fn subdistrict(code: &str) -> Option<&'static Subdistrict> {
    SUBDISTRICTS.binary_search_by(|probe| probe.code.as_str().cmp(code)).ok().map(|at| &SUBDISTRICTS[at])
}

/// The sub-districts of a district, in the order of their codes.
pub fn subdistricts_of(district: &str) -> impl Iterator<Item = &'static Subdistrict> {
    SUBDISTRICTS.iter().filter(move |subdistrict| subdistrict.district == district)
}

/// The communities and villages of a sub-district.
pub fn communities_of(subdistrict: &str) -> impl Iterator<Item = &'static Community> {
    let from = COMMUNITIES.partition_point(|community| community.code < subdistrict);
    COMMUNITIES[from..].iter().take_while(move |community| community.code.starts_with(subdistrict))
}

/// English names of the districts; the geojson has the Chinese ones.
const DISTRICT_NAMES: [(&str, &str, &str); 17] = [
    ("110101", "东城区", "Dongcheng District"),
    ("110102", "西城区", "Xicheng District"),
    ("110105", "朝阳区", "Chaoyang District"),
    ("110106", "丰台区", "Fengtai District"),
    ("110107", "石景山区", "Shijingshan District"),
    ("110108", "海淀区", "Haidian District"),
    ("110109", "门头沟区", "Mentougou District"),
    ("110111", "房山区", "Fangshan District"),
    ("110112", "通州区", "Tongzhou District"),
    ("110113", "顺义区", "Shunyi District"),
    ("110114", "昌平区", "Changping District"),
    ("110115", "大兴区", "Daxing District"),
    ("110116", "怀柔区", "Huairou District"),
    ("110117", "平谷区", "Pinggu District"),
    ("110118", "密云区", "Miyun District"),
    ("110119", "延庆区", "Yanqing District"),
    (YIZHUANG, "经开区（亦庄）", "Yizhuang (Beijing E-Town)"),
];

static DISTRICTS: LazyLock<Vec<District>> = LazyLock::new(|| {
    DISTRICT_NAMES
        .iter()
        .map(|(code, zh, en)| District { code: (*code).into(), zh: (*zh).into(), en: (*en).into() })
        .collect()
});

static SUBDISTRICTS: LazyLock<Vec<Subdistrict>> = LazyLock::new(|| {
    include_str!("../data/geo/subdistricts.csv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',').map(str::to_owned);
            Some(Subdistrict {
                code: cells.next()?,
                zh: cells.next()?,
                en: cells.next()?,
                district: cells.next()?,
            })
        })
        .collect()
});

static COMMUNITIES: LazyLock<Vec<Community>> = LazyLock::new(|| {
    include_str!("../data/geo/communities.csv")
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(',').map(|(code, zh)| Community { code, zh }))
        .collect()
});

static OUTLINES: LazyLock<HashMap<String, Outline>> = LazyLock::new(|| {
    [include_str!("../data/geo/districts.geojson"), include_str!("../data/geo/yizhuang.geojson")]
        .into_iter()
        .flat_map(|file| outline::read(file).expect("the outlines that come with the program are GeoJSON"))
        .collect()
});

static CENTRES: LazyLock<HashMap<String, Point>> = LazyLock::new(|| {
    let mut centres = HashMap::with_capacity(SUBDISTRICTS.len());
    for district in districts() {
        let Some(outline) = outline(&district.code) else { continue };
        let codes: Vec<&str> = subdistricts_of(&district.code).map(|each| each.code.as_str()).collect();
        let points = outline.spread(codes.len(), district.code.as_bytes());
        centres.extend(codes.into_iter().map(str::to_owned).zip(points));
    }
    centres
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_sixteen_districts_and_yizhuang_each_with_an_outline_and_subdistricts() {
        assert_eq!(districts().len(), 17);
        for district in districts() {
            assert!(outline(&district.code).is_some(), "{} has no outline", district.zh);
            assert!(subdistricts_of(&district.code).count() > 0, "{} has no sub-district", district.zh);
        }
        assert_eq!(subdistricts_of(YIZHUANG).count(), 3);
    }

    #[test]
    fn every_subdistrict_lies_inside_the_outline_of_its_district() {
        assert_eq!(subdistricts().len(), 349);
        for subdistrict in subdistricts() {
            let outline = outline(&subdistrict.district).expect("a known district");
            assert!(outline.contains(subdistrict.centre()), "{} lies outside", subdistrict.zh);
        }
    }

    #[test]
    fn yizhuang_is_drawn_inside_daxing() {
        let daxing = outline("110115").expect("大兴区");
        for corner in outline(YIZHUANG).expect("亦庄").corners() {
            assert!(daxing.contains(corner), "{corner:?} lies outside 大兴区");
        }
    }

    #[test]
    fn subdistricts_of_a_district_stand_apart() {
        for district in districts() {
            let centres: Vec<Point> = subdistricts_of(&district.code).map(Subdistrict::centre).collect();
            for (at, one) in centres.iter().enumerate() {
                for other in &centres[at + 1..] {
                    let apart = haversine_m(*one, *other);
                    assert!(apart > 300.0, "{}: {one:?} and {other:?} are {apart:.0} m apart", district.zh);
                }
            }
        }
    }

    #[test]
    fn codes_are_sorted_so_that_a_lookup_finds_each() {
        for each in subdistricts() {
            assert_eq!(subdistrict(&each.code), Some(each));
        }
        assert_eq!(subdistrict("999999999"), None);
        assert_eq!(subdistrict(""), None);
        assert_eq!(district("110103"), None);
    }

    #[test]
    fn every_community_belongs_to_a_known_subdistrict() {
        let total: usize = subdistricts().iter().map(|each| communities_of(&each.code).count()).sum();
        assert_eq!(total, 7_535);
        assert!(communities_of("110101001").any(|community| community.zh == "银闸社区"));
    }

    #[test]
    fn a_subdistrict_is_called_by_its_short_name() {
        let name = |code| subdistrict(code).expect("known").short_zh();
        assert_eq!(name("110105016"), "双井");
        assert_eq!(name("110105024"), "太阳宫");
        assert_eq!(name("110102001"), "西长安街");
        assert_eq!(name("110115403"), "北京经济技术开发区");
    }

    #[test]
    fn english_names_are_latin_and_distinct_within_a_district() {
        for district in districts() {
            let names: Vec<&str> = subdistricts_of(&district.code).map(|each| each.en.as_str()).collect();
            assert!(names.iter().all(|name| name.is_ascii()), "{names:?}");
            let distinct: std::collections::HashSet<_> = names.iter().collect();
            assert_eq!(distinct.len(), names.len(), "{}", district.zh);
        }
    }
}
