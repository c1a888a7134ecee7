//! Execution providers: which there are, which is tried first.

use std::fmt;
use std::str::FromStr;

use ort::ep::{self, ExecutionProvider as _};
use ort::session::builder::SessionBuilder;

/// What runs a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    /// The processor; always there.
    Cpu,
    /// NVIDIA, through CUDA and cuDNN.
    Cuda,
    /// NVIDIA, through TensorRT.
    TensorRt,
    /// Apple.
    CoreMl,
    /// Windows, any DirectX 12 device.
    DirectMl,
}

/// The provider in use, and why it is not the wanted one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProviderChoice {
    /// What runs the model.
    pub used: Provider,
    /// Why a wanted or better provider does not; to be shown to the user.
    pub fallback: Option<String>,
}

impl Provider {
    /// Lower-case name, as on the command line and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Provider::Cpu => "cpu",
            Provider::Cuda => "cuda",
            Provider::TensorRt => "tensorrt",
            Provider::CoreMl => "coreml",
            Provider::DirectMl => "directml",
        }
    }

    /// Whether the loaded library was built with it. The device may still be missing.
    pub(super) fn is_in_this_library(self) -> bool {
        let known = match self {
            Provider::Cpu => Ok(true),
            Provider::Cuda => ep::CUDA::is_available(),
            Provider::TensorRt => ep::TensorRT::is_available(),
            Provider::CoreMl => ep::CoreML::is_available(),
            Provider::DirectMl => ep::DirectML::is_available(),
        };
        known.unwrap_or(false)
    }

    /// Registers it; a failure is an error here, so that the caller can report it.
    pub(super) fn register(self, builder: SessionBuilder) -> Result<SessionBuilder, ort::Error> {
        let provider = match self {
            Provider::Cpu => ep::CPU::default().with_arena_allocator(true).build(),
            Provider::Cuda => ep::CUDA::default().build(),
            Provider::TensorRt => ep::TensorRT::default().build(),
            Provider::CoreMl => ep::CoreML::default().build(),
            Provider::DirectMl => ep::DirectML::default().build(),
        };
        let builder = match self {
            // DirectML allows neither memory patterns nor parallel execution.
            Provider::DirectMl => builder.with_memory_pattern(false)?,
            _ => builder,
        };
        Ok(builder.with_execution_providers([provider.error_on_failure()])?)
    }
}

/// Providers in the order they are tried; ends with the CPU.
pub(super) fn order(prefer: Option<Provider>) -> Vec<Provider> {
    match prefer {
        Some(Provider::Cpu) => vec![Provider::Cpu],
        Some(wanted) => vec![wanted, Provider::Cpu],
        None => vec![
            Provider::Cuda,
            Provider::CoreMl,
            Provider::DirectMl,
            Provider::Cpu,
        ],
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Provider {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [
            Provider::Cpu,
            Provider::Cuda,
            Provider::TensorRt,
            Provider::CoreMl,
            Provider::DirectMl,
        ];
        all.into_iter()
            .find(|p| p.as_str() == text.to_ascii_lowercase())
            .ok_or_else(|| {
                format!("expected cpu, cuda, tensorrt, coreml or directml, got {text:?}")
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_ends_with_the_cpu() {
        for prefer in [
            None,
            Some(Provider::Cpu),
            Some(Provider::Cuda),
            Some(Provider::TensorRt),
        ] {
            assert_eq!(
                order(prefer).last(),
                Some(&Provider::Cpu),
                "with {prefer:?}"
            );
        }
    }

    #[test]
    fn names_read_back() {
        assert_eq!("TensorRT".parse(), Ok(Provider::TensorRt));
        assert!(
            "gpu".parse::<Provider>().is_err(),
            "an unknown name is refused"
        );
    }
}
