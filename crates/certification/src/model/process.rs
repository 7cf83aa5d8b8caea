//! The life of an application and of a certificate: one table each, read aloud by a lawyer and run by the code.
//!
//! A row says: from these states, this event, by this party, leads there, if this holds; then this follows, and this clock
//! starts. There is no other way from state to state. The diagram on the authority's page and in the documentation is drawn
//! from the tables.

use luhuan_kernel::Timestamp;

use super::terms::ClockName;
use crate::codes::codes;

codes! {
    /// Where an application stands.
    #[schema(as = certification::State)]
    State {
        /// The mall assesses itself.
        Draft = "draft",
        /// Frozen and handed in; the district's office checks that it is complete.
        Submitted = "submitted",
        /// Complete; the office draws assessors.
        DistrictReview = "district_review",
        /// The assessors read.
        DeskReview = "desk_review",
        /// The assessors visit.
        SiteAudit = "site_audit",
        /// The mall puts right what was found.
        Rectification = "rectification",
        /// Audited; each assessor scores alone, then they agree.
        Verified = "verified",
        /// The committee votes.
        Committee = "committee",
        /// The public may object.
        PublicNotice = "public_notice",
        /// Listed: there is a certificate. Final.
        Listed = "listed",
        /// Refused; the mall may appeal.
        Refused = "refused",
        /// The refusal is looked at again.
        Appealed = "appealed",
        /// The refusal stands. Final.
        Closed = "closed",
        /// Taken back by the mall. Final.
        Withdrawn = "withdrawn",
    }
}

codes! {
    /// What can happen to an application.
    #[schema(as = certification::Event)]
    Event {
        /// The mall hands it in.
        Submit = "submit",
        /// The office gives it back as incomplete.
        Return = "return",
        /// The office takes it as complete.
        Accept = "accept",
        /// The office refuses it before an audit.
        Reject = "reject",
        /// Assessors are drawn.
        Assign = "assign",
        /// The chair opens the site audit.
        BeginAudit = "begin_audit",
        /// The chair closes the visit with open findings.
        RequestRectification = "request_rectification",
        /// The chair closes the visit without any.
        FinishAudit = "finish_audit",
        /// The chair sees that all findings are put right.
        Verify = "verify",
        /// The time to put them right is over.
        LapseRectification = "lapse_rectification",
        /// The assessors agree on the scores.
        Agree = "agree",
        /// The office announces the intended listing.
        Announce = "announce",
        /// The committee does not carry it.
        Decline = "decline",
        /// The certificate is granted.
        Grant = "grant",
        /// An upheld objection ends it.
        Refuse = "refuse",
        /// The mall appeals against the refusal.
        Appeal = "appeal",
        /// The appeal is dismissed.
        Dismiss = "dismiss",
        /// The appeal is admitted: a new panel begins anew.
        Admit = "admit",
        /// The time to appeal is over.
        LapseAppeal = "lapse_appeal",
        /// The mall takes it back.
        Withdraw = "withdraw",
    }
}

codes! {
    /// Who acts.
    #[schema(as = certification::Party)]
    Party {
        /// The mall's people.
        Mall = "mall",
        /// The commerce office.
        Authority = "authority",
        /// The assessor who chairs the audit.
        Chair = "chair",
        /// The program, when a clock runs out.
        System = "system",
    }
}

codes! {
    /// What must hold besides.
    #[schema(as = certification::Guard)]
    Guard {
        /// Nothing.
        None = "none",
        /// Every item is answered and shown, and the mall is eligible.
        Complete = "complete",
        /// An odd number of assessors, enough of them, none in conflict.
        Panel = "panel",
        /// Each assessor declared to have no conflict.
        Declared = "declared",
        /// Every item to be seen on site was seen, and findings are open.
        SeenWithFindings = "seen_with_findings",
        /// Every item to be seen on site was seen, and no finding is open.
        SeenAndClean = "seen_and_clean",
        /// No finding is open.
        Clean = "clean",
        /// The clock of the state has run out.
        Overdue = "overdue",
        /// Each assessor sealed their scores, and each large difference has its reason.
        Agreed = "agreed",
        /// The score passes, the quorum voted, the majority is for it.
        Carried = "carried",
        /// The quorum voted, and the score does not pass or the majority is not for it.
        NotCarried = "not_carried",
        /// The score passes, the notice is over, no objection is open or upheld.
        NoticeClear = "notice_clear",
        /// An objection is upheld.
        Upheld = "upheld",
        /// The time to appeal is not over, and there was no appeal before.
        MayAppeal = "may_appeal",
    }
}

