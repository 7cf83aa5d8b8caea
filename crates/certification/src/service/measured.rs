//! What a mall measures: months of readings, retrofits, goods, waste. They belong to the mall, not to one application.

use std::collections::{BTreeMap, BTreeSet};

use luhuan_kernel::{Actor, Grams, Id, Organisation, Timestamp};
use luhuan_store::UnitOfWork;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    QuerySelect, sea_query::OnConflict,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Certification, code, from_json, line, to_json, words};
use crate::{
    Error, Retrofit,
    energy::{
        Carrier, EnergyPlan, MonthRow, Quality, Savings, SavingsError, Series, parse_csv, quality, yearly,
    },
    entity::{application, certificate, goods as goods_table, label, month, retrofit, waste, waste_place},
    goods::{GoodsReport, Label, Labels, parse_labels, parse_sales, report},
    model::{CertificateState, State, calendar::Month, terms},
    policy,
    waste::{WasteTotals, totals},
};

/// What the program reckons by itself, by the codes that rubrics use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(transparent)]
#[schema(as = certification::Measures)]
pub struct Measures {
    /// `kwh_per_m2`, `water_m3_per_m2`, `labelled_sales_percent`, `labelled_sku_percent`, `diversion_percent`.
    pub values: BTreeMap<String, f64>,
}

/// A retrofit measure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RetrofitView {
    /// Which.
    #[schema(value_type = String, format = "uuid")]
    pub id: Id<Retrofit>,
    /// What was done.
    pub name: String,
    /// What it saves.
    pub carrier: Carrier,
    /// Since when it works.
    pub completed: Month,
    /// What it cost, in fen.
    pub cost_fen: i64,
    /// More.
    pub note: String,
}

/// A retrofit measure to note.
#[derive(Clone, Debug)]
pub struct AddRetrofit {
    /// What was done.
    pub name: String,
    /// What it saves.
    pub carrier: Carrier,
    /// Since when it works.
    pub completed: Month,
    /// What it cost, in fen.
    pub cost_fen: i64,
    /// More.
    pub note: String,
}

/// Waste to note from a transfer note (联单).
#[derive(Clone, Debug)]
pub struct NoteWaste {
    /// The number of the transfer note: the same number, the same waste.
    pub reference: String,
    /// Stream code.
    pub stream: String,
    /// Which month.
    pub month: Month,
    /// How much.
    pub weight: Grams,
}

/// Energy as the mall's page shows it.
#[derive(Clone, Debug)]
pub struct EnergyReport {
    /// The months.
    pub months: Series,
    /// What is doubtful, by carrier.
    pub quality: BTreeMap<Carrier, Quality>,
    /// The retrofits.
    pub retrofits: Vec<RetrofitView>,
    /// The plan and what it says, if there is one.
    pub savings: Option<(EnergyPlan, Result<Savings, SavingsError>)>,
    /// kWh per m² and year.
    pub kwh_per_m2: Option<f64>,
}

/// The source of readings that came as a file.
const EXPORT: &str = "csv";
/// The source of readings that were typed.
const FORM: &str = "form";
/// The source of waste that our pickups weighed.
const PICKUP: &str = "pickup";
/// The source of waste by transfer note.
const NOTE: &str = "note";

pub(super) struct Read {
    pub(super) months: Series,
    pub(super) metered: bool,
    pub(super) retrofits: Vec<RetrofitView>,
    pub(super) goods: Option<GoodsReport>,
    pub(super) waste: BTreeMap<String, (i64, i64)>,
    pub(super) measures: Measures,
}

/// Everything measured of a mall, and what follows from it.
pub(super) async fn read(
    db: &impl ConnectionTrait,
    mall: Id<Organisation>,
    area_m2: Option<f64>,
    now: Timestamp,
) -> Result<Read, Error> {
    let rows = month::Entity::find().filter(month::Column::MallId.eq(mall)).all(db).await?;
    let metered = !rows.is_empty() && rows.iter().all(|row| row.source == EXPORT);
    let mut months = Series::new();
    for row in rows {
        months.insert(month_of(&row.month)?, from_json(&row.body)?);
    }
    let goods = goods_table::Entity::find_by_id(mall).one(db).await?;
    let goods: Option<GoodsReport> = goods.map(|row| from_json(&row.body)).transpose()?;
    let waste = waste_of(db, mall, now).await?;
    let entries = waste.iter().flat_map(|(stream, (all, own))| {
        [(stream.as_str(), *own, true), (stream.as_str(), all - own, false)]
    });
    let waste_totals = totals(entries, area_m2, terms());
    let mut values = BTreeMap::new();
    let mut put = |name: &str, value: Option<f64>| {
        if let Some(value) = value {
            values.insert(name.to_owned(), value);
        }
    };
    put("kwh_per_m2", yearly(&months, Carrier::Electricity, area_m2));
    put("water_m3_per_m2", yearly(&months, Carrier::Water, area_m2));
    put("labelled_sales_percent", goods.as_ref().and_then(|goods| goods.share_percent));
    put("labelled_sku_percent", goods.as_ref().and_then(|goods| goods.product_share_percent));
    put("diversion_percent", waste_totals.diversion_percent);
    let retrofits = retrofits_of(db, mall).await?;
    Ok(Read { months, metered, retrofits, goods, waste, measures: Measures { values } })
}

