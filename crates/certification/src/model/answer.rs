//! What a mall says: about itself, and item by item.

use std::collections::{BTreeMap, BTreeSet};

use luhuan_kernel::{FieldProblem, Message, geo, validate};
use serde::{Deserialize, Serialize};

use super::{
    calendar::Day,
    rubric::{Item, Rubric, Rule},
    scoring::Points,
};
use crate::{codes::codes, energy::EnergyPlan};

codes! {
    /// What kind of store it is.
    MallFormat {
        /// 购物中心.
        ShoppingCentre = "shopping_centre",
        /// 百货店.
        DepartmentStore = "department_store",
        /// 超市.
        Supermarket = "supermarket",
        /// 建材家居店.
        BuildingMaterials = "building_materials",
        /// 仓储会员店.
        WarehouseClub = "warehouse_club",
    }
}

/// The mall, as it describes itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "name": "绿环广场", "legal_person": "北京绿环商业管理有限公司", "uscc": "91110000101623741K",
    "district": "110105", "address": "朝阳区双井街道 1 号", "format": "shopping_centre", "area_m2": 120_000.0,
    "opened_on": "2018-05-01", "features": ["ev-chargers", "renewable", "disabled-parking"],
    "statements": { "no-accident": true, "no-blacklist": true, "waste-ledger": true } }))]
#[schema(as = certification::Facts)]
pub struct Facts {
    /// Its name.
    #[schema(max_length = 80)]
    pub name: String,
    /// The legal person that applies.
    #[schema(max_length = 80)]
    pub legal_person: String,
    /// Its 统一社会信用代码.
    #[schema(max_length = 40)]
    pub uscc: String,
    /// District code.
    pub district: Option<String>,
    /// Address.
    #[schema(max_length = 200)]
    pub address: String,
    /// What kind of store.
    pub format: Option<MallFormat>,
    /// Floor area, m².
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub area_m2: Option<f64>,
    /// When it opened, ISO 8601.
    pub opened_on: Option<String>,
    /// Codes of the features that it has.
    pub features: BTreeSet<String>,
    /// The statements of the eligibility check, true or false.
    pub statements: BTreeMap<String, bool>,
    /// How savings are reckoned.
    pub energy: Option<EnergyPlan>,
    /// Whether the score may be shown in the public register.
    pub publish_score: bool,
}

impl Facts {
    /// What is wrong with them, field by field; what is missing is not wrong in a draft.
    #[must_use]
    pub fn problems(&self, rubric: &Rubric) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut refuse = |field: &str, message: Message| {
            problems.push(FieldProblem { field: format!("facts.{field}"), message });
        };
        for (field, text, most) in [
            ("name", &self.name, 80),
            ("legal_person", &self.legal_person, 80),
            ("address", &self.address, 200),
            ("uscc", &self.uscc, 40),
        ] {
            if text.chars().count() > most {
                refuse(field, Message::new("certification-too-long").with("max", most));
            } else if text.chars().any(char::is_control) {
                refuse(field, Message::new("certification-control"));
            }
        }
        if self.district.as_ref().is_some_and(|code| geo::district(code).is_none()) {
            refuse("district", Message::new("certification-unknown-district"));
        }
        if self.area_m2.is_some_and(|area| !(area > 0.0 && area <= 1e7)) {
            refuse("area_m2", Message::new("certification-area"));
        }
        if self.opened_on.as_ref().is_some_and(|day| Day::parse(day).is_none()) {
            refuse("opened_on", Message::new("certification-day"));
        }
        let known = |list: &[super::rubric::Check], code: &str| list.iter().any(|check| check.code == code);
        if self.features.iter().any(|code| !known(&rubric.eligibility.feature, code)) {
            refuse("features", Message::new("certification-unknown-code"));
        }
        if self.statements.keys().any(|code| !known(&rubric.eligibility.gate, code)) {
            refuse("statements", Message::new("certification-unknown-code"));
        }
        if self.energy.as_ref().is_some_and(|plan| !plan.is_sound()) {
            refuse("energy", Message::new("certification-energy-plan"));
        }
        problems
    }

    /// Whether the 统一社会信用代码 fits its check character. A few old real codes do not: a warning, never a refusal.
    #[must_use]
    pub fn uscc_fits(&self) -> bool {
        validate::usc_code(&self.uscc).is_ok()
    }
}

/// What is said of one item.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({ "passed": true, "note": "制度文件齐全" }))]
#[schema(as = certification::Answer)]
pub struct Answer {
    /// Not applicable here; needs a reason in `note`.
    pub not_applicable: bool,
    /// ★: passed or not.
    pub passed: Option<bool>,
    /// The measured value.
    pub value: Option<f64>,
    /// Judgement: points in hundredths.
    pub points: Option<Points>,
    /// Reason, or what there is to say.
    #[schema(max_length = 2000)]
    pub note: String,
}

/// Characters of a note at most.
const NOTE: usize = 2_000;

impl Answer {
    /// What is wrong with it for that item.
    #[must_use]
    pub fn problems(&self, item: &Item) -> Vec<FieldProblem> {
        let mut problems = Vec::new();
        let mut refuse = |field: &str, message: Message| {
            problems.push(FieldProblem { field: format!("answers.{}.{field}", item.code), message });
        };
        if self.not_applicable && !item.not_applicable {
            refuse("not_applicable", Message::new("certification-always-applies"));
        }
        if self.value.is_some_and(|value| !value.is_finite() || value.abs() > 1e12) {
            refuse("value", Message::new("certification-value"));
        }
        let most = Points::whole(item.points);
        if self.points.is_some_and(|points| points < Points::ZERO || points > most) {
            refuse("points", Message::new("certification-points").with("max", item.points));
        }
        if self.note.chars().count() > NOTE {
            refuse("note", Message::new("certification-too-long").with("max", NOTE));
        } else if self.note.chars().any(|c| c.is_control() && c != '\n' && c != '\r' && c != '\t') {
            refuse("note", Message::new("certification-control"));
        }
        problems
    }

    /// Whether it says what the item's rule asks.
    #[must_use]
    pub fn is_given(&self, rule: &Rule) -> bool {
        self.not_applicable
            || match rule {
                Rule::Gate => self.passed.is_some(),
                Rule::Judgement => self.points.is_some(),
                Rule::Step { .. } | Rule::Linear { .. } => self.value.is_some(),
            }
    }
}