/// What the guards look at. Services read it from the rows they have locked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// What the self-assessment lacks, eligibility included.
    pub lacking: usize,
    /// Assessors on the panel without a known conflict.
    pub assessors: usize,
    /// Assessors with one.
    pub conflicted: usize,
    /// Assessors an audit needs at least.
    pub assessors_needed: usize,
    /// Of them, those who declared.
    pub declared: usize,
    /// Items to be seen on site that were not.
    pub unseen: usize,
    /// Findings that are not closed.
    pub open_findings: usize,
    /// Sealed score sheets.
    pub sealed: usize,
    /// Items whose scores differ too much and have no reason yet.
    pub unreasoned: usize,
    /// Whether the agreed score passes; `None` before there is one.
    pub passes: Option<bool>,
    /// Votes for, and votes cast.
    pub votes_for: usize,
    /// Votes cast, abstentions included.
    pub votes_cast: usize,
    /// Votes that must be cast.
    pub quorum: usize,
    /// Percent of the votes that must be for it.
    pub majority_percent: usize,
    /// Objections that wait for an answer.
    pub open_objections: usize,
    /// Objections that were upheld.
    pub upheld_objections: usize,
    /// When the clock of the state runs out.
    pub due: Option<Timestamp>,
    /// Whether there was an appeal before.
    pub appealed: bool,
    /// The present instant.
    pub now: Option<Timestamp>,
}