/// Grams by stream of the last twelve whole months and the running one: in all, and of them by our own pickups.
async fn waste_of(
    db: &impl ConnectionTrait,
    mall: Id<Organisation>,
    now: Timestamp,
) -> Result<BTreeMap<String, (i64, i64)>, Error> {
    let since = Month::of(now).plus(-12).to_string();
    let rows = waste::Entity::find()
        .filter(waste::Column::MallId.eq(mall))
        .filter(waste::Column::Month.gte(since))
        .all(db)
        .await?;
    let mut streams: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for row in rows {
        let (all, own) = streams.entry(row.stream).or_default();
        *all += row.grams;
        if row.source == PICKUP {
            *own += row.grams;
        }
    }
    Ok(streams)
}

async fn retrofits_of(db: &impl ConnectionTrait, mall: Id<Organisation>) -> Result<Vec<RetrofitView>, Error> {
    let rows = retrofit::Entity::find()
        .filter(retrofit::Column::MallId.eq(mall))
        .order_by_asc(retrofit::Column::Completed)
        .order_by_asc(retrofit::Column::Id)
        .all(db)
        .await?;
    rows.into_iter()
        .map(|row| {
            Ok(RetrofitView {
                carrier: code(&row.carrier)?,
                completed: month_of(&row.completed)?,
                id: row.id,
                name: row.name,
                cost_fen: row.cost_fen,
                note: row.note,
            })
        })
        .collect()
}

fn month_of(text: &str) -> Result<Month, Error> {
    Month::parse(text).ok_or_else(|| super::corrupt(format!("month '{text}'")))
}

impl Certification {
    /// Takes in monthly readings from CSV: a month that is there already is replaced. Returns how many months the file has.
    ///
    /// # Errors
    /// [`Error::Csv`] with every fault; then nothing is taken.
    pub async fn import_months(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        csv: &[u8],
    ) -> Result<usize, Error> {
        policy::edit(actor, mall)?;
        let series = parse_csv(csv).map_err(Error::Csv)?;
        let count = series.len();
        for (month, row) in &series {
            self.put_month(uow, actor, mall, *month, row, EXPORT).await?;
        }
        Ok(count)
    }

    /// Keeps one month as typed.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a number is negative or no number.
    pub async fn save_month(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        month: Month,
        row: &MonthRow,
    ) -> Result<(), Error> {
        policy::edit(actor, mall)?;
        let mut checked = row.clone();
        for (name, value) in checked.columns() {
            if value.is_some_and(|value| !(0.0..=1e12).contains(&value)) {
                return Err(Error::field(name, "certification-value"));
            }
        }
        self.put_month(uow, actor, mall, month, row, FORM).await
    }

    async fn put_month(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        month: Month,
        row: &MonthRow,
        source: &str,
    ) -> Result<(), Error> {
        let row = month::Model {
            mall_id: mall,
            month: month.to_string(),
            body: to_json(row),
            source: source.to_owned(),
            updated_by: actor.person_id().ok_or(Error::Unauthenticated)?,
            updated_at: uow.now(),
        };
        let columns =
            [month::Column::Body, month::Column::Source, month::Column::UpdatedBy, month::Column::UpdatedAt];
        let key = OnConflict::columns([month::Column::MallId, month::Column::Month])
            .update_columns(columns)
            .to_owned();
        let insert = month::Entity::insert(row.into_active_model().reset_all()).on_conflict(key);
        insert.exec_without_returning(uow.tx()).await?;
        Ok(())
    }

    /// Notes a retrofit measure.
    ///
    /// # Errors
    /// [`Error::Invalid`], field by field.
    pub async fn add_retrofit(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        input: AddRetrofit,
    ) -> Result<Id<Retrofit>, Error> {
        let person = policy::edit(actor, mall)?;
        if !(0..=100_000_000_000_000).contains(&input.cost_fen) {
            return Err(Error::field("cost_fen", "certification-value"));
        }
        let row = retrofit::Model {
            id: Id::new(self.store().clock()),
            mall_id: mall,
            name: line("name", &input.name, 120)?,
            carrier: input.carrier.code().to_owned(),
            completed: input.completed.to_string(),
            cost_fen: input.cost_fen,
            note: words("note", &input.note)?,
            created_by: person,
            created_at: uow.now(),
        };
        Ok(row.into_active_model().reset_all().insert(uow.tx()).await?.id)
    }

