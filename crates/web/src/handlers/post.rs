//! Posting a listing and editing it: one form, which works without scripts and loses nothing.
//!
//! A form that cannot be taken as it is comes back with what was typed. Photos cannot be put back into a form, so a
//! form that carries some is kept as a draft first, with whatever of it is sound; the draft then takes the rest.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response};
use bytes::Bytes;
use http::StatusCode;
use luhuan_kernel::{Actor, Id, Locale, Money, OrganisationKind, Problem, geo, http::PathId, random};
use luhuan_listing::{
    Change, CreateListing, Error, Listing, ListingView, Listings,
    catalog::{AttributeKind as CatalogKind, Catalog, Category, SerialRule},
    model::{Details, Freight, Returns},
};
use luhuan_store::idempotency::{self, Answer, Once};
use serde_json::{Number, Value};

use super::{
    Site,
    cards::photo,
    form::{Fields, FileForm, PageResult},
    home::category_roots,
    mine::param,
    visit::Visit,
};
use crate::{
    format::Price,
    text::Text,
    view::{
        AttributeField, AttributeKind, Choice, DistrictGroup, EditPhoto, Editing, Errors, PickCategoryPage,
        PostPage, PostValues, PriceHint, Screening, Tab,
    },
};

/// What stands in the way, as the form shows it.
#[derive(Default)]
struct Faults {
    errors: Errors,
    screenings: Vec<Screening>,
}

/// `GET /listings/new`: the category first, then the form.
pub(super) async fn new(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    if visit.actor.person_id().is_none() {
        return Err(Problem::unauthenticated());
    }
    let leaf =
        param(&visit, "category").and_then(|code| Catalog::get().category(&code)).filter(|it| it.is_leaf());
    let Some(leaf) = leaf else { return Ok(visit.render(&pick(&site, &visit, "/listings/new"))) };
    let form = Form::new(&site, &visit, leaf);
    let mut fields = Fields::default();
    if let Some(home) = form.home().await? {
        fields.put("subdistrict", home);
    }
    let page = form.page(&fields, None, Faults::default()).await?;
    Ok(visit.render(&page))
}

fn pick(site: &Site, visit: &Visit, target: &str) -> PickCategoryPage {
    let mut frame = visit.frame(site);
    frame.title = visit.text().get("post-title").into_owned();
    frame.tab = Tab::Post;
    frame.noindex = true;
    PickCategoryPage {
        frame,
        categories: category_roots(visit.actor.locale),
        recent: Vec::new(),
        target: target.to_owned(),
    }
}

/// `GET /listings/{id}/edit`.
pub(super) async fn edit(State(site): State<Site>, visit: Visit, PathId(id): PathId<Listing>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    let view = site.listings.view(&visit.actor, id).await?;
    if !view.actions.edit {
        return Err(Problem::forbidden());
    }
    if param(&visit, "pick").is_some() {
        return Ok(visit.render(&pick(&site, &visit, &format!("/listings/{id}/edit"))));
    }
    let mut fields = fields_of(&view);
    if let Some(code) = param(&visit, "category") {
        fields.put("category", code);
    }
    let leaf = leaf_of(&fields)?;
    let form = Form::new(&site, &visit, leaf);
    let faults = if param(&visit, "check").is_some() {
        form.publishing_faults(&view).await
    } else {
        Faults::default()
    };
    let page = form.page(&fields, Some(&view), faults).await?;
    Ok(visit.render(&page))
}

fn leaf_of(fields: &Fields) -> Result<&'static Category, Problem> {
    let leaf = Catalog::get().category(fields.get("category")).filter(|category| category.is_leaf());
    leaf.ok_or_else(|| Problem::malformed("category"))
}

/// `POST /listings`.
pub(super) async fn create(State(site): State<Site>, visit: Visit, form: FileForm) -> PageResult {
    let FileForm { fields, photos } = form;
    let form = Form::new(&site, &visit, leaf_of(&fields)?);
    let (input, mut faults) = form.read(&fields);
    if !faults.errors.is_empty() && photos.is_empty() {
        return form.refuse(&fields, None, faults).await;
    }
    let id = match form.create_once(&fields, input).await? {
        Ok(id) => id,
        Err(problem) if photos.is_empty() => {
            faults.add_problem(&form, &problem);
            return form.refuse(&fields, None, faults).await;
        }
        Err(problem) => {
            faults.add_problem(&form, &problem);
            let salvaged = form.salvage(&fields, &faults);
            form.create_once(&fields, salvaged).await??
        }
    };
    form.attach(id, photos, &mut faults).await;
    form.conclude(&fields, id, faults, "published").await
}