impl Guard {
    /// Whether it holds.
    #[must_use]
    pub fn holds(self, on: &Grounds) -> bool {
        let overdue = on.due.zip(on.now).is_some_and(|(due, now)| now >= due);
        let panel = on.assessors_needed > 0 && on.assessors >= on.assessors_needed && on.assessors % 2 == 1;
        let quorum = on.quorum > 0 && on.votes_cast >= on.quorum;
        let majority = on.votes_for * 100 >= on.votes_cast * on.majority_percent;
        match self {
            Self::None => true,
            Self::Complete => on.lacking == 0,
            Self::Panel => panel && on.conflicted == 0,
            Self::Declared => panel && on.conflicted == 0 && on.declared == on.assessors,
            Self::SeenWithFindings => on.unseen == 0 && on.open_findings > 0,
            Self::SeenAndClean => on.unseen == 0 && on.open_findings == 0,
            Self::Clean => on.open_findings == 0,
            Self::Overdue => overdue,
            Self::Agreed => {
                panel
                    && on.conflicted == 0
                    && on.sealed == on.assessors
                    && on.unreasoned == 0
                    && on.passes.is_some()
            }
            Self::Carried => on.passes == Some(true) && quorum && majority,
            Self::NotCarried => quorum && !(on.passes == Some(true) && majority),
            Self::NoticeClear => {
                on.passes == Some(true) && overdue && on.open_objections == 0 && on.upheld_objections == 0
            }
            Self::Upheld => on.upheld_objections > 0,
            Self::MayAppeal => !overdue && !on.appealed,
        }
    }
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Transition {
    /// From any of these.
    pub from: &'static [State],
    /// On this.
    pub event: Event,
    /// By whom.
    pub by: Party,
    /// To here.
    pub to: State,
    /// If this holds.
    pub guard: Guard,
    /// Then this follows.
    pub effect: &'static str,
    /// And this clock starts.
    pub clock: Option<ClockName>,
}

/// Until the decision the mall may take its application back.
const UNDECIDED: [State; 9] = [
    State::Draft,
    State::Submitted,
    State::DistrictReview,
    State::DeskReview,
    State::SiteAudit,
    State::Rectification,
    State::Verified,
    State::Committee,
    State::PublicNotice,
];

macro_rules! rows {
    ($($from:expr, $event:ident, $by:ident => $to:ident, $guard:ident, $effect:literal, $clock:expr;)+) => {
        &[$(Transition { from: &$from, event: Event::$event, by: Party::$by, to: State::$to, guard: Guard::$guard, effect: $effect, clock: $clock }),+]
    };
}

use ClockName as C;
use State as S;

/// The life of an application. Order: as a reader follows it.
#[rustfmt::skip]
pub const TABLE: &[Transition] = rows! {
    [S::Draft], Submit, Mall => Submitted, Complete, "the self-assessment is frozen and hashed", Some(C::Completeness);
    [S::Submitted], Return, Authority => Draft, None, "the mall reads why and may go on editing", None;
    [S::Submitted], Accept, Authority => DistrictReview, None, "the mall is told", Some(C::Assignment);
    [S::Submitted, S::DistrictReview, S::DeskReview], Reject, Authority => Refused, None, "the mall reads why", Some(C::AppealWindow);
    [S::DistrictReview], Assign, Authority => DeskReview, Panel, "assessors are drawn and asked to declare", Some(C::DeskReview);
    [S::DeskReview], BeginAudit, Chair => SiteAudit, Declared, "the checklist opens", Some(C::SiteAudit);
    [S::SiteAudit], RequestRectification, Chair => Rectification, SeenWithFindings, "the mall reads the findings", Some(C::Rectification);
    [S::SiteAudit], FinishAudit, Chair => Verified, SeenAndClean, "score sheets open", Some(C::Scoring);
    [S::Rectification], Verify, Chair => Verified, Clean, "score sheets open", Some(C::Scoring);
    [S::Rectification], LapseRectification, System => Refused, Overdue, "the mall reads that the time is over", Some(C::AppealWindow);
    [S::Verified], Agree, Chair => Committee, Agreed, "the agreed score is fixed", Some(C::Committee);
    [S::Committee], Announce, Authority => PublicNotice, Carried, "the intended listing is public; objections may come", Some(C::Notice);
    [S::Committee], Decline, Authority => Refused, NotCarried, "the mall reads why", Some(C::AppealWindow);
    [S::PublicNotice], Grant, Authority => Listed, NoticeClear, "certificate, register entry and event, together", None;
    [S::PublicNotice], Refuse, Authority => Refused, Upheld, "the mall reads why", Some(C::AppealWindow);
    [S::Refused], Appeal, Mall => Appealed, MayAppeal, "a panel with new members may be ordered", Some(C::Appeal);
    [S::Refused], LapseAppeal, System => Closed, Overdue, "the refusal stands", None;
    [S::Appealed], Dismiss, Authority => Closed, None, "the refusal stands, with reasons", None;
    [S::Appealed], Admit, Authority => DistrictReview, None, "a new round; nobody of the old panel is drawn", Some(C::Assignment);
    UNDECIDED, Withdraw, Mall => Withdrawn, None, "nothing of it is decided", None;
};

/// Why an event does not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The state does not know the event.
    #[error("an application that is {state} cannot {event}")]
    State {
        /// Where it stands.
        state: State,
        /// What was asked.
        event: Event,
    },
    /// What must hold does not.
    #[error("{event} needs {guard}")]
    Guard {
        /// What was asked.
        event: Event,
        /// What must hold.
        guard: Guard,
    },
}

/// The row that an event takes from a state, if what must hold does.
///
/// # Errors
/// When the state does not know the event, or its guard does not hold.
pub fn attempt(state: State, event: Event, on: &Grounds) -> Result<&'static Transition, Refused> {
    let row = TABLE.iter().find(|row| row.event == event && row.from.contains(&state));
    let row = row.ok_or(Refused::State { state, event })?;
    if row.guard.holds(on) { Ok(row) } else { Err(Refused::Guard { event, guard: row.guard }) }
}

