//! Ordinary least squares, by Householder's QR: stable where the normal equations lose their digits.

/// A fitted model `y = b0 + b1 x1 + …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Coefficients, the constant first.
    pub coefficients: Vec<f64>,
    /// Their standard errors.
    pub standard_errors: Vec<f64>,
    /// R², of the variance about the mean.
    pub r_squared: f64,
    /// Residual standard deviation, with n − p degrees of freedom.
    pub rmse: f64,
    /// Mean of y.
    pub mean: f64,
    /// Degrees of freedom.
    pub degrees: usize,
    /// Residuals over their standard deviation at their place (internally studentised).
    pub studentised: Vec<f64>,
    /// `R⁻¹`, by rows: (XᵀX)⁻¹ = R⁻¹ R⁻ᵀ.
    inverse: Vec<Vec<f64>>,
}

/// Why there is no fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FitError {
    /// Not more observations than coefficients.
    #[error("too few observations")]
    TooFew,
    /// A driver is constant, or follows from others.
    #[error("the drivers are not independent")]
    Dependent,
}

/// Fits by least squares; each row of `x` holds the drivers of an observation, without the constant.
///
/// # Errors
/// When there are too few observations or the drivers depend on each other.
pub fn fit(x: &[Vec<f64>], y: &[f64]) -> Result<Fit, FitError> {
    let (n, p) = (y.len(), x.first().map_or(1, |row| row.len() + 1));
    if n <= p || x.len() != n {
        return Err(FitError::TooFew);
    }
    let design: Vec<Vec<f64>> =
        x.iter().map(|row| std::iter::once(1.0).chain(row.iter().copied()).collect()).collect();
    let (r, qty) = householder(design.clone(), y.to_vec())?;
    let coefficients = back_substitute(&r, &qty[..p]);
    let inverse = invert_upper(&r);
    let predicted: Vec<f64> = design.iter().map(|row| dot(row, &coefficients)).collect();
    let residuals: Vec<f64> = y.iter().zip(&predicted).map(|(y, predicted)| y - predicted).collect();
    #[expect(clippy::cast_precision_loss, reason = "months, far below 2^52")]
    let (count, degrees_f) = (n as f64, (n - p) as f64);
    let mean = y.iter().sum::<f64>() / count;
    let unexplained = dot(&residuals, &residuals);
    let total: f64 = y.iter().map(|y| (y - mean).powi(2)).sum();
    let rmse = (unexplained / degrees_f).sqrt();
    // The variance of a coefficient is s² times the diagonal of (XᵀX)⁻¹.
    let standard_errors = inverse.iter().map(|row| rmse * dot(row, row).sqrt()).collect();
    let studentised = design
        .iter()
        .zip(&residuals)
        .map(|(row, residual)| {
            let free = (1.0 - spread(&inverse, row)).max(0.0).sqrt() * rmse;
            if free > 0.0 { residual / free } else { 0.0 }
        })
        .collect();
    let r_squared = if total > 0.0 { 1.0 - unexplained / total } else { 0.0 };
    Ok(Fit { coefficients, standard_errors, r_squared, rmse, mean, degrees: n - p, studentised, inverse })
}

impl Fit {
    /// What the model says for some drivers.
    #[must_use]
    pub fn predict(&self, drivers: &[f64]) -> f64 {
        self.coefficients[0] + dot(&self.coefficients[1..], drivers)
    }