/// `POST /listings/{id}`.
pub(super) async fn update(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Listing>,
    form: FileForm,
) -> PageResult {
    let FileForm { fields, photos } = form;
    let form = Form::new(&site, &visit, leaf_of(&fields)?);
    let (input, mut faults) = form.read(&fields);
    if faults.errors.is_empty()
        && let Err(problem) = form.change(&fields, id, input).await
    {
        match problem.status() {
            StatusCode::UNPROCESSABLE_ENTITY | StatusCode::PRECONDITION_FAILED => {
                faults.add_problem(&form, &problem);
            }
            _ => return Err(problem),
        }
    }
    form.attach(id, photos, &mut faults).await;
    form.conclude(&fields, id, faults, "saved").await
}

/// The form of one leaf, for one visitor.
struct Form<'a> {
    site: &'a Site,
    visit: &'a Visit,
    leaf: &'static Category,
}

impl<'a> Form<'a> {
    const fn new(site: &'a Site, visit: &'a Visit, leaf: &'static Category) -> Self {
        Self { site, visit, leaf }
    }

    fn text(&self) -> Text {
        self.visit.text()
    }

    const fn locale(&self) -> Locale {
        self.visit.actor.locale
    }

    const fn actor(&self) -> &Actor {
        &self.visit.actor
    }

    async fn home(&self) -> Result<Option<String>, Problem> {
        let Some(person) = self.actor().person_id() else { return Ok(None) };
        Ok(self.site.accounts.sellers(&[person]).await?.remove(&person).and_then(|card| card.subdistrict))
    }

    /// The command that the fields make, and what does not read.
    fn read(&self, fields: &Fields) -> (CreateListing, Faults) {
        let mut faults = Faults::default();
        let mut wrong = |field: &str, key: &str| faults.errors.add(field, self.text().get(key).into_owned());
        let mut yuan = |field: &str| {
            let typed = fields.some(field)?;
            let read = Money::cny_from_yuan(&typed).map(|money| money.minor);
            if read.is_none() {
                wrong(field, "post-price-wrong");
            }
            read
        };
        let (price_fen, original_price_fen) = (yuan("price"), yuan("original_price"));
        let mut whole = |field: &str| {
            let typed = fields.some(field)?;
            let read = typed.parse::<i32>().ok();
            if read.is_none() {
                wrong(field, "post-number-wrong");
            }
            read
        };
        let (quantity, age_months) = (whole("quantity").unwrap_or(1), whole("age_months"));
        let details = Details {
            title: fields.get("title").to_owned(),
            description: fields.get("description").to_owned(),
            category: self.leaf.code.clone(),
            condition: fields.get("condition").parse().ok(),
            defects: fields.get("defects").lines().map(str::to_owned).collect(),
            origin: fields.some("origin"),
            price_fen,
            original_price_fen,
            negotiable: fields.ticked("negotiable"),
            delivery: fields.all("delivery").filter_map(|code| code.parse().ok()).collect(),
            freight: fields.get("freight").parse().ok(),
            subdistrict: fields.some("subdistrict"),
            returns: fields.get("returns").parse().ok(),
            returns_note: fields.get("returns_note").to_owned(),
            attributes: self.attributes(fields),
            brand: fields.get("brand").to_owned(),
            model: fields.get("model").to_owned(),
            quantity,
            age_months,
            reason: fields.get("reason").to_owned(),
            statements: fields.all("acknowledge").map(str::to_owned).collect(),
        };
        let command = CreateListing {
            details,
            point: None,
            organisation: fields.get("organisation").parse().ok(),
            item: None,
            serial: fields.some("serial"),
            external_id: None,
        };
        (command, faults)
    }