impl State {
    /// Whether nothing leads out of it.
    #[must_use]
    pub fn is_final(self) -> bool {
        !TABLE.iter().any(|row| row.from.contains(&self))
    }

    /// Whether the mall may change what it says.
    #[must_use]
    pub const fn is_editable(self) -> bool {
        matches!(self, Self::Draft)
    }

    /// Whether strangers may know of it: from the notice on.
    #[must_use]
    pub const fn is_public(self) -> bool {
        matches!(self, Self::PublicNotice | Self::Listed)
    }
}

/// The table as a Mermaid state diagram, for the documentation: drawn from the rows that the code runs.
#[must_use]
pub fn diagram() -> String {
    let mut text = "stateDiagram-v2\n    [*] --> draft\n".to_owned();
    for row in TABLE {
        for from in row.from {
            text += &format!("    {from} --> {}: {} ({})\n", row.to, row.event, row.by);
        }
    }
    for state in State::ALL.iter().filter(|state| state.is_final()) {
        text += &format!("    {state} --> [*]\n");
    }
    text
}

codes! {
    /// Where a certificate stands.
    CertificateState {
        /// In force.
        Active = "active",
        /// In force; something happened that must be looked at.
        UnderReview = "review_required",
        /// Not in force for now; the marks come off.
        Suspended = "suspended",
        /// Withdrawn for cause.
        Revoked = "revoked",
        /// Withdrawn; the mall appealed.
        RevocationAppealed = "revocation_appealed",
        /// Its time is over.
        Expired = "expired",
        /// Followed by a new one.
        Renewed = "renewed",
    }
}

codes! {
    /// What can happen to a certificate. Each is an entry of the public register.
    CertificateEvent {
        /// It was granted.
        Grant = "grant",
        /// Something must be looked at: a fine, a closure, a new operator, a changed area.
        FlagReview = "flag_review",
        /// It was looked at, and stands.
        ClearReview = "clear_review",
        /// Its scope changed.
        ChangeScope = "change_scope",
        /// It is suspended.
        Suspend = "suspend",
        /// It is in force again.
        Reinstate = "reinstate",
        /// It is revoked.
        Revoke = "revoke",
        /// The mall appeals against that.
        AppealRevocation = "appeal_revocation",
        /// The revocation stands.
        UpholdRevocation = "uphold_revocation",
        /// The revocation is taken back.
        OverturnRevocation = "overturn_revocation",
        /// Its time is over.
        Expire = "expire",
        /// A new one follows it.
        Renew = "renew",
    }
}

