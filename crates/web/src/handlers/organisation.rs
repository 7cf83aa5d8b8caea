//! Organisations: founding one, its name and licence, who belongs to it.

use axum::{
    Router,
    extract::{Path, State},
    routing::{get, post},
};
use luhuan_accounts::{
    AddMember, ChangeOrganisation, CreateOrganisation, Error, MemberView, OrganisationView, policy,
};
use luhuan_kernel::{
    Id, Limit, Message, Organisation, OrganisationKind, OrganisationRole, Person, Problem, http::PathId,
};

use super::{
    Site,
    account::Refusal,
    form::{Fields, Form, PageResult},
    mine::after,
    profile::{choose, own_frame},
    visit::Visit,
};
use crate::{
    text::Text,
    view::{Address, Choice, Member, NewOrganisationPage, OrganisationPage, OrganisationValues, Pager},
};

/// The addresses of this file.
pub(super) fn routes() -> Router<Site> {
    Router::new()
        .route("/organisations", post(create))
        .route("/organisations/new", get(new))
        .route("/organisations/{id}", get(show).post(rename))
        .route("/organisations/{id}/licence", post(license))
        .route("/organisations/{id}/members", post(add_member))
        .route("/organisations/{id}/members/{person}/role", post(change_role))
        .route("/organisations/{id}/members/{person}/remove", post(remove_member))
}

/// `GET /organisations/new`, for those who may found one.
async fn new(State(site): State<Site>, visit: Visit) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    policy::create_organisation(&visit.actor)?;
    Ok(visit.render(&new_page(&site, &visit)))
}

fn new_page(site: &Site, visit: &Visit) -> NewOrganisationPage {
    let text = visit.text();
    let kinds = OrganisationKind::ALL.iter().map(|kind| Choice {
        hint: text.code("organisation-means", kind.code()).into_owned(),
        ..Choice::new(
            kind.code(),
            text.code("organisation", kind.code()),
            *kind == OrganisationKind::SellerShop,
        )
    });
    NewOrganisationPage {
        frame: own_frame(site, visit, "organisation-new", "/organisations/new"),
        kinds: kinds.collect(),
        ..NewOrganisationPage::default()
    }
}

