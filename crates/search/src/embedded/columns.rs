//! What is filtered and counted by, on one segment.

use std::sync::Arc;

use tantivy::{
    SegmentReader,
    columnar::{Column, StrColumn},
};

use super::{
    dense::{Codes, Dense},
    schema::column,
};
use crate::{
    Accept, BoundingBox, FacetName, Near, PRICE_STEPS, Point, Query, Sort, price_position, price_range,
};

/// Documents that are looked at together.
pub(super) const BLOCK: usize = 64;

/// What each document of a block fails: a bit for each [`Dimension`], all bits for what no facet ignores.
pub(super) type Failed = [u32; BLOCK];

/// Fails a filter that belongs to no facet.
pub(super) const EXCLUDED: u32 = u32::MAX;

/// Something that is filtered by, counted by, or both.
pub(super) struct Dimension {
    pub name: FacetName,
    pub counted: bool,
    filter: Option<Filter>,
    dense: Arc<Dense>,
    /// The attribute column, and which of its ordinals are this attribute's.
    attribute: Option<(StrColumn, Vec<bool>)>,
}

enum Filter {
    /// Whether each code passes.
    Codes(Vec<bool>),
    /// Any of these bits.
    Mask(u32),
    /// In fen, both ends included.
    Price(i64, i64),
}

/// The dimensions of a search on a segment.
pub(super) fn dimensions(
    query: &Query,
    segment: &SegmentReader,
    dense: &Arc<Dense>,
) -> tantivy::Result<Vec<Dimension>> {
    let passing = |codes: &Codes, wanted: &[String]| {
        let passes = |name: &String| wanted.contains(name);
        (!wanted.is_empty()).then(|| Filter::Codes(codes.names.iter().map(passes).collect()))
    };
    let category = query.category.as_ref().map(|wanted| {
        let passes = |path: &String| path.split('/').any(|step| step == wanted);
        Filter::Codes(dense.category.names.iter().map(passes).collect())
    });
    let delivery = (!query.deliveries.is_empty()).then(|| {
        let bits =
            dense.delivery.names.iter().enumerate().filter(|(_, name)| query.deliveries.contains(name));
        Filter::Mask(bits.fold(0, |mask, (bit, _)| mask | 1_u32.checked_shl(bit as u32).unwrap_or(0)))
    });
    let price = (query.min_price.is_some() || query.max_price.is_some())
        .then(|| Filter::Price(query.min_price.unwrap_or(i64::MIN), query.max_price.unwrap_or(i64::MAX)));
    let all = [
        (FacetName::Category, category),
        (FacetName::Condition, passing(&dense.condition, &query.conditions)),
        (FacetName::District, passing(&dense.district, &query.districts)),
        (FacetName::Delivery, delivery),
        (FacetName::Price, price),
    ];
    let mut dimensions: Vec<Dimension> = all
        .into_iter()
        .map(|(name, filter)| {
            let counted = query.facets.contains(&name);
            Dimension { name, counted, filter, dense: Arc::clone(dense), attribute: None }
        })
        .filter(|it| it.counted || it.filter.is_some())
        .collect();
    attributes(query, segment, dense, &mut dimensions)?;
    Ok(dimensions)
}