/// A row of the certificate's table: from, on, by, to.
pub type CertificateRow = (&'static [CertificateState], CertificateEvent, Party, CertificateState);

use CertificateState as K;

/// The life of a certificate after its grant.
pub const CERTIFICATE_TABLE: &[CertificateRow] = &[
    (&[K::Active], CertificateEvent::FlagReview, Party::Authority, K::UnderReview),
    (&[K::UnderReview], CertificateEvent::ClearReview, Party::Authority, K::Active),
    (&[K::Active, K::UnderReview], CertificateEvent::ChangeScope, Party::Authority, K::Active),
    (&[K::Active, K::UnderReview], CertificateEvent::Suspend, Party::Authority, K::Suspended),
    (&[K::Suspended], CertificateEvent::Reinstate, Party::Authority, K::Active),
    (&[K::Active, K::UnderReview, K::Suspended], CertificateEvent::Revoke, Party::Authority, K::Revoked),
    (&[K::Revoked], CertificateEvent::AppealRevocation, Party::Mall, K::RevocationAppealed),
    (&[K::RevocationAppealed], CertificateEvent::UpholdRevocation, Party::Authority, K::Revoked),
    (&[K::RevocationAppealed], CertificateEvent::OverturnRevocation, Party::Authority, K::Active),
    (&[K::Active, K::UnderReview, K::Suspended], CertificateEvent::Expire, Party::System, K::Expired),
    (&[K::Active, K::UnderReview, K::Expired], CertificateEvent::Renew, Party::System, K::Renewed),
];

/// A certificate's state does not know the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a certificate that is {state} cannot {event}")]
pub struct CertificateRefused {
    /// Where it stands.
    pub state: CertificateState,
    /// What was asked.
    pub event: CertificateEvent,
}

impl CertificateState {
    /// Where an event leads.
    ///
    /// # Errors
    /// When the state does not know it.
    pub fn after(self, event: CertificateEvent) -> Result<Self, CertificateRefused> {
        let row = CERTIFICATE_TABLE.iter().find(|(from, on, ..)| *on == event && from.contains(&self));
        row.map(|(.., to)| *to).ok_or(CertificateRefused { state: self, event })
    }

    /// Whether the mall may call itself a green mall.
    #[must_use]
    pub const fn is_in_force(self) -> bool {
        matches!(self, Self::Active | Self::UnderReview)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_state_that_is_not_final_has_a_way_out_and_is_reached() {
        let finals: Vec<_> = State::ALL.iter().copied().filter(|state| state.is_final()).collect();
        assert_eq!(finals, [State::Listed, State::Closed, State::Withdrawn]);
        for state in State::ALL {
            let reached = *state == State::Draft || TABLE.iter().any(|row| row.to == *state);
            assert!(reached, "{state}");
        }
    }

    #[test]
    fn the_diagram_shows_every_row() {
        let arrows: usize = TABLE.iter().map(|row| row.from.len()).sum();
        assert_eq!(diagram().matches(" --> ").count(), arrows + 1 + 3);
        assert!(diagram().contains("public_notice --> listed: grant (authority)"));
    }

    #[test]
    fn an_event_leads_from_a_state_to_one_place() {
        for event in Event::ALL {
            for state in State::ALL {
                let rows = TABLE.iter().filter(|row| row.event == *event && row.from.contains(state)).count();
                assert!(rows <= 1, "{state} {event}");
            }
            assert!(TABLE.iter().any(|row| row.event == *event), "{event}");
        }
    }

    #[test]
    fn a_certificate_that_is_renewed_is_over_and_a_revoked_one_is_never_simply_active_again() {
        for event in CertificateEvent::ALL {
            assert!(CertificateState::Renewed.after(*event).is_err());
            let after = CertificateState::Revoked.after(*event);
            assert!(after.is_err() || after == Ok(CertificateState::RevocationAppealed), "{event}");
        }
    }

    /// The events that lead to a grant.
    const FORWARD: [Event; 10] = [
        Event::Submit,
        Event::Accept,
        Event::Assign,
        Event::BeginAudit,
        Event::RequestRectification,
        Event::FinishAudit,
        Event::Verify,
        Event::Agree,
        Event::Announce,
        Event::Grant,
    ];

    fn grounds() -> impl Strategy<Value = Grounds> {
        let small = 0usize..4;
        let counts = proptest::collection::vec(small, 11);
        (counts, proptest::option::of(any::<bool>()), any::<bool>(), proptest::option::of(0i64..20), 0i64..20)
            .prop_map(|(n, passes, appealed, due, now)| Grounds {
                lacking: n[0],
                assessors: n[1],
                conflicted: n[2] / 2,
                assessors_needed: 3,
                declared: n[3],
                unseen: n[4] / 2,
                open_findings: n[5] / 2,
                sealed: n[6],
                unreasoned: n[7] / 2,
                passes,
                votes_for: n[8].min(n[9]),
                votes_cast: n[9],
                quorum: 3,
                majority_percent: 60,
                open_objections: n[10] / 2,
                upheld_objections: n[10] % 2,
                due: due.map(|day| Timestamp::from_micros(day * 86_400_000_000)),
                appealed,
                now: Some(Timestamp::from_micros(now * 86_400_000_000)),
            })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

        /// However events and circumstances come, whoever is listed was submitted complete, audited by a panel without
        /// conflicts on every item, left no finding open, agreed and passing, carried by a quorum, and put before the
        /// public for the whole notice without an objection that stands. Looked at from outside: the steps are recorded
        /// here and their circumstances judged by words of this test, not by the guards.
        #[test]
        fn there_is_no_path_to_a_grant_that_skips_a_gate_the_audit_or_the_notice(
            walk in proptest::collection::vec((0..Event::ALL.len(), grounds(), any::<bool>()), 1..400)
        ) {
            let mut state = State::Draft;
            let mut done: Vec<(Event, Grounds)> = Vec::new();
            for (event, mut on, help) in walk {
                // Half of the steps are helped along the way, or a walk of chance would never get far.
                let mut event = Event::ALL[event];
                if help {
                    on = Grounds {
                        lacking: 0, assessors: 3, conflicted: 0, declared: 3, unseen: 0, sealed: 3, unreasoned: 0,
                        passes: Some(true), votes_for: 3, votes_cast: 3, open_objections: 0, upheld_objections: 0, ..on
                    };
                    let ahead = |row: &&Transition| {
                        row.from.contains(&state) && FORWARD.contains(&row.event) && row.guard.holds(&on)
                    };
                    event = TABLE.iter().find(ahead).map_or(event, |row| row.event);
                }
                if let Ok(row) = attempt(state, event, &on) {
                    if event == Event::Admit { done.clear(); done.push((Event::Submit, Grounds::default())); }
                    state = row.to;
                    done.push((event, on));
                }
            }
            if state == State::Listed {
                let last = |event: Event| done.iter().rposition(|(one, _)| *one == event);
                let step = |event: Event| last(event).map(|at| &done[at].1);
                prop_assert!(step(Event::Submit).is_some_and(|on| on.lacking == 0));
                prop_assert!(step(Event::Assign).is_some_and(|on| on.assessors == 3 && on.conflicted == 0));
                prop_assert!(step(Event::BeginAudit).is_some_and(|on| on.declared == 3 && on.conflicted == 0));
                let seen = step(Event::FinishAudit).or(step(Event::RequestRectification));
                prop_assert!(seen.is_some_and(|on| on.unseen == 0), "the visit was cut short");
                let clean = last(Event::FinishAudit).max(last(Event::Verify)).map(|at| &done[at].1);
                prop_assert!(clean.is_some_and(|on| on.open_findings == 0), "a finding is open");
                prop_assert!(step(Event::Agree).is_some_and(|on| on.sealed == 3 && on.unreasoned == 0 && on.conflicted == 0));
                let carried = step(Event::Announce).is_some_and(|on| {
                    on.passes == Some(true) && on.votes_cast == 3 && on.votes_for * 10 >= 18
                });
                prop_assert!(carried, "not carried by the committee");
                let grant = step(Event::Grant).unwrap();
                prop_assert_eq!(grant.passes, Some(true));
                prop_assert!(grant.due.zip(grant.now).is_some_and(|(due, now)| due <= now), "the notice was cut short");
                prop_assert_eq!((grant.open_objections, grant.upheld_objections), (0, 0));
                let order = [Event::Assign, Event::BeginAudit, Event::Agree, Event::Announce, Event::Grant];
                prop_assert!(order.map(last).is_sorted(), "out of order");
            }
        }
    }

    #[test]
    fn the_walks_of_the_property_do_reach_a_grant() {
        // Else the law above would hold of nothing.
        let good = Grounds {
            assessors: 3,
            assessors_needed: 3,
            declared: 3,
            sealed: 3,
            passes: Some(true),
            votes_for: 2,
            votes_cast: 3,
            quorum: 3,
            majority_percent: 60,
            due: Some(Timestamp::from_micros(1)),
            now: Some(Timestamp::from_micros(1)),
            ..Grounds::default()
        };
        let way = [
            Event::Submit,
            Event::Accept,
            Event::Assign,
            Event::BeginAudit,
            Event::FinishAudit,
            Event::Agree,
            Event::Announce,
            Event::Grant,
        ];
        let end = way.iter().fold(State::Draft, |state, event| attempt(state, *event, &good).unwrap().to);
        assert_eq!(end, State::Listed);
    }
}
