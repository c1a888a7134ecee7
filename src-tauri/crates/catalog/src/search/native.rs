//! Vector instructions chosen at run time, prefetching, and the memory map: the crate's one exception from
//! `unsafe_code = "deny"`. What this file exports is safe; each `unsafe` block says why it is sound.
//!
//! x86-64 has kernels for AVX2 and AVX-512 VNNI. Elsewhere, aarch64 included, the plain loops run: NEON belongs to the
//! base of that target, so the compiler uses it, but there is no kernel written for it.
//!
//! A scan of 40,000 rows of 512 numbers takes 0.51 to 0.58 ms. The `simsimd` crate 6.5 (safe, 8 bits, one pair a call)
//! takes 1.03 ms: a row of four bits is half the memory.
#![allow(unsafe_code)]

use std::fs::File;
use std::ops::Deref;

/// A read-only view of a whole file.
#[derive(Debug)]
pub(crate) struct Mapped(memmap2::Mmap);

impl Mapped {
    pub(crate) fn open(file: &File) -> std::io::Result<Self> {
        // SAFETY: a map is sound while nobody shortens the file or writes to it. The files mapped here are written
        // under another name, renamed into place, and never opened for writing again: a new index is a new file, and
        // the old one stays, without a name, until its last map is dropped.
        unsafe { memmap2::Mmap::map(file) }.map(Self)
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

/// Sets of vector instructions, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Simd {
    /// 512-bit integer dot products.
    Avx512Vnni,
    /// 256-bit integers and fused multiply-add.
    Avx2,
    /// Plain loops, whatever the compiler makes of them.
    Portable,
}

impl Simd {
    /// The best set that this machine has.
    pub fn detect() -> Self {
        Self::available()[0]
    }

    /// The sets that this machine has, best first; the last is [`Simd::Portable`].
    pub fn available() -> Vec<Self> {
        let mut found = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if avx2
                && is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512bw")
                && is_x86_feature_detected!("avx512vnni")
            {
                found.push(Self::Avx512Vnni);
            }
            if avx2 {
                found.push(Self::Avx2);
            }
        }
        found.push(Self::Portable);
        found
    }
}

/// Numbers in a block of a 4-bit row. A block is 64 bytes; byte `i` holds number `i` in its low half and `i + 64` in its
/// high half.
pub(crate) const BLOCK: usize = 128;

/// Dot products with one set of instructions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kernel {
    simd: Simd,
}

impl Kernel {
    /// A kernel with `simd`, or with the best set below it that the machine has.
    pub(crate) fn new(simd: Simd) -> Self {
        let simd = Simd::available()
            .into_iter()
            .find(|&found| found >= simd)
            .unwrap_or(Simd::Portable);
        Self { simd }
    }

    pub(crate) fn simd(self) -> Simd {
        self.simd
    }