    /// Attribute values with the type that their kind asks for; what does not read is left for the rules to refuse.
    fn attributes(&self, fields: &Fields) -> BTreeMap<String, Value> {
        let typed = fields.below("attr.").filter(|(_, value)| !value.is_empty());
        typed
            .filter_map(|(code, value)| {
                let attribute = self.leaf.attribute(code)?;
                let value = match attribute.kind {
                    CatalogKind::Number { .. } => {
                        value.parse::<Number>().map_or_else(|_| Value::from(value), Value::Number)
                    }
                    CatalogKind::Bool => Value::Bool(value == "true"),
                    _ => Value::from(value),
                };
                Some((code.to_owned(), value))
            })
            .collect()
    }

    /// What of a refused form can be kept: the fields at fault empty, the category's name for a missing title.
    fn salvage(&self, fields: &Fields, faults: &Faults) -> CreateListing {
        let mut sound = fields.clone();
        for error in &faults.errors.list {
            sound.clear(&error.field);
        }
        if sound.get("title").is_empty() {
            sound.put("title", self.leaf.name(Locale::ZhCn).to_owned());
        }
        self.read(&sound).0
    }

    /// Drafts the listing; the same form sent twice makes one. The inner error is the input's.
    async fn create_once(
        &self,
        fields: &Fields,
        input: CreateListing,
    ) -> Result<Result<Id<Listing>, Problem>, Problem> {
        let key = fields.some("once").map(|once| format!("form {once}"));
        let store = self.site.listings.store();
        let attempt = match idempotency::begin(store, self.actor(), key.as_deref(), &[b"post form"]).await? {
            Once::First(attempt) => attempt,
            Once::Again(answer) => {
                let id = std::str::from_utf8(&answer.body).ok().and_then(|id| id.parse().ok());
                return Ok(id.ok_or_else(Problem::internal));
            }
        };
        match self.site.listings.create(&attempt.uow, self.actor(), input).await {
            Ok(row) => {
                let body = row.id.to_string().into_bytes();
                attempt.commit(&Answer { status: StatusCode::SEE_OTHER, version: 1, body }).await?;
                Ok(Ok(row.id))
            }
            Err(error @ (Error::Invalid(_) | Error::Prohibited(_))) => Ok(Err(error.into())),
            Err(error) => Err(error.into()),
        }
    }

