//! Energy and water: what was used month by month, and what was saved.
//!
//! Savings are reckoned as IPMVP option C asks: a regression of the months before the retrofit on weather and activity says
//! what the months after it would have used; what they did use, less that, is the saving, with the uncertainty of the model
//! (ASHRAE Guideline 14).

mod csv;
pub mod regression;
mod savings;
mod series;

pub(crate) use csv::column;
pub use csv::{CsvFault, parse as parse_csv, yuan_to_fen};
pub use savings::{ModelTerm, MonthSaving, Savings, SavingsError, assess};
pub use series::{Quality, longest_run, quality, yearly};

use serde::{Deserialize, Serialize};

use crate::{codes::codes, model::calendar::Month};

codes! {
    /// What is metered.
    #[schema(as = certification::Carrier)]
    Carrier {
        /// Electricity, kWh.
        Electricity = "electricity",
        /// Natural gas, m³.
        Gas = "gas",
        /// District heat, GJ.
        Heat = "heat",
        /// Water, m³.
        Water = "water",
    }
}

codes! {
    /// What explains use.
    #[schema(as = certification::Driver)]
    Driver {
        /// Heating degree days, base 18 °C.
        HeatingDegreeDays = "hdd",
        /// Cooling degree days, base 26 °C.
        CoolingDegreeDays = "cdd",
        /// Opening hours.
        Hours = "hours",
        /// Turnover, yuan.
        Turnover = "turnover",
        /// Visitors.
        Visitors = "visitors",
        /// Days of the month.
        Days = "days",
    }
}

/// One month of a mall.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
#[schema(as = certification::MonthRow)]
pub struct MonthRow {
    /// Electricity, kWh.
    pub electricity: Option<f64>,
    /// Gas, m³.
    pub gas: Option<f64>,
    /// Heat, GJ.
    pub heat: Option<f64>,
    /// Water, m³.
    pub water: Option<f64>,
    /// Floor area in use, m².
    pub area_m2: Option<f64>,
    /// Opening hours.
    pub hours: Option<f64>,
    /// Heating degree days.
    pub hdd: Option<f64>,
    /// Cooling degree days.
    pub cdd: Option<f64>,
    /// Turnover, yuan.
    pub turnover: Option<f64>,
    /// Visitors.
    pub visitors: Option<f64>,
}

/// Months of a mall, by month.
pub type Series = std::collections::BTreeMap<Month, MonthRow>;

impl MonthRow {
    /// What was used.
    #[must_use]
    pub const fn used(&self, carrier: Carrier) -> Option<f64> {
        match carrier {
            Carrier::Electricity => self.electricity,
            Carrier::Gas => self.gas,
            Carrier::Heat => self.heat,
            Carrier::Water => self.water,
        }
    }

    /// What explains it.
    #[must_use]
    pub fn driver(&self, month: Month, driver: Driver) -> Option<f64> {
        match driver {
            Driver::HeatingDegreeDays => self.hdd,
            Driver::CoolingDegreeDays => self.cdd,
            Driver::Hours => self.hours,
            Driver::Turnover => self.turnover,
            Driver::Visitors => self.visitors,
            Driver::Days => Some(f64::from(month.days())),
        }
    }

    /// The numbers by the names of their columns.
    pub fn columns(&mut self) -> [(&'static str, &mut Option<f64>); 10] {
        [
            ("electricity", &mut self.electricity),
            ("gas", &mut self.gas),
            ("heat", &mut self.heat),
            ("water", &mut self.water),
            ("area_m2", &mut self.area_m2),
            ("hours", &mut self.hours),
            ("hdd", &mut self.hdd),
            ("cdd", &mut self.cdd),
            ("turnover", &mut self.turnover),
            ("visitors", &mut self.visitors),
        ]
    }
}

/// Months from one to another, both in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = certification::Period)]
pub struct Period {
    /// First month.
    pub from: Month,
    /// Last month.
    pub to: Month,
}

impl Period {
    /// Its months.
    pub fn months(self) -> impl Iterator<Item = Month> + use<> {
        self.from.through(self.to)
    }
}

/// How savings of a carrier are reckoned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "carrier": "electricity", "baseline": { "from": "2024-01", "to": "2024-12" },
    "reporting": { "from": "2025-01", "to": "2025-12" }, "drivers": ["cdd", "hdd"] }))]
pub struct EnergyPlan {
    /// Which carrier.
    pub carrier: Carrier,
    /// Before the retrofit.
    pub baseline: Period,
    /// After it.
    pub reporting: Period,
    /// What explains use.
    pub drivers: Vec<Driver>,
}

impl EnergyPlan {
    /// Whether the periods lie in order and in bounds, and no driver is named twice.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let length = |period: Period| period.to.since(period.from);
        let mut drivers = self.drivers.clone();
        drivers.sort();
        drivers.dedup();
        (0..120).contains(&length(self.baseline))
            && (0..120).contains(&length(self.reporting))
            && self.baseline.to < self.reporting.from
            && drivers.len() == self.drivers.len()
    }
}