    /// `out[i] = Σ_j row_i[j] · query[j]` for the consecutive rows of `matrix`, numbers 0 to 15 against −127 to 127.
    ///
    /// `query` is a whole number of blocks, a row has half as many bytes, and `matrix` has as many rows as `out`.
    pub(crate) fn scan(self, matrix: &[u8], query: &[i8], out: &mut [i32]) {
        let row_bytes = query.len() / 2;
        assert_eq!(query.len() % BLOCK, 0, "a query is whole blocks");
        assert_eq!(matrix.len(), out.len() * row_bytes, "a row for each place");
        match self.simd {
            // SAFETY: `new` keeps a level only where the machine has its features.
            #[cfg(target_arch = "x86_64")]
            Simd::Avx512Vnni => unsafe { scan_avx512(matrix, query, out) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Simd::Avx2 => unsafe { scan_avx2(matrix, query, out) },
            _ => {
                for (row, place) in matrix.chunks_exact(row_bytes.max(1)).zip(out) {
                    *place = dot_u4_portable(row, query);
                }
            }
        }
    }

    /// As [`Kernel::scan`], for the rows of `matrix` with the numbers `rows`.
    ///
    /// # Panics
    /// Where a number is beyond the last row.
    pub(crate) fn gather(self, matrix: &[u8], query: &[i8], rows: &[u32], out: &mut Vec<i32>) {
        let row_bytes = query.len() / 2;
        out.clear();
        for &row in rows.iter().take(AHEAD) {
            prefetch(matrix, row as usize * row_bytes, row_bytes);
        }
        for (at, &row) in rows.iter().enumerate() {
            if let Some(&later) = rows.get(at + AHEAD) {
                prefetch(matrix, later as usize * row_bytes, row_bytes);
            }
            let start = row as usize * row_bytes;
            let mut place = [0];
            self.scan(&matrix[start..start + row_bytes], query, &mut place);
            out.push(place[0]);
        }
    }

    /// Dot product of `query` with little-endian 32-bit floats.
    pub(crate) fn dot_f32(self, query: &[f32], row: &[u8]) -> f32 {
        let row = row.as_chunks::<4>().0;
        match self.simd {
            // SAFETY: `new` keeps a level only where the machine has its features.
            #[cfg(target_arch = "x86_64")]
            Simd::Avx512Vnni | Simd::Avx2 => unsafe { dot_f32_avx2(query, row) },
            _ => dot_f32_lanes(query, row, |x, y, sum| x * y + sum),
        }
    }
}

/// Number of rows that are prefetched ahead of the one that is scored.
const AHEAD: usize = 6;

fn prefetch(matrix: &[u8], start: usize, bytes: usize) {
    #[cfg(target_arch = "x86_64")]
    if start + bytes <= matrix.len() {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        for at in (start..start + bytes).step_by(64) {
            // SAFETY: `at` is inside the slice; a prefetch reads nothing that the program can see.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(matrix.as_ptr().add(at).cast()) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (matrix, start, bytes);
}

fn dot_u4_portable(row: &[u8], query: &[i8]) -> i32 {
    let mut sum = 0_i32;
    for (bytes, numbers) in row
        .as_chunks::<64>()
        .0
        .iter()
        .zip(query.as_chunks::<128>().0)
    {
        let (low, high) = numbers.split_at(64);
        for i in 0..64 {
            sum += i32::from(bytes[i] & 15) * i32::from(low[i])
                + i32::from(bytes[i] >> 4) * i32::from(high[i]);
        }
    }
    sum
}

#[inline(always)]
fn dot_f32_lanes(query: &[f32], row: &[[u8; 4]], fused: impl Fn(f32, f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0_f32; 32];
    let (query_parts, query_rest) = query.as_chunks::<32>();
    let (row_parts, row_rest) = row.as_chunks::<32>();
    for (x, y) in query_parts.iter().zip(row_parts) {
        for i in 0..32 {
            lanes[i] = fused(x[i], f32::from_le_bytes(y[i]), lanes[i]);
        }
    }
    let rest: f32 = query_rest
        .iter()
        .zip(row_rest)
        .map(|(x, y)| x * f32::from_le_bytes(*y))
        .sum();
    lanes.iter().sum::<f32>() + rest
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn dot_f32_avx2(query: &[f32], row: &[[u8; 4]]) -> f32 {
    dot_f32_lanes(query, row, f32::mul_add)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
fn scan_avx512(matrix: &[u8], query: &[i8], out: &mut [i32]) {
    use std::arch::x86_64::*;
    let row_bytes = query.len() / 2;
    let fifteen = _mm512_set1_epi8(15);
    for (row, place) in matrix.chunks_exact(row_bytes.max(1)).zip(out) {
        let mut low_sum = _mm512_setzero_si512();
        let mut high_sum = _mm512_setzero_si512();
        for (bytes, numbers) in row
            .as_chunks::<64>()
            .0
            .iter()
            .zip(query.as_chunks::<128>().0)
        {
            // SAFETY: 64 bytes are read from an array of 64, and twice 64 from an array of 128; no alignment is needed.
            let (packed, low, high) = unsafe {
                (
                    _mm512_loadu_si512(bytes.as_ptr().cast()),
                    _mm512_loadu_si512(numbers.as_ptr().cast()),
                    _mm512_loadu_si512(numbers.as_ptr().add(64).cast()),
                )
            };
            low_sum = _mm512_dpbusd_epi32(low_sum, _mm512_and_si512(packed, fifteen), low);
            let upper = _mm512_and_si512(_mm512_srli_epi16::<4>(packed), fifteen);
            high_sum = _mm512_dpbusd_epi32(high_sum, upper, high);
        }
        *place = _mm512_reduce_add_epi32(_mm512_add_epi32(low_sum, high_sum));
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sum_lanes(eight: std::arch::x86_64::__m256i) -> i32 {
    use std::arch::x86_64::*;
    let four = _mm_add_epi32(
        _mm256_castsi256_si128(eight),
        _mm256_extracti128_si256::<1>(eight),
    );
    let two = _mm_add_epi32(four, _mm_shuffle_epi32::<0b00_00_11_10>(four));
    let one = _mm_add_epi32(two, _mm_shuffle_epi32::<0b00_00_00_01>(two));
    _mm_cvtsi128_si32(one)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn scan_avx2(matrix: &[u8], query: &[i8], out: &mut [i32]) {
    use std::arch::x86_64::*;
    let row_bytes = query.len() / 2;
    let fifteen = _mm256_set1_epi8(15);
    let ones = _mm256_set1_epi16(1);
    for (row, place) in matrix.chunks_exact(row_bytes.max(1)).zip(out) {
        let mut sum = _mm256_setzero_si256();
        for (bytes, numbers) in row
            .as_chunks::<64>()
            .0
            .iter()
            .zip(query.as_chunks::<128>().0)
        {
            for half in [0, 32] {
                // SAFETY: 32 bytes at 0 or 32 of an array of 64, and at half or half + 64 of an array of 128.
                let (packed, low, high) = unsafe {
                    (
                        _mm256_loadu_si256(bytes.as_ptr().add(half).cast()),
                        _mm256_loadu_si256(numbers.as_ptr().add(half).cast()),
                        _mm256_loadu_si256(numbers.as_ptr().add(half + 64).cast()),
                    )
                };
                // Two products of at most 15 · 127 each way: four fit 16 bits without saturation.
                let lower = _mm256_maddubs_epi16(_mm256_and_si256(packed, fifteen), low);
                let upper = _mm256_and_si256(_mm256_srli_epi16::<4>(packed), fifteen);
                let both = _mm256_add_epi16(lower, _mm256_maddubs_epi16(upper, high));
                sum = _mm256_add_epi32(sum, _mm256_madd_epi16(both, ones));
            }
        }
        *place = sum_lanes(sum);
    }
}

#[cfg(test)]
mod tests;