fn attributes(
    query: &Query,
    segment: &SegmentReader,
    dense: &Arc<Dense>,
    out: &mut Vec<Dimension>,
) -> tantivy::Result<()> {
    let mut codes: Vec<&str> = query.attributes.iter().map(|filter| filter.code.as_str()).collect();
    codes.extend(query.facets.iter().filter_map(|name| match name {
        FacetName::Attribute(code) => Some(code.as_str()),
        _ => None,
    }));
    codes.sort_unstable();
    codes.dedup();
    if codes.is_empty() {
        return Ok(());
    }
    let Some(column) = segment.fast_fields().str(column::ATTRIBUTE)? else {
        // No document of the segment has any attribute.
        return Ok(());
    };
    for code in codes {
        let name = FacetName::Attribute(code.to_owned());
        let counted = query.facets.contains(&name);
        let value = |entry: &str| entry.strip_prefix(code)?.strip_prefix('=').map(ToOwned::to_owned);
        let own = ordinals(&column, |entry| value(entry).is_some())?;
        let wanted: Vec<&Accept> = query
            .attributes
            .iter()
            .filter(|filter| filter.code == code)
            .map(|filter| &filter.accept)
            .collect();
        let filter = if wanted.is_empty() {
            None
        } else {
            let passes = |entry: &str| {
                value(entry).is_some_and(|value| wanted.iter().all(|accept| accepts(accept, &value)))
            };
            Some(Filter::Codes(ordinals(&column, passes)?))
        };
        let attribute = Some((column.clone(), own));
        out.push(Dimension { name, counted, filter, dense: Arc::clone(dense), attribute });
    }
    Ok(())
}

fn accepts(accept: &Accept, value: &str) -> bool {
    match accept {
        Accept::AnyOf(codes) => codes.iter().any(|code| code == value),
        Accept::Range(from, to) => value
            .parse::<f64>()
            .is_ok_and(|number| from.is_none_or(|from| number >= from) && to.is_none_or(|to| number <= to)),
    }
}

/// For each ordinal of a column, whether its text passes.
fn ordinals(column: &StrColumn, mut passes: impl FnMut(&str) -> bool) -> tantivy::Result<Vec<bool>> {
    let mut out = Vec::with_capacity(column.num_terms());
    let mut stream = column.dictionary().stream()?;
    while stream.advance() {
        out.push(std::str::from_utf8(stream.key()).is_ok_and(&mut passes));
    }
    Ok(out)
}

fn holds(passes: &[bool], position: usize) -> bool {
    passes.get(position).copied().unwrap_or(false)
}

impl Dimension {
    /// Whether it lets only some documents through.
    pub fn filters(&self) -> bool {
        self.filter.is_some()
    }

    /// How many different counts it has.
    pub fn buckets(&self) -> usize {
        match &self.name {
            FacetName::Attribute(_) => self.attribute.as_ref().map_or(0, |(column, _)| column.num_terms()),
            FacetName::Delivery => self.dense.delivery.names.len(),
            FacetName::Price => PRICE_STEPS.len() + 1,
            _ => self.codes().names.len(),
        }
    }

    fn codes(&self) -> &Codes {
        match self.name {
            FacetName::Condition => &self.dense.condition,
            FacetName::District => &self.dense.district,
            _ => &self.dense.category,
        }
    }

    /// Marks with `bit` the documents of a block that it does not let through.
    pub fn fail(&self, docs: &[u32], bit: u32, failed: &mut Failed) {
        let marks = docs.iter().zip(failed.iter_mut());
        match (&self.filter, &self.attribute) {
            (None, _) => {}
            (Some(Filter::Codes(passes)), None) => {
                let of = &self.codes().of;
                marks.for_each(|(doc, failed)| {
                    *failed |= if holds(passes, of[*doc as usize].into()) { 0 } else { bit };
                });
            }
            (Some(Filter::Codes(passes)), Some((column, _))) => marks.for_each(|(doc, failed)| {
                let any = column.ords().values_for_doc(*doc).any(|ord| holds(passes, ord as usize));
                *failed |= if any { 0 } else { bit };
            }),
            (Some(Filter::Mask(mask)), _) => {
                let of = &self.dense.delivery.of;
                marks
                    .for_each(|(doc, failed)| *failed |= if of[*doc as usize] & mask == 0 { bit } else { 0 });
            }
            (Some(Filter::Price(from, to)), _) => {
                let of = &self.dense.price;
                marks.for_each(|(doc, failed)| {
                    *failed |= if (*from..=*to).contains(&of[*doc as usize]) { 0 } else { bit };
                });
            }
        }
    }