/// `POST /organisations`.
async fn create(State(site): State<Site>, visit: Visit, Form(fields): Form) -> PageResult {
    let refusal = match OrganisationKind::from_code(fields.get("kind")) {
        Some(kind) => match found(&site, &visit, kind, &fields).await {
            Ok(id) => return Ok(visit.go(&address(id), Some("organisation-created"))),
            Err(error) => Refusal::of(&site, &visit, error, &[])?,
        },
        None => Refusal::field("kind", visit.text().get("choose")),
    };
    let mut page = new_page(&site, &visit);
    choose(&mut page.kinds, fields.get("kind"));
    page.values = values(&fields);
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

async fn found(
    site: &Site,
    visit: &Visit,
    kind: OrganisationKind,
    fields: &Fields,
) -> Result<Id<Organisation>, Error> {
    let input =
        CreateOrganisation { kind, name: fields.get("name").to_owned(), licence: fields.some("licence") };
    let uow = site.accounts.store().begin().await?;
    let view = site.accounts.create_organisation(&uow, &visit.actor, input).await?;
    uow.commit().await?;
    Ok(view.id)
}

fn values(fields: &Fields) -> OrganisationValues {
    OrganisationValues { name: fields.get("name").to_owned(), licence: fields.get("licence").to_owned() }
}

fn address(id: Id<Organisation>) -> String {
    format!("/organisations/{id}")
}

/// `GET /organisations/{id}?after=`, for its members.
async fn show(State(site): State<Site>, visit: Visit, PathId(id): PathId<Organisation>) -> PageResult {
    if let Some(switched) = visit.switch() {
        return Ok(switched);
    }
    Ok(visit.render(&page(&site, &visit, id).await?))
}

async fn page(site: &Site, visit: &Visit, id: Id<Organisation>) -> Result<OrganisationPage, Problem> {
    let (text, actor) = (visit.text(), &visit.actor);
    let view = site.accounts.organisation(actor, id).await?;
    let after = after(visit);
    let members =
        site.accounts.members(actor, id, after.as_ref(), Limit::of(Some(Limit::MAX.into()))).await?;
    let may_place = policy::manage_members(actor, view.role).is_ok();
    let first = Address::new(address(id), Vec::<(String, String)>::new());
    let mut frame = own_frame(site, visit, "organisations", &address(id));
    frame.title.clone_from(&view.name);
    let (licence_number, licence_state) = match &view.licence {
        Some((number, check)) => (number.clone(), check.code()),
        None => (String::new(), "none"),
    };
    Ok(OrganisationPage {
        frame,
        id: id.to_string(),
        kind: view.kind.code().to_owned(),
        licence_number,
        licence_state: licence_state.to_owned(),
        member_count: view.members,
        members: members.items.into_iter().map(|it| member(visit, &view, it, may_place)).collect(),
        pager: Pager {
            first: after.map(|_| first.to_string()),
            next: members.next.map(|next| first.set("after", next.as_str()).to_string()),
        },
        may_manage: policy::change_organisation(actor, view.role).is_ok(),
        may_place,
        roles: roles(text, view.kind, OrganisationRole::Clerk),
        values: OrganisationValues { name: view.name.clone(), licence: String::new() },
        name: view.name,
        ..OrganisationPage::default()
    })
}

fn member(visit: &Visit, organisation: &OrganisationView, view: MemberView, may_place: bool) -> Member {
    let is_me = visit.actor.is(view.person);
    // Another owner takes one's own role away, so that nobody loses it by a slip of the hand.
    let roles =
        if may_place && !is_me { roles(visit.text(), organisation.kind, view.role) } else { Vec::new() };
    Member {
        id: view.person.to_string(),
        name: view.name,
        login: view.login,
        role: view.role.code().to_owned(),
        roles,
        removable: (may_place || is_me) && organisation.members > 1,
        is_me,
    }
}

/// The roles that make sense in a kind of organisation: only a recycler plans and drives collections.
fn roles(text: Text, kind: OrganisationKind, chosen: OrganisationRole) -> Vec<Choice> {
    let collects = |role| matches!(role, OrganisationRole::Dispatcher | OrganisationRole::Collector);
    let fitting = OrganisationRole::ALL
        .iter()
        .filter(|role| kind == OrganisationKind::Recycler || !collects(**role) || **role == chosen);
    fitting.map(|role| Choice::new(role.code(), text.code("member", role.code()), *role == chosen)).collect()
}

/// `POST /organisations/{id}`: another name.
async fn rename(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Organisation>,
    Form(fields): Form,
) -> PageResult {
    let change = ChangeOrganisation { name: Some(fields.get("name").to_owned()), licence: None };
    let Err(error) = alter(&site, &visit, id, change).await else {
        return Ok(visit.go(&address(id), Some("organisation-saved")));
    };
    let refusal = Refusal::of(&site, &visit, error, &[])?;
    let mut page = page(&site, &visit, id).await?;
    page.values.name = fields.get("name").to_owned();
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

/// `POST /organisations/{id}/licence`.
async fn license(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Organisation>,
    Form(fields): Form,
) -> PageResult {
    // An empty licence would change nothing; sent from its own form it is a mistake to point at.
    let refusal = if fields.get("licence").is_empty() {
        let missing = Problem::invalid_field("licence", Message::new("accounts-empty"));
        Refusal::of(&site, &visit, missing, &[])?
    } else {
        let change = ChangeOrganisation { name: None, licence: fields.some("licence") };
        let Err(error) = alter(&site, &visit, id, change).await else {
            return Ok(visit.go(&address(id), Some("licence-saved")));
        };
        Refusal::of(&site, &visit, error, &[])?
    };
    let mut page = page(&site, &visit, id).await?;
    page.values.licence = fields.get("licence").to_owned();
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

async fn alter(
    site: &Site,
    visit: &Visit,
    id: Id<Organisation>,
    change: ChangeOrganisation,
) -> Result<(), Error> {
    let uow = site.accounts.store().begin().await?;
    site.accounts.change_organisation(&uow, &visit.actor, id, change, None).await?;
    uow.commit().await?;
    Ok(())
}

/// `POST /organisations/{id}/members`.
async fn add_member(
    State(site): State<Site>,
    visit: Visit,
    PathId(id): PathId<Organisation>,
    Form(fields): Form,
) -> PageResult {
    let refusal = match OrganisationRole::from_code(fields.get("role")) {
        Some(role) => match take_in(&site, &visit, id, fields.get("login"), role).await {
            Ok(()) => return Ok(visit.go(&address(id), Some("member-added"))),
            Err(error) => Refusal::of(&site, &visit, error, &[("already-member", "login")])?,
        },
        None => Refusal::field("role", visit.text().get("choose")),
    };
    let mut page = page(&site, &visit, id).await?;
    page.new_login = fields.get("login").to_owned();
    choose(&mut page.roles, fields.get("role"));
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

async fn take_in(
    site: &Site,
    visit: &Visit,
    id: Id<Organisation>,
    login: &str,
    role: OrganisationRole,
) -> Result<(), Error> {
    // Who may not take anybody in need not learn whether a login exists.
    let view = site.accounts.organisation(&visit.actor, id).await?;
    policy::manage_members(&visit.actor, view.role)?;
    let person = site.accounts.look_up(&visit.actor, login).await?;
    let uow = site.accounts.store().begin().await?;
    site.accounts.add_member(&uow, &visit.actor, id, AddMember { person, role }).await?;
    uow.commit().await?;
    Ok(())
}

/// The organisation and the person of an address.
fn ids(organisation: &str, person: &str) -> Result<(Id<Organisation>, Id<Person>), Problem> {
    let unknown = |_| Problem::not_found();
    Ok((organisation.parse().map_err(unknown)?, person.parse().map_err(unknown)?))
}

/// `POST /organisations/{id}/members/{person}/role`.
async fn change_role(
    State(site): State<Site>,
    visit: Visit,
    Path((id, person)): Path<(String, String)>,
    Form(fields): Form,
) -> PageResult {
    let (id, person) = ids(&id, &person)?;
    let refusal = match OrganisationRole::from_code(fields.get("role")) {
        Some(role) => match place(&site, &visit, id, person, role).await {
            Ok(()) => return Ok(visit.go(&address(id), Some("member-changed"))),
            Err(error) => Refusal::of(&site, &visit, error, &[])?,
        },
        None => Refusal::field("", visit.text().get("choose")),
    };
    let mut page = page(&site, &visit, id).await?;
    page.errors.clone_from(&refusal.errors);
    Ok(refusal.answer(&visit, &page))
}

async fn place(
    site: &Site,
    visit: &Visit,
    id: Id<Organisation>,
    person: Id<Person>,
    role: OrganisationRole,
) -> Result<(), Error> {
    let uow = site.accounts.store().begin().await?;
    site.accounts.change_member(&uow, &visit.actor, id, person, role).await?;
    uow.commit().await?;
    Ok(())
}

/// `POST /organisations/{id}/members/{person}/remove`; oneself, it is leaving.
async fn remove_member(
    State(site): State<Site>,
    visit: Visit,
    Path((id, person)): Path<(String, String)>,
    Form(_): Form,
) -> PageResult {
    let (id, person) = ids(&id, &person)?;
    match take_out(&site, &visit, id, person).await {
        Ok(()) if visit.actor.is(person) => Ok(visit.go("/me", Some("organisation-left"))),
        Ok(()) => Ok(visit.go(&address(id), Some("member-removed"))),
        Err(error) => {
            let refusal = Refusal::of(&site, &visit, error, &[])?;
            let mut page = page(&site, &visit, id).await?;
            page.errors.clone_from(&refusal.errors);
            Ok(refusal.answer(&visit, &page))
        }
    }
}

async fn take_out(site: &Site, visit: &Visit, id: Id<Organisation>, person: Id<Person>) -> Result<(), Error> {
    let uow = site.accounts.store().begin().await?;
    site.accounts.remove_member(&uow, &visit.actor, id, person).await?;
    uow.commit().await?;
    Ok(())
}
