//! Walks of chance through the service itself: whoever does whatever in whichever order, what was handed in stays as it was,
//! nobody is listed who was not audited, carried and put before the public, and certificate, entry and event go together.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
};

use luhuan_certification::{
    AnswerChange, Application, Edit, FileObjection, NoteFinding, ObjectionState, PutRight, Severity, Vote,
    model::{Answer, Points, State},
};
use luhuan_kernel::{Actor, Id, Role};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::support::{World, best_answers, command, each, system};

const DRAFTED: &str = "2026-100";

struct Walk<'a, 'w> {
    world: &'a World<'w>,
    chance: ChaCha8Rng,
    id: Id<Application>,
    resident: Actor,
    /// Submissions as they were first seen.
    frozen: BTreeMap<String, String>,
}

impl Walk<'_, '_> {
    async fn panel(&self) -> Vec<Actor> {
        let view = self.world.certification.view(&system(), self.id).await.unwrap();
        view.panel.iter().map(|seat| Actor::person(seat.person, [Role::Assessor])).collect()
    }

    /// The step that leads on from where the application stands.
    async fn forward(&mut self) {
        let (world, id) = (self.world, self.id);
        let (office, panel) = (&world.office[0], self.panel().await);
        let best = best_answers(&*world.rubric().await);
        match world.state(id).await {
            State::Draft => drop(command!(world, submit, &world.owner, id, None)),
            State::Submitted => drop(command!(world, accept, office, id, None)),
            State::DistrictReview => drop(command!(world, assign, office, id, None)),
            State::DeskReview => {
                for member in &panel {
                    let _ = command!(world, declare, member, id, None);
                }
                drop(command!(world, begin_audit, &panel[0], id, None));
            }
            State::SiteAudit => {
                world.see_all(id, &panel[1]).await;
                drop(command!(world, finish_audit, &panel[0], id, None));
            }
            State::Rectification => {
                let view = world.certification.view(&system(), id).await.unwrap();
                for finding in view.findings {
                    let _ =
                        command!(world, settle_finding, &panel[1], id, finding.id, PutRight::Yes, "已核对");
                }
                drop(command!(world, verify_rectification, &panel[0], id, None));
            }
            State::Verified => {
                for member in &panel {
                    let _ = command!(world, score, member, id, &best);
                    let _ = command!(world, seal, member, id);
                }
                drop(command!(world, agree, &panel[0], id, None));
            }
            State::Committee => {
                for member in &world.office {
                    let _ = command!(world, vote, member, id, Vote::For, "");
                }
                drop(command!(world, announce, office, id, None));
            }
            State::PublicNotice => {
                let view = world.certification.view(office, id).await.unwrap();
                for objection in view.objections.iter().filter(|one| one.state == ObjectionState::Open) {
                    let _ = command!(
                        world,
                        answer_objection,
                        office,
                        objection.id,
                        ObjectionState::Dismissed,
                        "不成立"
                    );
                }
                world.days(self.chance.random_range(0..9));
                drop(command!(world, grant, office, id, None));
            }
            State::Refused => drop(command!(world, appeal, &world.owner, id, None, "请复核")),
            State::Appealed => drop(command!(world, admit_appeal, office, id, None, "同意复核")),
            State::Listed | State::Closed | State::Withdrawn => {}
        }
    }

