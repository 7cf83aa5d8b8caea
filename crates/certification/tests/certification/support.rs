//! A world for a test: certification on a fresh database, a clock that the test moves, a mall, an office, a pool.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use bytes::Bytes;
use http::StatusCode;
use luhuan_accounts::{Accounts, ConsoleSender, Hashing, Keys};
use luhuan_certification::{
    AddAssessor, AddEvidence, AnswerChange, Application, Certification, Edit, Error, Settings, SiteCheck,
    model::{Answer, EvidenceKind, Facts, Item, MallFormat, Points, Rubric, Rule, State},
    waste::{Collected, CollectedWaste},
};
use luhuan_kernel::{
    Actor, Clock, Id, Locale, ManualClock, Membership, Organisation, OrganisationKind, OrganisationRole,
    Problem, Role, Secret, Timestamp,
};
use luhuan_store::{
    Store, UnitOfWork,
    testing::{TestDatabase, each as each_database},
};
use sea_orm::{ConnectionTrait, Statement};

/// What pickups collected, as a test says.
#[derive(Default)]
pub(crate) struct Pickups(pub(crate) Mutex<Vec<(Id<Organisation>, Collected)>>);

#[async_trait]
impl CollectedWaste for Pickups {
    async fn collected_at(
        &self,
        mall: Id<Organisation>,
        since: Timestamp,
        limit: u64,
    ) -> Result<Vec<Collected>, String> {
        let all = self.0.lock().unwrap();
        let found = all.iter().filter(|(at, one)| *at == mall && one.at >= since).map(|(_, one)| one.clone());
        Ok(found.take(usize::try_from(limit).unwrap()).collect())
    }
}

pub(crate) struct World<'a> {
    pub(crate) database: &'a TestDatabase,
    pub(crate) certification: Certification,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) pickups: Arc<Pickups>,
    pub(crate) mall: Id<Organisation>,
    /// The mall's owner.
    pub(crate) owner: Actor,
    /// Three of the office.
    pub(crate) office: [Actor; 3],
}

/// When each test begins: a Monday morning in Beijing.
const START: &str = "2026-03-02T01:00:00Z";

