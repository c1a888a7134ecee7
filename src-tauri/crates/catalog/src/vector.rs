//! Vectors as bytes, and scaling to length one.

use crate::error::CatalogError;

/// A vector shorter than this has no direction: its cosine to any other is noise.
pub const MIN_NORM: f64 = 1e-6;

/// `vector` scaled to length one.
///
/// # Errors
/// [`CatalogError::WrongDimension`] unless it holds `dim` numbers, [`CatalogError::NoDirection`] when it is shorter than
/// [`MIN_NORM`] or holds a number that is not finite.
pub fn unit(vector: &[f32], dim: usize) -> Result<Vec<f32>, CatalogError> {
    if vector.len() != dim {
        return Err(CatalogError::WrongDimension {
            expected: dim,
            found: vector.len(),
        });
    }
    let norm = vector
        .iter()
        .map(|&x| f64::from(x) * f64::from(x))
        .sum::<f64>()
        .sqrt();
    if !norm.is_finite() || norm < MIN_NORM {
        return Err(CatalogError::NoDirection { norm });
    }
    Ok(vector
        .iter()
        .map(|&x| (f64::from(x) / norm) as f32)
        .collect())
}

pub(crate) fn to_f32_bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// Reads little-endian 32-bit floats; bytes beyond the last whole number are ignored.
pub(crate) fn from_f32_bytes(bytes: &[u8]) -> Vec<f32> {
    bytes
        .as_chunks::<4>()
        .0
        .iter()
        .map(|four| f32::from_le_bytes(*four))
        .collect()
}

pub(crate) fn to_f16_bytes(vector: &[f32]) -> Vec<u8> {
    vector
        .iter()
        .flat_map(|&x| half::f16::from_f32(x).to_le_bytes())
        .collect()
}

pub(crate) fn from_f16_bytes(bytes: &[u8]) -> Vec<f32> {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(|two| half::f16::from_le_bytes(*two).to_f32())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_infinite_vectors_and_wrong_dimensions_are_refused() {
        assert_eq!(unit(&[0.0; 4], 4).unwrap_err().code(), "no_direction");
        assert_eq!(unit(&[1e-9; 4], 4).unwrap_err().code(), "no_direction");
        assert_eq!(
            unit(&[f32::NAN, 1.0], 2).unwrap_err().code(),
            "no_direction"
        );
        assert_eq!(
            unit(&[f32::INFINITY, 1.0], 2).unwrap_err().code(),
            "no_direction"
        );
        assert_eq!(unit(&[1.0; 3], 4).unwrap_err().code(), "wrong_dimension");
        assert_eq!(unit(&[3.0, 4.0], 2).unwrap(), [0.6, 0.8]);
    }
}
