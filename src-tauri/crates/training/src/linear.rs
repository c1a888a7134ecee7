//! Least squares with a ridge.

use ndarray::{Array2, ArrayView2};

use crate::TrainingError;

/// The `W` with the least `Σ |W xᵢ − yᵢ|² + ridge · |W − prior|²`.
///
/// `x` is `[n, a]`, `y` is `[n, b]`, `prior` and the result are `[b, a]`. The linear system has the smaller size of `n` and
/// `a`; for `n < a` it is `W = P + (Y − X Pᵀ)ᵀ (X Xᵀ + r)⁻¹ X`. Cholesky in f64 solves it.
///
/// # Errors
/// `Singular` for a ridge of 0 or below, or one that is too small for f64.
pub(crate) fn ridge_towards(
    x: ArrayView2<'_, f32>,
    y: ArrayView2<'_, f32>,
    prior: ArrayView2<'_, f32>,
    ridge: f64,
) -> Result<Array2<f32>, TrainingError> {
    let x = x.mapv(f64::from);
    let prior = prior.mapv(f64::from);
    let left = y.mapv(f64::from) - x.dot(&prior.t());
    let update = if x.nrows() < x.ncols() {
        let solved = solve(x.dot(&x.t()), x.clone(), ridge)?;
        left.t().dot(&solved)
    } else {
        let solved = solve(x.t().dot(&x), x.t().dot(&left), ridge)?;
        solved.t().to_owned()
    };
    Ok((prior + update).mapv(|w| w as f32))
}

/// `(a + ridge · I)⁻¹ b` for a symmetric `a` without negative eigenvalues.
fn solve(mut a: Array2<f64>, mut b: Array2<f64>, ridge: f64) -> Result<Array2<f64>, TrainingError> {
    let n = a.nrows();
    for i in 0..n {
        a[[i, i]] += ridge;
    }
    // Cholesky: the lower triangle of a becomes L.
    for j in 0..n {
        for k in 0..j {
            let factor = a[[j, k]];
            for i in j..n {
                a[[i, j]] -= a[[i, k]] * factor;
            }
        }
        let pivot = a[[j, j]];
        if ridge.is_nan() || ridge <= 0.0 || pivot.is_nan() || pivot <= 0.0 {
            return Err(TrainingError::Singular { ridge });
        }
        let root = pivot.sqrt();
        for i in j..n {
            a[[i, j]] /= root;
        }
    }
    for i in 0..n {
        for k in 0..i {
            let (above, mut row) = b.multi_slice_mut((ndarray::s![k, ..], ndarray::s![i, ..]));
            row.scaled_add(-a[[i, k]], &above);
        }
        b.row_mut(i).mapv_inplace(|v| v / a[[i, i]]);
    }
    for i in (0..n).rev() {
        for k in i + 1..n {
            let (below, mut row) = b.multi_slice_mut((ndarray::s![k, ..], ndarray::s![i, ..]));
            row.scaled_add(-a[[k, i]], &below);
        }
        b.row_mut(i).mapv_inplace(|v| v / a[[i, i]]);
    }
    Ok(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn draw(rows: usize, columns: usize, seed: u64) -> Array2<f32> {
        let mut random = Random::new(seed);
        Array2::from_shape_simple_fn((rows, columns), || random.normal())
    }

    #[test]
    fn many_rows_determine_the_linear_map() {
        let (x, map) = (draw(50, 6, 1), draw(4, 6, 2));
        let y = x.dot(&map.t());
        let prior = Array2::zeros((4, 6));
        let found = ridge_towards(x.view(), y.view(), prior.view(), 1e-6).unwrap();
        let worst = (&found - &map).iter().fold(0.0f32, |a, b| a.max(b.abs()));
        assert!(worst < 1e-4, "worst difference {worst}");
    }

    #[test]
    fn few_rows_and_many_rows_give_the_same_fit() {
        // All rows twice (tall) with twice the ridge equal all rows once (wide) with the ridge.
        let (x, y, prior) = (draw(5, 8, 3), draw(5, 3, 4), draw(3, 8, 5));
        let wide = ridge_towards(x.view(), y.view(), prior.view(), 0.5).unwrap();
        let x2 = ndarray::concatenate![ndarray::Axis(0), x, x];
        let y2 = ndarray::concatenate![ndarray::Axis(0), y, y];
        let tall = ridge_towards(x2.view(), y2.view(), prior.view(), 1.0).unwrap();
        let worst = (&wide - &tall).iter().fold(0.0f32, |a, b| a.max(b.abs()));
        assert!(worst < 1e-4, "worst difference {worst}");
    }

    #[test]
    fn a_heavy_ridge_keeps_the_prior() {
        let (x, y, prior) = (draw(20, 4, 6), draw(20, 2, 7), draw(2, 4, 8));
        let kept = ridge_towards(x.view(), y.view(), prior.view(), 1e9).unwrap();
        let worst = (&kept - &prior).iter().fold(0.0f32, |a, b| a.max(b.abs()));
        assert!(worst < 1e-5, "worst difference {worst}");
    }

    #[test]
    fn a_ridge_of_zero_is_refused() {
        let (x, y, prior) = (draw(3, 4, 6), draw(3, 2, 7), draw(2, 4, 8));
        let error = ridge_towards(x.view(), y.view(), prior.view(), 0.0).unwrap_err();
        assert_eq!(error.code(), "singular_fit");
    }
}