    /// Takes a retrofit measure back.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the mall has none such.
    pub async fn remove_retrofit(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        id: Id<Retrofit>,
    ) -> Result<(), Error> {
        policy::edit(actor, mall)?;
        let gone = retrofit::Entity::delete_many()
            .filter(retrofit::Column::Id.eq(id))
            .filter(retrofit::Column::MallId.eq(mall))
            .exec(uow.tx())
            .await?;
        if gone.rows_affected == 1 { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Takes in a till's export: the share and growth of goods that save, by the label register.
    ///
    /// # Errors
    /// [`Error::Csv`] with the faults; then nothing is taken.
    pub async fn import_goods(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        csv: &[u8],
    ) -> Result<GoodsReport, Error> {
        let person = policy::edit(actor, mall)?;
        let sales = parse_sales(csv).map_err(Error::Csv)?;
        let barcodes: BTreeSet<&str> = sales.iter().map(|sale| sale.barcode.as_str()).collect();
        let labels = labels_of(uow.tx(), &barcodes).await?;
        let found = report(&sales, &labels, terms().goods.max_grade);
        let row = goods_table::Model {
            mall_id: mall,
            body: to_json(&found),
            sha256: hex::encode(Sha256::digest(csv)),
            imported_by: person,
            imported_at: uow.now(),
        };
        use goods_table::Column;
        let key = OnConflict::column(Column::MallId)
            .update_columns([Column::Body, Column::Sha256, Column::ImportedBy, Column::ImportedAt])
            .to_owned();
        let insert = goods_table::Entity::insert(row.into_active_model().reset_all()).on_conflict(key);
        insert.exec_without_returning(uow.tx()).await?;
        Ok(found)
    }

    /// Takes in an extract of the label register: the office. Returns how many labels the file has.
    ///
    /// # Errors
    /// [`Error::Csv`] with the faults; then nothing is taken.
    pub async fn import_labels(&self, uow: &UnitOfWork, actor: &Actor, csv: &[u8]) -> Result<usize, Error> {
        policy::office(actor)?;
        let labels: BTreeMap<(String, crate::goods::Scheme), u8> = parse_labels(csv)
            .map_err(Error::Csv)?
            .into_iter()
            .map(|(barcode, label)| ((barcode, label.scheme), label.grade))
            .collect();
        let count = labels.len();
        let rows: Vec<label::ActiveModel> = labels
            .into_iter()
            .map(|((barcode, scheme), grade)| {
                let row = label::Model { barcode, scheme: scheme.code().to_owned(), grade: i32::from(grade) };
                row.into_active_model().reset_all()
            })
            .collect();
        for chunk in rows.chunks(1_000) {
            let key = OnConflict::columns([label::Column::Barcode, label::Column::Scheme])
                .update_column(label::Column::Grade)
                .to_owned();
            let insert = label::Entity::insert_many(chunk.to_vec()).on_conflict(key);
            insert.exec_without_returning(uow.tx()).await?;
        }
        Ok(count)
    }

    /// Notes waste by a transfer note; the same note again changes nothing.
    ///
    /// # Errors
    /// [`Error::Invalid`], field by field.
    pub async fn note_waste(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        input: NoteWaste,
    ) -> Result<(), Error> {
        let person = policy::edit(actor, mall)?;
        if terms().stream(&input.stream).is_none() {
            return Err(Error::field("stream", "certification-unknown-code"));
        }
        if !(1..=1_000_000_000_000).contains(&input.weight.0) {
            return Err(Error::field("grams", "certification-value"));
        }
        let row = waste::Model {
            mall_id: mall,
            source: NOTE.to_owned(),
            reference: line("reference", &input.reference, 64)?,
            month: input.month.to_string(),
            stream: input.stream,
            grams: input.weight.0,
            noted_by: Some(person),
            at: uow.now(),
        };
        put_waste(uow, row).await?;
        Ok(())
    }

    /// Takes in what our pickups collected at a mall since the last time, at most `batch` weighings; returns how many were new. The
    /// program itself, by a job; asked again it takes nothing twice.
    ///
    /// # Errors
    /// [`Error::Port`] when the pickups do not answer.
    pub async fn take_in_collected(
        &self,
        uow: &UnitOfWork,
        actor: &Actor,
        mall: Id<Organisation>,
        batch: u64,
    ) -> Result<usize, Error> {
        policy::tick(actor)?;
        let place = waste_place::Entity::find_by_id(mall).one(uow.tx()).await?;
        let since = place.map_or(Timestamp::from_micros(0), |place| place.taken_until);
        let collected = self.inner.collected.collected_at(mall, since, batch).await.map_err(Error::Port)?;
        let last = collected.iter().map(|one| one.at).max();
        let mut taken = 0;
        for one in collected {
            let known = terms().stream(&one.stream).is_some();
            let row = waste::Model {
                mall_id: mall,
                source: PICKUP.to_owned(),
                reference: one.reference,
                month: Month::of(one.at).to_string(),
                stream: if known { one.stream } else { "other".to_owned() },
                grams: one.weight.0.max(0),
                noted_by: None,
                at: one.at,
            };
            taken += put_waste(uow, row).await?;
        }
        if let Some(taken_until) = last {
            let row = waste_place::Model { mall_id: mall, taken_until };
            let key = OnConflict::column(waste_place::Column::MallId)
                .update_column(waste_place::Column::TakenUntil)
                .to_owned();
            let insert = waste_place::Entity::insert(row.into_active_model().reset_all()).on_conflict(key);
            insert.exec_without_returning(uow.tx()).await?;
        }
        Ok(taken)
    }

    /// Malls for which pickups are taken in: those with an application under way or a certificate in force.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn watched_malls(&self) -> Result<Vec<Id<Organisation>>, Error> {
        let db = self.store().reader();
        let over = [State::Listed, State::Closed, State::Withdrawn].map(State::code);
        let under_way: Vec<Id<Organisation>> = application::Entity::find()
            .select_only()
            .column(application::Column::MallId)
            .filter(application::Column::State.is_not_in(over))
            .into_tuple()
            .all(db)
            .await?;
        let in_force = [CertificateState::Active, CertificateState::UnderReview].map(CertificateState::code);
        let certified: Vec<Id<Organisation>> = certificate::Entity::find()
            .select_only()
            .column(certificate::Column::MallId)
            .filter(certificate::Column::State.is_in(in_force))
            .into_tuple()
            .all(db)
            .await?;
        let malls: BTreeSet<Id<Organisation>> = under_way.into_iter().chain(certified).collect();
        Ok(malls.into_iter().collect())
    }

    /// Waste of a mall's last twelve months, for its people.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn waste(
        &self,
        actor: &Actor,
        mall: Id<Organisation>,
        area_m2: Option<f64>,
    ) -> Result<WasteTotals, Error> {
        policy::view(actor, mall, policy::Seat::default())?;
        let streams = waste_of(self.store().reader(), mall, self.store().clock().now()).await?;
        let entries = streams.iter().flat_map(|(stream, (all, own))| {
            [(stream.as_str(), *own, true), (stream.as_str(), all - own, false)]
        });
        Ok(totals(entries, area_m2, terms()))
    }