    /// Something that somebody does out of turn, or in it.
    async fn anything(&mut self) {
        let (world, id) = (self.world, self.id);
        let office = &world.office[self.chance.random_range(0..3)];
        let panel = self.panel().await;
        let assessor = panel.get(self.chance.random_range(0..3)).unwrap_or(&self.resident);
        let note = format!("{}", self.chance.next_u32());
        let answer = Answer { points: Some(Points(100)), note: note.clone(), ..Answer::default() };
        match self.chance.random_range(0..20) {
            0 | 1 => {
                let answers = vec![AnswerChange { item: "X103".into(), answer, expected: None }];
                drop(command!(world, edit, &world.owner, id, Edit { answers, ..Edit::default() }));
            }
            2 => drop(command!(world, grant, office, id, None)),
            3 => drop(command!(world, announce, office, id, None)),
            4 => drop(command!(world, agree, assessor, id, None)),
            5 => drop(command!(world, finish_audit, assessor, id, None)),
            6 => drop(command!(world, verify_rectification, assessor, id, None)),
            7 => {
                let finding =
                    NoteFinding { id: None, item: "X602".into(), severity: Severity::Minor, words: note };
                drop(command!(world, note_finding, assessor, id, finding));
            }
            8 => drop(command!(world, give_back, office, id, None, &note)),
            9 => drop(command!(world, vote, office, id, Vote::Against, &note)),
            10 => drop(command!(world, decline, office, id, None, &note)),
            11 => {
                let words =
                    FileObjection { name: "张三".into(), contact: "13812345678".into(), words: note };
                drop(command!(world, object, &self.resident, id, words));
            }
            12 => drop(command!(world, score, assessor, id, &BTreeMap::from([("X103".to_owned(), answer)]))),
            13 => drop(command!(world, seal, assessor, id)),
            14 => drop(command!(world, begin_audit, assessor, id, None)),
            15 => drop(command!(world, submit, &world.owner, id, None)),
            16 => drop(command!(
                world,
                import_months,
                &world.owner,
                world.mall,
                b"month,electricity\n2025-12,1\n"
            )),
            17 => drop(command!(world, tick, &system(), 100)),
            18 => world.days(self.chance.random_range(0..4)),
            _ => drop(command!(world, note_consensus, assessor, id, "X103", &answer, &note)),
        }
    }

    /// The laws.
    async fn check(&mut self) {
        let world = self.world;
        let bodies = world.column("SELECT body AS it FROM cert_submission ORDER BY number").await;
        let hashes = world.column("SELECT sha256 AS it FROM cert_submission ORDER BY number").await;
        assert!(bodies.len() >= self.frozen.len(), "a submission vanished");
        for (hash, body) in hashes.into_iter().zip(bodies) {
            let first = self.frozen.entry(hash).or_insert_with(|| body.clone());
            assert_eq!(first, &body, "a frozen submission changed");
        }
        let certificates = world.column("SELECT number AS it FROM cert_certificate").await.len();
        let entries = world.column("SELECT number AS it FROM cert_entry WHERE what = 'grant'").await.len();
        let told = world.told().await.iter().filter(|name| *name == "certification.registered").count();
        assert_eq!((certificates, entries), (told, told));
        let listed = world.state(self.id).await == State::Listed;
        assert_eq!(certificates == 1, listed);
        if listed {
            self.check_the_way().await;
        }
    }

    async fn check_the_way(&self) {
        let trail = self.world.certification.trail(&self.world.office[0], self.id).await.unwrap();
        let last = |act: &str| trail.iter().rposition(|line| line.act == act);
        let way = ["draw", "begin_audit", "seal", "agree", "vote", "announce", "grant"];
        assert!(way.iter().all(|act| last(act).is_some()), "a step is missing");
        let audited = last("finish_audit").max(last("verify"));
        assert!(audited.is_some() && audited > last("begin_audit") && audited < last("agree"));
        let (announced, granted) = (&trail[last("announce").unwrap()], &trail[last("grant").unwrap()]);
        assert!(granted.at.seconds_since(announced.at) >= 7 * 86_400, "the notice was cut short");
        let view = self.world.certification.view(&self.world.office[0], self.id).await.unwrap();
        assert!(view.agreed.unwrap().passes());
        assert!(view.findings.iter().all(|one| one.state == luhuan_certification::FindingState::Closed));
        let before = view.objections.iter().filter(|one| one.filed_at < granted.at);
        assert!(before.into_iter().all(|one| one.state == ObjectionState::Dismissed));
    }
}

#[tokio::test]
async fn no_walk_changes_what_was_handed_in_or_is_listed_without_the_whole_way() {
    let listed = AtomicUsize::new(0);
    for seed in 0..6 {
        each(async |world| {
            for _ in 0..7 {
                world.assessor().await;
            }
            let id = world.complete().await;
            assert_eq!(world.rubric().await.version, DRAFTED);
            let mut walk = Walk {
                chance: ChaCha8Rng::seed_from_u64(seed),
                resident: world.person(),
                frozen: BTreeMap::new(),
                world,
                id,
            };
            for _ in 0..60 {
                if walk.chance.random_bool(0.45) {
                    walk.forward().await;
                } else {
                    walk.anything().await;
                }
                walk.check().await;
            }
            listed.fetch_add(usize::from(world.state(id).await == State::Listed), Ordering::Relaxed);
        })
        .await;
    }
    // Else the laws would hold of nothing.
    assert!(listed.into_inner() > 0, "no walk came to a grant");
}