    /// Changes the words and the order of the photos, in one unit.
    async fn change(&self, fields: &Fields, id: Id<Listing>, input: CreateListing) -> Result<(), Problem> {
        let listings = &self.site.listings;
        let expected = fields.get("version").parse().ok();
        let uow = listings.store().begin().await?;
        let details = input.details;
        listings.edit(&uow, self.actor(), id, expected, |_| Change { details, point: None }).await?;
        let removed: Vec<_> = fields.all("remove_photo").filter_map(|photo| photo.parse().ok()).collect();
        for photo in &removed {
            match listings.remove_photo(&uow, self.actor(), id, *photo).await {
                // Removed already, by the form sent before.
                Ok(()) | Err(Error::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let order: Vec<_> = fields.all("photo_order").filter_map(|photo| photo.parse().ok()).collect();
        let order: Vec<_> = order.into_iter().filter(|photo| !removed.contains(photo)).collect();
        if order.len() > 1 {
            match listings.order_photos(&uow, self.actor(), id, &order).await {
                Ok(()) | Err(Error::NotFound) => {}
                Err(error) => return Err(error.into()),
            }
        }
        uow.commit().await?;
        Ok(())
    }

    /// Adds photos one by one; each that is refused says why, and the others stay.
    async fn attach(&self, id: Id<Listing>, photos: Vec<Bytes>, faults: &mut Faults) {
        for bytes in photos {
            if let Err(problem) = self.attach_one(id, bytes).await {
                faults.add_problem(self, &problem);
            }
        }
    }

    async fn attach_one(&self, id: Id<Listing>, bytes: Bytes) -> Result<(), Problem> {
        let listings = &self.site.listings;
        listings.may_attach_photo(self.actor(), id).await?;
        let kept = listings.keep_photo(bytes).await?;
        let uow = listings.store().begin().await?;
        match listings.attach_photo(&uow, self.actor(), id, &kept).await {
            Ok(_) => uow.commit().await.map_err(Problem::from),
            Err(error) => {
                drop(uow);
                listings.drop_photo(&kept).await;
                Err(error.into())
            }
        }
    }

    /// Publishes when asked to and nothing is at fault; otherwise shows the form again, on what is saved.
    async fn conclude(&self, fields: &Fields, id: Id<Listing>, mut faults: Faults, done: &str) -> PageResult {
        let publish = fields.get("intent") == "publish";
        if publish && faults.is_empty() {
            match self.publish(id).await {
                Ok(()) => return Ok(self.visit.go(&format!("/listings/{id}"), Some("published"))),
                Err(problem) if problem.status() == StatusCode::UNPROCESSABLE_ENTITY => {
                    faults.add_problem(self, &problem);
                }
                Err(problem) => return Err(problem),
            }
        }
        if faults.is_empty() {
            return Ok(self.visit.go(&format!("/listings/{id}"), Some(if publish { done } else { "saved" })));
        }
        let view = self.site.listings.view(self.actor(), id).await?;
        self.refuse(fields, Some(&view), faults).await
    }

    async fn publish(&self, id: Id<Listing>) -> Result<(), Problem> {
        let uow = self.site.listings.store().begin().await?;
        self.site.listings.publish(&uow, self.actor(), id, None).await?;
        uow.commit().await?;
        Ok(())
    }

    /// What publishing would refuse, asked without doing it.
    async fn publishing_faults(&self, view: &ListingView) -> Faults {
        let mut faults = Faults::default();
        if let Err(error) = self.site.listings.would_publish(view) {
            faults.add_problem(self, &error.into());
        }
        faults
    }

    async fn refuse(
        &self,
        fields: &Fields,
        view: Option<&ListingView>,
        faults: Faults,
    ) -> Result<Response, Problem> {
        let page = self.page(fields, view, faults).await?;
        Ok(self.visit.render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
    }

    async fn page(
        &self,
        fields: &Fields,
        view: Option<&ListingView>,
        faults: Faults,
    ) -> Result<PostPage, Problem> {
        let (text, locale, catalog) = (self.text(), self.locale(), Catalog::get());
        let path = self.leaf.path.iter().filter_map(|code| catalog.category(code));
        let mut frame = self.visit.frame(self.site);
        frame.title = text.get(if view.is_some() { "edit-title" } else { "post-title" }).into_owned();
        frame.tab = Tab::Post;
        frame.noindex = true;
        let hint =
            self.site.listings.price_hint(&self.leaf.code, fields.get("brand"), fields.get("model")).await?;
        let mut screenings = faults.screenings;
        screenings.extend(self.statements_to_make(fields));
        Ok(PostPage {
            frame,
            once: fields.some("once").unwrap_or_else(random::token),
            editing: view.map(|view| Editing {
                id: view.row.id.to_string(),
                state: view.state.code().to_owned(),
                version: view.row.version.to_string(),
            }),
            category: self.leaf.code.clone(),
            category_path: path.map(|category| category.name(locale).to_owned()).collect(),
            change_category_url: view.map_or_else(
                || "/listings/new".to_owned(),
                |view| format!("/listings/{}/edit?pick=1", view.row.id),
            ),
            values: values(fields),
            conditions: self.conditions(fields),
            origins: self.origins(fields),
            deliveries: self.deliveries(fields),
            freights: self.freights(fields),
            organisations: self.organisations(fields).await?,
            returns: Returns::ALL
                .iter()
                .map(|returns| Choice::new(returns.code(), "", fields.get("returns") == returns.code()))
                .collect(),
            districts: districts(locale, fields.get("subdistrict")),
            attributes: self.attribute_fields(fields),
            serial: match self.leaf.serial {
                _ if view.is_some() => String::new(),
                SerialRule::Imei => "imei".to_owned(),
                SerialRule::Serial => "serial".to_owned(),
                SerialRule::None => String::new(),
            },
            photos: view.map(|view| edit_photos(view, fields)).unwrap_or_default(),
            max_photos: u32::try_from(Listings::MAX_PHOTOS).unwrap_or_default(),
            price_hint: hint.map(|hint| PriceHint {
                low: Price(hint.low_fen),
                middle: Price(hint.median_fen),
                high: Price(hint.high_fen),
                count: u64::from(hint.count),
                ..PriceHint::default()
            }),
            errors: faults.errors,
            screenings,
            statements: fields.all("acknowledge").map(str::to_owned).collect(),
        })
    }

    /// What the law lets be sold only with a statement of the seller's, offered to be ticked.
    fn statements_to_make(&self, fields: &Fields) -> Vec<Screening> {
        let missing = self.site.listings.statements_missing(&self.read(fields).0.details);
        let rule_of =
            |code: &str| self.site.listings.screening_rules().find(|rule| rule.requires == Some(code));
        let offered = missing.iter().filter_map(|code| Some((code, rule_of(code)?)));
        offered
            .map(|(code, rule)| Screening {
                refused: false,
                code: code.clone(),
                found: self.locale().pick(rule.zh, rule.en).to_owned(),
                rule: self.locale().pick(rule.rule_zh, rule.rule_en).to_owned(),
                source: rule.source.to_owned(),
                way_out: String::new(),
            })
            .collect()
    }

    fn conditions(&self, fields: &Fields) -> Vec<Choice> {
        let grades = Catalog::get().conditions().iter();
        grades
            .map(|grade| Choice {
                value: grade.condition.code().to_owned(),
                label: grade.label.text(self.locale()).to_owned(),
                hint: grade.meaning.text(self.locale()).to_owned(),
                chosen: fields.get("condition") == grade.condition.code(),
            })
            .collect()
    }

    fn origins(&self, fields: &Fields) -> Vec<Choice> {
        let origins = Catalog::get().origins().iter();
        origins
            .map(|origin| {
                Choice::new(
                    &origin.code,
                    origin.label.text(self.locale()),
                    fields.get("origin") == origin.code,
                )
            })
            .collect()
    }

    fn deliveries(&self, fields: &Fields) -> Vec<Choice> {
        let methods = Catalog::get().delivery().iter();
        methods
            .map(|method| Choice {
                value: method.code.clone(),
                label: method.label.text(self.locale()).to_owned(),
                hint: method.note.text(self.locale()).to_owned(),
                chosen: fields.all("delivery").any(|code| code == method.code),
            })
            .collect()
    }

    fn freights(&self, fields: &Fields) -> Vec<Choice> {
        let payers = Catalog::get().payers().iter();
        payers
            .filter(|payer| Freight::ALL.iter().any(|freight| freight.code() == payer.code))
            .map(|payer| {
                Choice::new(&payer.code, payer.label.text(self.locale()), fields.get("freight") == payer.code)
            })
            .collect()
    }

    async fn organisations(&self, fields: &Fields) -> Result<Vec<Choice>, Problem> {
        let memberships = self.actor().memberships.iter();
        let shops: Vec<_> = memberships
            .filter(|membership| membership.kind == OrganisationKind::SellerShop)
            .map(|membership| membership.organisation)
            .collect();
        if shops.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.site.accounts.shops(&shops).await?;
        let chosen = fields.get("organisation");
        let mut choices = vec![Choice::new("", self.actor().name.clone(), chosen.is_empty())];
        for shop in shops.iter().filter_map(|shop| known.get(shop)) {
            let id = shop.id.to_string();
            choices.push(Choice::new(id.clone(), shop.name.clone(), chosen == id));
        }
        Ok(choices)
    }

    fn attribute_fields(&self, fields: &Fields) -> Vec<AttributeField> {
        let locale = self.locale();
        let attributes = self.leaf.attributes.iter();
        attributes
            .map(|attribute| {
                let value = fields.get(&format!("attr.{}", attribute.code)).to_owned();
                let (kind, unit) = match &attribute.kind {
                    CatalogKind::Enum { options } => {
                        let choices = options.iter().map(|option| {
                            Choice::new(&option.code, option.label.text(locale), option.code == value)
                        });
                        (AttributeKind::Choice(choices.collect()), String::new())
                    }
                    CatalogKind::Number { unit, .. } => (AttributeKind::Number, unit.text(locale).to_owned()),
                    CatalogKind::Bool => (AttributeKind::Flag, String::new()),
                    CatalogKind::Text { .. } => (AttributeKind::Text, String::new()),
                };
                AttributeField {
                    code: attribute.code.clone(),
                    label: attribute.label.text(locale).to_owned(),
                    unit,
                    kind,
                    required: attribute.required,
                    value,
                }
            })
            .collect()
    }
}

impl Faults {
    fn is_empty(&self) -> bool {
        self.errors.is_empty() && self.screenings.is_empty()
    }

    /// The fields at fault under the names of the form, the rules that were met, or the whole of it.
    fn add_problem(&mut self, form: &Form<'_>, problem: &Problem) {
        let texts = &form.site.texts;
        for rule in problem.extension("rules").and_then(Value::as_array).into_iter().flatten() {
            let word = |path: &str| rule.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
            self.screenings.push(Screening {
                refused: true,
                code: word("/class"),
                found: word("/word"),
                rule: word(form.locale().pick("/rule/zh-CN", "/rule/en")),
                source: word("/source"),
                way_out: String::new(),
            });
        }
        for fault in problem.fields() {
            let field = match fault.field.as_str() {
                "price_fen" => "price",
                "original_price_fen" => "original_price",
                other => other,
            };
            let field = field.replacen("attributes.", "attr.", 1);
            self.errors.add(&field, fault.message.render(texts, form.locale()));
        }
        if problem.fields().is_empty() && self.screenings.is_empty() {
            self.errors.add("", problem.detail(texts, form.locale()));
        }
    }
}

/// The fields of a listing as the form would send them.
fn fields_of(view: &ListingView) -> Fields {
    let details = &view.details;
    let mut fields = Fields::default();
    let yuan = |fen: Option<i64>| fen.map(|fen| Price(fen).plain()).unwrap_or_default();
    let number = |number: Option<i32>| number.map(|number| number.to_string()).unwrap_or_default();
    let values = [
        ("title", details.title.clone()),
        ("description", details.description.clone()),
        ("category", details.category.clone()),
        ("condition", details.condition.map(|condition| condition.code().to_owned()).unwrap_or_default()),
        ("defects", details.defects.join("\n")),
        ("origin", details.origin.clone().unwrap_or_default()),
        ("price", yuan(details.price_fen)),
        ("original_price", yuan(details.original_price_fen)),
        ("negotiable", if details.negotiable { "true".to_owned() } else { String::new() }),
        ("freight", details.freight.map(|freight| freight.code().to_owned()).unwrap_or_default()),
        ("subdistrict", details.subdistrict.clone().unwrap_or_default()),
        ("returns", details.returns.map(|returns| returns.code().to_owned()).unwrap_or_default()),
        ("returns_note", details.returns_note.clone()),
        ("brand", details.brand.clone()),
        ("model", details.model.clone()),
        ("quantity", details.quantity.to_string()),
        ("age_months", number(details.age_months)),
        ("reason", details.reason.clone()),
        ("organisation", view.row.organisation_id.map(|shop| shop.to_string()).unwrap_or_default()),
    ];
    for (name, value) in values {
        fields.put(name, value);
    }
    for delivery in &details.delivery {
        fields.add("delivery", delivery.code().to_owned());
    }
    for statement in &details.statements {
        fields.add("acknowledge", statement.clone());
    }
    for (code, value) in &details.attributes {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        fields.put(&format!("attr.{code}"), value);
    }
    fields
}

fn values(fields: &Fields) -> PostValues {
    let value = |name: &str| fields.get(name).to_owned();
    PostValues {
        title: value("title"),
        description: value("description"),
        brand: value("brand"),
        model: value("model"),
        defects: value("defects"),
        age_months: value("age_months"),
        reason: value("reason"),
        quantity: value("quantity"),
        returns_note: value("returns_note"),
        price: value("price"),
        original_price: value("original_price"),
        negotiable: fields.ticked("negotiable"),
        serial: value("serial"),
    }
}

/// Every sub-district by district, the chosen one marked.
pub(super) fn districts(locale: Locale, chosen: &str) -> Vec<DistrictGroup> {
    let groups = geo::districts().iter().map(|district| DistrictGroup {
        name: locale.pick(&district.zh, &district.en).to_owned(),
        subdistricts: geo::subdistricts_of(&district.code)
            .map(|place| Choice::new(&place.code, locale.pick(&place.zh, &place.en), place.code == chosen))
            .collect(),
    });
    groups.filter(|group| !group.subdistricts.is_empty()).collect()
}

fn edit_photos(view: &ListingView, fields: &Fields) -> Vec<EditPhoto> {
    let photos = view.photos.iter().map(|it| {
        let remove = fields.all("remove_photo").any(|id| id == it.id.to_string());
        EditPhoto { photo: photo(it, &view.details.title), remove }
    });
    photos.collect()
}