    /// Energy of a mall, by a plan, for its people, the office and the panel of the application.
    ///
    /// # Errors
    /// When the actor may not.
    pub async fn energy(&self, actor: &Actor, id: Id<crate::Application>) -> Result<EnergyReport, Error> {
        let row = self.visible(actor, id).await?;
        let dossier = self.dossier(self.store().reader(), &row, self.store().clock().now()).await?;
        let quality =
            Carrier::ALL.iter().map(|carrier| (*carrier, quality(&dossier.months, *carrier))).collect();
        Ok(EnergyReport {
            savings: dossier.savings(),
            kwh_per_m2: dossier.measures.values.get("kwh_per_m2").copied(),
            months: dossier.months,
            retrofits: dossier.retrofits,
            quality,
        })
    }
}

/// Keeps a row unless it is there; how many were kept.
async fn put_waste(uow: &UnitOfWork, row: waste::Model) -> Result<usize, Error> {
    let key = OnConflict::columns([waste::Column::MallId, waste::Column::Source, waste::Column::Reference])
        .do_nothing()
        .to_owned();
    let insert = waste::Entity::insert(row.into_active_model().reset_all()).on_conflict(key);
    Ok(usize::try_from(insert.exec_without_returning(uow.tx()).await?).unwrap_or_default())
}

async fn labels_of(db: &impl ConnectionTrait, barcodes: &BTreeSet<&str>) -> Result<Labels, Error> {
    let barcodes: Vec<&str> = barcodes.iter().copied().collect();
    let mut labels = Labels::new();
    for chunk in barcodes.chunks(1_000) {
        let found = label::Entity::find().filter(label::Column::Barcode.is_in(chunk.iter().copied()));
        for row in found.all(db).await? {
            let grade = u8::try_from(row.grade).unwrap_or(u8::MAX);
            labels.entry(row.barcode).or_default().push(Label { scheme: code(&row.scheme)?, grade });
        }
    }
    Ok(labels)
}