    /// Counts the documents of a block that fail nothing but, at most, this dimension itself.
    pub fn count(&self, docs: &[u32], own_bit: u32, failed: &Failed, counts: &mut [u32]) {
        let others = !own_bit;
        let counted = docs
            .iter()
            .zip(failed)
            .filter(|(_, failed)| **failed & others == 0)
            .map(|(doc, _)| *doc as usize);
        let mut add = |bucket: usize| {
            if let Some(count) = counts.get_mut(bucket) {
                *count += 1;
            }
        };
        match (&self.name, &self.attribute) {
            (_, Some((column, own))) => counted.for_each(|doc| {
                let ords = column.ords().values_for_doc(doc as u32);
                ords.filter(|ord| holds(own, *ord as usize)).for_each(|ord| add(ord as usize));
            }),
            (FacetName::Price, _) => counted.for_each(|doc| add(price_position(self.dense.price[doc]))),
            (FacetName::Delivery, _) => counted.for_each(|doc| {
                let mut bits = self.dense.delivery.of[doc];
                while bits != 0 {
                    add(bits.trailing_zeros() as usize);
                    bits &= bits - 1;
                }
            }),
            _ => {
                let of = &self.codes().of;
                counted.for_each(|doc| add(of[doc].into()));
            }
        }
    }

    /// The counts by value. A category's counts are added up along its path.
    pub fn named(&self, counts: &[u32], mut each: impl FnMut(&str, u64)) -> tantivy::Result<()> {
        let counted = counts.iter().enumerate().filter(|(_, count)| **count > 0);
        for (at, count) in counted.map(|(at, count)| (at, u64::from(*count))) {
            match (&self.name, &self.attribute) {
                (FacetName::Attribute(code), Some((column, _))) => {
                    let mut entry = String::new();
                    column.ord_to_str(at as u64, &mut entry)?;
                    each(entry.get(code.len() + 1..).unwrap_or_default(), count);
                }
                (FacetName::Price, _) => each(&price_range(at), count),
                (FacetName::Delivery, _) => each(&self.dense.delivery.names[at], count),
                (FacetName::Category, _) => {
                    self.codes().names[at].split('/').for_each(|step| each(step, count));
                }
                _ => each(&self.codes().names[at], count),
            }
        }
        Ok(())
    }
}

/// Where documents are, for filters and distances.
pub(super) struct Places {
    lat: Column<f64>,
    lon: Column<f64>,
    near: Option<Near>,
    within: Option<BoundingBox>,
}

impl Places {
    /// The columns, if the search asks for them.
    pub fn open(query: &Query, segment: &SegmentReader) -> tantivy::Result<Option<Self>> {
        let filters = query.within.is_some() || query.near.is_some_and(|near| near.radius_m.is_some());
        if !filters && query.order() != Sort::Distance {
            return Ok(None);
        }
        let fields = segment.fast_fields();
        let (lat, lon) = (fields.f64(column::LAT)?, fields.f64(column::LON)?);
        Ok(Some(Self { lat, lon, near: query.near, within: query.within }))
    }

    /// The distances of a block in metres, and what lies outside marked as excluded.
    pub fn measure(&self, docs: &[u32], failed: &mut Failed, distances: &mut [Option<f64>; BLOCK]) {
        let (mut lats, mut lons) = ([None; BLOCK], [None; BLOCK]);
        self.lat.first_vals(docs, &mut lats[..docs.len()]);
        self.lon.first_vals(docs, &mut lons[..docs.len()]);
        for at in 0..docs.len() {
            let point = lats[at].zip(lons[at]).map(|(lat, lon)| Point { lat, lon });
            let outside = self.within.is_some_and(|it| !point.is_some_and(|point| it.contains(point)));
            let distance = self.near.zip(point).map(|(near, point)| near.point.metres_to(point));
            let radius = self.near.and_then(|near| near.radius_m).map(f64::from);
            let too_far = radius.is_some_and(|radius| distance.is_none_or(|metres| metres > radius));
            if outside || too_far {
                failed[at] = EXCLUDED;
            }
            distances[at] = distance;
        }
    }
}