/// Runs a test on a fresh SQLite database, and on a fresh PostgreSQL database where there is a server.
pub(crate) async fn each(test: impl AsyncFn(&World<'_>)) {
    let clock = Arc::new(ManualClock::at(START));
    each_database(Arc::clone(&clock) as _, async |database| {
        // The run before may have moved it.
        let start: Timestamp = START.parse().unwrap();
        clock.advance_seconds(start.seconds_since(clock.now()));
        let pickups = Arc::new(Pickups::default());
        let mall = Id::new(&*clock);
        let world = World {
            certification: certification(database, Arc::clone(&pickups)),
            owner: member(mall, OrganisationRole::Owner, &*clock),
            office: [(); 3].map(|()| Actor::person(Id::new(&*clock), [Role::Authority])),
            clock: Arc::clone(&clock),
            database,
            pickups,
            mall,
        };
        test(&world).await;
    })
    .await;
}

pub(crate) fn certification(database: &TestDatabase, pickups: Arc<Pickups>) -> Certification {
    let keys = Keys::new(&Secret::new([7; 32]));
    let settings =
        luhuan_accounts::Settings { hashing: Hashing::for_tests(), ..luhuan_accounts::Settings::default() };
    let accounts = Accounts::new(database.store.clone(), Arc::new(ConsoleSender::default()), keys, settings);
    let settings =
        Settings { public_url: "https://luhuan.example".to_owned(), signing_seed: Secret::new([9; 32]) };
    Certification::new(database.store.clone(), database.blobs.clone(), accounts, pickups, settings)
}

/// Does one command in a unit of work of its own.
macro_rules! command {
    ($world:expr, $name:ident $(, $argument:expr)* $(,)?) => {{
        let uow = $world.unit().await;
        match $world.certification.$name(&uow, $($argument),*).await {
            Ok(done) => {
                uow.commit().await.unwrap();
                Ok(done)
            }
            Err(error) => Err(error),
        }
    }};
}
pub(crate) use command;

/// Somebody who works for a mall.
pub(crate) fn member(mall: Id<Organisation>, role: OrganisationRole, clock: &dyn Clock) -> Actor {
    let membership = Membership { organisation: mall, kind: OrganisationKind::Mall, role };
    Actor { memberships: vec![membership], ..Actor::person(Id::new(clock), []) }
}

pub(crate) fn anonymous() -> Actor {
    Actor::anonymous(Locale::ZhCn)
}

pub(crate) fn system() -> Actor {
    Actor::system("test")
}

/// The status and slug that an error becomes.
pub(crate) fn refusal(error: Error) -> (StatusCode, &'static str) {
    let problem = Problem::from(error);
    (problem.status(), problem.slug())
}

/// An answer that earns all.
pub(crate) fn best(item: &Item) -> Answer {
    match &item.rule {
        Rule::Gate => Answer { passed: Some(true), ..Answer::default() },
        Rule::Judgement => Answer {
            points: Some(Points::whole(item.points)),
            note: "现场查看，符合要求".to_owned(),
            ..Answer::default()
        },
        Rule::Step { steps, .. } => Answer { value: Some(steps[0].at), ..Answer::default() },
        Rule::Linear { to, .. } => Answer { value: Some(*to), ..Answer::default() },
    }
}

pub(crate) fn best_answers(rubric: &Rubric) -> BTreeMap<String, Answer> {
    rubric.items().map(|item| (item.code.clone(), best(item))).collect()
}

pub(crate) fn facts() -> Facts {
    Facts {
        name: "绿环广场".to_owned(),
        legal_person: "北京绿环商业管理有限公司".to_owned(),
        uscc: "91110000101623741K".to_owned(),
        district: Some("110105".to_owned()),
        address: "朝阳区双井街道 1 号".to_owned(),
        format: Some(MallFormat::ShoppingCentre),
        area_m2: Some(120_000.0),
        opened_on: Some("2018-05-01".to_owned()),
        features: ["ev-chargers", "renewable", "disabled-parking"].map(str::to_owned).into(),
        statements: ["no-accident", "no-blacklist", "waste-ledger"]
            .map(|code| (code.to_owned(), true))
            .into(),
        energy: None,
        publish_score: true,
    }
}

/// Two years of readings: 2024 as it was, 2025 with a tenth less electricity.
pub(crate) fn readings() -> String {
    let mut csv = "month,electricity,water,hdd,cdd\n".to_owned();
    let weather = [590, 470, 300, 95, 10, 0, 0, 0, 15, 110, 340, 540];
    let heat = [0, 0, 0, 0, 12, 68, 120, 95, 20, 0, 0, 0];
    let noise = [5_000, -3_000, 2_000, -4_000, 1_000, 3_000, -2_000, 4_000, -1_000, -5_000, 2_000, -2_000];
    for (year, share) in [(2024, 100), (2025, 90)] {
        for month in 0..12 {
            let use_kwh = (900_000 + 450 * weather[month] + 2_200 * heat[month] + noise[month]) * share / 100;
            csv += &format!("{year}-{:02},{use_kwh},6000,{},{}\n", month + 1, weather[month], heat[month]);
        }
    }
    csv
}

impl World<'_> {
    pub(crate) fn store(&self) -> &Store {
        &self.database.store
    }

    pub(crate) async fn unit(&self) -> UnitOfWork {
        self.store().begin().await.unwrap()
    }

    pub(crate) fn person(&self) -> Actor {
        Actor::person(Id::new(&*self.clock), [])
    }

    pub(crate) async fn rubric(&self) -> Arc<Rubric> {
        self.certification.rubric("2026-100").await.unwrap()
    }

    pub(crate) fn days(&self, days: i64) {
        self.clock.advance_seconds(days * 86_400);
    }

    /// Somebody of the pool.
    pub(crate) async fn assessor(&self) -> Actor {
        let actor = Actor::person(Id::new(&*self.clock), [Role::Assessor]);
        let input = AddAssessor {
            person: actor.person_id().unwrap(),
            employer: "北京节能协会".to_owned(),
            field: "energy".to_owned(),
            active: true,
        };
        command!(self, keep_assessor, &self.office[0], input).unwrap();
        actor
    }

    /// A draft with nothing missing.
    pub(crate) async fn complete(&self) -> Id<Application> {
        let id = command!(self, create, &self.owner, self.mall, "2026-100", None).unwrap();
        self.fill(id, &best_answers(&*self.rubric().await)).await;
        id
    }

    pub(crate) async fn fill(&self, id: Id<Application>, answers: &BTreeMap<String, Answer>) {
        command!(self, import_months, &self.owner, self.mall, readings().as_bytes()).unwrap();
        let rubric = self.rubric().await;
        let pdf = Bytes::from_static(b"%PDF-1.7 evidence");
        let file = self.certification.keep_file("evidence.pdf", pdf).await.unwrap();
        let uow = self.unit().await;
        for item in rubric.items() {
            for kind in item.evidence.iter().filter(|kind| **kind != EvidenceKind::SystemRecord) {
                let input = evidence(&item.code, *kind);
                self.certification.add_evidence(&uow, &self.owner, id, input, file.clone()).await.unwrap();
            }
        }
        let answers = answers
            .iter()
            .map(|(item, answer)| AnswerChange { item: item.clone(), answer: answer.clone(), expected: None })
            .collect();
        let edit = Edit { facts: Some(facts()), expected: None, answers };
        self.certification.edit(&uow, &self.owner, id, edit).await.unwrap();
        uow.commit().await.unwrap();
        self.collected(600_000, "paper").await;
    }

    /// A pickup that weighed something at the mall, taken in.
    pub(crate) async fn collected(&self, grams: i64, stream: &str) {
        let at = self.clock.now();
        let reference = format!("pickup-{}-{stream}-{grams}", at.micros());
        let one = Collected { reference, stream: stream.to_owned(), weight: luhuan_kernel::Grams(grams), at };
        self.pickups.0.lock().unwrap().push((self.mall, one));
        command!(self, take_in_collected, &system(), self.mall, 100).unwrap();
    }

    pub(crate) async fn submitted(&self) -> Id<Application> {
        let id = self.complete().await;
        command!(self, submit, &self.owner, id, None).unwrap();
        id
    }

    /// Handed in, taken as complete, with a panel that has declared; the chair first.
    pub(crate) async fn on_site(&self) -> (Id<Application>, Vec<Actor>) {
        let mut pool = Vec::new();
        for _ in 0..4 {
            pool.push(self.assessor().await);
        }
        let id = self.submitted().await;
        command!(self, accept, &self.office[0], id, None).unwrap();
        let drawn = command!(self, assign, &self.office[0], id, None).unwrap();
        let panel: Vec<Actor> =
            drawn.iter().map(|person| pool.iter().find(|actor| actor.is(*person)).unwrap().clone()).collect();
        for member in &panel {
            command!(self, declare, member, id, None).unwrap();
        }
        command!(self, begin_audit, &panel[0], id, None).unwrap();
        (id, panel)
    }

    /// Every item seen as it was said.
    pub(crate) async fn see_all(&self, id: Id<Application>, assessor: &Actor) {
        let rubric = self.rubric().await;
        let checks: Vec<SiteCheck> = rubric
            .items()
            .filter(|item| item.site)
            .map(|item| SiteCheck {
                item: item.code.clone(),
                outcome: luhuan_certification::CheckOutcome::Conforms,
                note: String::new(),
                seen_at: self.clock.now(),
            })
            .collect();
        command!(self, check_items, assessor, id, &checks).unwrap();
    }

    /// Audited, and each assessor has sealed the same scores.
    pub(crate) async fn scored(&self, answers: &BTreeMap<String, Answer>) -> (Id<Application>, Vec<Actor>) {
        let (id, panel) = self.on_site().await;
        self.see_all(id, &panel[1]).await;
        command!(self, finish_audit, &panel[0], id, None).unwrap();
        for member in &panel {
            command!(self, score, member, id, answers).unwrap();
            command!(self, seal, member, id).unwrap();
        }
        (id, panel)
    }

    /// Before the public.
    pub(crate) async fn noticed(&self) -> (Id<Application>, Vec<Actor>) {
        let (id, panel) = self.scored(&best_answers(&*self.rubric().await)).await;
        command!(self, agree, &panel[0], id, None).unwrap();
        for member in &self.office {
            command!(self, vote, member, id, luhuan_certification::Vote::For, "").unwrap();
        }
        command!(self, announce, &self.office[0], id, None).unwrap();
        (id, panel)
    }

    /// A certificate.
    pub(crate) async fn granted(&self) -> (Id<Application>, String) {
        let (id, _) = self.noticed().await;
        self.days(8);
        let number = command!(self, grant, &self.office[0], id, None).unwrap();
        (id, number)
    }

    pub(crate) async fn state(&self, id: Id<Application>) -> State {
        self.certification.view(&system(), id).await.unwrap().state
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

pub(crate) fn evidence(item: &str, kind: EvidenceKind) -> AddEvidence {
    AddEvidence {
        item: item.to_owned(),
        kind,
        file_name: "证明.pdf".to_owned(),
        period: "2025".to_owned(),
        source: "商场档案".to_owned(),
        finding: None,
    }
}