    /// The standard error of the sum of new observations at some drivers: their own scatter, and the model's.
    #[must_use]
    pub fn sum_error(&self, at: &[Vec<f64>]) -> f64 {
        let mut sum = vec![0.0; self.coefficients.len()];
        for row in at {
            sum[0] += 1.0;
            sum[1..].iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        #[expect(clippy::cast_precision_loss, reason = "months, far below 2^52")]
        let count = at.len() as f64;
        self.rmse * (count + spread(&self.inverse, &sum)).sqrt()
    }
}

/// x (XᵀX)⁻¹ xᵀ.
fn spread(inverse: &[Vec<f64>], x: &[f64]) -> f64 {
    let p = inverse.len();
    (0..p).map(|column| (0..p).map(|row| inverse[row][column] * x[row]).sum::<f64>().powi(2)).sum()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// A diagonal of R smaller than this share of its column is zero but for rounding.
const RANK: f64 = 1e-10;

/// R and Qᵀy.
fn householder(mut a: Vec<Vec<f64>>, mut y: Vec<f64>) -> Result<(Vec<Vec<f64>>, Vec<f64>), FitError> {
    let (n, p) = (a.len(), a[0].len());
    for k in 0..p {
        let length = (0..n).map(|i| a[i][k].powi(2)).sum::<f64>().sqrt();
        let below = (k..n).map(|i| a[i][k].powi(2)).sum::<f64>().sqrt();
        if below <= RANK * length || below == 0.0 {
            return Err(FitError::Dependent);
        }
        let sign = if a[k][k] < 0.0 { -1.0 } else { 1.0 };
        let mut v: Vec<f64> = (k..n).map(|i| a[i][k]).collect();
        v[0] += sign * below;
        let square = dot(&v, &v);
        // Rows below k are reflected, column by column from k on, and y like one more column.
        let shares: Vec<f64> = (k..p)
            .map(|j| 2.0 * v.iter().zip(&a[k..]).map(|(v, row)| v * row[j]).sum::<f64>() / square)
            .collect();
        let share_y = 2.0 * dot(&v, &y[k..]) / square;
        for (v, (row, y)) in v.iter().zip(a[k..].iter_mut().zip(&mut y[k..])) {
            row[k..].iter_mut().zip(&shares).for_each(|(value, share)| *value -= share * v);
            *y -= share_y * v;
        }
    }
    a.truncate(p);
    Ok((a, y))
}

fn back_substitute(r: &[Vec<f64>], y: &[f64]) -> Vec<f64> {
    let p = r.len();
    let mut x = vec![0.0; p];
    for i in (0..p).rev() {
        let known: f64 = (i + 1..p).map(|j| r[i][j] * x[j]).sum();
        x[i] = (y[i] - known) / r[i][i];
    }
    x
}

fn invert_upper(r: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let p = r.len();
    let columns: Vec<Vec<f64>> = (0..p)
        .map(|k| {
            let unit: Vec<f64> = (0..p).map(|i| if i == k { 1.0 } else { 0.0 }).collect();
            back_substitute(r, &unit)
        })
        .collect();
    (0..p).map(|i| (0..p).map(|j| columns[j][i]).collect()).collect()
}

/// The two-sided quantile of Student's t: between ±t lies `confidence` (0 to 1) of the probability.
#[must_use]
pub fn student_t(confidence: f64, degrees: usize) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "months, far below 2^52")]
    let nu = degrees.max(1) as f64;
    // P(|T| > t) = I(nu / (nu + t²); nu/2, 1/2), falling in t: bisect.
    let beyond = |t: f64| incomplete_beta(nu / (nu + t * t), nu / 2.0, 0.5);
    let (mut low, mut high) = (0.0, 1e4);
    for _ in 0..200 {
        let middle = f64::midpoint(low, high);
        if beyond(middle) > 1.0 - confidence {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The regularised incomplete beta function, by its continued fraction (Lentz).
fn incomplete_beta(x: f64, a: f64, b: f64) -> f64 {
    if x <= 0.0 {
        return 0.0;
    }
    if x >= 1.0 {
        return 1.0;
    }
    let front = (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        front * fraction(x, a, b) / a
    } else {
        1.0 - front * fraction(1.0 - x, b, a) / b
    }
}

fn fraction(x: f64, a: f64, b: f64) -> f64 {
    const TINY: f64 = 1e-300;
    let guard = |value: f64| if value.abs() < TINY { TINY } else { value };
    let (mut c, mut d) = (1.0, 1.0 / guard(1.0 - (a + b) * x / (a + 1.0)));
    let mut h = d;
    for m in 1..400 {
        let m = f64::from(m);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        d = 1.0 / guard(1.0 + even * d);
        c = guard(1.0 + even / c);
        h *= d * c;
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        d = 1.0 / guard(1.0 + odd * d);
        c = guard(1.0 + odd / c);
        h *= d * c;
        if (d * c - 1.0).abs() < 1e-15 {
            break;
        }
    }
    h
}

/// ln Γ, by Lanczos's series with g = 7 and nine terms.
fn ln_gamma(x: f64) -> f64 {
    const TERMS: [f64; 8] = [
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let base = x + 7.5;
    let sum =
        (1..).zip(TERMS).fold(0.999_999_999_999_809_9, |sum, (n, term)| sum + term / (x + f64::from(n)));
    0.5 * (2.0 * std::f64::consts::PI).ln() + (x + 0.5) * base.ln() - base + sum.ln()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, wanted: f64, relative: f64) -> bool {
        (found - wanted).abs() <= relative * wanted.abs().max(1e-12)
    }

    /// NIST StRD, linear regression, data set "Longley" (higher difficulty), with its certified values.
    #[test]
    fn longley_comes_out_as_nist_certifies_it() {
        let data = [
            [60323.0, 83.0, 234_289.0, 2356.0, 1590.0, 107_608.0, 1947.0],
            [61122.0, 88.5, 259_426.0, 2325.0, 1456.0, 108_632.0, 1948.0],
            [60171.0, 88.2, 258_054.0, 3682.0, 1616.0, 109_773.0, 1949.0],
            [61187.0, 89.5, 284_599.0, 3351.0, 1650.0, 110_929.0, 1950.0],
            [63221.0, 96.2, 328_975.0, 2099.0, 3099.0, 112_075.0, 1951.0],
            [63639.0, 98.1, 346_999.0, 1932.0, 3594.0, 113_270.0, 1952.0],
            [64989.0, 99.0, 365_385.0, 1870.0, 3547.0, 115_094.0, 1953.0],
            [63761.0, 100.0, 363_112.0, 3578.0, 3350.0, 116_219.0, 1954.0],
            [66019.0, 101.2, 397_469.0, 2904.0, 3048.0, 117_388.0, 1955.0],
            [67857.0, 104.6, 419_180.0, 2822.0, 2857.0, 118_734.0, 1956.0],
            [68169.0, 108.4, 442_769.0, 2936.0, 2798.0, 120_445.0, 1957.0],
            [66513.0, 110.8, 444_546.0, 4681.0, 2637.0, 121_950.0, 1958.0],
            [68655.0, 112.6, 482_704.0, 3813.0, 2552.0, 123_366.0, 1959.0],
            [69564.0, 114.2, 502_601.0, 3931.0, 2514.0, 125_368.0, 1960.0],
            [69331.0, 115.7, 518_173.0, 4806.0, 2572.0, 127_852.0, 1961.0],
            [70551.0, 116.9, 554_894.0, 4007.0, 2827.0, 130_081.0, 1962.0],
        ];
        let x: Vec<Vec<f64>> = data.iter().map(|row| row[1..].to_vec()).collect();
        let y: Vec<f64> = data.iter().map(|row| row[0]).collect();
        let fit = fit(&x, &y).unwrap();
        let certified = [
            -3_482_258.634_595_82,
            15.061_872_271_373_3,
            -0.358_191_792_925_910e-1,
            -2.020_229_803_816_83,
            -1.033_226_867_173_59,
            -0.511_041_056_535_807e-1,
            1_829.151_464_613_55,
        ];
        for (found, wanted) in fit.coefficients.iter().zip(certified) {
            assert!(near(*found, wanted, 1e-7), "{found} is not {wanted}");
        }
        assert!(
            near(fit.rmse, 304.854_073_561_965, 1e-8) && near(fit.r_squared, 0.995_479_004_577_296, 1e-12)
        );
        assert!(near(fit.standard_errors[0], 890_420.383_607_373, 1e-7));
    }

    #[test]
    fn student_s_t_agrees_with_the_printed_tables() {
        // Two-sided 90 %, 95 % and 68.27 %; tables as in any textbook.
        for (confidence, degrees, wanted) in [
            (0.90, 1, 6.314),
            (0.90, 9, 1.833),
            (0.90, 10, 1.812),
            (0.95, 12, 2.179),
            (0.95, 30, 2.042),
            (0.99, 5, 4.032),
        ] {
            assert!((student_t(confidence, degrees) - wanted).abs() < 5e-4, "{confidence} {degrees}");
        }
    }

    #[test]
    fn what_cannot_be_fitted_is_refused() {
        let twice: Vec<Vec<f64>> = (0..6).map(|n| vec![f64::from(n), 2.0 * f64::from(n)]).collect();
        assert_eq!(fit(&twice, &[1.0, 2.0, 3.0, 4.0, 5.0, 7.0]).unwrap_err(), FitError::Dependent);
        assert_eq!(fit(&[vec![1.0], vec![2.0]], &[1.0, 2.0]).unwrap_err(), FitError::TooFew);
        let constant: Vec<Vec<f64>> = (0..6).map(|_| vec![5.0]).collect();
        assert_eq!(fit(&constant, &[1.0, 2.0, 3.0, 4.0, 5.0, 7.0]).unwrap_err(), FitError::Dependent);
    }
}
